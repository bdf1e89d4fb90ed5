"""Which errors does the collector raise? One root class, and one branch for each room.

Every message says what happened, where, and what to do. Adapters translate library exceptions
(`raise … from error`); the pure rooms never see httpx, sqlite3 or smtplib.

    CollectorError
    ├── ConfigError            exit 78; carries every mistake at once
    ├── NoScratchFolder        no temporary folder can be made; exit 75
    ├── NoTimeZones            this machine knows no time zones
    ├── FeedError              a feed did not give a usable reply
    │   ├── Unreachable        no connection, time-out, 5xx
    │   │   └── Interrupted    the collector stops; says nothing about the feed
    │   ├── RateLimited        429; retry_after
    │   ├── Refused            401/403: back off for a day, mail the operator
    │   ├── Challenged         a page that tests browsers: asked again within the hour
    │   ├── PaymentRequired    402: back off until the next billing day
    │   ├── Malformed          200 with an empty, HTML, truncated or foreign body
    │   └── Stale              200 with an unchanged, cached body
    ├── DecodeError            bytes that do not follow their format
    ├── ArchiveError           a file of an archive that cannot be stored, or has other content
    ├── RecordingError         a recording that cannot be written or read
    │   └── RecordingUnavailable  full, read-only or failing disk; exit 75
    ├── PackError              an evidence pack that cannot be written, or must not be unpacked
    ├── StampError             a time stamp that cannot be had, or does not hold
    ├── BackfillError          a backfill cannot go on: no cluster, a worker lost
    ├── StoreError             the database: foreign, newer, or a mistake of ours in using it
    │   ├── StoreDamaged       damaged, deleted or exchanged under the collector
    │   └── StoreUnavailable   full, read-only or failing disk; exit 75
    │       └── StoreLocked    another process writes
    └── MailError
        ├── MailTemporary      may be accepted later
        │   └── MailMisconfigured  every mail fails alike: an operator must correct it
        └── MailPermanent      there is no such recipient
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

TEMPORARY = 75
"""Exit code of a failure that may pass: EX_TEMPFAIL of sysexits.h, as mail programs use it."""

DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG})
"""Numbers of an OSError by which a disk is full, read-only or failing."""


_ERROR_NUMBER = re.compile(r"\[Errno -?\d+\] ")


def os_words(error: Exception) -> str:
    """Return what an error of the operating system says, without its number and file name.

    >>> os_words(FileNotFoundError(2, "No such file or directory", "/x"))
    'No such file or directory'
    >>> os_words(ConnectionError("[Errno 111] Connection refused"))
    'Connection refused'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _ERROR_NUMBER.sub("", str(error)) or type(error).__name__


def raised_at(error: Exception) -> str:
    """Return what kind of defect an exception shows and where, without a word of its text.

    Such a text may quote anything: what was received, or a secret. The log has it, redacted.

    >>> try:
    ...     {}["600865"]
    ... except KeyError as error:
    ...     raised_at(error).partition(" at ")[0]
    'KeyError'
    """
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" at {Path(each.filename).name}:{each.lineno}" for each in frame)
    return f"{type(error).__name__}{where}"


class CollectorError(Exception):
    """Root of every error that the collector raises itself."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the configuration.

    `where` is a file and key path, `what` says what is wrong and what to do.
    """

    where: str
    what: str
    missing_secret: bool = False
    """Whether only a secret is missing, which commands that send nothing do without."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ConfigError(CollectorError):
    """The configuration cannot be used; `mistakes` lists all of them."""

    exit_code = 78

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class NoScratchFolder(CollectorError):  # noqa: N818 - it says what is missing
    """No temporary folder can be made: the disk is full or read-only, or TMPDIR leads nowhere."""

    exit_code = TEMPORARY


class NoTimeZones(CollectorError):  # noqa: N818 - it says what is missing
    """This machine knows no time zones: weeks and digests have no beginning."""


class FeedError(CollectorError):
    """A feed did not give a usable reply."""


class Unreachable(FeedError):  # noqa: N818 - the field's terms, see the tree above
    """No connection, a time-out, or a server error that outlived the retries."""


class Interrupted(Unreachable):
    """The collector stops and cancelled the request, which says nothing about the feed."""


class RateLimited(FeedError):  # noqa: N818
    """429: asked too often. `retry_after` is the pause that the feed named, None if none."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Refused(FeedError):  # noqa: N818
    """401 or 403: the feed refuses the collector; another attempt would not help."""


class Challenged(FeedError):  # noqa: N818
    """A page that tests whether we are a browser: not the feed's refusal, and passes by itself."""


class PaymentRequired(FeedError):  # noqa: N818
    """402: the quota is used up until the next billing day."""


class Malformed(FeedError):  # noqa: N818
    """A 200 whose body is empty, HTML, truncated, or without the expected keys."""


class Stale(FeedError):  # noqa: N818
    """A 200 whose content did not change since the last poll: a cached body."""


class DecodeError(CollectorError):
    """Bytes that do not follow their format."""


class ArchiveError(CollectorError):
    """A file of an archive that cannot be stored, or that has other content than its name says."""


class RecordingError(CollectorError):
    """A recording that cannot be written or read."""


class RecordingUnavailable(RecordingError):  # noqa: N818
    """A recording cannot be written at present: the disk is full, read-only or failing."""

    exit_code = TEMPORARY


class PackError(CollectorError):
    """An evidence pack cannot be written or read, or is one that must not be unpacked."""


class StampError(CollectorError):
    """A time stamp cannot be had or checked, or does not hold."""


class BackfillError(CollectorError):
    """A backfill cannot go on: no cluster, or a worker was lost."""


class StoreError(CollectorError):
    """The database cannot be used: it is foreign, newer, or one of the kinds below."""


class StoreDamaged(StoreError):  # noqa: N818
    """The database is damaged, or was deleted or exchanged while it was open."""


class StoreUnavailable(StoreError):  # noqa: N818
    """The database cannot be written at present: its disk is full, read-only or failing."""

    exit_code = TEMPORARY


class StoreLocked(StoreUnavailable):
    """Another process has been writing to the database for longer than we wait."""


class MailError(CollectorError):
    """A mail could not be sent."""


class MailTemporary(MailError):  # noqa: N818
    """The server is down, busy or refuses for a reason that may pass: the mail stays queued."""


class MailMisconfigured(MailTemporary):
    """The server refuses login, certificate or sender: mails stay in the outbox until corrected."""


class MailPermanent(MailError):  # noqa: N818
    """There is surely no such recipient; a person must correct the address."""

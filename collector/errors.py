"""What can go wrong, as types: one root, one branch a room.

Every message says what happened, where, and what to do. Adapters translate library exceptions
(`raise … from error`); the pure core never sees httpx, sqlite3 or smtplib.

    CollectorError
    ├── ConfigError            exit 78; carries every mistake at once
    ├── FeedError              a feed did not give a usable reply
    │   ├── Unreachable        no connection, time-out, 5xx
    │   │   └── Interrupted    we broke it off ourselves; says nothing about the feed
    │   ├── RateLimited        429; retry_after
    │   ├── Refused            401/403: park the feed, tell the operator
    │   ├── PaymentRequired    402: park until the next billing day
    │   ├── Malformed          200 with an empty, HTML, truncated or foreign body
    │   └── Stale              200 with an unchanged, cached body
    ├── DecodeError            bytes that are not what their format says
    ├── ArchiveError           a file of the past that cannot be kept, or is not what it should be
    ├── RecordingError         a recording that cannot be written or read
    ├── BackfillError          what reading an archive needs is not there
    ├── StoreError             the database: foreign, newer, locked, full
    └── MailError
        ├── MailTemporary      try again later
        │   └── MailMisconfigured  every mail fails alike: an operator must look
        └── MailPermanent      will never be accepted as it is
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


class CollectorError(Exception):
    """Root of everything the collector raises on purpose."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the configuration: `where` is a file and key path, `what` says what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ConfigError(CollectorError):
    """The configuration cannot be used; `mistakes` lists all of them."""

    exit_code = 78

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class FeedError(CollectorError):
    """A feed did not give a usable reply."""


class Unreachable(FeedError):  # noqa: N818 - the field's words, see the tree above
    """No connection, a time-out, or a server error that outlived the retries."""


class Interrupted(Unreachable):
    """The collector stops and broke the request off; nothing is known of the feed."""


class RateLimited(FeedError):  # noqa: N818
    """429: asked too often. `retry_after` is what the feed wishes, None if it did not say."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Refused(FeedError):  # noqa: N818
    """401 or 403: this feed does not want us; not retryable."""


class PaymentRequired(FeedError):  # noqa: N818
    """402: the quota is used up until the next billing day."""


class Malformed(FeedError):  # noqa: N818
    """A 200 whose body is empty, HTML, truncated, or without the expected keys."""


class Stale(FeedError):  # noqa: N818
    """A 200 whose content did not move since the last poll: a cached body."""


class DecodeError(CollectorError):
    """Bytes that are not what their format says they are."""


class ArchiveError(CollectorError):
    """A file of an archive that cannot be kept, or that is not what it should be."""


class RecordingError(CollectorError):
    """A recording that cannot be written or read."""


class BackfillError(CollectorError):
    """Reading archives cannot go on: no cluster, a worker lost."""


class StoreError(CollectorError):
    """The database is foreign, newer, locked, full or broken."""


class MailError(CollectorError):
    """A mail did not leave."""


class MailTemporary(MailError):  # noqa: N818
    """The server is down, busy or dropped us: the mail stays owed."""


class MailMisconfigured(MailTemporary):
    """The server refuses us (login, certificate, sender): mail stays owed, tell an operator."""


class MailPermanent(MailError):  # noqa: N818
    """The server will never accept this mail as it is; a person must look."""

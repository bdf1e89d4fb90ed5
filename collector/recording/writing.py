"""How is each reply recorded, so that it can be proven and replayed? In WARC files.

A file begins with a `warcinfo` record. For each reply follows a `response` record (HTTP) or a
`resource` record (file, socket), also if the reply names no aircraft, since that proves a silence.
For a poll without a reply follows a `metadata` record. Each record is a gzip member of its own and
is written at once, so that a kill damages the last record only. A new file begins at each start, on
each UTC day, and when a file is full, so that damage is always at the end of a file.
"""

from __future__ import annotations

import io
import os
import secrets
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector import private
from collector.errors import DISK_FAULTS, RecordingError, RecordingUnavailable
from collector.model.coverage import PollCoverage
from collector.model.reply import Reply
from collector.recording.poll_coverage import CACHED_FIELD, extension_fields, to_json
from collector.secret import is_secret, without_credentials

ROTATE_BYTES = 256 * 1024 * 1024
"""About a week with the default settings: small enough to copy, large enough to be few."""

PREFIX, SUFFIX = "collector-", ".warc.gz"
"""How the files' names begin and end; between them stand the first record's time, and chance."""
NAMED_AT = "%Y%m%dT%H%M%SZ"
_NOT_AS_SENT = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""They describe the encoded bytes; the body is kept decoded."""
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_BUILDER = RecordBuilder(warc_version="1.1")


class Recorder:
    """Writes a recording. Threads may share it. `started_at` names the first file."""

    def __init__(
        self,
        folder: Path,
        *,
        started_at: datetime,
        software: str,
        contact: str | None,
        rotate_bytes: int = ROTATE_BYTES,
    ) -> None:
        """Begin a file in `folder`, which is created if missing. Raises RecordingError."""
        self._folder = folder
        self._software = software
        self._contact = contact
        self._rotate_bytes = rotate_bytes
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._path = folder
        """The path of the file; another process may have moved it."""
        self._day: date = started_at.date()
        self._begin(started_at)

    def keep(self, reply: Reply, *, stale: bool = False) -> None:
        """Write a reply. Raises RecordingError if it cannot be written, such as to a full disk.

        Also raises RecordingError, once, if the file was deleted meanwhile; this reply is then in
        a new file.

        `stale` marks a reply from a cache. A replay could not always find that out, because the
        earlier replies may be recorded only by their coverage.
        """
        record = _reply_record(reply, {CACHED_FIELD: "yes"} if stale else {})
        self._write(record, reply.received_at)

    def heartbeat(self, poll: PollCoverage, url: str) -> None:
        """Write the coverage of a poll, also of a failed one. Raises RecordingError."""
        self._write(_poll_record(poll, url, {}), poll.at)

    def close(self) -> None:
        """Close the file. Closing twice is harmless, and a later `keep` begins another file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, record: Any, at: datetime) -> None:
        member = _member(record)
        with self._lock:
            file, day = self._file, at.astimezone(UTC).date()
            lost = None if file is None or _lies_at(file, self._path) else self._path
            if file is None or lost or day > self._day or file.tell() > self._rotate_bytes:
                file = self._begin(at)
            self._append(file, member)
        if lost:
            raise RecordingError(
                f"the recording {lost} was deleted or moved while the collector wrote it: what was "
                f"in it cannot be replayed from {self._folder}; a new one was begun; look for what "
                "removed it"
            )

    def _begin(self, at: datetime) -> BinaryIO:
        if self._file is not None:
            self._file.close()
            self._file = None
        name = f"{PREFIX}{at.astimezone(UTC):{NAMED_AT}}-{secrets.token_hex(4)}{SUFFIX}"
        try:
            private.make_folder(self._folder)
            file = os.fdopen(private.open_new(self._folder / name), "wb", buffering=0)
        except OSError as error:
            raise recording_error(
                f"cannot begin a recording in {self._folder}: {error.strerror}", error
            ) from error
        self._day = at.astimezone(UTC).date()
        self._file, self._path = file, self._folder / name
        try:
            self._append(file, _member(self._warcinfo(name, at)))
        except RecordingError:
            # A full disk takes an empty file; one for each attempt would remain.
            file.close()
            self._file = None
            with suppress(OSError):
                (self._folder / name).unlink()
            raise
        return file

    def _append(self, file: BinaryIO, member: bytes) -> None:
        """Write one member at once; remove a half-written one, so that others may follow."""
        begin = file.tell()
        try:
            left = memoryview(member)
            while left:
                left = left[file.write(left) :]
        except OSError as error:
            try:
                file.truncate(begin)
                file.seek(begin)
            except OSError:
                file.close()
                self._file = None
            raise recording_error(
                f"cannot write the recording in {self._folder}: {error.strerror}", error
            ) from error

    def _warcinfo(self, name: str, at: datetime) -> Any:
        info = {
            "software": self._software,
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "operator": self._contact or "",
            "description": "replies of flight-tracking feeds; `metadata` records hold the polls "
            "that got none",
        }
        lines = "".join(f"{key}: {_one_line(value)}\r\n" for key, value in info.items() if value)
        fields = {
            "WARC-Date": _warc_date(at),
            "WARC-Filename": name,
            "Content-Type": "application/warc-fields",
        }
        return _record("", "warcinfo", lines.encode(), fields)


def reply_member(reply: Reply, fields: Mapping[str, str]) -> bytes:
    """Return a reply as one gzipped record, with further fields in its header."""
    return _member(_reply_record(reply, fields))


def poll_member(poll: PollCoverage, url: str, fields: Mapping[str, str]) -> bytes:
    """Return the coverage of a poll as one gzipped record, with further fields in its header."""
    return _member(_poll_record(poll, url, fields))


def _reply_record(reply: Reply, more: Mapping[str, str]) -> Any:
    url = without_credentials(reply.url)
    fields = {
        "WARC-Date": _warc_date(reply.received_at),
        **extension_fields(reply.feed, reply.format.value, reply.ask),
        **more,
    }
    if not url.startswith(("http://", "https://")):
        return _record(url, "resource", reply.body, fields)
    return _BUILDER.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(reply.body),
        length=len(reply.body),
        http_headers=_http_headers(reply),
        warc_headers_dict=fields,
    )


def _poll_record(poll: PollCoverage, url: str, more: Mapping[str, str]) -> Any:
    fields = {"WARC-Date": _warc_date(poll.at), **more}
    return _record(without_credentials(url), "metadata", to_json(poll), fields)


def _lies_at(file: BinaryIO, path: Path) -> bool:
    """Return whether the open file is still the one at `path`."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


def recording_error(what: str, error: OSError) -> RecordingError:
    if error.errno in DISK_FAULTS:
        return RecordingUnavailable(
            f"{what}; free some space, or shorten `recording.keep_days`; a read-only or failing "
            "disk stands in the system's log (`dmesg`)"
        )
    return RecordingError(
        f"{what}; make the folder writable, or set `recording.enabled = false` in the configuration"
    )


def _record(url: str, kind: str, body: bytes, fields: Mapping[str, str]) -> Any:
    return _BUILDER.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_headers_dict={"Content-Type": "application/json", **fields},
    )


def _member(record: Any) -> bytes:
    """Return a record as one gzip member."""
    plain = io.BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    compressor = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return compressor.compress(plain.getbuffer()) + compressor.flush()


def _http_headers(reply: Reply) -> Any:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = ""
    kept = [
        (_in_ascii(name), _in_ascii(value))
        for name, value in reply.headers
        if name.lower() not in _NOT_AS_SENT and not is_secret(name)
    ]
    kept.append(("Content-Length", str(len(reply.body))))
    return StatusAndHeaders(f"{reply.status} {phrase}".rstrip(), kept, protocol="HTTP/1.1")


def _warc_date(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _one_line(text: str) -> str:
    """Return text without line breaks, which would begin another header field."""
    return "".join(char if char.isprintable() else " " for char in text)


def _in_ascii(text: str) -> str:
    """Return a line of ASCII: any other character is percent-encoded, as UTF-8.

    warcio does that for whole values and for parameters, but fails where a value has other
    characters beside its parameters.

    >>> _in_ascii("Süd; a=1")
    'S%C3%BCd; a=1'
    """
    return quote(_one_line(text), safe=_ASCII)

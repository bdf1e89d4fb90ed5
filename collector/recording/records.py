"""What does one WARC record hold? A reply, the coverage of a poll, or nothing of use.

Our own records name feed, format and question in extension fields; records of other tools are
identified by their URL. Chunks, and gzip, deflate and (if installed) brotli encodings, are undone.
Whether a body is gzipped is read from its bytes (`model.body`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader

from collector.errors import RecordingError
from collector.model.body import unpacked
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Everything, Format, Outcome, Reply
from collector.recording.poll_coverage import (
    ASK_FIELD,
    CACHED_FIELD,
    FEED_FIELD,
    FORMAT_FIELD,
    ask_from_text,
    from_json,
)
from collector.recording.urls import Recognised
from collector.secret import without_credentials

Recognise = Callable[[str], Recognised | None]

LARGEST_BODY_BYTES = 256 * 1024 * 1024
"""As much as `decode` would unpack; no feed's reply is larger."""

LONGEST_LINE_BYTES = 1 << 16
"""Of a header. A question that names a fleet of 6,000 aircraft has 42,000."""

_GZIP = frozenset({"gzip", "x-gzip"})
_CHUNK = 1 << 16
_KEPT_TYPES = frozenset({"response", "resource", "metadata"})
_HEARTBEAT = b'{"record":"hearing"'
_UNDONE = frozenset({"content-encoding", "transfer-encoding"})

_OUTCOMES = {
    304: Outcome.STALE,
    401: Outcome.REFUSED,
    402: Outcome.PAYMENT_REQUIRED,
    403: Outcome.REFUSED,
    429: Outcome.RATE_LIMITED,
}


class _Lines(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """Reads lines up to a length: one of gigabytes would fill the memory, and take hours."""

    def readline(self, length: int | None = None) -> bytes:
        """Return a line, or `length` bytes of it. Raises RecordingError if it is too long."""
        if length is not None and length <= LONGEST_LINE_BYTES:
            part: bytes = super().readline(length)
            return part
        line = b""
        while not line.endswith(b"\n") and (piece := super().readline(_CHUNK)):
            line += piece
            if len(line) > LONGEST_LINE_BYTES:
                raise RecordingError(
                    f"a line of its header has more than {LONGEST_LINE_BYTES} bytes"
                )
        return line


def records_of(file: BinaryIO, **options: bool) -> Any:
    """Return warcio's iterator over the records of a file from where it stands.

    A line of a header that is too long raises RecordingError.
    """
    records = ArchiveIterator(file, **options)
    records.reader = _Lines(file)
    return records


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record: a reply as received, or only the coverage that a poll proved."""

    at: datetime
    reply: Reply | None = None
    poll: PollCoverage | None = None
    cached: bool | None = None
    """Whether the recorder found that the reply came from a cache; None if another tool recorded
    it, which does not compare replies."""


def entry(record: Any) -> tuple[datetime, int] | None:
    """Return time of receipt and fingerprint of a record; None if its kind is of no use."""
    headers = record.rec_headers
    if record.rec_type not in _KEPT_TYPES or not headers.get_header("WARC-Target-URI"):
        return None
    try:
        at = datetime.fromisoformat(headers.get_header("WARC-Date", ""))
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return at, zlib.crc32(headers.get_header("WARC-Record-ID", "").encode())


def is_whole(record: Any) -> bool:
    """Read a record to its end, and return whether it is complete.

    warcio takes a length without a number for zero: so ends a header that is torn there.
    """
    if not record.rec_headers.get_header("Content-Length", "").strip():
        return False
    length = 0
    while chunk := record.raw_stream.read(_CHUNK):
        length += len(chunk)
    return record.length is not None and length == record.length


def recorded_at(file: BinaryIO, offset: int, recognise: Recognise) -> Recorded | None:
    """Return the record at an offset; None if it is not a reply of a feed.

    Raises RecordingError if the record is damaged, and any error of warcio.
    """
    file.seek(offset)
    record = next(iter(records_of(file, check_digests=True)))
    found = entry(record)
    if found is None:
        return None
    at, url = found[0], record.rec_headers.get_header("WARC-Target-URI")
    if record.rec_type == "metadata":
        body = _body(record)
        return Recorded(at, poll=from_json(body)) if body.startswith(_HEARTBEAT) else None
    ours = _as_written(record)
    recognised = ours or recognise(url)
    if recognised is None:
        return None
    feed, fmt, ask = recognised
    status = int(record.http_headers.get_statuscode()) if record.http_headers else 200
    if status != 200:
        return _failure(feed, at, status, isinstance(ask, Area | Everything))
    reply = Reply(
        feed=feed,
        format=fmt,
        ask=ask,
        url=without_credentials(url),
        received_at=at,
        status=status,
        headers=_headers(record),
        body=_body(record),
    )
    cached = record.rec_headers.get_header(CACHED_FIELD) is not None
    return Recorded(at, reply=reply, cached=cached if ours else None)


def _as_written(record: Any) -> Recognised | None:
    """Return feed, format and question from our own extension fields; None without them."""
    headers = record.rec_headers
    feed = headers.get_header(FEED_FIELD)
    ask = ask_from_text(headers.get_header(ASK_FIELD, ""))
    try:
        fmt = Format(headers.get_header(FORMAT_FIELD, ""))
    except ValueError:
        return None
    return None if ask is None or not feed else (feed, fmt, ask)


def _headers(record: Any) -> tuple[tuple[str, str], ...]:
    if record.http_headers is None:
        return ()
    return tuple(
        (name, value) for name, value in record.http_headers.headers if name.lower() not in _UNDONE
    )


def _failure(feed: str, at: datetime, status: int, area: bool) -> Recorded | None:
    """Return the failed poll in another tool's recording; None for redirects and missing pages."""
    if status == 404 or (300 <= status < 400 and status != 304):
        return None
    outcome = Outcome.UNREACHABLE if status >= 500 else _OUTCOMES.get(status, Outcome.MALFORMED)
    return Recorded(at, poll=PollCoverage(feed=feed, at=at, outcome=outcome, area=area))


def _body(record: Any) -> bytes:
    """Return the body, chunks and encodings undone by the rule that live replies follow.

    A body that cannot be unpacked is returned as it is, because decoding refuses it. Raises
    RecordingError if the record is damaged.
    """
    http = record.http_headers
    if http is not None and http.get_header("Content-Encoding", "").strip().lower() in _GZIP:
        http.remove_header("Content-Encoding")  # warcio would trust it and read one member only
    stream = record.content_stream()
    pieces = []
    length = 0
    while piece := stream.read(_CHUNK):
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST_BODY_BYTES:
            raise RecordingError("the body is larger than any reply of a feed")
    while record.raw_stream.read(_CHUNK):  # the digest includes what follows a chunked body
        pass
    problems = record.digest_checker.problems
    # other tools' payload digests are of encoded or decoded bytes; block digests are unambiguous
    if any(problem.startswith("block digest failed") for problem in problems):
        raise RecordingError("the bytes were changed after they were written (the digest differs)")
    body = b"".join(pieces)
    with suppress(ValueError):
        return unpacked(body, LARGEST_BODY_BYTES)
    return body

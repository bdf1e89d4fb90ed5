"""Where does each record of a file stand? One that cannot be read is passed over, not the rest.

A header line without end, a date that no feed had, or damage costs the record. The next one is
looked for by how records begin. A file that was packed in another way than record by record is
refused, with the command that unpacks it: records are read by their place.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from collector.errors import RecordingError
from collector.model.body import GZIP_MAGIC
from collector.model.packed import HEAD_BYTES, how_to_unpack
from collector.recording.records import LARGEST_BODY_BYTES, entry, is_whole, records_of

Report = Callable[[str], None]

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""No feed is older than this (see `decode.rows.EARLIEST_NOW`)."""
LARGEST_RECORD_BYTES = LARGEST_BODY_BYTES + (1 << 20)
_BETWEEN_RECORDS = 4
"""Bytes of the two line ends that follow a record, if it is not gzipped."""
_PLAIN_BEGIN = re.compile(rb"\nWARC/1\.")
_PACKED_BEGIN = re.compile(rb"\x1f\x8b\x08")
_MARK = b"WARC/1."


@dataclass(frozen=True, slots=True)
class Place:
    """One record that may be of use: when it was received, and where it stands."""

    at: datetime
    offset: int
    fingerprint: int


def scan(path: Path, report: Report, latest: datetime | None = None) -> Iterator[Place]:
    """Yield the place of each complete record of a file that may be of use, in the file's order.

    `report` is called with a message for each record that is passed over, and for a file that
    cannot be read. Records later than `latest` are passed over; None: none is. Raises
    RecordingError, with the cure, if the file is packed as a whole.
    """
    _refuse_packed(path)
    begin: int | None = 0
    state = _State(path, report, latest)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            slack = 0 if file.read(1) == GZIP_MAGIC[:1] else _BETWEEN_RECORDS
            while begin is not None:
                problem = yield from _scan_from(file, begin, state)
                if problem is None and state.end + slack >= size:
                    return
                begin = _next_record(file, state.end, size, packed=not slack)
                state.tell(problem, last=begin is None)
                state.end = size if begin is None else begin
    except OSError as error:
        report(f"{path}: cannot be read after {state.count} records ({brief(error)})")


@dataclass(slots=True)
class _State:
    """How far a file has been read."""

    path: Path
    report: Report
    latest: datetime | None
    count: int = 0
    """Complete records."""
    end: int = 0
    """The offset at which the last of them ends."""

    def tell(self, problem: str | None, *, last: bool) -> None:
        """Report what is passed over: one record, or, if no other follows, the rest of the file."""
        if not last:
            why = problem or "it is damaged"
            self.report(f"{self.path}: the record at byte {self.end} is passed over: {why}")
        elif problem is None:
            self.report(
                f"{self.path}: damaged after {self.count} records; the rest of the file is lost"
            )
        else:
            self.report(f"{self.path}: cannot be read after {self.count} records ({problem})")


def _scan_from(file: BinaryIO, begin: int, state: _State) -> Generator[Place, None, str | None]:
    """Yield records from an offset on; return what ended that, None for the end or a torn record.

    Raises OSError, and RecordingError if the file is gzipped as a whole.
    """
    file.seek(begin)
    records = records_of(file, no_record_parse=True)
    try:
        for record in records:
            wanted = entry(record)
            if not is_whole(record):
                return None
            place = _place(record, records, wanted, state)
            if place is not None:
                yield place
    except (OSError, _GzippedAsAWholeError):
        raise
    except Exception as error:  # warcio raises any error of its parser
        if isinstance(error, ArchiveLoadFailed) and "non-chunked" in str(error):
            raise _gzipped_as_a_whole(state.path) from error
        return str(error) if isinstance(error, RecordingError) else brief(error)
    return None


def _place(
    record: Any, records: Any, wanted: tuple[datetime, int] | None, state: _State
) -> Place | None:
    """Return where a complete record stands; None if it is of no use, or cannot be right."""
    offset = records.get_record_offset()
    if records.next_line and records.reader.decompressor:
        raise _gzipped_as_a_whole(state.path)
    state.count += 1
    state.end = offset + records.get_record_length()
    if wanted is None:
        return None
    problem = _impossible(record, wanted[0], state.latest)
    if problem:
        state.report(f"{state.path}: the record at byte {offset} is passed over: {problem}")
        return None
    return Place(wanted[0], offset, wanted[1])


def _impossible(record: Any, at: datetime, latest: datetime | None) -> str:
    """Return why no feed can have sent a record; empty if one can."""
    if at < EARLIEST or (latest is not None and at > latest):
        return f"its date {at.date().isoformat()} is not between 2010 and now"
    if sum(name.lower() == "warc-date" for name, _ in record.rec_headers.headers) > 1:
        return "its header runs into the next record"
    if record.length is not None and record.length > LARGEST_RECORD_BYTES:
        return "it is larger than any reply of a feed"
    return ""


def _next_record(file: BinaryIO, after: int, size: int, *, packed: bool) -> int | None:
    """Return the offset of the next record that begins after `after`; None if there is none."""
    if after + 1 >= size:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if not packed:
            found = _PLAIN_BEGIN.search(content, after + _BETWEEN_RECORDS)
            return None if found is None else found.start() + 1
        for found in _PACKED_BEGIN.finditer(content, after + 1):
            if _begins_record(content[found.start() : found.start() + HEAD_BYTES]):
                return found.start()
    return None


def _begins_record(head: bytes) -> bool:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, len(_MARK)) == _MARK
    except zlib.error:
        return False


class _GzippedAsAWholeError(RecordingError):
    """The records of a file cannot be read by their place."""


def _gzipped_as_a_whole(path: Path) -> _GzippedAsAWholeError:
    return _GzippedAsAWholeError(
        f"{path} was gzipped as a whole, not record by record, so that nothing of it was read: "
        f"unpack it (`gunzip --keep {path}`), then name the unpacked file"
    )


def _refuse_packed(path: Path) -> None:
    """Raise RecordingError if the file is an archive of files, or packed otherwise."""
    try:
        with path.open("rb") as file:
            cure = how_to_unpack(path, file.read(HEAD_BYTES))
    except OSError:
        return
    if cure is not None:
        raise RecordingError(f"{path} is packed, so that nothing of it was read: {cure}")


def brief(error: Exception) -> str:
    """Return an error of a parser in one line of at most 200 characters."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]

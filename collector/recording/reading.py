"""What do recordings hold, in order of receipt? `read` yields it from any number of files.

All files are indexed first (time, file, offset: 20 bytes a record) and then read by offset. So the
order of the files does not matter, and only one body is in memory. Files of other tools are read
too: their requests are passed over, and chunks and content encodings undone.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator

from collector.errors import RecordingError
from collector.recording.records import Recognise, Recorded, entry, is_whole, recorded_at

_OPEN_FILES = 32
_GZIP = b"\x1f"
_BETWEEN_RECORDS = 4
"""Bytes of the two line ends that follow a record, if it is not gzipped."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Report = Callable[[str], None]


def read(
    paths: Sequence[Path],
    *,
    recognise: Recognise,
    report: Report = lambda _: None,
    counted: Callable[[int], None] = lambda _: None,
) -> Iterator[Recorded]:
    """Yield everything recorded in files and folders, by time of receipt.

    `recognise` identifies a URL; other records are passed over. `report` is called with a message
    for each file or record that cannot be read, and `counted` with the highest possible number of
    records before the first is read. Raises RecordingError if no path holds a readable record.
    """
    files = _files(paths, report)
    index = _Index()
    for number, path in enumerate(files):
        for at, offset, fingerprint in _scan(path, report):
            index.add(at, number, offset, fingerprint)
    if not index.times and not any(_is_warc(path) for path in files):
        named = ", ".join(str(path) for path in paths)
        raise RecordingError(
            f"no readable recording in {named}: name WARC files, or folders of them"
        )
    counted(len(index.times))
    return _merged(files, index, recognise, report)


class _Index:
    """The place of each record; compact, because a year has a million."""

    def __init__(self) -> None:
        self.times = array("q")
        self._fingerprints = array("L")
        self._files = array("L")
        self._offsets = array("q")

    def add(self, at: datetime, file: int, offset: int, fingerprint: int) -> None:
        self.times.append((at - _EPOCH) // timedelta(microseconds=1))
        self._fingerprints.append(fingerprint)
        self._files.append(file)
        self._offsets.append(offset)

    def in_order(self) -> Iterator[tuple[int, int]]:
        """Yield (file, offset) by time, and for equal times by record, whatever its file.

        A record that is in two files (a copied recording) comes once.
        """
        previous = None
        for i in sorted(
            range(len(self.times)), key=lambda i: (self.times[i], self._fingerprints[i])
        ):
            key = (self.times[i], self._fingerprints[i])
            if key != previous:
                yield self._files[i], self._offsets[i]
            previous = key


def _files(paths: Sequence[Path], report: Report) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = [file for file in path.rglob("*.warc*") if file.is_file()]
            if not inside:
                report(f"{path}: this folder holds no *.warc or *.warc.gz file")
            found.update(dict.fromkeys(file.resolve() for file in inside))
        elif path.is_file():
            found[path.resolve()] = None
        else:
            report(f"{path}: no such file or folder")
    return sorted(found)


def _is_warc(path: Path) -> bool:
    """Return whether a file begins like a recording, even if no record is of use."""
    try:
        with path.open("rb") as file:
            record = next(iter(ArchiveIterator(file, no_record_parse=True)), None)
            return record is not None and record.format == "warc"
    except Exception:  # see _scan
        return False


def _scan(path: Path, report: Report) -> Iterator[tuple[datetime, int, int]]:
    """Yield (time, offset, fingerprint) of each complete record of a file that may be of use."""
    count = end = 0
    try:
        with path.open("rb") as file:
            slack = 0 if file.read(1) == _GZIP else _BETWEEN_RECORDS
            file.seek(0)
            records = ArchiveIterator(file, no_record_parse=True)
            for record in records:
                wanted = entry(record)
                if not is_whole(record):
                    break
                count += 1
                begin = records.get_record_offset()
                end = begin + records.get_record_length()
                if wanted is not None:
                    yield wanted[0], begin, wanted[1]
            if path.stat().st_size > end + slack:
                report(f"{path}: damaged after {count} records; the rest of the file is lost")
    except Exception as error:  # warcio raises any error of its parser
        report(f"{path}: cannot be read after {count} records ({_brief(error)})")


def _merged(
    files: Sequence[Path],
    index: _Index,
    recognise: Recognise,
    report: Report,
) -> Iterator[Recorded]:
    opened: dict[int, BinaryIO] = {}
    try:
        for number, offset in index.in_order():
            try:
                recorded = recorded_at(_opened(files, number, opened), offset, recognise)
            except Exception as error:
                report(
                    f"{files[number]}: cannot read the record at byte {offset} ({_brief(error)})"
                )
                continue
            if recorded is not None:
                yield recorded
    finally:
        for file in opened.values():
            file.close()


def _opened(files: Sequence[Path], number: int, opened: dict[int, BinaryIO]) -> BinaryIO:
    """Return the open file; if too many are open, close the one opened first."""
    if number not in opened:
        if len(opened) >= _OPEN_FILES:
            opened.pop(next(iter(opened))).close()
        opened[number] = files[number].open("rb")
    return opened[number]


def _brief(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]

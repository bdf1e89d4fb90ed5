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

from collector.errors import RecordingError
from collector.model.packed import HEAD_BYTES, how_to_unpack
from collector.recording.records import Recognise, Recorded, recorded_at, records_of
from collector.recording.scanning import Report, brief, scan

_OPEN_FILES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PACKED_SUFFIXES = (".7z", ".bz2", ".rar", ".tar", ".tar.gz", ".tgz", ".xz", ".zip", ".zst")


def read(
    paths: Sequence[Path],
    *,
    recognise: Recognise,
    report: Report = lambda _: None,
    counted: Callable[[int], None] = lambda _: None,
    latest: datetime | None = None,
) -> Iterator[Recorded]:
    """Yield everything recorded in files and folders, by time of receipt.

    `recognise` identifies a URL; other records are passed over. `report` is called with a message
    for each file or record that cannot be read, and `counted` with the highest possible number of
    records before the first is read. Records later than `latest` are passed over (None: none is).
    Raises RecordingError if no path holds a readable record, or if a file is packed in a way that
    must be undone first.
    """
    files = _files(paths, report)
    index = _Index()
    for number, path in enumerate(files):
        for place in scan(path, report, latest):
            index.add(place.at, number, place.offset, place.fingerprint)
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
            _tell_packed(path, inside, report)
            found.update(dict.fromkeys(file.resolve() for file in inside))
        elif path.is_file():
            found[path.resolve()] = None
        else:
            report(f"{path}: no such file or folder")
    return sorted(found)


def _tell_packed(folder: Path, read: Sequence[Path], report: Report) -> None:
    """Report the packed files of a folder, which may hold recordings and are not read."""
    for path in sorted(set(folder.rglob("*")) - set(read)):
        if path.is_file() and path.name.lower().endswith(_PACKED_SUFFIXES):
            with path.open("rb") as file:
                cure = how_to_unpack(path, file.read(HEAD_BYTES))
            if cure is not None:
                report(f"{path}: not read: {cure}")


def _is_warc(path: Path) -> bool:
    """Return whether a file begins like a recording, even if no record is of use."""
    try:
        with path.open("rb") as file:
            record = next(iter(records_of(file, no_record_parse=True)), None)
            return record is not None and record.format == "warc"
    except Exception:  # warcio raises any error of its parser
        return False


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
                report(f"{files[number]}: cannot read the record at byte {offset} ({brief(error)})")
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

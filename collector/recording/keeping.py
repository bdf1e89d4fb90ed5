"""What outlives the pruning of recordings? The replies that a landing rests on, kept for ever.

Before an old recording is deleted, its records of the time around each landing are copied, byte for
byte, into `kept/`, one file for each UTC day: every reply of every feed, also those without the
aircraft, since they prove the silence, and every poll that got none. Full tracks are kept whenever
they were fetched, since each was requested for the sake of a landing.

A day's file is written anew beside the old one, synced and put in its place, before the recording
is deleted. Whatever is interrupted is done once more, and a record that is kept already is not
copied again. A recording that cannot be read to its end is moved as a whole if it may hold such
records.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from collector import private
from collector.errors import RecordingError
from collector.model.reply import Format
from collector.recording.poll_coverage import FORMAT_FIELD
from collector.recording.records import entry, is_whole
from collector.recording.writing import NAMED_AT, PREFIX, SUFFIX, recording_error

FOLDER = "kept"
"""The folder of the kept records, inside that of the recordings."""
_KEPT_PREFIX = "kept-"
_PARTIAL = ".partial"
_TRACKS = frozenset(fmt.value for fmt in Format if fmt.history)
_CHUNK = 1 << 20
_RENAMED_WITHIN = timedelta(minutes=1)
"""A file is named after its first record and last changed when its last one was written, by a clock
that may have been set meanwhile."""

Span = tuple[datetime, datetime]
KeptSpans = Callable[[datetime, datetime], Sequence[Span]]
"""Gives the spans that landings rest on, as far as they overlap the time from the first to the
second moment."""


@dataclass(slots=True)
class Pruned:
    """What one run of the pruning did."""

    files: int = 0
    """Recordings deleted, or moved as a whole."""
    records: int = 0
    """Records newly copied into `kept/`."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One record of a recording: where it stands, and of when it is."""

    record_id: str
    at: datetime
    offset: int
    length: int
    track: bool


def prune(folder: Path, *, older_than: datetime, kept: KeptSpans) -> Pruned:
    """Delete recordings last written before `older_than`, once what `kept` names is copied.

    Only files named as `Recorder` names them are deleted. A file that fails does not stop the
    others, of which most need no copy: a full disk gets room. Raises RecordingError for the first
    failure, StoreError.
    """
    done, failure = Pruned(), None
    for path in sorted(folder.glob(f"{PREFIX}*{SUFFIX}")):
        try:
            if path.stat().st_mtime < older_than.timestamp():
                done.records += _keep(path, kept)
                with suppress(FileNotFoundError):  # moved as a whole
                    path.unlink()
                done.files += 1
        except OSError as error:
            failure = failure or recording_error(
                f"cannot prune the recording {path}: {error.strerror}", error
            )
    if failure is not None:
        raise failure
    return done


def files_of(folder: Path, begin: datetime, end: datetime) -> list[Path]:
    """Return the recordings, kept ones included, that may hold replies of [begin, end], by name.

    Judged by their names and by when they were last written. Raises RecordingError if the folder
    cannot be read.
    """
    try:
        return sorted(path for path in folder.rglob(f"*{SUFFIX}") if _may_hold(path, begin, end))
    except OSError as error:
        raise RecordingError(f"cannot look into {folder}: {error.strerror}") from error


def _may_hold(path: Path, begin: datetime, end: datetime) -> bool:
    name = path.name.removesuffix(SUFFIX)
    if name.startswith(_KEPT_PREFIX):
        with suppress(ValueError):
            day = date.fromisoformat(name.removeprefix(_KEPT_PREFIX))
            return begin.astimezone(UTC).date() <= day <= end.astimezone(UTC).date()
        return False
    first, last = _extent(path)
    return first is not None and first <= end and begin <= last


def _extent(path: Path) -> tuple[datetime | None, datetime]:
    """Return from when to when a recording was written; None: its name does not say.

    A copy may have been changed long after its last record. No recording goes beyond the UTC day of
    its name, since `Recorder` begins another one then. The next file's name is no bound: a clock
    that was set back may have named that one too early.
    """
    last = datetime.fromtimestamp(path.stat().st_mtime, UTC) + _RENAMED_WITHIN
    named = path.name.removeprefix(PREFIX).partition("-")[0]
    try:
        begun = datetime.strptime(named, NAMED_AT).replace(tzinfo=UTC)
    except ValueError:
        return None, last
    first = begun - _RENAMED_WITHIN
    day_end = begun.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return first, max(first, min(last, day_end))


def _keep(path: Path, kept: KeptSpans) -> int:
    """Copy what is to be kept of a recording; return the number of records that are new."""
    found: list[_Member] = []
    whole = _read_members(path, found)
    first, last = _extent(path)
    times = [member.at for member in found if member.record_id]
    begin = min([*times, *([first] if first else [])], default=last)
    spans = kept(begin, max([*times, last]))
    if not whole and spans:
        _move(path)
        return 0
    wanted: dict[date, list[_Member]] = {}
    for member in found:
        if member.track or any(begin <= member.at <= end for begin, end in spans):
            wanted.setdefault(member.at.date(), []).append(member)
    return sum(_add(path, day, members) for day, members in sorted(wanted.items()))


def _read_members(path: Path, found: list[_Member]) -> bool:
    """Add every record of a recording to `found`; return whether all of it could be read."""
    end = 0
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file, no_record_parse=True)
            for record in records:
                headers, wanted = record.rec_headers, entry(record)
                if not is_whole(record):
                    return False
                offset, length = records.get_record_offset(), records.get_record_length()
                end = offset + length
                if wanted is not None:
                    found.append(
                        _Member(
                            headers.get_header("WARC-Record-ID", ""),
                            wanted[0],
                            offset,
                            length,
                            headers.get_header(FORMAT_FIELD) in _TRACKS,
                        )
                    )
        return end == path.stat().st_size
    except OSError:
        raise
    except Exception:  # warcio raises any error of its parser
        return False


def _move(path: Path) -> None:
    folder = path.parent / FOLDER
    private.make_folder(folder)
    path.rename(folder / path.name)
    _sync_folder(folder)


def _add(source: Path, day: date, members: Sequence[_Member]) -> int:
    """Add records to the file of a day; return the number of those that it did not hold before."""
    folder = source.parent / FOLDER
    target = folder / f"{_KEPT_PREFIX}{day.isoformat()}{SUFFIX}"
    present = set(_record_ids(target))
    new = [member for member in members if member.record_id not in present]
    if not new:
        return 0
    private.make_folder(folder)
    partial = folder / f"{day.isoformat()}{_PARTIAL}"
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(private.open_new(partial), "wb") as copy:
            if target.exists():
                with target.open("rb") as before:
                    while chunk := before.read(_CHUNK):
                        copy.write(chunk)
            with source.open("rb") as recording:
                for member in new:
                    recording.seek(member.offset)
                    copy.write(recording.read(member.length))
            copy.flush()
            os.fsync(copy.fileno())
        partial.rename(target)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return len(new)


def _record_ids(path: Path) -> Iterator[str]:
    """Yield the id of each record of a kept file; of none, if there is no such file yet."""
    if path.exists():
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                yield record.rec_headers.get_header("WARC-Record-ID", "")


def _sync_folder(folder: Path) -> None:
    """Make sure that new names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

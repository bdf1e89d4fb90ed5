"""Which units of work do files and folders hold? (`backfill traces PATH…`, step 1)

A unit is what one worker reads on its own: a tar in all its parts (`.tar.aa`, `.tar.ab` …,
FEEDS.md §4.1), a shard of a day (`traces/8c`, FEEDS.md §3.4), or one loose trace file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from glob import escape
from itertools import takewhile
from pathlib import Path
from string import ascii_lowercase

TRACE_NAME = re.compile(r"trace_(?:full|recent)_(~?[0-9a-f]{6})\.json(?:\.gz)?", re.IGNORECASE)
_TAR_NAME = re.compile(r"(?P<stem>.+\.tar)(?:\.gz|\.(?P<part>[a-z]{2}))?", re.IGNORECASE)
_SHARD_NAME = re.compile(r"[0-9a-f]{2}")
_SHARDS_FOLDER = "traces"
_SHARD_PARTS = 5
"""A shard is named by these many parts of its path: `2026/11/25/traces/8c`."""

Report = Callable[["Skipped"], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be read: where it stands, and why."""

    path: Path
    member: str | None
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}" if self.member is None else f"{self.path}, {self.member}"
        return f"{place}: {self.reason}"


class Kind(StrEnum):
    """How a unit is read."""

    FILE = "file"
    """One trace."""
    SHARD = "shard"
    """A folder of a day's traces whose addresses end in the two digits it is named by."""
    TAR = "tar"
    """A day, or any other tar of traces; all its parts in order."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One trace file, one folder of a day's shard, or one tar in all its parts, in order."""

    paths: tuple[Path, ...]
    kind: Kind
    key: str
    """Name, size and time of change: the same for a copy that kept them, another when the content
    is another. What has been read once is known by it."""
    size_bytes: int
    """Of everything in it, as it was when it was found."""

    @property
    def name(self) -> str:
        """For people: the file's name, the first part's, or the end of the shard's path."""
        path = self.paths[0]
        return _shard_name(path) if self.kind is Kind.SHARD else path.name


def units(paths: Sequence[Path], *, report: Report = lambda _: None) -> Iterator[Unit]:
    """The units of files and folders, each once, in order of name. Never raises.

    Any part of a split tar stands for the whole of it. Shards are not looked for again within
    shards, and links to folders are followed only where they are given by name.
    """
    seen: set[Path] = set()
    for path in paths:
        for each in _given(path, report):
            whole = _whole(each.resolve())
            if whole not in seen and whole.parent not in seen:
                seen.add(whole)
                try:
                    unit = _unit_of(each, report)
                except OSError as error:
                    report(Skipped(each, None, str(error)))
                else:
                    if unit is not None:
                        yield unit


def _given(path: Path, report: Report) -> Iterator[Path]:
    """Files and shards of what was named: itself, or what its folders hold."""
    try:
        if path.is_dir():
            yield from [path] if _is_shard(path) else _held(path, report)
        elif path.is_file():
            if not (TRACE_NAME.fullmatch(path.name) or _TAR_NAME.fullmatch(path.name)):
                report(Skipped(path, None, "neither trace_full_<hex>.json nor a .tar by its name"))
            yield path
        else:
            report(Skipped(path, None, "there is no such file or folder"))
    except OSError as error:
        report(Skipped(path, None, str(error)))


def _held(folder: Path, report: Report) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        report(Skipped(folder, None, str(error)))
        return
    for entry in entries:
        path = Path(entry.path)
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError as error:
            report(Skipped(path, None, str(error)))
            continue
        if is_folder:
            yield from [path] if _is_shard(path) else _held(path, report)
        elif is_file:
            yield path


def _is_shard(folder: Path) -> bool:
    folder = folder.absolute()
    return folder.parent.name == _SHARDS_FOLDER and bool(_SHARD_NAME.fullmatch(folder.name))


def _whole(path: Path) -> Path:
    """The same path for all parts of a split tar."""
    tar = _TAR_NAME.fullmatch(path.name)
    return path if tar is None or tar["part"] is None else path.with_name(tar["stem"])


def _unit_of(path: Path, report: Report) -> Unit | None:
    """The unit a file or shard belongs to; None for anything else. Raises OSError."""
    if path.is_dir():
        return _shard(path)
    if TRACE_NAME.fullmatch(path.name):
        return _of_files((path,), Kind.FILE, path.name)
    tar = _TAR_NAME.fullmatch(path.name)
    if tar is None:
        return None
    if tar["part"] is None:
        return _of_files((path,), Kind.TAR, path.name)
    parts = _parts(path.parent, tar["stem"])
    if len(parts) < sum(1 for _ in path.parent.glob(f"{escape(tar['stem'])}.[a-z][a-z]")):
        missing = f"{tar['stem']}.{_suffix(len(parts))}"
        report(Skipped(path, None, f"{missing} is missing: what follows it cannot be read"))
    return _of_files(parts, Kind.TAR, tar["stem"]) if parts else None


def _of_files(paths: tuple[Path, ...], kind: Kind, name: str) -> Unit:
    stats = [path.stat() for path in paths]
    size_bytes = sum(stat.st_size for stat in stats)
    newest_ns = max(stat.st_mtime_ns for stat in stats)
    return Unit(paths, kind, f"{name} {size_bytes} {newest_ns}", size_bytes)


def _shard(folder: Path) -> Unit | None:
    with os.scandir(folder) as found:
        stats = [entry.stat() for entry in found if TRACE_NAME.fullmatch(entry.name)]
    if not stats:
        return None
    size_bytes = sum(stat.st_size for stat in stats)
    newest_ns = max(stat.st_mtime_ns for stat in stats)
    key = f"{_shard_name(folder)} {len(stats)} {size_bytes} {newest_ns}"
    return Unit((folder,), Kind.SHARD, key, size_bytes)


def _shard_name(folder: Path) -> str:
    return "/".join(folder.absolute().parts[-_SHARD_PARTS:])


def _parts(folder: Path, stem: str) -> tuple[Path, ...]:
    """The parts that are there, from .aa on, without a gap."""
    parts = (folder / f"{stem}.{_suffix(number)}" for number in range(26 * 26))
    return tuple(takewhile(Path.is_file, parts))


def _suffix(number: int) -> str:
    """`split`'s names: aa, ab … az, ba …"""
    return ascii_lowercase[number // 26] + ascii_lowercase[number % 26]

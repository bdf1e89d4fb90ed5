"""Which units of work do files and folders hold? A unit is what one worker reads on its own.

It is a tar in all its parts (`.tar.aa`, `.tar.ab` …, docs/feed-formats.md#day-archives), a shard of
a day (the folder `traces/8c`, docs/feed-formats.md#history), or a single trace file, also one that
somebody named after the address alone. What is packed otherwise is reported, with the cure.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from glob import escape
from itertools import takewhile
from pathlib import Path
from string import ascii_lowercase

from collector.errors import os_words
from collector.model.body import GZIP_MAGIC
from collector.model.packed import how_to_unpack

TRACE_NAME = re.compile(r"trace_(?:full|recent)_(~?[0-9a-f]{6})\.json(?:\.gz)?", re.IGNORECASE)
_BARE_NAME = re.compile(r"(~?[0-9a-f]{6})\.json(?:\.gz)?", re.IGNORECASE)
_TAR_NAME = re.compile(r"(?P<stem>.+\.tar)(?:\.gz|\.(?P<part>[a-z]{2}))?|.+\.tgz", re.IGNORECASE)
_PACKED_NAME = re.compile(r".+\.(?:7z|bz2|rar|xz|zip|zst)", re.IGNORECASE)
_HEAD_BYTES = 4096
_SHARD_NAME = re.compile(r"[0-9a-f]{2}")
_SHARDS_FOLDER = "traces"
_SHARD_PARTS = 5
"""A shard is named by this many parts of its path: `2026/11/25/traces/8c`."""

Report = Callable[["Skipped"], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be read: its place, and the reason."""

    path: Path
    member: str | None
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}" if self.member is None else f"{self.path}, {self.member}"
        return f"{place}: {self.reason}"


_EMPTY = "this folder holds no trace_full_<hex>.json and no .tar"


class Kind(StrEnum):
    """How a unit is read."""

    FILE = "file"
    """One trace file."""
    SHARD = "shard"
    """A folder with the traces of a day whose addresses end in the two digits of its name."""
    TAR = "tar"
    """A day, or any other tar of traces; all its parts in order."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One trace file, one folder of a shard, or one tar in all its parts, in order."""

    paths: tuple[Path, ...]
    kind: Kind
    key: str
    """Name, size and time of change, by which a unit that was read is recognised: a copy that keeps
    them has the same key, another content has another."""
    size_bytes: int
    """Size of everything in it when it was found."""

    @property
    def name(self) -> str:
        """The name to show: that of the file or its first part, or the end of a shard's path."""
        path = self.paths[0]
        return _shard_name(path) if self.kind is Kind.SHARD else path.name


def units(paths: Sequence[Path], *, report: Report = lambda _: None) -> Iterator[Unit]:
    """Yield the units of files and folders, each once, in order of name. Never raises.

    Any part of a split tar stands for the whole tar. Shards are not searched for shards, and links
    to folders are followed only if they are given by name.
    """
    done: set[Path] = set()
    for path in paths:
        for each in _given(path, report):
            whole = _whole(each.resolve())
            if whole not in done and whole.parent not in done:
                done.add(whole)
                try:
                    unit = _unit_of(each, report)
                except OSError as error:
                    report(Skipped(each, None, os_words(error)))
                else:
                    if unit is not None:
                        yield unit


def _given(path: Path, report: Report) -> Iterator[Path]:
    """Yield the files and shards of a path: itself, or what its folders hold."""
    try:
        if path.is_dir():
            empty = True
            for each in [path] if _is_shard(path) else _held(path, report):
                empty = empty and not (_is_shard(each) or _is_named(each))
                yield each
            if empty:
                report(Skipped(path, None, _EMPTY))
        elif path.is_file():
            if not _is_named(path):
                report(
                    Skipped(
                        path, None, "its name is neither trace_full_<hex>.json nor that of a .tar"
                    )
                )
            yield path
        else:
            report(Skipped(path, None, "no such file or folder"))
    except OSError as error:
        report(Skipped(path, None, os_words(error)))


def _is_named(path: Path) -> bool:
    """Return whether a file has the name of a trace or a tar, or is packed otherwise."""
    tar = _TAR_NAME.fullmatch(path.name)
    return _is_trace(path) or tar is not None or _how_to_unpack(path) is not None


def _held(folder: Path, report: Report) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        report(Skipped(folder, None, os_words(error)))
        return
    for entry in entries:
        path = Path(entry.path)
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError as error:
            report(Skipped(path, None, os_words(error)))
            continue
        if is_folder:
            yield from [path] if _is_shard(path) else _held(path, report)
        elif is_file:
            yield path


def _is_shard(folder: Path) -> bool:
    folder = folder.absolute()
    return folder.parent.name == _SHARDS_FOLDER and bool(_SHARD_NAME.fullmatch(folder.name))


def _whole(path: Path) -> Path:
    """Return one path for all parts of a split tar."""
    tar = _TAR_NAME.fullmatch(path.name)
    return path if tar is None or tar["part"] is None else path.with_name(tar["stem"])


def _unit_of(path: Path, report: Report) -> Unit | None:
    """Return the unit that a file or shard belongs to; None for others. Raises OSError."""
    if path.is_dir():
        return _shard(path)
    if _is_trace(path):
        return _of_files((path,), Kind.FILE, path.name)
    if (cure := _how_to_unpack(path)) is not None:
        report(Skipped(path, None, f"it is packed: {cure}"))
        return None
    tar = _TAR_NAME.fullmatch(path.name)
    if tar is None:
        return None
    if tar["part"] is None:
        return _of_files((path,), Kind.TAR, path.name)
    parts = _parts(path.parent, tar["stem"])
    if len(parts) < sum(1 for _ in path.parent.glob(f"{escape(tar['stem'])}.[a-z][a-z]")):
        missing = f"{tar['stem']}.{_suffix(len(parts))}"
        report(Skipped(path, None, f"{missing} is missing: the parts after it cannot be read"))
    return _of_files(parts, Kind.TAR, tar["stem"]) if parts else None


def trace_address(name: str) -> str | None:
    """Return the address in the name of a single trace file, None for other names.

    >>> trace_address("trace_full_600865.json"), trace_address("600865.json.gz")
    ('600865', '600865')
    """
    found = TRACE_NAME.fullmatch(name) or _BARE_NAME.fullmatch(name)
    return None if found is None else found[1].lower()


def _is_trace(path: Path) -> bool:
    """Return whether a file is a trace by its name, and, where that is an address alone, by its
    first bytes: a word like `decade` is one too. Raises OSError."""
    if TRACE_NAME.fullmatch(path.name):
        return True
    return bool(_BARE_NAME.fullmatch(path.name)) and b'"icao"' in _unzipped(_head(path))


def _how_to_unpack(path: Path) -> str | None:
    """Return how to unpack a file that is packed, as its name and its first bytes say.

    None for others, such as the part `.tar.xz` of a split tar. Raises OSError.
    """
    return how_to_unpack(path, _head(path)) if _PACKED_NAME.fullmatch(path.name) else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _unzipped(head: bytes) -> bytes:
    if not head.startswith(GZIP_MAGIC):
        return head
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD_BYTES)
    except zlib.error:
        return b""


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
    """Return the existing parts from .aa on, up to the first gap."""
    parts = (folder / f"{stem}.{_suffix(number)}" for number in range(26 * 26))
    return tuple(takewhile(Path.is_file, parts))


def _suffix(number: int) -> str:
    """Return a suffix as `split` gives them: aa, ab … az, ba …"""
    return ascii_lowercase[number // 26] + ascii_lowercase[number % 26]

"""Which trace files do files, folders and day tars hold? (`backfill traces PATH…`, step 1)

A unit of work is one trace file or one tar, which may be split into `.tar.aa`, `.tar.ab` …
(FEEDS.md §4.1). Tars are streamed: 3 GB a day pass through without being unpacked. What cannot be
read is reported with its place and reason, and passed over.
"""

from __future__ import annotations

import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from itertools import takewhile
from pathlib import Path
from string import ascii_lowercase
from urllib.parse import quote

from collector.decode import LARGEST_BYTES, unzipped
from collector.errors import DecodeError
from collector.replies import Fleet, Format, Reply

FEED = "traces"
"""The name archived observations are stored under, unless the caller knows better."""

_TRACE_NAME = re.compile(r"trace_(?:full|recent)_(~?[0-9a-f]{6})\.json(?:\.gz)?", re.IGNORECASE)
_TAR_NAME = re.compile(r"(?P<stem>.+\.tar)(?:\.gz|\.(?P<part>[a-z]{2}))?", re.IGNORECASE)
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*(\d+(?:\.\d+)?)')
_READ_BYTES = 1 << 20
_LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()

_BROKEN = (tarfile.TarError, OSError, EOFError, zlib.error)
"""What reading a damaged or vanished file raises."""

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


@dataclass(frozen=True, slots=True)
class Unit:
    """One trace file, or one tar in all its parts, in order."""

    paths: tuple[Path, ...]
    is_tar: bool

    @property
    def name(self) -> str:
        """For people: the file's name, or the first part's."""
        return self.paths[0].name

    @property
    def size_bytes(self) -> int:
        """Of all parts together; 0 for what has vanished."""
        return sum(path.stat().st_size for path in self.paths if path.exists())


def trace_files(paths: Sequence[Path], *, report: Report = lambda _: None) -> Iterator[Unit]:
    """The units of files and folders, each once, in order of name. Never raises.

    Any part of a split tar stands for the whole of it.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            found = [path]
            if not (_TRACE_NAME.fullmatch(path.name) or _TAR_NAME.fullmatch(path.name)):
                report(Skipped(path, None, "neither trace_full_<hex>.json nor a .tar by its name"))
        else:
            report(Skipped(path, None, "there is no such file or folder"))
            continue
        for each in found:
            whole = _whole(each.resolve())
            if whole not in seen:
                seen.add(whole)
                unit = _unit_of(each, report)
                if unit is not None:
                    yield unit


def _whole(path: Path) -> Path:
    """The same path for all parts of a split tar."""
    tar = _TAR_NAME.fullmatch(path.name)
    return path if tar is None or tar["part"] is None else path.with_name(tar["stem"])


def _unit_of(path: Path, report: Report) -> Unit | None:
    if _TRACE_NAME.fullmatch(path.name):
        return Unit((path,), is_tar=False)
    tar = _TAR_NAME.fullmatch(path.name)
    if tar is None:
        return None
    if tar["part"] is None:
        return Unit((path,), is_tar=True)
    parts = _parts(path.parent, tar["stem"])
    if len(parts) < sum(1 for _ in path.parent.glob(f"{escape(tar['stem'])}.[a-z][a-z]")):
        missing = f"{tar['stem']}.{_suffix(len(parts))}"
        report(Skipped(path, None, f"{missing} is missing: what follows it cannot be read"))
    return Unit(parts, is_tar=True) if parts else None


def _parts(folder: Path, stem: str) -> tuple[Path, ...]:
    """The parts that are there, from .aa on, without a gap."""
    parts = (folder / f"{stem}.{_suffix(number)}" for number in range(26 * 26))
    return tuple(takewhile(Path.is_file, parts))


def _suffix(number: int) -> str:
    """`split`'s names: aa, ab … az, ba …"""
    return ascii_lowercase[number // 26] + ascii_lowercase[number % 26]


def read_unit(
    unit: Unit,
    *,
    feed: str = FEED,
    wanted: Callable[[str], bool] = lambda _: True,
    report: Report = lambda _: None,
) -> Iterator[Reply]:
    """Every trace of a unit as a reply to be sifted. Never raises for what the files hold.

    `wanted` is asked by address before a member is unpacked; traces of `~` addresses are never
    given. `received_at` is the trace's own `timestamp`: an archive proves nothing of the present.
    """
    for found in _members(unit, report) if unit.is_tar else _single(unit.paths[0], report):
        icao24 = _address(found.name)
        if icao24 is None or not wanted(icao24):
            continue
        try:
            if found.size_bytes > LARGEST_BYTES:
                raise DecodeError("it is larger than any trace")
            yield _reply(found.load(), icao24, found.url, feed)
        except (DecodeError, *_BROKEN) as error:
            report(Skipped(unit.paths[0], found.name if unit.is_tar else None, str(error)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, on disk or in a tar, that is read only when wanted."""

    name: str
    url: str
    size_bytes: int
    load: Callable[[], bytes]


def _single(path: Path, report: Report) -> Iterator[_Found]:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        report(Skipped(path, None, str(error)))
    else:
        yield _Found(path.name, path.resolve().as_uri(), size_bytes, path.read_bytes)


def _members(unit: Unit, report: Report) -> Iterator[_Found]:
    url = unit.paths[0].resolve().as_uri()
    try:
        with closing(_Parts(unit.paths)) as parts, tarfile.open(fileobj=parts, mode="r|*") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is not None:
                    place = f"{url}#{quote(member.name)}"
                    yield _Found(member.name, place, member.size, file.read)
    except _BROKEN as error:
        report(Skipped(unit.paths[-1], None, f"the tar ends early or is damaged ({error})"))


def _address(name: str) -> str | None:
    """The address in a trace's name; None for other files and for `~` addresses."""
    trace = _TRACE_NAME.fullmatch(name.rpartition("/")[2])
    return None if trace is None or trace[1].startswith("~") else trace[1].lower()


def _reply(body: bytes, icao24: str, url: str, feed: str) -> Reply:
    body = unzipped(body)
    stamp = _TIMESTAMP.search(body)
    if stamp is None:
        raise DecodeError("no `timestamp` in it: it is no trace, or cut short")
    return Reply(
        feed=feed,
        format=Format.TRACE,
        ask=Fleet((icao24,)),
        url=url,
        received_at=datetime.fromtimestamp(min(float(stamp[1]), _LATEST_S), UTC),
        body=body,
    )


class _Parts(io.RawIOBase):
    """Several files read as one, one open at a time."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self._left = list(paths)
        self._file: io.BufferedReader | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; nothing only at the end of the last file."""
        while self._file is not None or self._left:
            if self._file is None:
                self._file = self._left.pop(0).open("rb")
            if piece := self._file.read(size if size >= 0 else _READ_BYTES):
                return piece
            self._file.close()
            self._file = None
        return b""

    def close(self) -> None:
        """Close whichever is open."""
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()

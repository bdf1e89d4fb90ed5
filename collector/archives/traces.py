"""Which traces do files, folders and day tars hold? Each wanted trace becomes a reply.

Tars are streamed: 3 GB a day pass without being unpacked, with one trace in memory at a time. In
the folder of a shard the wanted files are opened by name. What cannot be read is reported with its
place and the reason, and passed over.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from collector.archives import tar
from collector.archives.near_airfields import Circle, Near
from collector.archives.units import (
    TRACE_NAME,
    Kind,
    Report,
    Skipped,
    Unit,
    trace_address,
    units,
)
from collector.decode.gzipped import gunzip
from collector.decode.rows import EARLIEST_NOW
from collector.errors import DecodeError, os_words
from collector.model.reply import Fleet, Format, Reply

__all__ = [
    "FEED",
    "Bookmark",
    "Circle",
    "Report",
    "Skipped",
    "Unit",
    "Wanted",
    "read_near",
    "read_unit",
    "units",
]

FEED = "traces"
"""The feed under which archived reports are stored, unless the caller names another."""

Wanted = Callable[[str], bool] | frozenset[str]
"""Which addresses are read. If they are few, a set: then no other name is looked at."""

LARGEST_TRACE_BYTES = 64 * 1024 * 1024
"""Unpacked. A day's trace has less than 10 MB; a larger one was made to fill the memory."""

_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*(-?\d+(?:\.\d+)?)')
_ICAO = re.compile(rb'"icao"\s*:\s*"([^"]{0,20})"')
_EARLIEST_S = EARLIEST_NOW.timestamp()
_LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()

_BROKEN = (OSError, EOFError, zlib.error)
"""The errors that reading a damaged or deleted file raises."""


@dataclass(slots=True)
class Bookmark:
    """How far a unit has been read. Reading goes on from here and moves it."""

    traces: int = 0
    """How many traces that may be wanted have been passed, whether or not they could be read."""
    passed: int = 0
    """How many of them the search on raw bytes passed over without reading."""


def read_unit(
    unit: Unit,
    *,
    feed: str = FEED,
    wanted: Wanted = lambda _: True,
    report: Report = lambda _: None,
    bookmark: Bookmark | None = None,
) -> Iterator[Reply]:
    """Yield every wanted trace of a unit as a reply. Never raises for what the files hold.

    `wanted` decides by address before a trace is read; traces of `~` addresses are never yielded.
    `received_at` is the trace's own `timestamp`, because an archive proves nothing about the
    present. With a bookmark, reading begins there and may stop anywhere.
    """
    for found in _found(unit, wanted, report, bookmark or Bookmark()):
        body = _body(found, report)
        reply = None if body is None else _reply(found, body, feed, report)
        if reply is not None:
            yield reply


def read_near(
    unit: Unit,
    circles: Sequence[Circle],
    *,
    below_ft: float,
    wanted: Wanted = frozenset(),
    feed: str = FEED,
    report: Report = lambda _: None,
    bookmark: Bookmark | None = None,
) -> Iterator[Reply]:
    """Yield every trace that may hold a row within a circle and below a height.

    `circles` are latitude and longitude (deg) and radius (NM); a margin is added (`near.py`).
    Traces of `wanted` addresses are yielded wherever they flew. Reading begins at the bookmark,
    which counts what is passed over, and may stop anywhere. Never raises for what the files hold.
    """
    near = Near(circles, below_ft=below_ft)
    always = _by_address(wanted)
    bookmark = bookmark or Bookmark()
    for found in _found(unit, lambda _: True, report, bookmark):
        body = _body(found, report)
        if body is None:
            continue
        if not always(found.icao24) and not near.may_hold(body):
            bookmark.passed += 1
            continue
        reply = _reply(found, body, feed, report)
        if reply is not None:
            yield reply


@dataclass(frozen=True, slots=True)
class _Found:
    """A wanted trace: its address by its name, its place, and a function that reads it."""

    icao24: str
    path: Path
    member: str | None
    load: Callable[[], bytes]
    """Raises OSError or DecodeError."""

    @property
    def url(self) -> str:
        """The file's URL; the member of a tar follows a `#`."""
        url = self.path.resolve().as_uri()
        return url if self.member is None else f"{url}#{quote(self.member)}"


def _by_address(wanted: Wanted) -> Callable[[str], bool]:
    return wanted.__contains__ if isinstance(wanted, frozenset) else wanted


def _address(name: str) -> str | None:
    """Return the address in a trace's name; None for other files and for `~` addresses."""
    trace = TRACE_NAME.fullmatch(name.rpartition("/")[2])
    return None if trace is None or trace[1].startswith("~") else trace[1].lower()


def _found(unit: Unit, wanted: Wanted, report: Report, bookmark: Bookmark) -> Iterator[_Found]:
    """Yield the wanted traces of a unit from the bookmark on; report what is wrong with the unit.

    The bookmark moves past each trace before it is yielded.
    """
    path = unit.paths[0]
    if unit.kind is Kind.TAR:
        yield from _members(unit, wanted, report, bookmark)
        return
    try:
        paths = _shard(path, wanted) if unit.kind is Kind.SHARD else [path]
    except OSError as error:
        report(Skipped(path, None, os_words(error)))
        return
    is_wanted = _by_address(wanted)
    for file in paths[bookmark.traces :]:
        bookmark.traces += 1
        icao24 = trace_address(file.name) if unit.kind is Kind.FILE else _address(file.name)
        if icao24 is not None and not icao24.startswith("~") and is_wanted(icao24):
            yield _Found(icao24, file, None, partial(_file, file))


def _shard(folder: Path, wanted: Wanted) -> list[Path]:
    """Return the files of a shard that may be wanted, in order of name. Raises OSError."""
    if not isinstance(wanted, frozenset):
        return sorted(folder.iterdir())
    named = (
        folder / f"trace_{which}_{icao24}.json{suffix}"
        for icao24 in sorted(wanted)
        if icao24.endswith(folder.name)
        for which in ("full", "recent")
        for suffix in ("", ".gz")
    )
    return [path for path in named if path.exists()]


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        body = file.read(LARGEST_TRACE_BYTES + 1)
    if len(body) > LARGEST_TRACE_BYTES:
        raise DecodeError("it is larger than any trace")
    return body


def _members(unit: Unit, wanted: Wanted, report: Report, bookmark: Bookmark) -> Iterator[_Found]:
    is_wanted = _by_address(wanted)
    ahead = _Ahead(_named(wanted), bookmark, bookmark.traces)
    try:
        with closing(tar.opened(unit.paths)) as source:
            for member in tar.members(source, ahead, largest_bytes=LARGEST_TRACE_BYTES):
                if isinstance(member, tar.Strange):
                    if not ahead.behind:  # otherwise it was reported before
                        report(Skipped(unit.paths[-1], None, member.reason))
                elif (icao24 := _address(member.name)) and is_wanted(icao24):
                    yield _Found(icao24, unit.paths[0], member.name, partial(_member, member))
    except _BROKEN as error:
        report(Skipped(unit.paths[-1], None, f"the tar ends early or is damaged ({error})"))


@dataclass(slots=True)
class _Ahead:
    """Says which members of a tar may be wanted traces, from the bookmark on, and moves it."""

    named: Callable[[bytes], bool]
    bookmark: Bookmark
    behind: int
    """How many traces read before are still ahead."""

    def __call__(self, name: bytes) -> bool:
        if not self.named(name):
            return False
        if self.behind:
            self.behind -= 1
            return False
        self.bookmark.traces += 1
        return True


def _named(wanted: Wanted) -> Callable[[bytes], bool]:
    """Return a function that says whether a member's name may be that of a wanted trace.

    It is called for 60,000 members a day, so it must be fast.
    """
    if isinstance(wanted, frozenset):
        few = {icao24.encode() for icao24 in wanted}
        return lambda name: name[-11:-5].lower() in few or name[-14:-8].lower() in few

    def may_be_wanted(name: bytes) -> bool:
        icao24 = _address(name.decode(errors="replace"))
        return icao24 is not None and wanted(icao24)

    return may_be_wanted


def _member(member: tar.Member) -> bytes:
    if member.body is None:
        raise DecodeError("it is larger than any trace")
    if len(member.body) < member.size_bytes:
        raise DecodeError("the tar ends within it")
    return member.body


def _body(found: _Found, report: Report) -> bytes | None:
    """Return the unpacked trace; None if it cannot be read, which is reported."""
    try:
        return gunzip(found.load(), max_bytes=LARGEST_TRACE_BYTES)
    except (DecodeError, OSError) as error:
        report(Skipped(found.path, found.member, os_words(error)))
        return None


def _reply(found: _Found, body: bytes, feed: str, report: Report) -> Reply | None:
    """Return the reply; None if its aircraft or its time is wrong, which is reported."""
    try:
        received_at = _time(body)
        icao = _ICAO.search(body)
        whose = found.icao24 if icao is None else icao[1].decode(errors="replace").lower()
        if whose != found.icao24:
            raise DecodeError(f"it is a trace of {whose}, although its name says {found.icao24}")
    except DecodeError as error:
        report(Skipped(found.path, found.member, os_words(error)))
        return None
    return Reply(
        feed=feed,
        format=Format.TRACE,
        ask=Fleet((found.icao24,)),
        url=found.url,
        received_at=received_at,
        body=body,
    )


def _time(body: bytes) -> datetime:
    """Return the trace's `timestamp`. Raises DecodeError if it is missing or impossible."""
    stamp = _TIMESTAMP.search(body)
    if stamp is None:
        raise DecodeError("it has no `timestamp`: it is not a trace, or is cut short")
    if not _EARLIEST_S <= float(stamp[1]) < _LATEST_S:
        raise DecodeError(f"its `timestamp` {stamp[1][:20].decode()} is not between 2010 and 2099")
    return datetime.fromtimestamp(float(stamp[1]), UTC)

"""Which traces do files, folders and day tars hold? (`backfill traces PATH…`, step 1)

Tars are streamed: 3 GB a day pass through without being unpacked, one trace in memory at a time.
Of a shard's folder the wanted names are opened straight. What cannot be read is reported with its
place and reason, and passed over; the rest is kept.
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
from collector.archives.near import Circle, Near
from collector.archives.units import TRACE_NAME, Kind, Report, Skipped, Unit, units
from collector.decode.gzipped import gunzip
from collector.decode.rows import EARLIEST_NOW
from collector.errors import DecodeError
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
"""The name archived observations are stored under, unless the caller knows better."""

Wanted = Callable[[str], bool] | frozenset[str]
"""Which addresses are read: a set where they are few, so that nothing else is even looked at."""

LARGEST_TRACE_BYTES = 64 * 1024 * 1024
"""Unpacked. A day's trace has less than 10 MB; a larger one was made to fill the memory."""

_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*(-?\d+(?:\.\d+)?)')
_ICAO = re.compile(rb'"icao"\s*:\s*"([^"]{0,20})"')
_EARLIEST_S = EARLIEST_NOW.timestamp()
_LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()

_BROKEN = (OSError, EOFError, zlib.error)
"""What reading a damaged or vanished file raises."""


@dataclass(slots=True)
class Bookmark:
    """How far a unit is read: it goes on from here, and is moved while reading."""

    traces: int = 0
    """So many of those that may be wanted are behind it, whatever came of them."""
    passed: int = 0
    """Of them, how many the search on raw bytes passed over: unread, not checked."""


def read_unit(
    unit: Unit,
    *,
    feed: str = FEED,
    wanted: Wanted = lambda _: True,
    report: Report = lambda _: None,
    bookmark: Bookmark | None = None,
) -> Iterator[Reply]:
    """Every wanted trace of a unit as a reply to be sifted. Never raises for what the files hold.

    `wanted` is asked by address before a trace is read; traces of `~` addresses are never given.
    `received_at` is the trace's own `timestamp`: an archive proves nothing of the present.
    With a bookmark it begins there, and may be left off anywhere.
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
    """Every trace that may hold a row within a circle and below a height.

    `circles` are latitude and longitude (deg) and radius (NM); a margin is added (`near.py`).
    Traces of `wanted` addresses are given wherever they were. The bookmark counts what was passed
    over; it begins there, and may be left off anywhere. Never raises for what the files hold.
    """
    near = Near(circles, below_ft=below_ft)
    always = _asked(wanted)
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
    """A trace that is wanted: whose by its name, where it stands, and how to read it."""

    icao24: str
    path: Path
    member: str | None
    load: Callable[[], bytes]
    """Raises OSError or DecodeError."""

    @property
    def url(self) -> str:
        """The file; the member of a tar behind `#`."""
        url = self.path.resolve().as_uri()
        return url if self.member is None else f"{url}#{quote(self.member)}"


def _asked(wanted: Wanted) -> Callable[[str], bool]:
    return wanted.__contains__ if isinstance(wanted, frozenset) else wanted


def _address(name: str) -> str | None:
    """The address in a trace's name; None for other files and for `~` addresses."""
    trace = TRACE_NAME.fullmatch(name.rpartition("/")[2])
    return None if trace is None or trace[1].startswith("~") else trace[1].lower()


def _found(unit: Unit, wanted: Wanted, report: Report, bookmark: Bookmark) -> Iterator[_Found]:
    """The wanted traces of a unit from the bookmark on, which is moved behind each before it is
    given; what is wrong with the unit itself there is reported."""
    path = unit.paths[0]
    if unit.kind is Kind.TAR:
        yield from _members(unit, wanted, report, bookmark)
        return
    try:
        paths = _shard(path, wanted) if unit.kind is Kind.SHARD else [path]
    except OSError as error:
        report(Skipped(path, None, str(error)))
        return
    asked = _asked(wanted)
    for each in paths[bookmark.traces :]:
        bookmark.traces += 1
        icao24 = _address(each.name)
        if icao24 is not None and asked(icao24):
            yield _Found(icao24, each, None, partial(_file, each))


def _shard(folder: Path, wanted: Wanted) -> list[Path]:
    """Files of a shard that may be wanted, in order of name. Raises OSError."""
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
        raise DecodeError("it is far larger than any trace")
    return body


def _members(unit: Unit, wanted: Wanted, report: Report, bookmark: Bookmark) -> Iterator[_Found]:
    asked = _asked(wanted)
    ahead = _Ahead(_named(wanted), bookmark, bookmark.traces)
    try:
        with closing(tar.opened(unit.paths)) as source:
            for member in tar.members(source, ahead, largest_bytes=LARGEST_TRACE_BYTES):
                if isinstance(member, tar.Strange):
                    if not ahead.behind:  # else it was reported when that was read
                        report(Skipped(unit.paths[-1], None, member.reason))
                elif (icao24 := _address(member.name)) and asked(icao24):
                    yield _Found(icao24, unit.paths[0], member.name, partial(_member, member))
    except _BROKEN as error:
        report(Skipped(unit.paths[-1], None, f"the tar ends early or is damaged ({error})"))


@dataclass(slots=True)
class _Ahead:
    """Which members of a tar may be of wanted traces, from the bookmark on: it is moved."""

    named: Callable[[bytes], bool]
    bookmark: Bookmark
    behind: int
    """So many more were read before."""

    def __call__(self, name: bytes) -> bool:
        if not self.named(name):
            return False
        if self.behind:
            self.behind -= 1
            return False
        self.bookmark.traces += 1
        return True


def _named(wanted: Wanted) -> Callable[[bytes], bool]:
    """Which members' names may be of wanted traces: asked of 60,000 a day, so it must be quick."""
    if isinstance(wanted, frozenset):
        few = {icao24.encode() for icao24 in wanted}
        return lambda name: name[-11:-5].lower() in few or name[-14:-8].lower() in few

    def asked(name: bytes) -> bool:
        icao24 = _address(name.decode(errors="replace"))
        return icao24 is not None and wanted(icao24)

    return asked


def _member(member: tar.Member) -> bytes:
    if member.body is None:
        raise DecodeError("it is far larger than any trace")
    if len(member.body) < member.size_bytes:
        raise DecodeError("the tar ends within it")
    return member.body


def _body(found: _Found, report: Report) -> bytes | None:
    """The trace, unzipped; None if it can't be read, which is reported."""
    try:
        return gunzip(found.load(), max_bytes=LARGEST_TRACE_BYTES)
    except (DecodeError, OSError) as error:
        report(Skipped(found.path, found.member, str(error)))
        return None


def _reply(found: _Found, body: bytes, feed: str, report: Report) -> Reply | None:
    """The reply; None if it is another aircraft's or of no time, which is reported."""
    try:
        received_at = _time(body)
        icao = _ICAO.search(body)
        whose = found.icao24 if icao is None else icao[1].decode(errors="replace").lower()
        if whose != found.icao24:
            raise DecodeError(f"it is a trace of {whose}, not of whom its name says")
    except DecodeError as error:
        report(Skipped(found.path, found.member, str(error)))
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
    """The trace's `timestamp`. Raises DecodeError if there is none, or no time of an archive."""
    stamp = _TIMESTAMP.search(body)
    if stamp is None:
        raise DecodeError("no `timestamp` in it: it is no trace, or cut short")
    if not _EARLIEST_S <= float(stamp[1]) < _LATEST_S:
        raise DecodeError(f"its `timestamp` {stamp[1][:20].decode()} is none of 2010 … 2099")
    return datetime.fromtimestamp(float(stamp[1]), UTC)

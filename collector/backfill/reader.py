"""What does one unit of an archive hold of what is looked for? A worker's part. (step 2)

Workers read and sift; plain values come back. Nothing is stored here, and nothing is known of
other units, so that any number of processes or machines may do it. A unit that holds much is read
by the portion, so that what is waited for in memory is bounded by nothing the archive holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import unquote

from collector.archives.traces import Bookmark, Skipped, Unit, Wanted, read_near, read_unit
from collector.archives.units import Kind
from collector.backfill.search import BELOW_FT, Search, tools
from collector.backfill.trace_coverage import heard_near, joined, spots_of, spots_of_trace
from collector.decode import Row, decode
from collector.decode.trace import TraceRow
from collector.errors import DecodeError
from collector.model import Observation, WatchMatch
from collector.model.coverage import CoverageSlot
from collector.model.reply import LATEST_AHEAD, Fleet, Reply
from collector.pipeline.sift import sift

Seen = tuple[Observation, tuple[WatchMatch, ...]]

DAY_FROM = 0.1
"""A day holds at least this share of a unit's rows, or the unit does not tell of it: phantom points
before midnight make no day (FEEDS.md §4)."""


AT_ONCE = 20_000
"""Reports after which a portion ends, behind the trace that brought them: 12 MB. Reading on costs
looking at the headers before it again, half a second at most (zipped: unpacking it again)."""


SLOTS_APART = 5_000
"""Five minutes of single aircraft that are kept before they are joined: a day has 288 of all."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is given: some small units, or a unit from where its last portion ended."""

    units: tuple[Unit, ...]
    now_at: datetime
    """Traces of later times than this tell nothing that can be believed."""
    begin: int = 0
    """Of a single unit, so many traces are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a portion of one unit holds; picklable."""

    seen: tuple[Seen, ...] = ()
    """Reports that are wanted, with who wants them."""
    slots: tuple[CoverageSlot, ...] = ()
    """When and where the network proves to have heard."""
    rows: Mapping[date, int] = field(default_factory=dict)
    """How many rows are of which UTC day, of the traces that were looked at for it."""
    reports: int = 0
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Passed over by the search for any aircraft: unread."""
    skipped: tuple[Skipped, ...] = ()
    rest: int | None = None
    """So many of the unit's traces are read, and more may be left; None: that is all."""

    @property
    def days(self) -> frozenset[date]:
        """UTC days it tells of."""
        least = DAY_FROM * sum(self.rows.values())
        return frozenset(day for day, rows in self.rows.items() if rows >= least)

    def after(self, earlier: Found | None) -> Found:
        """This and an earlier portion as one, without the reports themselves."""
        if earlier is None:
            return replace(self, seen=())
        return Found(
            slots=joined((*earlier.slots, *self.slots)),
            rows=Counter(earlier.rows) + Counter(self.rows),
            reports=earlier.reports + self.reports,
            traces=earlier.traces + self.traces,
            sampled=earlier.sampled + self.sampled,
            passed=earlier.passed + self.passed,
            skipped=earlier.skipped + self.skipped,
            rest=self.rest,
        )


def read(search: Search, task: Task) -> tuple[Found, ...]:
    """Read some units, each by itself, or a portion of one. What cannot be read is told in the
    result; never raises.
    """
    whole = len(task.units) > 1  # small ones
    return tuple(_read_one(search, unit, task, None if whole else AT_ONCE) for unit in task.units)


def rest(task: Task, found: Sequence[Found]) -> Task | None:
    """What is left of a task once this was read; None: nothing."""
    begin = found[-1].rest
    return None if begin is None else replace(task, begin=begin)


@dataclass(slots=True)
class _Reader:
    """One unit's reading."""

    search: Search
    unit: Unit
    now_at: datetime
    bookmark: Bookmark
    seen: list[Seen] = field(default_factory=list)
    slots: list[CoverageSlot] = field(default_factory=list)
    together: int = 0
    """So many slots there were when they were joined last."""
    days: Counter[date] = field(default_factory=Counter)
    traces: int = 0
    sampled: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def take(self, reply: Reply) -> None:
        """Keep what matters of one trace. Raises DecodeError."""
        kit = tools(self.search)
        icao24 = reply.ask.icao24[0] if isinstance(reply.ask, Fleet) else ""
        seen: tuple[Seen, ...] = ()
        if kit.wanted(icao24) or kit.visitors is not None:
            sifted = sift(reply, kit.matcher, kit.region, kit.visitors)
            self.past(sifted.now_at)
            seen = sifted.observations
            self.traces += 1
            self.seen += seen
        sampled = icao24 in self.search.sample
        if sampled or not self.days:
            rows = self.date(reply)
        if sampled:
            self.sampled += 1
            self.slots += heard_near(spots_of_trace(rows, kit.region), self.search.feed)
        elif seen:
            reports = [observation for observation, _ in seen]
            self.days.update(observation.at.date() for observation in reports)
            self.slots += heard_near(spots_of(reports, kit.region), self.search.feed)
        if len(self.slots) > 2 * self.together + SLOTS_APART:
            self.slots = list(joined(self.slots))
            self.together = len(self.slots)

    def date(self, reply: Reply) -> Sequence[Row]:
        """The rows of one trace; they tell which day it is of. Raises DecodeError."""
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
        self.past(snapshot.now_at)
        self.days.update(row.at.date() for row in snapshot.rows if isinstance(row, TraceRow))
        return snapshot.rows

    def past(self, at: datetime) -> None:
        """Raises DecodeError if that, a trace's last moment, is yet to come."""
        if at > self.now_at + LATEST_AHEAD:
            raise DecodeError(
                f"it tells of {at:%Y-%m-%d %H:%M} UTC, which is yet to come: check the clock of "
                "this machine; if that was wrong, read it --again"
            )

    def found(self, *, more: bool) -> Found:
        """All of it."""
        return Found(
            seen=tuple(self.seen),
            slots=joined(self.slots),
            rows=dict(self.days),
            reports=len(self.seen),
            traces=self.traces,
            sampled=self.sampled,
            passed=self.bookmark.passed,
            skipped=tuple(self.skipped),
            rest=self.bookmark.traces if more else None,
        )


def _read_one(search: Search, unit: Unit, task: Task, at_most: int | None) -> Found:
    reader = _Reader(search, unit, task.now_at, Bookmark(task.begin))
    for reply in _replies(reader):
        try:
            reader.take(reply)
        except DecodeError as error:
            reader.skipped.append(Skipped(unit.paths[0], _member(reply), str(error)))
        if at_most is not None and len(reader.seen) >= at_most and unit.kind is not Kind.FILE:
            return reader.found(more=True)
    if not reader.days and not task.begin and unit.kind is not Kind.FILE:
        _date(reader)
    return reader.found(more=False)


def _replies(reader: _Reader) -> Iterator[Reply]:
    """The traces of a unit that may hold what is looked for: near an airfield anybody may land."""
    search, report = reader.search, reader.skipped.append
    kit = tools(search)
    wanted: Wanted = kit.named if kit.few is None else kit.few
    if search.visitors is None:
        return read_unit(
            reader.unit,
            feed=search.feed,
            wanted=wanted,
            report=report,
            bookmark=reader.bookmark,
        )
    return read_near(
        reader.unit,
        search.near,
        below_ft=BELOW_FT,
        wanted=wanted,
        feed=search.feed,
        report=report,
        bookmark=reader.bookmark,
    )


def _date(reader: _Reader) -> None:
    """Which day a collection is of, where nobody flew who is looked for: by its first trace."""
    for reply in read_unit(reader.unit, feed=reader.search.feed):
        with suppress(DecodeError):
            reader.date(reply)
        if reader.days:
            return


def _member(reply: Reply) -> str | None:
    """The name within its collection that a reply came from; None for a file by itself."""
    _, mark, member = reply.url.partition("#")
    return unquote(member) if mark else None

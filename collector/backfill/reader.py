"""What does one unit of an archive hold of what is looked for? A worker reads and sifts it.

Plain values come back. Nothing is stored here, and nothing depends on other units, so that any
number of processes or machines may read. A large unit is read in portions, so that memory stays
bounded whatever the archive holds.
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
from collector.backfill.search import BELOW_FT, Search, prepared
from collector.backfill.trace_coverage import joined, report_spots, slots_of_spots, trace_spots
from collector.decode import Row, decode
from collector.decode.trace import TraceRow
from collector.errors import DecodeError
from collector.model import Observation, WatchMatch
from collector.model.coverage import CoverageSlot
from collector.model.reply import LATEST_AHEAD, Fleet, Reply
from collector.pipeline.sift import sift

MatchedReport = tuple[Observation, tuple[WatchMatch, ...]]

LEAST_DAY_SHARE = 0.1
"""A unit covers a UTC day only if at least this share of its rows is of that day: phantom points
before midnight do not count as a day (docs/feed-formats.md#history)."""


REPORTS_PER_PORTION = 20_000
"""A portion ends with the trace that brings it to this many reports (12 MB). To go on, the headers
before are read again: half a second at most, but a zipped tar must be unpacked again."""


SLOTS_BEFORE_JOINING = 5_000
"""Slots of single aircraft that are kept before they are joined; a day of all has 288."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """The work of one call: some small units, or one unit from the end of its last portion."""

    units: tuple[Unit, ...]
    now_at: datetime
    """The present. Traces of later times are not believed."""
    begin: int = 0
    """How many traces of a single unit have been read."""
    only: frozenset[str] | None = None
    """The only addresses to read; None: all that the search wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitContent:
    """What a portion of one unit holds; can be pickled."""

    matched: tuple[MatchedReport, ...] = ()
    """Reports that are wanted, with the watches that want them."""
    slots: tuple[CoverageSlot, ...] = ()
    """The coverage that the network is proven to have had."""
    rows: Mapping[date, int] = field(default_factory=dict)
    """UTC day → number of rows, of the traces whose days were counted."""
    reports: int = 0
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Traces that `--any-aircraft` passed over without reading them."""
    skipped: tuple[Skipped, ...] = ()
    rest: int | None = None
    """How many traces of the unit are read if more may be left; None: the unit is read."""

    @property
    def days(self) -> frozenset[date]:
        """The UTC days that the unit covers."""
        least = LEAST_DAY_SHARE * sum(self.rows.values())
        return frozenset(day for day, rows in self.rows.items() if rows >= least)

    def after(self, earlier: UnitContent | None) -> UnitContent:
        """Return this and an earlier portion as one, without the reports themselves."""
        if earlier is None:
            return replace(self, matched=())
        return UnitContent(
            slots=joined((*earlier.slots, *self.slots)),
            rows=Counter(earlier.rows) + Counter(self.rows),
            reports=earlier.reports + self.reports,
            traces=earlier.traces + self.traces,
            sampled=earlier.sampled + self.sampled,
            passed=earlier.passed + self.passed,
            skipped=earlier.skipped + self.skipped,
            rest=self.rest,
        )


def read(search: Search, task: ReadTask) -> tuple[UnitContent, ...]:
    """Read some small units whole, or a portion of one unit.

    The result lists what cannot be read. Never raises.
    """
    whole = len(task.units) > 1
    return tuple(
        _read_one(search, unit, task, None if whole else REPORTS_PER_PORTION) for unit in task.units
    )


def rest(task: ReadTask, found: Sequence[UnitContent]) -> ReadTask | None:
    """Return what is left of a task after this was read; None if nothing is left."""
    begin = found[-1].rest
    return None if begin is None else replace(task, begin=begin)


@dataclass(slots=True)
class _Reader:
    """The reading of one unit."""

    search: Search
    unit: Unit
    now_at: datetime
    bookmark: Bookmark
    matched: list[MatchedReport] = field(default_factory=list)
    slots: list[CoverageSlot] = field(default_factory=list)
    joined_slots: int = 0
    """Number of slots after they were last joined."""
    days: Counter[date] = field(default_factory=Counter)
    traces: int = 0
    sampled: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    only: frozenset[str] | None = None

    def read_trace(self, reply: Reply) -> None:
        """Keep the wanted reports and the coverage of one trace. Raises DecodeError."""
        ready = prepared(self.search)
        icao24 = reply.ask.icao24[0] if isinstance(reply.ask, Fleet) else ""
        matched: tuple[MatchedReport, ...] = ()
        if ready.wanted(icao24) or ready.visitors is not None:
            sifted = sift(reply, ready.matcher, ready.region, ready.visitors, self.search.followed)
            self.check_time(sifted.now_at)
            matched = sifted.observations
            self.traces += 1
            self.matched += matched
        sampled = icao24 in self.search.sample
        if sampled or not self.days:
            rows = self.count_days(reply)
        if sampled:
            self.sampled += 1
            self.slots += slots_of_spots(trace_spots(rows, ready.region), self.search.feed)
        elif matched:
            reports = [observation for observation, _ in matched]
            self.days.update(observation.at.date() for observation in reports)
            self.slots += slots_of_spots(report_spots(reports, ready.region), self.search.feed)
        if len(self.slots) > 2 * self.joined_slots + SLOTS_BEFORE_JOINING:
            self.slots = list(joined(self.slots))
            self.joined_slots = len(self.slots)

    def count_days(self, reply: Reply) -> Sequence[Row]:
        """Count the rows of one trace by UTC day, and return them. Raises DecodeError."""
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
        self.check_time(snapshot.now_at)
        self.days.update(row.at.date() for row in snapshot.rows if isinstance(row, TraceRow))
        return snapshot.rows

    def check_time(self, at: datetime) -> None:
        """Raise DecodeError if `at`, the last time in a trace, lies in the future."""
        if at > self.now_at + LATEST_AHEAD:
            raise DecodeError(
                f"it has points of {at:%Y-%m-%d %H:%M} UTC, which lies in the future: check the "
                "clock of this machine; if the clock was wrong, read the file with --again"
            )

    def content(self, *, more: bool) -> UnitContent:
        """Return what was read; `more`: the unit holds more."""
        return UnitContent(
            matched=tuple(self.matched),
            slots=joined(self.slots),
            rows=dict(self.days),
            reports=len(self.matched),
            traces=self.traces,
            sampled=self.sampled,
            passed=self.bookmark.passed,
            skipped=tuple(self.skipped),
            rest=self.bookmark.traces if more else None,
        )


def _read_one(search: Search, unit: Unit, task: ReadTask, at_most: int | None) -> UnitContent:
    reader = _Reader(search, unit, task.now_at, Bookmark(task.begin), only=task.only)
    for reply in _replies(reader):
        try:
            reader.read_trace(reply)
        except DecodeError as error:
            reader.skipped.append(Skipped(unit.paths[0], _member(reply), str(error)))
        if at_most is not None and len(reader.matched) >= at_most and unit.kind is not Kind.FILE:
            return reader.content(more=True)
    dated = reader.days or task.begin or task.only is not None
    if not dated and unit.kind is not Kind.FILE:
        _date(reader)
    return reader.content(more=False)


def _replies(reader: _Reader) -> Iterator[Reply]:
    """Yield the traces of a unit that may hold what is looked for."""
    search, report = reader.search, reader.skipped.append
    ready = prepared(search)
    wanted: Wanted = ready.is_named if ready.few is None else ready.few
    if reader.only is not None:
        wanted = reader.only
    if search.visitors is None or reader.only is not None:
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
    """Count the day of a unit without any wanted aircraft, by its first readable trace."""
    for reply in read_unit(reader.unit, feed=reader.search.feed):
        with suppress(DecodeError):
            reader.count_days(reply)
        if reader.days:
            return


def _member(reply: Reply) -> str | None:
    """Return the name of the tar's member that a reply came from; None for a single file."""
    _, mark, member = reply.url.partition("#")
    return unquote(member) if mark else None

"""How low is usually heard, and where? Learned from all traffic heard on earlier days.

slots of four weeks ─► by feed and place: the lowest height of each day ─► `Learned` ─► landings

Who is heard just now proves how low a field is heard just now; at night, with nobody else flying,
it proves nothing. What earlier days showed is then the next best evidence. It is a value with a
version: the same observations with the same value give the same landings.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from collector.coverage.region import field_away_nm
from collector.coverage.share import jammed
from collector.model import Airfield
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot

DAYS = 28
"""Days that a value is learned from: four of each day of the week, and airline schedules change
no more often."""

LEAST_DAYS = 3
"""What was heard on fewer days is not usual: of a cell, and of the value as a whole."""

WEEK = timedelta(days=7)
_NM_PER_DEG = 60.0
_ROUND = int(360 / CELL_DEG)
"""Cells around the earth."""


class LearnedCell(NamedTuple):
    """What one feed usually heard in one cell of `CELL_DEG`."""

    lat: int
    lon: int
    lowest: int
    """The band (`hearing.band_of`) that half of the days went down to, or lower."""
    days: int
    """Days on which anybody was heard there."""
    heard: float
    """Share (0 … 1) of the feed's answers by place, in five minutes each, with somebody there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedFeed:
    """What one feed usually heard."""

    feed: str
    answered: int
    """Five minutes in which an ask by place was answered."""
    jammed: float
    """Share (0 … 1) of these that looked jammed, by the rule of `landings.coverage`."""
    cells: tuple[LearnedCell, ...]
    """By latitude and longitude."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What may be expected in one ISO week (UTC), learned from the days before it."""

    version: str
    """The week it is for and the days it looked at: `2026-W47/28d`."""
    first_day: date
    last_day: date
    """UTC; the Sunday before the week."""
    days: int
    """Days between these two on which anybody was heard at all."""
    feeds: tuple[LearnedFeed, ...]
    """By name."""

    def lowest_about(
        self, field: Airfield, radius_nm: float, feeds: Collection[str] | None = None
    ) -> int | None:
        """The lowest band usually heard about a field, as `evidence.silence.lowest_heard` has it
        for one moment; by these feeds only, or by any. None: nobody was."""
        if feeds is not None:
            return self.lowest_near(field.lat_deg, field.lon_deg, radius_nm, feeds)
        asked = (field.lat_deg, field.lon_deg, radius_nm)
        if asked not in self._known:
            self._known[asked] = self.lowest_near(*asked)
        return self._known[asked]

    def lowest_near(
        self, lat_deg: float, lon_deg: float, radius_nm: float, feeds: Collection[str] | None = None
    ) -> int | None:
        """The same for cells whose middle lies so near a point."""
        row, column = int(lat_deg // CELL_DEG), int(lon_deg // CELL_DEG)
        high = radius_nm / _NM_PER_DEG / CELL_DEG
        wide = min(_ROUND / 2, high / max(1e-6, math.cos(math.radians(lat_deg))))
        return min(
            (
                band
                for lat in range(row - math.ceil(high), row + math.ceil(high) + 1)
                for lon in range(column - math.ceil(wide), column + math.ceil(wide) + 1)
                for feed, band in self._by_place.get((lat, _wrapped(lon)), ())
                if (feeds is None or feed in feeds)
                and field_away_nm(lat, lon, lat_deg, lon_deg) <= radius_nm
            ),
            default=None,
        )

    @cached_property
    def _known(self) -> dict[tuple[float, float, float], int | None]:
        """What was asked before: the same few fields, in every silence."""
        return {}

    @cached_property
    def _by_place(self) -> dict[tuple[int, int], list[tuple[str, int]]]:
        """Each cell's feeds and bands."""
        places: dict[tuple[int, int], list[tuple[str, int]]] = {}
        for feed in self.feeds:
            for cell in feed.cells:
                places.setdefault((cell.lat, cell.lon), []).append((feed.feed, cell.lowest))
        return places


def learn(slots: Iterable[CoverageSlot], first_day: date, last_day: date) -> Learned | None:
    """What the slots of these days (UTC, both included) teach; None if anybody was heard on fewer
    than `LEAST_DAYS` of them.

    Slots of other days are passed over. Any order, any repeats, slots whole or in the parts that
    join to them: the same value.
    """
    heard: dict[str, _Heard] = {}
    for slot in slots:
        if first_day <= slot.begins_at.astimezone(UTC).date() <= last_day:
            heard.setdefault(slot.feed, _Heard()).add(slot)
    days = {day for each in heard.values() for day, cells in each.cells.items() if cells}
    if len(days) < LEAST_DAYS:
        return None
    return Learned(
        version=version(last_day + timedelta(days=1), (last_day - first_day).days + 1),
        first_day=first_day,
        last_day=last_day,
        days=len(days),
        feeds=tuple(heard[feed].learned(feed) for feed in sorted(heard)),
    )


def version(monday: date, days: int = DAYS) -> str:
    """How the value for the week from `monday` on is called.

    >>> version(date(2026, 11, 16))
    '2026-W47/28d'
    """
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}/{days}d"


def monday_of(at: datetime) -> date:
    """The Monday (UTC) of the week that `at` falls in.

    >>> monday_of(datetime(2026, 11, 22, 23, tzinfo=UTC)).isoformat()
    '2026-11-16'
    """
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def learned_for(learned: Sequence[Learned], at: datetime) -> Learned | None:
    """The one of these values that is for the week of `at`."""
    day = at.astimezone(UTC).date()
    return next((one for one in learned if one.last_day < day <= one.last_day + WEEK), None)


_Days = dict[date, tuple[int, int]]
"""By day the lowest band, and in which five minutes anybody was there."""


@dataclass(slots=True)
class _Heard:
    """One feed's slots, joined so far; everything grows by bitwise or, minimum and maximum."""

    answers: dict[date, int] = field(default_factory=dict)
    """Bit n of a day: an ask by place was answered in its nth five minutes."""
    counts: dict[datetime, tuple[int, int]] = field(default_factory=dict)
    """Aircraft and unplaced ones, of every such answer and of what joins with it."""
    cells: dict[date, dict[Cell, int]] = field(default_factory=dict)
    """Bit n of a day's cell: anybody was there in its nth five minutes."""

    def add(self, slot: CoverageSlot) -> None:
        at = slot.begins_at.astimezone(UTC)
        day, bit = at.date(), 1 << _number(at)
        if slot.area_minutes:
            self.answers[day] = self.answers.get(day, 0) | bit
        aircraft, unplaced = self.counts.get(at, (0, 0))
        self.counts[at] = (max(aircraft, slot.aircraft), max(unplaced, slot.unplaced))
        cells = self.cells.setdefault(day, {})
        for cell, count in slot.cells.items():
            if count > 0:
                cells[cell] = cells.get(cell, 0) | bit

    def learned(self, feed: str) -> LearnedFeed:
        answered = sum(mask.bit_count() for mask in self.answers.values())
        bad = sum(jammed(*counts) for at, counts in self.counts.items() if self._answered(at))
        cells = (
            LearnedCell(*place, _usual(days), len(days), self._share(days, answered))
            for place, days in sorted(self._places().items())
            if len(days) >= LEAST_DAYS
        )
        return LearnedFeed(
            feed=feed,
            answered=answered,
            jammed=round(bad / answered, 4) if answered else 0.0,
            cells=tuple(cells),
        )

    def _places(self) -> dict[tuple[int, int], _Days]:
        places: dict[tuple[int, int], _Days] = {}
        for day, cells in self.cells.items():
            for (lat, lon, band), mask in cells.items():
                days = places.setdefault((lat, lon), {})
                lowest, masks = days.get(day, (band, 0))
                days[day] = (min(lowest, band), masks | mask)
        return places

    def _answered(self, at: datetime) -> bool:
        return bool(self.answers.get(at.date(), 0) >> _number(at) & 1)

    def _share(self, days: _Days, answered: int) -> float:
        """Of the answers by place, those with somebody in the cell."""
        both = (self.answers.get(day, 0) & mask for day, (_, mask) in days.items())
        return round(sum(each.bit_count() for each in both) / answered, 4) if answered else 0.0


def _number(at: datetime) -> int:
    """Which of the day's five minutes."""
    return timedelta(hours=at.hour, minutes=at.minute) // SLOT


def _usual(days: _Days) -> int:
    """The band that at least half of the days went down to; the higher one where they are even."""
    bands = sorted(lowest for lowest, _ in days.values())
    return bands[len(bands) // 2]


def _wrapped(lon: int) -> int:
    """The same column, counted from the date line on."""
    return (lon + _ROUND // 2) % _ROUND - _ROUND // 2

"""How low are aircraft usually received, and where? Learned from all traffic of earlier days.

slots of four weeks ─► by feed and cell: the lowest height of each day ─► `Learned` ─► landings

Other aircraft received at the time prove how low reception goes at that time. At night, with no
other aircraft in the air, there is no such proof, and what earlier days showed is the next best
evidence. It is a value with a version: the same observations with the same value give the same
landings.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from collector.coverage.region import field_away_nm
from collector.coverage.share import looks_jammed
from collector.model import Airfield
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot

DAYS = 28
"""The days that a value is learned from: four of each day of the week. Airline schedules change no
more often than that."""

LEAST_DAYS = 3
"""Reception on fewer days is not usual. The limit holds for each cell and for the whole value."""

WEEK = timedelta(days=7)
_NM_PER_DEG = 60.0
_CELLS_AROUND = int(360 / CELL_DEG)
"""The number of cells around the earth."""


class LearnedCell(NamedTuple):
    """What one feed usually received in one cell of `CELL_DEG`."""

    lat: int
    lon: int
    lowest: int
    """The altitude band (`band_of`) that at least half of the days reached, or went below."""
    days: int
    """The days on which any aircraft was received there."""
    heard: float
    """The share (0 … 1) of the slots with a reply to a poll by area that had an aircraft there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedFeed:
    """What one feed usually received."""

    feed: str
    answered: int
    """The slots in which a poll by area was answered."""
    jammed: float
    """The share (0 … 1) of these that looked jammed, by `share.looks_jammed`."""
    cells: tuple[LearnedCell, ...]
    """In order of latitude and longitude."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The reception to be expected in one ISO week (UTC), learned from the days before it."""

    version: str
    """The week it is for and the number of days it was learned from: `2026-W47/28d`."""
    first_day: date
    last_day: date
    """In UTC; the Sunday before the week."""
    days: int
    """The days from the first to the last on which any aircraft was received at all."""
    feeds: tuple[LearnedFeed, ...]
    """In order of name."""

    def lowest_about(
        self, field: Airfield, radius_nm: float, feeds: Collection[str] | None = None
    ) -> int | None:
        """Return the lowest altitude band usually received around an airfield, by these feeds.

        `feeds` None: by any feed. Return None if none usually receives aircraft there.
        `evidence.silence_coverage.lowest_heard` gives the same for one moment.
        """
        if feeds is not None:
            return self.lowest_near(field.lat_deg, field.lon_deg, radius_nm, feeds)
        around = (field.lat_deg, field.lon_deg, radius_nm)
        if around not in self._lowest_by_any_feed:
            self._lowest_by_any_feed[around] = self.lowest_near(*around)
        return self._lowest_by_any_feed[around]

    def lowest_near(
        self, lat_deg: float, lon_deg: float, radius_nm: float, feeds: Collection[str] | None = None
    ) -> int | None:
        """Return the same for the cells whose middle lies within `radius_nm` of a point."""
        row, column = int(lat_deg // CELL_DEG), int(lon_deg // CELL_DEG)
        high = radius_nm / _NM_PER_DEG / CELL_DEG
        wide = min(_CELLS_AROUND / 2, high / max(1e-6, math.cos(math.radians(lat_deg))))
        return min(
            (
                band
                for lat in range(row - math.ceil(high), row + math.ceil(high) + 1)
                for lon in range(column - math.ceil(wide), column + math.ceil(wide) + 1)
                for feed, band in self._feeds_by_cell.get((lat, _wrapped(lon)), ())
                if (feeds is None or feed in feeds)
                and field_away_nm(lat, lon, lat_deg, lon_deg) <= radius_nm
            ),
            default=None,
        )

    @cached_property
    def _lowest_by_any_feed(self) -> dict[tuple[float, float, float], int | None]:
        """Answers kept by place and radius: every silence asks about the same few airfields."""
        return {}

    @cached_property
    def _feeds_by_cell(self) -> dict[tuple[int, int], list[tuple[str, int]]]:
        """The feeds and bands of each cell."""
        cells: dict[tuple[int, int], list[tuple[str, int]]] = {}
        for feed in self.feeds:
            for cell in feed.cells:
                cells.setdefault((cell.lat, cell.lon), []).append((feed.feed, cell.lowest))
        return cells


def learn(slots: Iterable[CoverageSlot], first_day: date, last_day: date) -> Learned | None:
    """Return what the slots from `first_day` to `last_day` (UTC, both included) teach.

    Return None if aircraft were received on fewer than `LEAST_DAYS` of these days. Slots of other
    days are ignored. The value does not depend on the order of the slots, on repeated slots, or on
    whether a slot is given whole or in parts.
    """
    totals: dict[str, _FeedTotals] = {}
    for slot in slots:
        if first_day <= slot.begins_at.astimezone(UTC).date() <= last_day:
            totals.setdefault(slot.feed, _FeedTotals()).add(slot)
    days = {day for feed in totals.values() for day, cells in feed.cells.items() if cells}
    if len(days) < LEAST_DAYS:
        return None
    return Learned(
        version=version(last_day + timedelta(days=1), (last_day - first_day).days + 1),
        first_day=first_day,
        last_day=last_day,
        days=len(days),
        feeds=tuple(totals[feed].learned(feed) for feed in sorted(totals)),
    )


def version(monday: date, days: int = DAYS) -> str:
    """Return the version of the value for the week that begins on `monday`.

    >>> version(date(2026, 11, 16))
    '2026-W47/28d'
    """
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}/{days}d"


def monday_of(at: datetime) -> date:
    """Return the Monday (UTC) of the week that `at` falls in.

    >>> monday_of(datetime(2026, 11, 22, 23, tzinfo=UTC)).isoformat()
    '2026-11-16'
    """
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def learned_for(learned: Sequence[Learned], at: datetime) -> Learned | None:
    """Return the value for the week of `at`, None if it is not among `learned`."""
    day = at.astimezone(UTC).date()
    return next((value for value in learned if value.last_day < day <= value.last_day + WEEK), None)


_Days = dict[date, tuple[int, int]]
"""By day, the lowest band and the slots with an aircraft (bit n: the nth slot of the day)."""


@dataclass(slots=True)
class _FeedTotals:
    """The slots of one feed, joined so far.

    Everything is joined by bitwise or, minimum and maximum, so that order does not matter.
    """

    answers: dict[date, int] = field(default_factory=dict)
    """Bit n of a day: a poll by area was answered in the nth slot of the day."""
    counts: dict[datetime, tuple[int, int]] = field(default_factory=dict)
    """The aircraft and the unplaced aircraft of every slot."""
    cells: dict[date, dict[Cell, int]] = field(default_factory=dict)
    """Bit n of a day and cell: an aircraft was there in the nth slot of the day."""

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
        bad = sum(looks_jammed(*counts) for at, counts in self.counts.items() if self._answered(at))
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
        """Return the share of the answered slots that had an aircraft in the cell."""
        both = (self.answers.get(day, 0) & mask for day, (_, mask) in days.items())
        return round(sum(slots.bit_count() for slots in both) / answered, 4) if answered else 0.0


def _number(at: datetime) -> int:
    """Return which slot of its day `at` falls in, from 0."""
    return timedelta(hours=at.hour, minutes=at.minute) // SLOT


def _usual(days: _Days) -> int:
    """Return the band that at least half of the days reached; if two bands qualify, the higher."""
    bands = sorted(lowest for lowest, _ in days.values())
    return bands[len(bands) // 2]


def _wrapped(lon: int) -> int:
    """Return the column with its number brought into the range that starts at the date line."""
    return (lon + _CELLS_AROUND // 2) % _CELLS_AROUND - _CELLS_AROUND // 2

"""How much of each week of a year could be seen? A calendar of weeks for each place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from collector.coverage.sight import Level, Sight
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import percent, period
from collector.reports.titles import place_title
from collector.web.weeks import week_keys
from collector.weeks import local_date, week_bounds

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWeek:
    """One week of a place."""

    key: str
    number: int
    period: str
    share: float
    """0 … 1."""
    level: str
    """`unseen`, `part` or `seen`."""

    @property
    def words(self) -> str:
        """What the cell says: a percentage, and nothing else where we could not see."""
        return percent(self.share)


@dataclass(frozen=True, slots=True)
class PlaceYear:
    """One place's year: months with the weeks whose Thursday lies in them."""

    name: str
    codes: str
    months: tuple[tuple[str, tuple[CalendarWeek, ...]], ...]


_LEVELS = {Level.NOT_SEEN: "unseen", Level.IN_PART: "part", Level.SEEN: "seen"}


def place_years(snapshot: Snapshot, year: int) -> list[PlaceYear]:
    """Return the year of every watched place, each once. Raises StoreError."""
    found = {}
    for watch in snapshot.settings.watches:
        keys = week_keys(snapshot, watch, 0, year)[::-1]
        for place in watch.places:
            if place in found or not keys:
                continue
            months: dict[int, list[CalendarWeek]] = {}
            for key in keys:
                begin, end = week_bounds(key, watch.zone)
                thursday = local_date(begin + timedelta(days=3, hours=12), watch.zone)
                days = period(begin, end, watch.zone)
                months.setdefault(thursday.month, []).append(
                    _week(key, days, snapshot.sight(watch, place, key))
                )
            name = place_title(place, snapshot.settings.airfields, local_date(begin, watch.zone))
            found[place] = PlaceYear(
                name,
                place.name,
                tuple((_MONTHS[month - 1], tuple(weeks)) for month, weeks in months.items()),
            )
    return list(found.values())


def _week(key: str, days: str, sight: Sight) -> CalendarWeek:
    return CalendarWeek(
        key=key,
        number=int(key[-2:]),
        period=days,
        share=sight.seen,
        level=_LEVELS[sight.level],
    )

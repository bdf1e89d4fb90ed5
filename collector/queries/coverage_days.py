"""How much of each day could be seen at each airfield? Years of coverage are read a week at a
time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from collector.coverage.share import MARGIN, State, proofs
from collector.coverage.sight import Sight, worst
from collector.model import Airfield, Place, followed
from collector.model.coverage import SLOT, CoverageSlot
from collector.model.watch import airfield_on
from collector.store import Store, archive_units, coverage_slots
from collector.weeks import local_date, next_midnight, week_bounds, week_of, weeks_between

Days = Mapping[date, Sight]
HALF_DAY = timedelta(hours=12)


class Progress(Protocol):
    """A progress display: given the number of weeks, then the key of each finished week."""

    def steps(self, count: int) -> None: ...

    def __call__(self, key: str, /) -> None: ...


def sights_by_day(
    store: Store,
    airfields: Sequence[Airfield],
    codes: Iterable[str],
    zone: str,
    *,
    first: date | None,
    last: date | None,
    now: datetime,
    progress: Progress | None = None,
) -> dict[str, dict[date, Sight]]:
    """Return how much of each local day could be seen, by airfield.

    All days of the weeks from `first` to `last` are read; None means the first or the last week
    with coverage. A missing day was not covered. Raises StoreError.
    """
    keys = weeks_with_coverage(store, zone, first, last, now)
    if progress is not None:
        progress.steps(len(keys))
    codes = list(dict.fromkeys(codes))
    sights: dict[str, dict[date, Sight]] = {code: {} for code in codes}
    for key in keys:
        begin, end = week_bounds(key, zone)
        slots = coverage_slots.slots_between(store, begin - MARGIN, end + MARGIN)
        for code in codes:
            airfield = airfield_on(airfields, code, begin.astimezone(UTC).date())
            if airfield is None or not slots:
                continue
            sights[code] |= _days(slots, airfield, begin, end, zone)
        if progress is not None:
            progress(key)
    return sights


def days_with_data(store: Store, first: date, last: date) -> frozenset[date]:
    """Return the days (UTC) from `first` to `last` on which a feed answered or an archive was read.

    On the other days it means nothing that no landing was found. Raises StoreError.
    """
    return coverage_slots.days_answered(store, first, last) | archive_units.days(store, first, last)


def _days(
    slots: Sequence[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime, zone: str
) -> dict[date, Sight]:
    """How much of each local day of a week could be seen.

    All slots are read in one pass, because a report may hold years of them. Slots begin and end
    with the days of every time zone.
    """
    proven = proofs(slots, airfield, begin, end)
    alive = [each.at for each in proven if each.state is State.ALIVE]
    seen = [each.at for each in proven if each.seen]
    sights: dict[date, Sight] = {}
    at = begin
    while at < end:
        until = next_midnight(at, zone)
        covered, noticed = (bisect_left(of, until) - bisect_left(of, at) for of in (alive, seen))
        if covered:
            day = until - at
            sights[local_date(at, zone)] = Sight(covered * SLOT / day, noticed * SLOT / day)
        at = until
    return sights


def weeks_with_coverage(
    store: Store, zone: str, first: date | None, last: date | None, now: datetime
) -> list[str]:
    """Return every week with one of these days, from the first coverage until `now`.

    Raises StoreError.
    """
    first_covered = coverage_slots.first_slot_at(store)
    if first_covered is None or first_covered > now:
        return []
    keys = weeks_between(week_of(first_covered, zone), week_of(now, zone))
    begins = None if first is None else week_of(_noon(first), "UTC")
    ends = None if last is None else week_of(_noon(last), "UTC")
    return [
        key for key in keys if (begins is None or begins <= key) and (ends is None or key <= ends)
    ]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def sights_of_place(by_airfield: Mapping[str, Days], place: Place) -> dict[date, Sight]:
    """Return the sight of each day at all airfields of a place: the least of them. Days on which
    the aircraft of its watch were not followed are left out.

    >>> sights_of_place({"A": {date(2026, 1, 1): Sight(0.5, 0.5)}, "B": {}}, Place(("A", "B")))
    {}
    """
    first, *others = (by_airfield.get(code, {}) for code in place.airfields)
    return {
        day: worst([one, *(other[day] for other in others)])
        for day, one in first.items()
        if all(day in other for other in others) and _followed(place, day)
    }


def _followed(place: Place, day: date) -> bool:
    """Return whether the aircraft were followed on that day, in part at least."""
    noon = _noon(day)
    spans = place.followed
    return spans is None or followed.touches(spans, noon - HALF_DAY, noon + HALF_DAY)

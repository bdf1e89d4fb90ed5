"""How much of each day of years could be seen at each airfield? Read a week at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Protocol

from collector.coverage.share import MARGIN, State, states
from collector.model import Airfield, Place
from collector.model.coverage import SLOT, CoverageSlot
from collector.model.watch import airfield_on
from collector.store import Store, archive_units, coverage_slots
from collector.weeks import local_date, next_midnight, week_bounds, week_of, weeks_between

Days = Mapping[date, float]


class Watching(Protocol):
    """Who is told how many weeks there are, and the key of each that is done."""

    def steps(self, count: int) -> None: ...

    def __call__(self, shown: str) -> None: ...


def seen_days(
    store: Store,
    airfields: Sequence[Airfield],
    codes: Iterable[str],
    zone: str,
    *,
    first: date | None,
    last: date | None,
    now: datetime,
    progress: Watching | None = None,
) -> dict[str, dict[date, float]]:
    """For each airfield, the share (0 … 1) of each local day of the weeks that hold the days
    from `first` to `last`; None: as far as anybody listened.

    Days that are not there were not heard at all. Raises StoreError.
    """
    keys = weeks_heard(store, zone, first, last, now)
    if progress is not None:
        progress.steps(len(keys))
    codes = list(dict.fromkeys(codes))
    found: dict[str, dict[date, float]] = {code: {} for code in codes}
    for key in keys:
        begin, end = week_bounds(key, zone)
        slots = coverage_slots.between(store, begin - MARGIN, end + MARGIN)
        for code in codes:
            airfield = airfield_on(airfields, code, begin.astimezone(UTC).date())
            if airfield is None or not slots:
                continue
            found[code] |= _days(slots, airfield, begin, end, zone)
        if progress is not None:
            progress(key)
    return found


def known_days(store: Store, first: date, last: date) -> frozenset[date]:
    """The days (UTC) from `first` to `last` on which somebody listened, or that an archive was
    read of: on the others, that nothing was found says nothing. Raises StoreError."""
    return coverage_slots.days(store, first, last) | archive_units.days(store, first, last)


def _days(
    slots: Sequence[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime, zone: str
) -> dict[date, float]:
    """The covered share of each local day of a week, as `coverage_by_day` gives it; once over all
    slots, since years of them are looked at. Slots begin and end with the days of every zone."""
    alive = [at for at, state in states(slots, airfield, begin, end) if state is State.ALIVE]
    found: dict[date, float] = {}
    at = begin
    while at < end:
        until = next_midnight(at, zone)
        covered = bisect_left(alive, until) - bisect_left(alive, at)
        if covered:
            found[local_date(at, zone)] = covered * SLOT / (until - at)
        at = until
    return found


def weeks_heard(
    store: Store, zone: str, first: date | None, last: date | None, now: datetime
) -> list[str]:
    """Every week with any of these days, but none from before anybody listened, nor to come.

    Raises StoreError.
    """
    heard = coverage_slots.first(store)
    if heard is None or heard > now:
        return []
    keys = weeks_between(week_of(heard, zone), week_of(now, zone))
    begins = None if first is None else week_of(_noon(first), "UTC")
    ends = None if last is None else week_of(_noon(last), "UTC")
    return [
        key for key in keys if (begins is None or begins <= key) and (ends is None or key <= ends)
    ]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def of_place(seen: Mapping[str, Days], place: Place) -> dict[date, float]:
    """The days of several airfields taken together: each as well as at the worst of them.

    >>> of_place({"A": {date(2026, 1, 1): 0.5}, "B": {}}, Place(("A", "B")))
    {}
    """
    first, *others = (seen.get(code, {}) for code in place.airfields)
    return {
        day: min([share, *(other[day] for other in others)])
        for day, share in first.items()
        if all(day in other for other in others)
    }

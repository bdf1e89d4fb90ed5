"""How much of each day of years could be seen at each airfield? Read a week at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from collector.landings.coverage import MARGIN, coverage_by_day
from collector.model import Airfield, Place
from collector.store import Store, hearings
from collector.visibility import airfield_on
from collector.weeks import week_bounds, week_of, weeks_between

Days = Mapping[date, float]


def seen_days(
    store: Store,
    airfields: Sequence[Airfield],
    codes: Iterable[str],
    zone: str,
    *,
    now: datetime,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, dict[date, float]]:
    """For each airfield, the share (0 … 1) of each local day since anybody listened.

    Days that are not there were not heard at all. `progress` is called with each week's key.
    Raises StoreError.
    """
    codes = list(dict.fromkeys(codes))
    found: dict[str, dict[date, float]] = {code: {} for code in codes}
    for key in weeks_heard(store, zone, now):
        begin, end = week_bounds(key, zone)
        slots = hearings.slots(store, begin - MARGIN, end + MARGIN)
        for code in codes:
            airfield = airfield_on(airfields, code, begin)
            if airfield is None or not slots:
                continue
            for day in coverage_by_day(slots, airfield, begin, end, zone):
                if day.coverage.share > 0:
                    found[code][day.day] = day.coverage.share
        progress(key)
    return found


def weeks_heard(store: Store, zone: str, now: datetime) -> list[str]:
    """Every week from the first that anybody listened in to the present one. Raises StoreError."""
    first = hearings.first(store)
    return [] if first is None else weeks_between(week_of(first, zone), week_of(now, zone))


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

"""Which airfields were there? A window in which one opened or closed is judged in parts. Step 4.

`detect` takes the airfields of one day for all that it is given. A backfill gives it months at
once: before 21 January 2019 there was no Ramon, and a landing of December must not be told to
have been there because the same window reaches into February.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from collector.landings.detect import DerivedLandings
from collector.model import Airfield, Detection, Observation

Detect = Callable[[Sequence[Airfield]], DerivedLandings]


def detect_in_parts(
    observations: Sequence[Observation], airfields: Sequence[Airfield], detect: Detect
) -> DerivedLandings:
    """What `detect` gives by the airfields there were when each visit began."""
    days = [observation.at.date() for observation in observations]
    if not days:
        return DerivedLandings()
    changes = _changes(airfields, min(days), max(days))
    if not changes:
        return detect(airfields)
    found: list[Detection] = []
    parts = [
        (begin, end, detect(_open_on(airfields, begin)))
        for begin, end in pairwise([min(days), *changes, date.max])
    ]
    for begin, end, derived in parts:
        found += [
            one
            for one in derived.detections
            if (begin <= one.visit_from.date() or begin == min(days))
            and one.visit_from.date() < end
        ]
    found.sort(key=lambda one: (one.visit_from, one.touchdown_at))
    return replace(parts[-1][2], detections=tuple(found), starts_down=parts[0][2].starts_down)


def _changes(airfields: Iterable[Airfield], first: date, last: date) -> list[date]:
    """The days after the first on which any of them opened or closed."""
    days = {day for field in airfields for day in (field.valid_from, field.valid_to)}
    return sorted(day for day in days if day is not None and first < day <= last)


def _open_on(airfields: Iterable[Airfield], day: date) -> list[Airfield]:
    """Those of that day, as if there were no other."""
    there = (field for field in airfields if field.exists_on(day))
    return [replace(field, valid_from=None, valid_to=None) for field in there]

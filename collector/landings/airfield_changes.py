"""Which airfields existed on each day? A time span in which one opened or closed is judged in
parts.

`detect` uses the airfields of one day for everything that it is given, and a backfill gives it
months at once. Ramon opened on 21 January 2019: a landing of December 2018 must not be placed there
because the same span reaches into February.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from collector.landings.detect import DerivedLandings
from collector.model import Airfield, Detection, Observation

Detect = Callable[[Sequence[Airfield]], DerivedLandings]
"""The detector with everything but the airfields filled in."""


def detect_in_parts(
    observations: Sequence[Observation], airfields: Sequence[Airfield], detect: Detect
) -> DerivedLandings:
    """Return what `detect` derives with the airfields that existed when each visit began.

    Without observations the result is empty. `starts_down` is that of the first part, `wakeup_at`
    that of the last.
    """
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
    """Return the days after `first`, up to `last`, on which any airfield opened or closed, in
    order."""
    days = {day for field in airfields for day in (field.valid_from, field.valid_to)}
    return sorted(day for day in days if day is not None and first < day <= last)


def _open_on(airfields: Iterable[Airfield], day: date) -> list[Airfield]:
    """Return the airfields of that day, with their validity removed."""
    there = (field for field in airfields if field.exists_on(day))
    return [replace(field, valid_from=None, valid_to=None) for field in there]

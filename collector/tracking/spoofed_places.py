"""Which positions lie where a spoofed circle was drawn? A place known to be false stays false as
long as it is given, unless the aircraft flies there.

Above 10,000 ft a slow circle betrays itself (`Doubt.CIRCLING`). On the way down it does not, and on
the ground it looks like an aircraft that stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.model import Observation
from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes
from collector.tracking.motion import (
    POSITION_SLACK_NM,
    USUAL_SHARE,
    USUAL_SLACK_KT,
    reachable,
)

CIRCLE_NM = 3.0
"""NM from where a circle was given, anywhere on it. Spoofed circles in the recordings have a radius
of 1 NM or less; a wider one is known by several of its places."""
APART_NM = CIRCLE_NM / 3.0
"""NM. What is nearer to a place that is known tells no more of the circle."""
GIVEN_WITHIN = timedelta(minutes=30)
"""A place not given for longer may be a true one: jamming and spoofing last from minutes to
hours (docs/landing-rules.md#what-goes-wrong-in-practice, 5)."""

FLOWN_FIXES = 2
FLOWN_WITHIN = timedelta(minutes=3)
"""After so many positions elsewhere, the last of them this near in time and so near that a usual
flight leads to the place, the aircraft is there: centres of spoofed circles are airports, too."""


def without_spoofed(fixes: Fixes, reports: Sequence[Observation]) -> Fixes:
    """Return the fixes without the positions at a place to which the aircraft had jumped, and where
    it then circled too slowly for its height.

    A light aircraft that circles slowly came there by flight: it did not jump. Neither did one that
    is received on its way again, and lands there.
    """
    if all(fix.doubt is not Doubt.CIRCLING for fix in fixes.special.values()):
        return fixes
    circle: list[Observation] = []  # where it was given
    until: datetime | None = None
    last: int | None = None
    elsewhere = 0  # positions elsewhere since the place was last given
    changed: dict[int, Fix] = {}
    for index, at in enumerate(fixes.ats):
        if until is not None and at > until:
            circle, until = [], None
        report, special = reports[index], fixes.special.get(index)
        if special is not None and special.doubt is Doubt.CIRCLING:
            jumped = last is not None and not reachable(
                reports[last], report, at - fixes.ats[last], report.source
            )
            if jumped or _near(report, circle, CIRCLE_NM):
                circle = _with(circle, report)
                until, elsewhere = at + GIVEN_WITHIN, 0
        elif fixes.placed(index):
            given = _near(report, circle, CIRCLE_NM)
            if given and last is not None and elsewhere >= FLOWN_FIXES:
                flown = _flown(reports[last], report, at - fixes.ats[last])
                circle, given = ([], False) if flown else (circle, True)
            if given:
                changed[index] = _unplaced(fixes[index])
                until, elsewhere = at + GIVEN_WITHIN, 0
            else:
                last, elsewhere = index, elsewhere + 1
    return fixes.only(range(len(fixes)), changed) if changed else fixes


def _flown(a: Observation, b: Observation, apart: timedelta) -> bool:
    """Return whether a usual flight leads from the one to the other, at the speed of the first."""
    if apart > FLOWN_WITHIN or a.ground_speed_kt is None:
        return False
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return False
    fastest_kt = USUAL_SHARE * a.ground_speed_kt + USUAL_SLACK_KT
    within_nm = POSITION_SLACK_NM + fastest_kt * (apart / timedelta(hours=1))
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) <= within_nm


def _with(circle: list[Observation], report: Observation) -> list[Observation]:
    """Return the places of a circle with one more; of another circle, if it lies too far away."""
    if not _near(report, circle[:1], 2.0 * CIRCLE_NM):
        return [report]
    return circle if _near(report, circle, APART_NM) else [*circle, report]


def _near(a: Observation, places: Sequence[Observation], within_nm: float) -> bool:
    """Return whether a report lies so near to any of the places."""
    return any(
        distance_nm(a.lat_deg or 0.0, a.lon_deg or 0.0, b.lat_deg or 0.0, b.lon_deg or 0.0)
        <= within_nm
        for b in places
    )


def _unplaced(fix: Fix) -> Fix:
    return Fix(
        at=fix.at,
        altitude_ft=fix.altitude_ft,
        altitude_error_ft=fix.altitude_error_ft,
        callsign=fix.callsign,
        feeds=fix.feeds,
        doubt=Doubt.CIRCLING,
    )

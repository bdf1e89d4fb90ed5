"""Which positions lie where a spoofed circle was drawn? A place known to be false stays false as
long as it is given.

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
from collector.tracking.motion import reachable

CIRCLE_NM = 3.0
"""NM. Spoofed circles in the recordings have a radius of 1 NM or less."""
GIVEN_WITHIN = timedelta(minutes=30)
"""A place not given for longer may be a true one: jamming and spoofing last from minutes to
hours (docs/landing-rules.md#what-goes-wrong-in-practice, 5)."""


def without_spoofed(fixes: Fixes, reports: Sequence[Observation]) -> Fixes:
    """Return the fixes without the positions at a place to which the aircraft had jumped, and where
    it then circled too slowly for its height.

    A light aircraft that circles slowly came there by flight: it did not jump.
    """
    if all(fix.doubt is not Doubt.CIRCLING for fix in fixes.special.values()):
        return fixes
    place: Observation | None = None
    until: datetime | None = None
    last: int | None = None
    changed: dict[int, Fix] = {}
    for index, at in enumerate(fixes.ats):
        if until is not None and at > until:
            place = until = None
        report, special = reports[index], fixes.special.get(index)
        if special is not None and special.doubt is Doubt.CIRCLING:
            jumped = last is not None and not reachable(
                reports[last], report, at - fixes.ats[last], report.source
            )
            if jumped or (place is not None and _near(report, place)):
                place, until = report, at + GIVEN_WITHIN
        elif fixes.placed(index):
            if place is not None and _near(report, place):
                changed[index] = _unplaced(fixes[index])
                until = at + GIVEN_WITHIN
            else:
                last = index
    return fixes.only(range(len(fixes)), changed) if changed else fixes


def _near(a: Observation, b: Observation) -> bool:
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return False
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) <= CIRCLE_NM


def _unplaced(fix: Fix) -> Fix:
    return Fix(
        at=fix.at,
        altitude_ft=fix.altitude_ft,
        altitude_error_ft=fix.altitude_error_ft,
        callsign=fix.callsign,
        feeds=fix.feeds,
        doubt=Doubt.CIRCLING,
    )

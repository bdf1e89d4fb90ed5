"""When did an aircraft leave? Between the last report that shows it there and the first that shows
it away."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.landings.evidence.ends import End
from collector.landings.fields import Bearing, bearing_to, flight_time_s
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fix

LEAST_UNCERTAINTY_S = 8.0
"""No time is known better: positions are dated to seconds, and ground bits come late."""


def departure_after(
    field: Airfield, last_there: datetime, fix: Fix, rules: LandingRules
) -> tuple[datetime, float]:
    """Return the departure and its ± in seconds, from the first fix after a received stay.

    If the aircraft was heard climbing out of the field, that is its flight from the runway before
    the fix. Else it left at any time since it was last heard there that leaves the least flight.
    """
    if not fix.placed:
        return _middle(last_there, fix.at)
    bearing = bearing_to(field, fix, departing=True)
    flown_s = flight_time_s(bearing.distance_nm, rules)
    if _climbs_out(bearing, fix, rules):
        return _before(fix.at, flown_s, last_there, rules)
    return _middle(last_there, fix.at - timedelta(seconds=rules.flight_bound_share * flown_s))


def departure_of_end(
    end: End, icao: str, silent_since: datetime, rules: LandingRules
) -> tuple[datetime, float]:
    """Return the departure from a field and its ± in seconds, from the climb-out after a
    silence."""
    if end.rolling:
        return end.fix.at, rules.roll_half.total_seconds()
    flown_s = flight_time_s(end.bearings[icao].distance_nm, rules)
    return _before(end.fix.at, flown_s, silent_since, rules)


def _climbs_out(bearing: Bearing, fix: Fix, rules: LandingRules) -> bool:
    """Return whether the aircraft is near, or is low, climbs and flies away from the field."""
    if bearing.distance_nm <= rules.field_radius_nm * 2:
        return True
    climbs = fix.vertical_rate_fpm is not None and fix.vertical_rate_fpm >= rules.climb_fpm
    away = bearing.off_course_deg is None or bearing.off_course_deg <= rules.off_course_deg
    low = bearing.height_ft is not None and bearing.height_ft < rules.return_alone_ft
    return climbs and away and low and bearing.distance_nm <= rules.about_nm


def _before(
    at: datetime, flown_s: float, not_before: datetime, rules: LandingRules
) -> tuple[datetime, float]:
    """Return the take-off of an aircraft that has flown for about `flown_s`, and its ± in
    seconds."""
    slack_s = rules.departure_slack_s + rules.departure_slack_share * flown_s
    earliest = max(not_before, at - timedelta(seconds=flown_s + slack_s))
    return _middle(earliest, at - timedelta(seconds=max(0.0, flown_s - slack_s)))


def _middle(earliest: datetime, latest: datetime) -> tuple[datetime, float]:
    half = max(timedelta(0), latest - earliest) / 2
    return earliest + half, max(LEAST_UNCERTAINTY_S, half.total_seconds())

"""What can an aircraft do in a given time? Bounds of distance and height that no flight exceeds.

The bounds are those of what is possible, not of what is usual: jet streams, emergency descents and
late clocks lie within them. A judgement of what is usual belongs to the rules of landing.
"""

from __future__ import annotations

from datetime import timedelta

from collector.geo import angle_between_deg, at_most_nm, bearing_deg, distance_nm
from collector.model import Observation, Source
from collector.tracking.fix import Fix

FASTEST_KT = 700.0
"""kt over the ground. A jet at Mach 0.85 with a jet stream of 150 kt makes about 640."""

POSITION_SLACK_NM = 1.0
"""NM that a position may be off."""
TIME_SLACK_S = {Source.MLAT: 20.0}
"""Seconds that a position's time may be off, by source: MLAT positions arrive 5 to 20 s late."""
DEFAULT_TIME_SLACK_S = 5.0
"""The same for all other sources, which are dated to a few seconds."""

USUAL_SHARE = 1.3
USUAL_SLACK_KT = 50.0
"""Between two positions an aircraft is usually no faster than this share of the speed that it
reports, plus the slack (readsb's `speed_check`)."""

ROLLING_KT_PER_S = 5.0
ROLLING_S = 30.0
"""A transport accelerates by 3 to 5 kt/s on the runway and brakes by as much (0.25 g); it leaves
the ground, or has slowed down from touchdown, within half a minute."""
FLYING_KT_PER_S = 1.5
"""kt/s. Off the ground it gains or loses no more than 0.08 g for minutes."""
SLOW_KT = 40.0
"""kt. The speed at which a stay on the ground begins and ends; `LandingRules.slow_kt`."""
_ROLLED_KT = SLOW_KT + ROLLING_KT_PER_S * ROLLING_S
_ROLLED_NM = (SLOW_KT * ROLLING_S + ROLLING_KT_PER_S * ROLLING_S**2 / 2.0) / 3600.0

STEEPEST_DESCENT_FPM = 10_000.0
"""ft/min, kept for a minute or more. Emergency descents are at 6,000 to 8,000."""
STEEPEST_CLIMB_FPM = 6000.0
"""ft/min, kept from the runway upwards. An empty airliner climbs at up to 5,000."""
USUAL_DESCENT_FPM = 4000.0
"""ft/min, from the air to standing; `LandingRules.steepest_approach_fpm`."""
USUAL_HEIGHT_FT = 1000.0
"""ft that a usual descent or climb may be off, by pressure as by another kind of altitude."""
TURN_DEG_PER_S = 3.0
"""The usual rate of turn, by instruments and in circuits: two minutes for a full turn (ICAO Doc
8168). Who flies away from a stand has to turn before coming there."""
HIGHEST_FIELD_FT = 15_500.0
"""ft. No airfield is higher: Daocheng Yading lies at 14,472 ft, and pressure adds up to 1,000."""
HEIGHT_SLACK_S = 20.0
"""Seconds that an altitude's time may be off, in a late feed."""


def reachable(a: Fix | Observation, b: Fix | Observation, apart: timedelta, source: Source) -> bool:
    """Return whether an aircraft can be at both places, `apart` from each other in time.

    `source` is that of the later one, `b`. True if either has no position.
    """
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return True
    seconds = abs(apart.total_seconds()) + TIME_SLACK_S.get(source, DEFAULT_TIME_SLACK_S)
    within_nm = POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0
    ends = (a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
    return at_most_nm(*ends) <= within_nm or distance_nm(*ends) <= within_nm


def follows(
    a: Fix | Observation,
    b: Fix | Observation,
    apart: timedelta,
    source: Source,
    ground_ft: float = 0.0,
) -> bool:
    """Return whether an aircraft can be at both places, `apart` from each other in time; if it
    stands at one of them only, as usual.

    `source` is that of the later one, `b`. No ground there is lower than `ground_ft`.
    """
    if not reachable(a, b, apart, source):
        return False
    return stands(a) is stands(b) or usual(a, b, apart, ground_ft)


def usual(
    a: Fix | Observation, b: Fix | Observation, apart: timedelta, ground_ft: float = 0.0
) -> bool:
    """Return whether an aircraft can be at both places, `apart` from each other in time, at about
    the faster of the two speeds that it reports there, as readsb's `speed_check` asks. If it stands
    at one of them, it comes there, or leaves, as fast and as steeply as aircraft usually do, and
    turns as they do before it comes there.

    True if either has no position.
    """
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return True
    flying = [each for each in (a, b) if not stands(each)] or [a, b]
    speeds = [each.ground_speed_kt for each in flying if each.ground_speed_kt is not None]
    fastest_kt = USUAL_SHARE * max(speeds, default=FASTEST_KT) + USUAL_SLACK_KT
    seconds = abs(apart.total_seconds()) + HEIGHT_SLACK_S
    if flying == [a]:
        way_deg = bearing_deg(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
        turned_deg = 0.0 if a.track_deg is None else angle_between_deg(a.track_deg, way_deg)
        seconds = max(0.0, seconds - turned_deg / TURN_DEG_PER_S)
    within_nm = POSITION_SLACK_NM + fastest_kt * seconds / 3600.0
    if distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) > within_nm:
        return False
    if len(flying) == 2:
        return True
    (one,) = flying
    height_ft = (altitude_ft(one) or ground_ft) - ground_ft
    fpm = STEEPEST_CLIMB_FPM if one is b else USUAL_DESCENT_FPM
    return height_ft <= USUAL_HEIGHT_FT + fpm * abs(apart.total_seconds()) / 60.0


def stands(a: Fix | Observation) -> bool:
    """Return whether it is slow, by the speed that it reports; without one, on the ground."""
    speed_kt = a.ground_speed_kt
    return a.on_ground is True if speed_kt is None else speed_kt < SLOW_KT


def altitude_ft(a: Fix | Observation) -> float | None:
    """Return how high it reports to be, ft."""
    return a.altitude_ft if isinstance(a, Fix) else a.baro_altitude_ft


def reach_from_standing_nm(seconds: float) -> float:
    """Return how far an aircraft can be `seconds` after it was slow on the ground, or before.

    >>> [round(reach_from_standing_nm(seconds), 1) for seconds in (30, 60, 300)]
    [1.0, 2.7, 30.4]
    """
    if seconds <= ROLLING_S:
        return (SLOW_KT * seconds + ROLLING_KT_PER_S * seconds**2 / 2.0) / 3600.0
    flown_s = seconds - ROLLING_S
    fastest_s = (FASTEST_KT - _ROLLED_KT) / FLYING_KT_PER_S
    gaining_s = min(flown_s, fastest_s)
    flown = _ROLLED_KT * gaining_s + FLYING_KT_PER_S * gaining_s**2 / 2.0
    return _ROLLED_NM + (flown + FASTEST_KT * (flown_s - gaining_s)) / 3600.0


def height_reach_ft(apart_s: float, fpm: float) -> float:
    """Return by how much an aircraft can change its height in `apart_s` seconds, before or after,
    at `fpm`, ft.

    >>> height_reach_ft(-40.0, 6000.0)
    6000.0
    """
    return fpm * (abs(apart_s) + HEIGHT_SLACK_S) / 60.0

"""Can the last report before a silence be believed, and the first after it? Each is compared with
its two neighbours on the other side.

What an aircraft does in a silence is judged from the reports next to it, so one wrong value there
decides more than anywhere else. Between reports a minute apart the usual bounds of flight hold, not
only those of what is possible. Two neighbours that agree with each other outvote a third.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.landings.rules import LandingRules
from collector.tracking import Doubt, Fix, Fixes

NEAR_IN_TIME = timedelta(minutes=5)
"""A neighbour farther away in time says nothing about a report."""
SPEED_SHARE = 1.3
SPEED_SLACK_KT = 50.0
PLACE_SLACK_NM = 1.0
"""A position is believed if the aircraft came there no faster than this share of the speed that its
neighbours report, plus the slacks (as readsb's `speed_check`)."""
USUAL_FPM = 6000.0
HEIGHT_SLACK_FT = 1000.0
"""An altitude is believed if it was reached at this rate or less."""
GAIN_KT_PER_S = 1.5
GAIN_SLACK_KT = 20.0
"""A speed is believed if it was reached with this gain or loss, or less: transports brake and
accelerate in the air by about 1 kt/s."""
BACKWARDS_DEG = 120.0
BACKWARDS_NM = 3.0
"""A position is not believed if it lies this far behind the neighbour, by the tracks of both."""
FASTEST_UNKNOWN_KT = 500.0
"""kt, where neither of two fixes has a speed."""


def believed_ends(fixes: Fixes, rules: LandingRules) -> Fixes:
    """Return the fixes with what is not believed of those next to a silence taken away.

    A position or an altitude that is wrong leaves the fix with the other of the two; a speed or a
    rate that is wrong is unknown. A position behind the neighbour is a report of another time, so
    its altitude goes as well.
    """
    changed: dict[int, Fix] = {}
    for index, step in _ends(fixes, rules):
        near = _neighbours(fixes, index, step)
        if len(near) < 2:
            continue
        end, (first, second) = fixes[index], (fixes[each] for each in near)
        if not agree(first, second):
            continue
        believed = _believed(end, first, second)
        if believed is not end:
            changed[index] = believed
    return fixes.only(range(len(fixes)), changed) if changed else fixes


def _ends(fixes: Fixes, rules: LandingRules) -> Iterator[tuple[int, int]]:
    """Yield each fix next to a silence, with the direction in which its neighbours lie."""
    for index in fixes.silent_after(rules.shortest_silence):
        yield index, -1
        yield index + 1, 1
    if fixes:
        yield len(fixes) - 1, -1


def _neighbours(fixes: Fixes, index: int, step: int) -> list[int]:
    """Return the next two fixes with a position and an altitude in that direction."""
    found: list[int] = []
    other, at = index + step, fixes.ats[index]
    while 0 <= other < len(fixes) and abs(fixes.ats[other] - at) <= NEAR_IN_TIME:
        if fixes.placed(other) and fixes.altitude_ft(other) is not None:
            found.append(other)
            if len(found) == 2:
                break
        other += step
    return found


def agree(a: Fix, b: Fix) -> bool:
    """Return whether two neighbours contradict each other in nothing, by the usual bounds of
    flight."""
    speeds = [fix.ground_speed_kt for fix in (a, b) if fix.ground_speed_kt is not None]
    fastest = max(speeds, default=FASTEST_UNKNOWN_KT)
    return _place_fits(a, b, fastest) and _height_fits(a, b)


def _believed(end: Fix, first: Fix, second: Fix) -> Fix:
    speeds = [fix.ground_speed_kt for fix in (first, second) if fix.ground_speed_kt is not None]
    if end.placed:
        own = [end.ground_speed_kt] if end.on_ground and end.ground_speed_kt is not None else []
        fastest = max([*speeds, *own], default=FASTEST_UNKNOWN_KT)
        backwards = not end.on_ground and _backwards(first, end)
        if backwards or not _place_fits(first, end, fastest):
            return Fix(
                at=end.at,
                altitude_ft=end.altitude_ft if _height_fits(first, end) and not backwards else None,
                altitude_error_ft=end.altitude_error_ft,
                callsign=end.callsign,
                feeds=end.feeds,
                doubt=Doubt.UNREACHABLE,
            )
    speed, rate = end.ground_speed_kt, end.vertical_rate_fpm
    if speed is not None and not end.on_ground and not _speed_fits(end, first, speed):
        speed = None
    if rate is not None and abs(rate) > USUAL_FPM:
        rate = None
    altitude_ft = end.altitude_ft if _height_fits(first, end) else None
    if (altitude_ft, speed, rate) == (end.altitude_ft, end.ground_speed_kt, end.vertical_rate_fpm):
        return end
    return replace(end, altitude_ft=altitude_ft, ground_speed_kt=speed, vertical_rate_fpm=rate)


def _place_fits(a: Fix, b: Fix, fastest_kt: float) -> bool:
    if a.place is None or b.place is None:
        return True
    within_kt = SPEED_SHARE * fastest_kt + SPEED_SLACK_KT
    return distance_nm(*a.place, *b.place) <= PLACE_SLACK_NM + within_kt * _hours(a.at, b.at)


def _height_fits(a: Fix, b: Fix) -> bool:
    if a.altitude_ft is None or b.altitude_ft is None:
        return True
    within_ft = HEIGHT_SLACK_FT + USUAL_FPM * 60.0 * _hours(a.at, b.at)
    return abs(a.altitude_ft - b.altitude_ft) <= within_ft


def _speed_fits(end: Fix, near: Fix, speed_kt: float) -> bool:
    if near.ground_speed_kt is None:
        return True
    within_kt = GAIN_SLACK_KT + GAIN_KT_PER_S * 3600.0 * _hours(near.at, end.at)
    return abs(speed_kt - near.ground_speed_kt) <= within_kt


def _backwards(near: Fix, end: Fix) -> bool:
    """Return whether the end lies far behind its neighbour (in time, ahead of it), by the tracks of
    both."""
    if near.place is None or end.place is None:
        return False
    if near.track_deg is None or end.track_deg is None:
        return False
    ends = (near.place, end.place) if near.at <= end.at else (end.place, near.place)
    if distance_nm(*ends[0], *ends[1]) < BACKWARDS_NM:
        return False
    way = bearing_deg(*ends[0], *ends[1])
    return all(
        angle_between_deg(way, track) > BACKWARDS_DEG for track in (near.track_deg, end.track_deg)
    )


def _hours(a: datetime, b: datetime) -> float:
    return abs((b - a).total_seconds()) / 3600.0

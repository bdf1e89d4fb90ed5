"""Do positions hop between two aircraft that share an address? Polled minutes apart, each may be
reachable from the one before, while no flight at the reported speeds leads there.

A wrong position hops, too, there and back. So a hop counts only between two flights: the position
before it must follow from one, and the position after it must lead on to another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Observation
from collector.tracking.fix import Fix
from collector.tracking.fixes import Fixes
from collector.tracking.motion import (
    FLYING_KT_PER_S,
    HEIGHT_SLACK_S,
    POSITION_SLACK_NM,
    reach_from_standing_nm,
)

Report = Fix | Observation

LEAST_APART = timedelta(seconds=45)
"""Positions nearer in time than this are parted by what is possible (`tracking.chain`), or one of
two feeds is late."""
MOST_APART = timedelta(minutes=15)
"""Positions farther apart in time show no hop: the way between them may have been any."""

SHARE = 1.15
SLACK_KT = 25.0
"""Between two reports an aircraft is hardly faster than this share of the faster one's speed, plus
the slack: winds change little in some minutes, unless it turns, and then it comes less far."""

REPEATED_WITHIN = timedelta(minutes=5)
"""So long a late feed may repeat the last position of an aircraft that has left, as in
`tracking.links`."""

ONWARD_DEG = 45.0
ONWARD_NM = 1.0
"""A flight leads from one position to the next if that lies so far away, in the direction of flight
at either of them."""

STRAIGHT_DEG = 5.0
STRAIGHT_WITHIN = timedelta(minutes=20)
STRAIGHT_SHARE = 0.1
STRAIGHT_NM = 2.0
STRAIGHT_FT = 500.0
"""Positions farther from each other belong to one flight if it was straight and steady: the
directions of both, their mean speed within this share and distance, and the height within this and
the rates that they report."""
OTHERS = 4
"""So many positions on either side are compared."""


def hops(a: Report, b: Report, apart: timedelta) -> bool:
    """Return whether no aircraft flies from one position to a later one in that time at about the
    speeds that it reports at both; False if they are too near or too far in time to say."""
    return LEAST_APART <= apart <= MOST_APART and not _flown(a, b, apart)


def hopped_at(
    fixes: Fixes, candidates: Iterable[int], but: Collection[int] = ()
) -> tuple[datetime, ...]:
    """Return the times at which the positions of a track, wrong ones included, hop from one flight
    to another.

    `candidates` are the fixes, as indexes, to which the track hops from the position before.
    Those in `but` are no positions of a flight: a feed gave a stand again.
    """
    found = (index for index in candidates if index not in but)
    return tuple(fixes.ats[index] for index in found if _between_flights(fixes, index, but))


def _between_flights(fixes: Fixes, index: int, but: Collection[int]) -> bool:
    if not fixes.placed(index):
        return False
    before = next(_placed(fixes, index, -1, but), None)
    return (
        before is not None
        and hops(_report(fixes, before), _report(fixes, index), _apart(fixes, before, index))
        and _of_a_flight(fixes, before, -1, index, but)
        and _of_a_flight(fixes, index, 1, before, but)
    )


def _of_a_flight(fixes: Fixes, index: int, step: int, across: int, but: Collection[int]) -> bool:
    """Return whether a position follows from the ones before it (`step` is −1), or leads on to
    those after it (1).

    If the next one lies on a straight flight with the position `across` the hop, it says nothing:
    a single wrong position lies between them.
    """
    for place, other in enumerate(_placed(fixes, index, step, but)):
        if place == OTHERS or _apart(fixes, index, other) > STRAIGHT_WITHIN:
            return False
        pair = (other, index) if step < 0 else (index, other)
        if _straight(fixes, *pair):
            return True
        if place == 0 and _leads_on(fixes, *pair):
            lone = (other, across) if step < 0 else (across, other)
            if not _straight(fixes, *lone):
                return True
    return False


def _leads_on(fixes: Fixes, first: int, last: int) -> bool:
    """Return whether an aircraft flew from one position to the next, or landed or stood there."""
    a, b, apart = _report(fixes, first), _report(fixes, last), _apart(fixes, first, last)
    if apart > MOST_APART or not _flown(a, b, apart):
        return False
    if a.on_ground or b.on_ground:
        return True
    turned = _turned_deg(a, b)
    return turned is not None and min(turned) <= ONWARD_DEG and _away_nm(a, b) >= ONWARD_NM


def _straight(fixes: Fixes, first: int, last: int) -> bool:
    """Return whether two positions lie on one straight and steady flight."""
    a, b, apart = _report(fixes, first), _report(fixes, last), _apart(fixes, first, last)
    turned = _turned_deg(a, b)
    if a.on_ground or b.on_ground or turned is None or max(turned) > STRAIGHT_DEG:
        return False
    if a.ground_speed_kt is None or b.ground_speed_kt is None:
        return False
    flown_nm = (a.ground_speed_kt + b.ground_speed_kt) / 2.0 * (apart / timedelta(hours=1))
    if abs(_away_nm(a, b) - flown_nm) > STRAIGHT_NM + STRAIGHT_SHARE * flown_nm:
        return False
    here_ft, there_ft = fixes.altitude_ft(first), fixes.altitude_ft(last)
    if here_ft is None or there_ft is None:
        return False
    fpm = max(abs(a.vertical_rate_fpm or 0.0), abs(b.vertical_rate_fpm or 0.0))
    return abs(here_ft - there_ft) <= STRAIGHT_FT + fpm * (apart / timedelta(minutes=1))


def _flown(a: Report, b: Report, apart: timedelta) -> bool:
    """Return whether an aircraft flies so far at about the speeds that it reports; True if it does
    not report both."""
    if a.ground_speed_kt is None or b.ground_speed_kt is None:
        return True
    seconds = apart.total_seconds() + HEIGHT_SLACK_S
    here_kt, there_kt = a.ground_speed_kt, b.ground_speed_kt
    fastest_kt = SHARE * max(here_kt, there_kt) + SLACK_KT
    if a.on_ground or b.on_ground:
        seconds += REPEATED_WITHIN.total_seconds() if a.on_ground else 0.0
        within_nm = min(reach_from_standing_nm(seconds), fastest_kt * seconds / 3600.0)
    else:
        within_nm = _reach_nm(here_kt, there_kt, fastest_kt, seconds)
    return _away_nm(a, b) <= POSITION_SLACK_NM + within_nm


def _reach_nm(here_kt: float, there_kt: float, fastest_kt: float, seconds: float) -> float:
    """Return how far an aircraft comes in that time from one speed to another, gaining and losing
    speed as in flight, but no more than `fastest_kt`."""
    fastest_kt = min(fastest_kt, (here_kt + there_kt + FLYING_KT_PER_S * seconds) / 2.0)
    fastest_kt = max(fastest_kt, here_kt, there_kt)
    gaining_s, losing_s = ((fastest_kt - kt) / FLYING_KT_PER_S for kt in (here_kt, there_kt))
    steady_s = max(0.0, seconds - gaining_s - losing_s)
    flown = (here_kt + fastest_kt) / 2.0 * gaining_s + (there_kt + fastest_kt) / 2.0 * losing_s
    return (flown + fastest_kt * steady_s) / 3600.0


def _turned_deg(a: Report, b: Report) -> tuple[float, float] | None:
    """Return the angles between the way from the one to the other and the direction of flight at
    each; None if one is unknown."""
    if a.track_deg is None or b.track_deg is None:
        return None
    way = bearing_deg(a.lat_deg or 0.0, a.lon_deg or 0.0, b.lat_deg or 0.0, b.lon_deg or 0.0)
    return angle_between_deg(way, a.track_deg), angle_between_deg(way, b.track_deg)


def _away_nm(a: Report, b: Report) -> float:
    return distance_nm(a.lat_deg or 0.0, a.lon_deg or 0.0, b.lat_deg or 0.0, b.lon_deg or 0.0)


def _placed(fixes: Fixes, index: int, step: int, but: Collection[int]) -> Iterator[int]:
    """Yield the fixes with a position in that direction of time, without those in `but`."""
    other = index + step
    while 0 <= other < len(fixes):
        if other not in but and fixes.placed(other):
            yield other
        other += step


def _report(fixes: Fixes, index: int) -> Report:
    return fixes.report_or_fix(index)


def _apart(fixes: Fixes, a: int, b: int) -> timedelta:
    return abs(fixes.ats[b] - fixes.ats[a])

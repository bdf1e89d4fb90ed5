"""Are two aircraft of a reply at one point, as spoofed ones are? Then neither position is believed.

Under spoofing every receiver computes the same place, and the same movement, at the same time
(docs/landing-rules.md#what-goes-wrong-in-practice, 3). Other aircraft come as near to each other:
one was there some seconds before, one crosses above the other, or both are parked.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from collector.decode import Located
from collector.geo import angle_between_deg
from collector.model import Observation

Placed = tuple[float, float, Located]
"""Latitude, longitude and the row."""

CROWD_M = 200.0
"""Airborne aircraft nearer than this are one spoofed point (`docs/landing-rules.md`)."""
_CROWD_DEG = CROWD_M / 111_195.0
"""As degrees of latitude (a sphere of 6,371 km)."""

M_PER_S_IN_A_KT = 1852.0 / 3600.0

PARKED_KT = 5.0
"""kt. What moves no faster, and is no higher than the highest airfields, may stand on the ground:
some light aircraft never send a ground bit (docs/landing-rules.md#physics-first, 4)."""
PARKED_BELOW_FT = 15_000.0
"""ft. The highest airport, Daocheng Yading, lies at 14,472 ft
(https://en.wikipedia.org/wiki/List_of_highest_airports)."""

SEPARATED_FT = 500.0
"""ft. Traffic that passes above other traffic is at least this much higher: cruising levels for
visual flights lie 500 ft between those for instrument flights (ICAO Annex 2, appendix 3)."""
OTHERWISE_DEG = 45.0
OTHERWISE_KT = 50.0
"""Aircraft whose tracks, or speeds, differ by more do not move alike. On a spoofed circle of 0.5 NM
at 160 kt the track turns by 25° in the 5 s after which two positions are no longer at one point."""


def beside(observation: Observation, placed: Sequence[Placed]) -> Iterator[Located]:
    """Yield the rows of other aircraft in the air within `CROWD_M` of a fresh position in the air.

    `placed` is sorted by latitude.
    """
    lat, lon = observation.lat_deg, observation.lon_deg
    if observation.on_ground is True or not observation.fresh or lat is None or lon is None:
        return
    squeeze = math.cos(math.radians(lat))
    first = bisect_left(placed, lat - _CROWD_DEG, key=itemgetter(0))
    for other_lat, other_lon, other in islice(placed, first, None):
        if other_lat > lat + _CROWD_DEG:
            return
        east = ((other_lon - lon + 180.0) % 360.0 - 180.0) * squeeze
        near = (other_lat - lat) ** 2 + east**2 <= _CROWD_DEG**2
        # `~` rows are often the same aircraft, repeated by a ground station
        if near and other.icao24 not in (None, observation.icao24) and not other.on_ground:
            yield other


def at_one_point(a: Observation, b: Observation) -> bool:
    """Return whether two aircraft, given near to each other, were so at the same time, and cannot
    have come there by themselves."""
    return not (_one_after_the_other(a, b) or _side_by_side(a, b) or _crossing(a, b))


def _one_after_the_other(a: Observation, b: Observation) -> bool:
    """Return whether both had moved on for more than `CROWD_M` between the times of the two
    positions: they fly one behind the other, as on a final."""
    if a.ground_speed_kt is None or b.ground_speed_kt is None:
        return False
    slower_m_per_s = min(a.ground_speed_kt, b.ground_speed_kt) * M_PER_S_IN_A_KT
    # The two places may lie as far apart already.
    return abs((a.at - b.at).total_seconds()) * slower_m_per_s > 2.0 * CROWD_M


def _side_by_side(a: Observation, b: Observation) -> bool:
    """Return whether both stand still, no higher than an airfield."""
    return all(
        each.ground_speed_kt is not None
        and each.ground_speed_kt <= PARKED_KT
        and each.baro_altitude_ft is not None
        and each.baro_altitude_ft <= PARKED_BELOW_FT
        for each in (a, b)
    )


def _crossing(a: Observation, b: Observation) -> bool:
    """Return whether one passes above the other on another course, or at another speed."""
    if a.baro_altitude_ft is None or b.baro_altitude_ft is None:
        return False
    if abs(a.baro_altitude_ft - b.baro_altitude_ft) < SEPARATED_FT:
        return False
    if a.ground_speed_kt is None or b.ground_speed_kt is None:
        return False
    if a.track_deg is None or b.track_deg is None:
        return False
    return (
        abs(a.ground_speed_kt - b.ground_speed_kt) > OTHERWISE_KT
        or angle_between_deg(a.track_deg, b.track_deg) > OTHERWISE_DEG
    )

"""How does an aircraft approach a runway, and how does it depart? Each way has its corners and
heights."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Airfield, RunwayEnd

from .paths import Waypoint, beside, turn_radius_nm
from .world import Style

AIM_NM = 0.2
"""Touchdown lies about 370 m behind the threshold."""

PATTERN_KT = 195.0
GATE_KT = 330.0


@dataclass(frozen=True, slots=True)
class Approach:
    """An approach: corners from afar to the touchdown point, and the runway."""

    corners: tuple[Waypoint, ...]
    end: RunwayEnd
    field: Airfield
    kind: str
    """`straight-in`, `downwind`, `racetrack` or `circling`."""


def touchdown_spot(end: RunwayEnd) -> tuple[float, float]:
    """Return the touchdown point."""
    return beside((end.lat_deg, end.lon_deg), end.bearing_deg, AIM_NM)


def approach(
    rng: random.Random,
    field: Airfield,
    end: RunwayEnd,
    coming_from: tuple[float, float],
    style: Style,
) -> Approach:
    """Return an approach from a spot 20 NM or more away: straight in if possible, else a downwind.

    Some approaches with a tailwind circle from the opposite runway instead; in some worlds, others
    turn in overhead, or at a right angle.
    """
    way_in = bearing_deg(field.lat_deg, field.lon_deg, *coming_from)
    off = angle_between_deg(way_in, (end.bearing_deg + 180.0) % 360.0)
    if style.racetrack_share and rng.random() < style.racetrack_share:
        return Approach(tuple(_racetrack(rng, end, style)), end, field, "racetrack")
    if off <= style.straight_within_deg:
        return Approach(tuple(_straight_in(rng, end, off, style)), end, field, "straight-in")
    if off > 140.0 and rng.random() < style.circling_share:
        return Approach(tuple(_circling(rng, end)), end, field, "circling")
    return Approach(tuple(_downwind(rng, end, coming_from, style)), end, field, "downwind")


def _straight_in(
    rng: random.Random, end: RunwayEnd, off_deg: float, style: Style
) -> list[Waypoint]:
    """A straight final, often after a radar vector that is not the shortest path, or after a
    right-angled turn."""
    spot, back = touchdown_spot(end), end.bearing_deg + 180.0
    final = rng.uniform(*style.final_nm)
    corners = [_at(beside(spot, back, final), turn_radius_nm(210.0))]
    if style.t_bar_share and rng.random() < style.t_bar_share:
        joint = beside(spot, back, final)
        side = rng.choice((-90.0, 90.0))
        corners.insert(0, _at(beside(joint, back + side, rng.uniform(4.0, 6.0)), 1.2))
    elif off_deg < 40.0 and rng.random() < style.vector_share:
        angle = rng.uniform(10.0, 45.0) * rng.choice((-1.0, 1.0))
        leg = rng.uniform(7.0, 11.0)
        joint = beside(spot, back, final)
        corners.insert(0, _at(beside(joint, back + angle, leg), turn_radius_nm(250.0)))
    return [*corners, _at(spot, 0.0)]


def _downwind(
    rng: random.Random, end: RunwayEnd, coming_from: tuple[float, float], style: Style
) -> list[Waypoint]:
    spot, back = touchdown_spot(end), end.bearing_deg + 180.0
    final = rng.uniform(*style.base_nm)
    aside = rng.uniform(*style.aside_nm)
    joint = beside(spot, back, final)
    side = 90.0 if rng.random() < 0.5 else -90.0
    way = bearing_deg(*spot, *coming_from)
    if angle_between_deg(way, end.bearing_deg) > 30.0:
        # The side it comes from, so that it need not cross the centreline twice.
        side = 90.0 if (way - end.bearing_deg) % 360.0 < 180.0 else -90.0
    radius = turn_radius_nm(PATTERN_KT)
    abeam = beside(
        beside(spot, end.bearing_deg, rng.uniform(2.0, 6.0)), end.bearing_deg + side, aside
    )
    return [
        _at(abeam, turn_radius_nm(240.0)),
        _at(beside(joint, end.bearing_deg + side, aside), radius),
        _at(joint, radius),
        _at(spot, 0.0),
    ]


def _racetrack(rng: random.Random, end: RunwayEnd, style: Style) -> list[Waypoint]:
    """Overhead, outbound beside the final, and a turn in."""
    spot, back = touchdown_spot(end), end.bearing_deg + 180.0
    side = rng.choice((-90.0, 90.0))
    aside, base = rng.uniform(*style.aside_nm), rng.uniform(*style.base_nm)
    radius = turn_radius_nm(PATTERN_KT)
    return [
        _at(beside(spot, end.bearing_deg + side, 0.4), turn_radius_nm(210.0)),
        _at(beside(beside(spot, back, base), back - side, aside), radius),
        _at(beside(spot, back, base), radius),
        _at(spot, 0.0),
    ]


def _circling(rng: random.Random, end: RunwayEnd) -> list[Waypoint]:
    """An approach toward the far end of the runway, then a low visual circuit."""
    spot, along = touchdown_spot(end), end.bearing_deg
    far = beside(spot, along, end.length_m / 1852.0)
    side = rng.choice((-90.0, 90.0))
    aside = rng.uniform(2.6, 3.2)
    base = rng.uniform(2.4, 3.4)
    radius = turn_radius_nm(165.0)
    break_off = beside(far, along, rng.uniform(4.0, 5.0))
    return [
        _at(beside(break_off, along, 6.0), turn_radius_nm(210.0)),
        _at(break_off, radius),
        _at(beside(beside(far, along, 0.5), along + side, aside), radius),
        _at(beside(beside(spot, along + 180.0, base), along + side, aside), radius),
        _at(beside(spot, along + 180.0, base), radius),
        _at(spot, 0.0),
    ]


def descent(
    rng: random.Random, elevation_ft: float, cruise_ft: float, kind: str, style: Style
) -> list[tuple[float, float]]:
    """Return the height (ft) by NM still to fly: final, platform, gradients from 2° to 3.3°,
    level-offs."""
    platform = (
        rng.uniform(1300.0, 1700.0) if kind == "circling" else rng.uniform(*style.platform_ft)
    )
    knots = [(0.0, elevation_ft), (platform / style.glide_ft_per_nm, elevation_ft + platform)]
    nm, height = knots[-1][0], knots[-1][1]
    around = {"straight-in": 6.0, "downwind": 16.0, "circling": 14.0, "racetrack": 16.0}[kind]
    nm += rng.uniform(0.0, around)
    knots.append((nm, height))
    levels = sorted(
        rng.uniform(elevation_ft + 3500.0, 17_000.0) for _ in range(rng.choice(style.levels))
    )
    for level in [*(x for x in levels if x > height + 500.0), cruise_ft]:
        nm += (level - height) / rng.uniform(*style.gradient)
        height = level
        knots.append((nm, height))
        nm += rng.uniform(3.0, 22.0)
        knots.append((nm, height))
    return knots


def way_out(
    rng: random.Random, end: RunwayEnd, going_to: tuple[float, float], style: Style
) -> tuple[tuple[Waypoint, ...], float]:
    """Return the corners of a departure from lift-off to clear of the field, and its course."""
    lift_off = beside((end.lat_deg, end.lon_deg), end.bearing_deg, rng.uniform(0.8, 1.2))
    straight = rng.uniform(*style.straight_out_nm)
    corner = beside(lift_off, end.bearing_deg, straight)
    corners = [_at(lift_off, 0.0), _at(corner, turn_radius_nm(205.0))]
    if style.circling_climb_share and rng.random() < style.circling_climb_share:
        corners += _once_around(rng, end, corner)
    elif angle_between_deg(bearing_deg(*corner, *going_to), end.bearing_deg) > 110.0:
        # Around in two corners, so that the turn keeps its radius.
        side = 90.0 if rng.random() < 0.5 else -90.0
        wide = beside(corner, end.bearing_deg + side, rng.uniform(4.0, 6.5))
        corners.append(_at(wide, turn_radius_nm(230.0)))
    return tuple(corners), end.bearing_deg


def _once_around(rng: random.Random, end: RunwayEnd, corner: tuple[float, float]) -> list[Waypoint]:
    """Three corners more, back over the field, to climb before setting course."""
    side = rng.choice((-90.0, 90.0))
    wide, back = rng.uniform(4.0, 7.0), rng.uniform(6.0, 10.0)
    first = beside(corner, end.bearing_deg + side, wide)
    second = beside(first, end.bearing_deg + 180.0, back)
    third = beside(second, end.bearing_deg - side, wide)
    return [_at(each, turn_radius_nm(230.0)) for each in (first, second, third)]


def climb(
    rng: random.Random, from_ft: float, cruise_ft: float, style: Style
) -> list[tuple[float, float]]:
    """Return the height by NM flown: steep at first, often held level on the way."""
    knots = [(0.0, from_ft), (6.0, from_ft + 6.0 * rng.uniform(*style.climb))]
    nm, height = knots[-1]
    if rng.random() < 0.4:
        hold = rng.uniform(height + 500.0, 14_000.0)
        nm += (hold - height) / rng.uniform(190.0, 330.0)
        knots.append((nm, hold))
        nm, height = nm + rng.uniform(4.0, 20.0), hold
        knots.append((nm, height))
    for level in (18_000.0, cruise_ft):
        if level > height:
            nm += (level - height) / (rng.uniform(170.0, 290.0) if level <= 18_000 else 130.0)
            height = level
            knots.append((nm, height))
    return knots


def runway_for(
    ends: Sequence[RunwayEnd], wind: tuple[float, float], rng: random.Random
) -> RunwayEnd:
    """Return the end with the most headwind (from degrees, kt); one of the best two, any in a
    calm."""
    from_deg, speed_kt = wind
    if speed_kt < 3.0:
        return rng.choice(list(ends))
    heads = {end.name: math.cos(math.radians(from_deg - end.bearing_deg)) for end in ends}
    most = max(heads.values())
    return rng.choice([end for end in ends if heads[end.name] > most - 0.05])


def far_enough(field: Airfield, spot: tuple[float, float]) -> bool:
    """Return whether a spot leaves room for an approach."""
    return distance_nm(field.lat_deg, field.lon_deg, *spot) > 18.0


def _at(spot: tuple[float, float], radius_nm: float) -> Waypoint:
    return Waypoint(spot[0], spot[1], radius_nm)

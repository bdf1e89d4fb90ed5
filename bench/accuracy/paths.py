"""Along which path does an aircraft fly? The path joins waypoints and is rounded where it turns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collector.geo import bearing_deg, destination

STRAIGHT_STEP_NM = 1.0
CRUISE_STEP_NM = 8.0
ARC_STEP_DEG = 12.0
STANDARD_TURN_DEG_S = 3.0
"""The fastest turn of instrument flight (ICAO Doc 8168: 3°/s or 25° of bank)."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A corner of a path, rounded with a radius (0: an end)."""

    lat_deg: float
    lon_deg: float
    radius_nm: float = 8.0


@dataclass(frozen=True, slots=True)
class Line:
    """A path as points: latitude, longitude, NM flown from its beginning, course there."""

    lats: list[float]
    lons: list[float]
    flown: list[float]
    courses: list[float]


def turn_radius_nm(ground_speed_kt: float) -> float:
    """Return the radius of the tightest turn at that speed: 2.5°/s (below the standard turn), or
    25° of bank.

    >>> round(turn_radius_nm(180.0), 2), round(turn_radius_nm(440.0), 1)
    (1.15, 6.0)
    """
    by_rate = ground_speed_kt / (math.radians(2.5) * 3600.0)
    speed_ms = ground_speed_kt * 1852.0 / 3600.0
    by_bank = speed_ms * speed_ms / (9.81 * math.tan(math.radians(25.0))) / 1852.0
    return max(by_rate, by_bank)


def rounded(corners: Sequence[Waypoint]) -> Line:
    """Return the path through waypoints, with each inner corner cut by an arc of its radius.

    Raises ValueError if two corners lie too close for their arcs.
    """
    lats, lons = [corners[0].lat_deg], [corners[0].lon_deg]
    used = 0.0
    for index in range(1, len(corners) - 1):
        before, corner, after = corners[index - 1 : index + 2]
        squeeze = math.cos(math.radians(corner.lat_deg))
        inward = _unit(corner, before, squeeze)
        outward = _unit(corner, after, squeeze)
        turn = math.pi - math.acos(max(-1.0, min(1.0, _dot(inward, outward))))
        tangent = corner.radius_nm * math.tan(min(turn, 3.0) / 2.0)
        if tangent + used > inward[2] or tangent > outward[2]:
            raise ValueError(f"corner {index} turns too much for its legs")
        _straight(lats, lons, _along(corner, inward, tangent, squeeze))
        _arc(lats, lons, corner, units=(inward, outward), turn=turn, squeeze=squeeze)
        used = tangent
    _straight(lats, lons, (corners[-1].lat_deg, corners[-1].lon_deg))
    return _measured(lats, lons)


def _unit(origin: Waypoint, other: Waypoint, squeeze: float) -> tuple[float, float, float]:
    """East and north of a unit vector in the plane at `origin`, and the distance in NM."""
    east = (other.lon_deg - origin.lon_deg) * 60.0 * squeeze
    north = (other.lat_deg - origin.lat_deg) * 60.0
    length = math.hypot(east, north)
    if length == 0.0:
        raise ValueError("two corners at one place")
    return east / length, north / length, length


def _dot(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return a[0] * b[0] + a[1] * b[1]


def _along(
    corner: Waypoint, unit: tuple[float, float, float], nm: float, squeeze: float
) -> tuple[float, float]:
    return (
        corner.lat_deg + unit[1] * nm / 60.0,
        corner.lon_deg + unit[0] * nm / 60.0 / squeeze,
    )


def _straight(lats: list[float], lons: list[float], end: tuple[float, float]) -> None:
    lat, lon = lats[-1], lons[-1]
    squeeze = math.cos(math.radians(lat))
    length = math.hypot((end[0] - lat) * 60.0, (end[1] - lon) * 60.0 * squeeze)
    step = STRAIGHT_STEP_NM if length < 60.0 else CRUISE_STEP_NM
    count = max(1, math.ceil(length / step))
    for number in range(1, count + 1):
        share = number / count
        lats.append(lat + (end[0] - lat) * share)
        lons.append(lon + (end[1] - lon) * share)


def _arc(
    lats: list[float],
    lons: list[float],
    corner: Waypoint,
    *,
    units: tuple[tuple[float, float, float], tuple[float, float, float]],
    turn: float,
    squeeze: float,
) -> None:
    """Points of the arc, from its beginning (already there) to its end."""
    if turn < math.radians(1.0) or corner.radius_nm <= 0.0:
        return
    inward, outward = units
    tangent = corner.radius_nm * math.tan(turn / 2.0)
    side = 1.0 if inward[0] * outward[1] - inward[1] * outward[0] < 0.0 else -1.0
    # The centre lies beside the beginning of the arc, on the inner side.
    centre_e = inward[0] * tangent + side * inward[1] * corner.radius_nm
    centre_n = inward[1] * tangent - side * inward[0] * corner.radius_nm
    start_e, start_n = inward[0] * tangent - centre_e, inward[1] * tangent - centre_n
    count = max(1, math.ceil(math.degrees(turn) / ARC_STEP_DEG))
    for number in range(1, count + 1):
        angle = side * turn * number / count
        cos, sin = math.cos(angle), math.sin(angle)
        east = centre_e + start_e * cos - start_n * sin
        north = centre_n + start_e * sin + start_n * cos
        lats.append(corner.lat_deg + north / 60.0)
        lons.append(corner.lon_deg + east / 60.0 / squeeze)


def _measured(lats: list[float], lons: list[float]) -> Line:
    flown, courses = [0.0], []
    for index in range(1, len(lats)):
        squeeze = math.cos(math.radians((lats[index] + lats[index - 1]) / 2.0))
        north = (lats[index] - lats[index - 1]) * 60.0
        east = (lons[index] - lons[index - 1]) * 60.0 * squeeze
        flown.append(flown[-1] + math.hypot(north, east))
        courses.append(math.degrees(math.atan2(east, north)) % 360.0)
    courses.append(courses[-1])
    return Line(lats, lons, flown, courses)


def beside(spot: tuple[float, float], bearing: float, nm: float) -> tuple[float, float]:
    """Return the spot `nm` from another spot, by a true bearing."""
    return destination(spot[0], spot[1], bearing % 360.0, nm)


def course(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the true bearing from one spot to another."""
    return bearing_deg(a[0], a[1], b[0], b[1])

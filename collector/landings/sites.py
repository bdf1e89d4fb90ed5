"""Where on an airfield do aircraft touch down, and where do they stand? Its aim points and runways.

An aircraft aims at a point of a runway, and it stands near a runway. Both may lie miles from the
airfield's reference point: the threshold of runway 26R at Paris Charles de Gaulle is 2.2 NM away.
All points are held as unit vectors, so that the geometry is the same everywhere on the globe.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from collector.geo import EARTH_RADIUS_NM, NM_IN_M, destination
from collector.model import Airfield, RunwayEnd

HALF_RUNWAY_NM = 0.85
"""From a threshold to the aim point: half a runway of 10,300 ft, and on a shorter one its middle.
The weights of the evidence were learned with distances to the reference point; at Ovda that is
within 0.13 NM of the aim points."""

TOUCHDOWN_NM = 0.15
"""From a threshold to where aircraft touch down: markings of the aiming point begin 150 to 400 m
beyond it, by the runway's length (ICAO Annex 14, 5.2.5)."""

ONE_CENTRE_NM = 0.5
"""Aim points this near each other count as one for an aircraft that is not lined up."""

SAME_RUNWAY_NM = 0.35
"""Two ends face each other on one runway if each lies this near where the other one's runway ends:
thresholds may be displaced by 2,000 ft."""

MAX_SITES = 1024

Vector = tuple[float, float, float]
"""A point of the globe as a unit vector from its centre."""


@dataclass(frozen=True, slots=True)
class AimPoint:
    """The point of an airfield to which distance, course and height are measured."""

    lat_deg: float
    lon_deg: float
    elevation_ft: float
    past_nm: float
    """How far it lies beyond the place where aircraft touch down."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the runways of one airfield give."""

    ends: tuple[tuple[RunwayEnd, AimPoint], ...]
    """Each runway end with the point at which an aircraft aims that lands on it."""
    centres: tuple[AimPoint, ...]
    """The middles of its groups of runways; the reference point if no runway is known."""
    vectors: tuple[Vector, ...]
    """The centres, as vectors."""
    point: Vector
    """The reference point."""
    runways: tuple[tuple[Vector, Vector], ...]
    """From the one end to the other, each runway once."""
    reach_nm: float
    """The greatest distance of a runway from the reference point."""

    def centre_for(self, lat_deg: float, lon_deg: float) -> AimPoint:
        """Return the centre nearest to a point."""
        if len(self.centres) == 1:
            return self.centres[0]
        x, y, z = vector(lat_deg, lon_deg)
        cosines = [x * a + y * b + z * c for a, b, c in self.vectors]
        return self.centres[cosines.index(max(cosines))]

    def distance_nm(self, lat_deg: float, lon_deg: float) -> float:
        """Return the distance to the nearest of the reference point and the runways, along their
        whole length."""
        place = vector(lat_deg, lon_deg)
        squared = _squared(place, self.point)
        for begin, end in self.runways:
            squared = min(squared, _squared_to_line(place, begin, end))
        return _nm(squared)


_SITES: dict[int, tuple[Airfield, Site]] = {}


def site_of(airfield: Airfield) -> Site:
    """Return the site of an airfield.

    Sites are kept by the identity of the airfield: to hash all of its runways would take longer
    than to find a bearing. A kept airfield cannot lose its identity to another one.
    """
    kept = _SITES.get(id(airfield))
    if kept is not None and kept[0] is airfield:
        return kept[1]
    if len(_SITES) >= MAX_SITES:
        _SITES.clear()
    site = _site(airfield)
    _SITES[id(airfield)] = airfield, site
    return site


def vector(lat_deg: float, lon_deg: float) -> Vector:
    """Return a point of the globe as a unit vector."""
    phi, theta = math.radians(lat_deg), math.radians(lon_deg)
    across = math.cos(phi)
    return across * math.cos(theta), across * math.sin(theta), math.sin(phi)


def _site(airfield: Airfield) -> Site:
    ends = tuple((end, _aim_of(end, airfield)) for end in airfield.runways)
    centres = tuple(_centres([aim for _, aim in ends], airfield))
    point = vector(airfield.lat_deg, airfield.lon_deg)
    runways = tuple(_runways(airfield))
    reach = max((_squared(point, end) for runway in runways for end in runway), default=0.0)
    vectors = tuple(vector(each.lat_deg, each.lon_deg) for each in centres)
    return Site(ends, centres, vectors, point, runways, _nm(reach))


def _aim_of(end: RunwayEnd, airfield: Airfield) -> AimPoint:
    aim_nm = min(HALF_RUNWAY_NM, end.length_m / NM_IN_M / 2.0)
    elevation_ft = airfield.elevation_ft if end.elevation_ft is None else end.elevation_ft
    spot = destination(end.lat_deg, end.lon_deg, end.bearing_deg, aim_nm)
    return AimPoint(*spot, elevation_ft, max(0.0, aim_nm - TOUCHDOWN_NM))


def _centres(aims: list[AimPoint], airfield: Airfield) -> Iterator[AimPoint]:
    """Yield the middle of each group of aim points, at the airfield's elevation."""
    if not aims:
        past_nm = HALF_RUNWAY_NM - TOUCHDOWN_NM
        yield AimPoint(airfield.lat_deg, airfield.lon_deg, airfield.elevation_ft, past_nm)
        return
    groups: list[list[AimPoint]] = []
    for aim in aims:
        place = vector(aim.lat_deg, aim.lon_deg)
        for group in groups:
            first = vector(group[0].lat_deg, group[0].lon_deg)
            if _nm(_squared(place, first)) <= ONE_CENTRE_NM:
                group.append(aim)
                break
        else:
            groups.append([aim])
    for group in groups:
        places = [vector(each.lat_deg, each.lon_deg) for each in group]
        x, y, z = (sum(parts) for parts in zip(*places, strict=True))
        lat_deg = math.degrees(math.atan2(z, math.hypot(x, y)))
        lon_deg = math.degrees(math.atan2(y, x))
        past_nm = max(each.past_nm for each in group)
        yield AimPoint(lat_deg, lon_deg, airfield.elevation_ft, past_nm)


def _runways(airfield: Airfield) -> Iterator[tuple[Vector, Vector]]:
    """Yield each runway once, from the threshold of one end as far as it is long."""
    found: list[tuple[Vector, Vector]] = []
    for end in airfield.runways:
        length_nm = end.length_m / NM_IN_M
        begin = vector(end.lat_deg, end.lon_deg)
        finish = vector(*destination(end.lat_deg, end.lon_deg, end.bearing_deg, length_nm))
        if not any(
            _nm(_squared(begin, far)) <= SAME_RUNWAY_NM
            and _nm(_squared(finish, near)) <= SAME_RUNWAY_NM
            for near, far in found
        ):
            found.append((begin, finish))
            yield begin, finish


def _squared(a: Vector, b: Vector) -> float:
    """Return the square of the chord between two points, in Earth radii."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return x * x + y * y + z * z


def _squared_to_line(place: Vector, begin: Vector, end: Vector) -> float:
    """Return the square of the chord between a point and the nearest point of a line."""
    ax, ay, az = begin
    dx, dy, dz = end[0] - ax, end[1] - ay, end[2] - az
    px, py, pz = place[0] - ax, place[1] - ay, place[2] - az
    along = (px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz)
    along = min(1.0, max(0.0, along))
    px, py, pz = px - along * dx, py - along * dy, pz - along * dz
    return px * px + py * py + pz * pz


def _nm(squared: float) -> float:
    """Return the distance over the ground for the square of a chord."""
    return 2.0 * EARTH_RADIUS_NM * math.asin(min(1.0, math.sqrt(squared) / 2.0))

"""Where do airfields and runways lie on the sheet? Positions become nautical miles east and north
of the origin of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.geo import (
    NM_IN_M,
    angle_between_deg,
    bearing_deg,
    destination,
    distance_nm,
)
from collector.model import Airfield, RunwayEnd
from collector.untrusted import visible

Spot = tuple[float, float]
"""East and north of the picture's origin, in nautical miles."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The middle of the picture, from which all distances and directions are true."""

    lat_deg: float
    lon_deg: float

    def spot(self, lat_deg: float, lon_deg: float) -> Spot:
        """Return where a point lies on the sheet (azimuthal equidistant projection)."""
        distance = distance_nm(self.lat_deg, self.lon_deg, lat_deg, lon_deg)
        bearing = math.radians(bearing_deg(self.lat_deg, self.lon_deg, lat_deg, lon_deg))
        return distance * math.sin(bearing), distance * math.cos(bearing)


@dataclass(frozen=True, slots=True)
class Strip:
    """A runway to scale: its two ends, and the name at each ("" if unknown)."""

    ends: tuple[Spot, Spot]
    names: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An airfield on the sheet."""

    icao: str
    name: str
    spot: Spot
    elevation_ft: float
    strips: tuple[Strip, ...]
    """Empty if no runway is known: then only a point is drawn."""
    candidate: bool
    """Whether the landing may have been there."""
    probability: float | None

    @property
    def label(self) -> str:
        """`LLOV Ovda`."""
        return self.icao if self.name in ("", self.icao) else f"{self.icao} {self.name}"


def drawn_field(
    field: Airfield, origin: Origin, *, candidate: bool, probability: float | None
) -> Field:
    """Return `field` as it is drawn around `origin`."""
    return Field(
        icao=visible(field.icao, 8),
        name=visible(field.name, 40),
        spot=origin.spot(field.lat_deg, field.lon_deg),
        elevation_ft=field.elevation_ft,
        strips=tuple(_strip(ends, origin) for ends in runway_pairs(field.runways)),
        candidate=candidate,
        probability=probability,
    )


def runway_pairs(ends: Sequence[RunwayEnd]) -> list[tuple[RunwayEnd, RunwayEnd | None]]:
    """Return the two ends of each runway; an end without a known opposite end is paired with
    None."""
    left = list(ends)
    runways: list[tuple[RunwayEnd, RunwayEnd | None]] = []
    while left:
        end = left.pop(0)
        other = min(
            (one for one in left if _opposite(end, one)),
            key=lambda one: abs(_aside_nm(end, one)),
            default=None,
        )
        if other is not None:
            left.remove(other)
        runways.append((end, other))
    return runways


def _opposite(one: RunwayEnd, other: RunwayEnd) -> bool:
    """Whether two ends face each other on one line, about a runway's length apart."""
    if abs(angle_between_deg(one.bearing_deg, other.bearing_deg) - 180.0) > 3.0:
        return False
    apart_m = NM_IN_M * distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    return abs(apart_m - one.length_m) < 0.35 * one.length_m and abs(_aside_nm(one, other)) < 0.06


def _aside_nm(one: RunwayEnd, other: RunwayEnd) -> float:
    """How far `other` lies beside the line of `one`, in NM."""
    distance = distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    way = bearing_deg(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    return distance * math.sin(math.radians(way - one.bearing_deg))


def _strip(ends: tuple[RunwayEnd, RunwayEnd | None], origin: Origin) -> Strip:
    one, other = ends
    name = visible(one.name, 6)
    here = origin.spot(one.lat_deg, one.lon_deg)
    if other is not None:
        there = origin.spot(other.lat_deg, other.lon_deg)
        return Strip((here, there), (name, visible(other.name, 6)))
    length_nm = one.length_m / NM_IN_M
    far = destination(one.lat_deg, one.lon_deg, one.bearing_deg, length_nm)
    return Strip((here, origin.spot(*far)), (name, ""))


def middle(fields: Iterable[Airfield]) -> Origin | None:
    """Return the middle of neighbouring airfields, or None without an airfield."""
    spots = [(field.lat_deg, field.lon_deg) for field in fields]
    if not spots:
        return None
    first = Origin(*spots[0])
    on_sheet = [first.spot(*spot) for spot in spots]
    east = sum(spot[0] for spot in on_sheet) / len(on_sheet)
    north = sum(spot[1] for spot in on_sheet) / len(on_sheet)
    way = math.degrees(math.atan2(east, north)) % 360.0
    return Origin(*destination(first.lat_deg, first.lon_deg, way, math.hypot(east, north)))

"""What does not move: airfields and their runways, in nautical miles around one of them."""

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
    """The middle of the picture; distances from it are true, directions too."""

    lat_deg: float
    lon_deg: float

    def spot(self, lat_deg: float, lon_deg: float) -> Spot:
        """Where a point lies on paper (azimuthal equidistant)."""
        distance = distance_nm(self.lat_deg, self.lon_deg, lat_deg, lon_deg)
        bearing = math.radians(bearing_deg(self.lat_deg, self.lon_deg, lat_deg, lon_deg))
        return distance * math.sin(bearing), distance * math.cos(bearing)


@dataclass(frozen=True, slots=True)
class Strip:
    """A runway to scale: its two ends, and the name painted at each ("" where unknown)."""

    ends: tuple[Spot, Spot]
    names: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An airfield on paper."""

    icao: str
    name: str
    spot: Spot
    elevation_ft: float
    strips: tuple[Strip, ...]
    """Empty where no runway is known: then only its point is drawn."""
    candidate: bool
    """Whether the landing may have been there."""
    probability: float | None

    @property
    def label(self) -> str:
        """`LLOV Ovda`."""
        return self.icao if self.name in ("", self.icao) else f"{self.icao} {self.name}"


def field_on_paper(
    field: Airfield, origin: Origin, *, candidate: bool, probability: float | None
) -> Field:
    """`field` as it is drawn around `origin`."""
    return Field(
        icao=visible(field.icao, 8),
        name=visible(field.name, 40),
        spot=origin.spot(field.lat_deg, field.lon_deg),
        elevation_ft=field.elevation_ft,
        strips=tuple(_strip(ends, origin) for ends in pairs(field.runways)),
        candidate=candidate,
        probability=probability,
    )


def pairs(ends: Sequence[RunwayEnd]) -> list[tuple[RunwayEnd, RunwayEnd | None]]:
    """The two ends of each runway together; an end whose other one is not known stands alone."""
    left = list(ends)
    found: list[tuple[RunwayEnd, RunwayEnd | None]] = []
    while left:
        end = left.pop(0)
        other = min(
            (one for one in left if _opposite(end, one)),
            key=lambda one: abs(_aside_nm(end, one)),
            default=None,
        )
        if other is not None:
            left.remove(other)
        found.append((end, other))
    return found


def _opposite(one: RunwayEnd, other: RunwayEnd) -> bool:
    """Whether they face each other over about a runway's length, on one line."""
    if abs(angle_between_deg(one.bearing_deg, other.bearing_deg) - 180.0) > 3.0:
        return False
    apart_m = NM_IN_M * distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    return abs(apart_m - one.length_m) < 0.35 * one.length_m and abs(_aside_nm(one, other)) < 0.06


def _aside_nm(one: RunwayEnd, other: RunwayEnd) -> float:
    """How far `other` lies beside the line that `one` lies on."""
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
    """The middle of some neighbouring airfields, None of none."""
    spots = [(field.lat_deg, field.lon_deg) for field in fields]
    if not spots:
        return None
    first = Origin(*spots[0])
    paper = [first.spot(*spot) for spot in spots]
    east = sum(spot[0] for spot in paper) / len(paper)
    north = sum(spot[1] for spot in paper) / len(paper)
    way = math.degrees(math.atan2(east, north)) % 360.0
    return Origin(*destination(first.lat_deg, first.lon_deg, way, math.hypot(east, north)))

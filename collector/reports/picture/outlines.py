"""Where are coasts and borders? The shipped table has those of the world, from Natural Earth.

`scripts/outlines.py` makes `config/outlines.bin.gz` from Natural Earth 4.1.0 (1:10 million, public
domain), thinned to 0.4 NM. Borders are drawn as that source has them, which says nothing about
whose they should be.
"""

from __future__ import annotations

import gzip
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from collector.resources import shipped_file

if TYPE_CHECKING:
    from numpy import ndarray

    from collector.reports.picture.airfields import Origin, Spot

HEAD = "<8i"
"""Whether it is land, the number of points, least and greatest latitude and longitude, the first
point; all but the first two in steps."""
STEP_DEG = 0.004
"""A quarter of a nautical mile."""
CREDIT = "Coasts and borders: Natural Earth"
NM_A_DEGREE = 60.0
"""Of latitude: a nautical mile is a minute."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """What lies around a place, in nautical miles east and north of the picture's origin."""

    land: tuple[tuple[Spot, ...], ...]
    """Closed rings, cut off beyond the reach; in the sea there is none."""
    borders: tuple[tuple[Spot, ...], ...]


@dataclass(frozen=True, slots=True)
class _Reach:
    """The part of the world that is read: latitudes, and longitudes around a meridian."""

    south: float
    north: float
    middle: float
    aside: float

    def turns(self, west: float, east: float) -> Iterator[float]:
        """Yield by how many degrees longitudes are to be turned so that they come within reach."""
        for turn in (-360.0, 0.0, 360.0):
            if west + turn <= self.middle + self.aside and east + turn >= self.middle - self.aside:
                yield turn


def outlines_around(origin: Origin, reach_nm: float) -> Outlines:
    """Return coasts and borders within `reach_nm` of the origin, in each direction at least."""
    aside = reach_nm / NM_A_DEGREE
    south, north = origin.lat_deg - aside, origin.lat_deg + aside
    shrink = math.cos(math.radians(min(89.0, max(abs(south), abs(north)))))
    reach = _Reach(south, north, origin.lon_deg, min(180.0, aside / shrink))
    land: list[tuple[Spot, ...]] = []
    borders: list[tuple[Spot, ...]] = []
    for is_land, points in _lines_within(reach):
        if is_land:
            ring = _clipped(points, reach)
            if ring:
                land.append(tuple(origin.spot(lat, _normal(lon)) for lat, lon in ring))
        else:
            borders += [
                tuple(origin.spot(lat, _normal(lon)) for lat, lon in part)
                for part in _parts(points, reach)
            ]
    return Outlines(tuple(land), tuple(borders))


@cache
def _table() -> bytes:
    return gzip.decompress(shipped_file("outlines.bin.gz").read_bytes())


def _lines_within(reach: _Reach) -> Iterator[tuple[bool, ndarray]]:
    """Yield whether a line is land, and its points (latitude, longitude) in degrees."""
    import numpy as np

    content, at, size = _table(), 0, struct.calcsize(HEAD)
    while at < len(content):
        land, count, *spans = struct.unpack_from(HEAD, content, at)
        low, high, west, east, lat, lon = (STEP_DEG * each for each in spans)
        at += size
        if high >= reach.south and low <= reach.north:
            for turn in reach.turns(west, east):
                steps = np.frombuffer(content, "<i2", 2 * (count - 1), at).reshape(-1, 2)
                points = np.vstack(((lat, lon + turn), STEP_DEG * steps.astype(float)))
                yield bool(land), points.cumsum(axis=0)
        at += 4 * (count - 1)


def _clipped(points: ndarray, reach: _Reach) -> list[tuple[float, float]]:
    """Return a ring cut off at the edges of the reach (Sutherland and Hodgman 1974)."""
    ring = [(float(lat), float(lon)) for lat, lon in points]
    for axis, limit, sign in (
        (0, reach.south, 1.0),
        (0, reach.north, -1.0),
        (1, reach.middle - reach.aside, 1.0),
        (1, reach.middle + reach.aside, -1.0),
    ):
        cut: list[tuple[float, float]] = []
        for one, other in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            here, there = sign * (one[axis] - limit), sign * (other[axis] - limit)
            if here >= 0:
                cut.append(one)
            if (here >= 0) != (there >= 0):
                share = here / (here - there)
                cut.append(
                    (
                        one[0] + share * (other[0] - one[0]),
                        one[1] + share * (other[1] - one[1]),
                    )
                )
        ring = cut
    return ring


def _parts(points: ndarray, reach: _Reach) -> Iterator[Sequence[tuple[float, float]]]:
    """Yield the parts of a line within reach, each with the point before and after."""
    inside = [
        reach.south <= lat <= reach.north and abs(lon - reach.middle) <= reach.aside
        for lat, lon in points
    ]
    part: list[tuple[float, float]] = []
    for number, (lat, lon) in enumerate(points):
        if any(inside[max(0, number - 1) : number + 2]):
            part.append((float(lat), float(lon)))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _normal(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0

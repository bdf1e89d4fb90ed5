"""What is one position of another service's export, and which of them did nobody receive?

Where coverage ends, trackers draw a flight on, without a mark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from collector.geo import distance_nm

ON_THE_POINT_NM = 0.02
"""37 m. An estimated leg ends exactly at the airfield's reference point, which lies beside the
runways."""
EVEN_S = 1.0
"""Estimated positions are as many seconds apart, each time."""
EVEN_SHARE = 0.02
"""Their steps differ by less than this share: those of a received track by more, in any wind."""
LEAST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One position, in the units of a readsb trace."""

    at_s: float
    lat: float
    lon: float
    altitude: float | str | None
    """Pressure altitude in feet, or "ground"."""
    speed: float | None
    track: float | None
    rate: float | None = None
    callsign: str | None = None
    squawk: str | None = None
    geometric_ft: float | None = None


def without_estimated(
    points: Sequence[Point], airfields: Sequence[tuple[float, float]]
) -> list[Point]:
    """Return the positions of a track without an estimated leg at its end.

    The positions exactly on an airfield's point are left out, and those before them that lead there
    in even steps on a straight line.
    """
    kept = list(points)
    while kept and any(
        distance_nm(kept[-1].lat, kept[-1].lon, *point) <= ON_THE_POINT_NM for point in airfields
    ):
        last = kept.pop()
        while kept and same_point(kept[-1], last):
            kept.pop()
        even = _even_steps([*kept, last])
        if even >= LEAST_STEPS:
            del kept[len(kept) - even :]
    return kept


def same_point(point: Point, other: Point) -> bool:
    """Return whether two positions are within 37 m."""
    return distance_nm(point.lat, point.lon, other.lat, other.lon) <= ON_THE_POINT_NM


def _even_steps(points: Sequence[Point]) -> int:
    """Return how many of the last steps are alike, in time and in place."""
    steps = [
        (later.at_s - point.at_s, later.lat - point.lat, later.lon - point.lon)
        for point, later in pairwise(points)
    ]
    count = 1 if steps else 0
    for before, step in pairwise(reversed(steps)):
        size = math.hypot(before[1], before[2])
        differs = math.hypot(before[1] - step[1], before[2] - step[2])
        if abs(before[0] - step[0]) > EVEN_S or differs > EVEN_SHARE * size:
            break
        count += 1
    return count

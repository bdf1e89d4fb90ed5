"""Which stretches of the path that a feed reported can lie near a point?

Two feeds of one aircraft may each have a report a second, for hours. So stretches that cannot lie
near are passed over by bounds of latitude and longitude, first thirty at a time, then one by one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from collector.geo import EARTH_RADIUS_NM
from collector.model import Observation

STRETCHES_AT_ONCE = 32
"""Stretches passed over together. Ten minutes with a report a second are then some twenty looks."""
_ROUNDING = 1.0 + 1e-6
"""The bounds and the exact distances are rounded differently."""


@dataclass(frozen=True, slots=True)
class Spot:
    """When the aircraft was where."""

    at: datetime
    lat_deg: float
    lon_deg: float


def spot_of(report: Observation) -> Spot | None:
    """Return where a report has the aircraft; None without a fresh position."""
    place = report.place if report.fresh else None
    return None if place is None else Spot(report.at, *place)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Latitudes and longitudes of a part of the path; it may cross the 180th meridian."""

    south_deg: float
    north_deg: float
    middle_lon_deg: float
    half_width_deg: float

    def at_least_nm(self, lat_deg: float, lon_deg: float) -> float:
        """Return a lower bound of the distance from a point to any point within the bounds.

        It is the haversine formula with the least difference of each coordinate.
        """
        north = max(0.0, self.south_deg - lat_deg, lat_deg - self.north_deg)
        east = max(0.0, abs(wrapped(lon_deg - self.middle_lon_deg)) - self.half_width_deg)
        narrowest = min(math.cos(math.radians(each)) for each in (self.south_deg, self.north_deg))
        a = (
            math.sin(math.radians(north) / 2) ** 2
            + math.cos(math.radians(lat_deg)) * narrowest * math.sin(math.radians(east) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_NM * math.asin(min(1.0, math.sqrt(max(0.0, a))))


class FlownPath:
    """The positions that one feed reported, and the straight stretches between them."""

    def __init__(self, spots: Sequence[Spot], longest: timedelta) -> None:
        """Prepare spots in order of time; longer gaps are no stretch."""
        self.spots = spots
        self.times = [spot.at for spot in spots]
        self._longest = longest
        self._stretches = [_bounds(spots[end - 1 : end + 1]) for end in range(1, len(spots))]
        self._groups = [
            _bounds(spots[begin : begin + STRETCHES_AT_ONCE + 1])
            for begin in range(0, len(self._stretches), STRETCHES_AT_ONCE)
        ]

    def around(self, at: datetime) -> tuple[Spot, Spot] | None:
        """Return the spots before and after a time; None if no stretch holds it."""
        after = bisect_left(self.times, at)
        if after in (0, len(self.times)) or not self._is_stretch(after):
            return None
        return self.spots[after - 1], self.spots[after]

    def stretches_near(
        self, lat_deg: float, lon_deg: float, within_nm: float, begin: datetime, end: datetime
    ) -> Iterator[tuple[Spot, Spot]]:
        """Yield, the last first, each stretch that ends in [begin, end) and may lie near a point.

        No stretch is left out of which any point lies within so many nautical miles.
        """
        limit_nm = within_nm * _ROUNDING
        first = max(1, bisect_left(self.times, begin))
        after = bisect_left(self.times, end) - 1
        while after >= first:
            group, place = divmod(after - 1, STRETCHES_AT_ONCE)
            if self._groups[group].at_least_nm(lat_deg, lon_deg) > limit_nm:
                after -= place + 1
                continue
            if (
                self._is_stretch(after)
                and self._stretches[after - 1].at_least_nm(lat_deg, lon_deg) <= limit_nm
            ):
                yield self.spots[after - 1], self.spots[after]
            after -= 1

    def _is_stretch(self, after: int) -> bool:
        return self.times[after] - self.times[after - 1] <= self._longest


def _bounds(spots: Sequence[Spot]) -> _Bounds:
    """Return the bounds of the path along some spots."""
    lats = [spot.lat_deg for spot in spots]
    lons = [spot.lon_deg for spot in spots]
    east = [0.0]
    for before, after in pairwise(lons):
        east.append(east[-1] + wrapped(after - before))
    return _Bounds(
        min(lats),
        max(lats),
        lons[0] + (min(east) + max(east)) / 2,
        (max(east) - min(east)) / 2,
    )


def wrapped(degrees: float) -> float:
    """Return a difference of longitudes as the shorter way round, -180 … 180."""
    return (degrees + 180.0) % 360.0 - 180.0

"""How high, how fast and where is an aircraft along its path at each time? Heights, speeds and one
wind a day decide.

Heights come from knots along the path and speeds from a usual schedule; times follow from both and
from a wind that holds for the whole day.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from .paths import Line

MACH_LIMIT = 0.76
"""Il-76 and A330 cruise between Mach 0.70 and 0.82."""
ARRIVAL_CAS = (
    (0.0, 138.0),
    (3.0, 142.0),
    (9.0, 178.0),
    (20.0, 220.0),
    (35.0, 250.0),
    (60.0, 285.0),
)
"""Calibrated airspeed (kt) by distance to touchdown (NM): usual speed control on approach."""
DEPARTURE_CAS = ((0.0, 150.0), (2.0, 165.0), (6.0, 210.0), (14.0, 250.0), (32.0, 275.0))
"""By distance from lift-off."""

Knots = Sequence[tuple[float, float]]
"""(NM along the line, value), in order."""


class Point(NamedTuple):
    """The position of an aircraft at one time. Times are Unix seconds."""

    at_s: float
    lat_deg: float
    lon_deg: float
    altitude_ft: float
    speed_kt: float
    course_deg: float
    rate_fpm: float
    on_ground: bool
    sending: bool = True


@dataclass(frozen=True, slots=True)
class Wind:
    """One wind a day; it freshens and veers with height."""

    from_deg: float
    surface_kt: float

    def along_kt(self, course_deg: float, altitude_ft: float) -> float:
        """Return the tailwind (negative: headwind) on a course."""
        speed = self.surface_kt * (1.0 + min(altitude_ft, 30_000.0) / 8_000.0)
        from_deg = self.from_deg + min(altitude_ft, 30_000.0) / 500.0
        return -speed * math.cos(math.radians(from_deg - course_deg))

    def heads(self, bearing_deg: float) -> float:
        """Return the headwind at the surface when landing on that bearing."""
        return -self.along_kt(bearing_deg, 0.0)


def at_knot(knots: Knots, where: float) -> float:
    """Return the value at a place: linear between knots, constant beyond them."""
    if where <= knots[0][0]:
        return knots[0][1]
    for (a, low), (b, high) in pairwise(knots):
        if where <= b:
            return low + (high - low) * (where - a) / (b - a) if b > a else high
    return knots[-1][1]


def true_airspeed_kt(cas_kt: float, altitude_ft: float) -> float:
    """Return the true airspeed in the standard atmosphere, without compressibility, up to
    MACH_LIMIT."""
    theta = max(0.7519, 1.0 - 6.8756e-6 * altitude_ft)
    density = theta**4.2559 if altitude_ft < 36_089 else 0.297
    return min(cas_kt / math.sqrt(density), MACH_LIMIT * 661.5 * math.sqrt(theta))


def flown(
    line: Line,
    height_ft: Callable[[float], float],
    cas_kt: Callable[[float], float],
    wind: Wind,
    *,
    begin_s: float,
    least_kt: float = 110.0,
) -> list[Point]:
    """Return the points of a path flown from `begin_s` on; both functions take NM along the
    path."""
    speeds, heights = [], []
    for nm, course in zip(line.flown, line.courses, strict=True):
        altitude = height_ft(nm)
        airspeed = true_airspeed_kt(cas_kt(nm), altitude)
        heights.append(altitude)
        speeds.append(max(least_kt, airspeed + wind.along_kt(course, altitude)))
    points = []
    now_s, rate = begin_s, 0.0
    last = len(speeds) - 1
    for index, speed in enumerate(speeds):
        passed = 0.0
        if index < last:
            mean = (speed + speeds[index + 1]) / 2.0
            passed = (line.flown[index + 1] - line.flown[index]) * 3600.0 / mean
            rate = (heights[index + 1] - heights[index]) / max(passed, 0.1) * 60.0
        points.append(
            Point(
                now_s,
                line.lats[index],
                line.lons[index],
                heights[index],
                speed,
                line.courses[index],
                rate,
                on_ground=False,
            )
        )
        now_s += passed
    return points


@dataclass(slots=True)
class Motion:
    """The movements of one aircraft, as points in order of time with straight lines between
    them."""

    points: list[Point] = field(default_factory=list)
    _times: list[float] = field(default_factory=list, compare=False, repr=False)

    @property
    def end_s(self) -> float:
        """The time of the last point."""
        return self.points[-1].at_s

    def add(self, points: Sequence[Point]) -> None:
        """Append points; points that are not later than the last one are left out."""
        for point in points:
            if not self.points or point.at_s > self.points[-1].at_s:
                self.points.append(point)

    def shifted(self, seconds: float) -> Motion:
        """Return the same, later by some seconds."""
        return Motion([point._replace(at_s=point.at_s + seconds) for point in self.points])

    def at(self, now_s: float) -> Point | None:
        """Return the position at a time; None before the first point and after the last."""
        points = self.points
        if not points or not points[0].at_s <= now_s <= points[-1].at_s:
            return None
        if len(self._times) != len(points):
            self._times = [point.at_s for point in points]
        index = bisect_right(self._times, now_s) - 1
        here = points[index]
        if index + 1 == len(points):
            return here
        there = points[index + 1]
        share = (now_s - here.at_s) / (there.at_s - here.at_s)
        return Point(
            now_s,
            here.lat_deg + (there.lat_deg - here.lat_deg) * share,
            here.lon_deg + (there.lon_deg - here.lon_deg) * share,
            here.altitude_ft + (there.altitude_ft - here.altitude_ft) * share,
            here.speed_kt + (there.speed_kt - here.speed_kt) * share,
            here.course_deg,
            here.rate_fpm,
            here.on_ground,
            here.sending,
        )

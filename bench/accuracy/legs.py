"""What does one flight consist of? Legs in the air and stretches on the ground are joined in
time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from collector.geo import bearing_deg
from collector.model import Airfield, RunwayEnd

from .manoeuvres import approach, climb, descent, runway_for, way_out
from .motion import ARRIVAL_CAS, DEPARTURE_CAS, Motion, Point, Wind, at_knot, flown
from .paths import (
    STANDARD_TURN_DEG_S,
    Line,
    Waypoint,
    beside,
    rounded,
    turn_radius_nm,
)
from .places import Spot, runways_of
from .world import SOUTHERN, World

TRIES = 200
"""A random path whose corners lie too close for its turns is drawn again."""


@dataclass(frozen=True, slots=True)
class Runway:
    """An end of a leg on (or `above_ft` over) a runway."""

    field: Airfield
    end: RunwayEnd
    above_ft: float = 0.0

    @property
    def elevation_ft(self) -> float:
        """Elevation of the threshold."""
        own = self.end.elevation_ft
        return self.field.elevation_ft if own is None else own


@dataclass(frozen=True, slots=True)
class Landed:
    """A true touchdown."""

    airfield: str
    at_s: float
    runway: str
    left_at_s: float | None = None


class Pilot:
    """A pilot who flies legs one after another on one day; every choice is drawn from `rng`."""

    def __init__(self, rng: random.Random, wind: Wind, world: World = SOUTHERN) -> None:
        self.rng, self.wind, self.world = rng, wind, world
        self.kind = world.style.kind(rng)
        self.motion = Motion()
        self.cruise_ft = 1000.0 * rng.randrange(*self.kind.cruise_kft)
        self.now_s = 0.0

    def runway(self, icao: str) -> Runway:
        """Return the runway of the day at an airfield."""
        wind = (self.wind.from_deg, self.wind.surface_kt)
        place = self.world.field(icao)
        ends = runways_of(place, self.world.least_runway_m)
        return Runway(place, runway_for(ends, wind, self.rng))

    def fly(
        self,
        start: Runway | Spot,
        via: Sequence[Waypoint],
        finish: Runway | Spot,
        *,
        heights: Sequence[tuple[float, float]] | None = None,
    ) -> str:
        """Fly one leg, and return the kind of its approach. `heights` (by NM flown) cap the cruise.

        Raises ValueError if no path fits in TRIES draws.
        """
        for _ in range(TRIES):
            try:
                return self._fly(start, via, finish, heights)
            except ValueError:
                continue
        raise ValueError("no way fits: the waypoints lie too close for the turns")

    def _fly(
        self,
        start: Runway | Spot,
        via: Sequence[Waypoint],
        finish: Runway | Spot,
        heights: Sequence[tuple[float, float]] | None,
    ) -> str:
        rng = self.rng
        corners, kind = list(via), "none"
        up = down = None
        if isinstance(finish, Runway):
            last = (via[-1].lat_deg, via[-1].lon_deg) if via else _spot(start)
            way = approach(rng, finish.field, finish.end, last, self.world.style)
            corners += way.corners
            kind = way.kind
            down = descent(rng, finish.elevation_ft, self.cruise_ft, kind, self.world.style)
            if finish.above_ft:
                down = [
                    (nm, max(height, finish.elevation_ft + finish.above_ft)) for nm, height in down
                ]
        else:
            corners.append(Waypoint(*finish, 0.0))
        if isinstance(start, Runway):
            first = (corners[0].lat_deg, corners[0].lon_deg)
            out, _ = way_out(rng, start.end, first, self.world.style)
            if start.above_ft:
                # Going on from a low pass: from where the last leg ended, straight ahead.
                here = self.motion.points[-1]
                out = (Waypoint(here.lat_deg, here.lon_deg, 0.0), *out[1:])
            corners = [*out, *corners]
            up = climb(rng, start.elevation_ft + start.above_ft, self.cruise_ft, self.world.style)
        else:
            corners.insert(0, Waypoint(*start, 0.0))
        line = rounded(corners)
        height, speed = profiles(
            line,
            up=up,
            down=down,
            heights=heights,
            cruise_ft=self.cruise_ft,
            cas_share=self.kind.cas_share,
        )
        self.fly_along(line, height, speed)
        return kind

    def fly_along(
        self, line: Line, height: Callable[[float], float], speed: Callable[[float], float]
    ) -> None:
        """Fly along a line, with height and calibrated airspeed by NM flown.

        Raises ValueError if a turn would be too fast.
        """
        least_kt = 110.0 * self.kind.cas_share
        points = flown(line, height, speed, self.wind, begin_s=self.now_s, least_kt=least_kt)
        _check_turns(points)
        if self.motion.points:
            points = [p._replace(at_s=p.at_s + 0.01) for p in points]
        self.motion.add(points)
        self.now_s = self.motion.end_s

    def roll_out(self, on: Runway) -> None:
        """Roll from touchdown to taxi speed on the runway: about 60 s, received as ground
        reports."""
        here = self.motion.points[-1]
        speed, spot = min(here.speed_kt, 150.0), (here.lat_deg, here.lon_deg)
        braking = self.rng.uniform(2.2, 3.6)
        while speed > 20.0:
            slower = max(15.0, speed - braking * 4.0)
            spot = beside(spot, on.end.bearing_deg, (speed + slower) / 2.0 * 4.0 / 3600.0)
            speed = slower
            self.on_ground(4.0, spot, speed, on, on.end.bearing_deg)

    def taxi(self, on: Runway, to: Spot) -> None:
        """Taxi at 15 kt to a spot on the field."""
        here = self.motion.points[-1]
        begin = (here.lat_deg, here.lon_deg)
        nm = max(0.05, ((to[0] - begin[0]) ** 2 + (to[1] - begin[1]) ** 2) ** 0.5 * 55.0)
        course = bearing_deg(*begin, *to)
        self.on_ground(nm / 15.0 * 3600.0, to, 12.0, on, course)

    def apron(self, icao: str) -> Spot:
        """Return the parking position."""
        place = self.world.field(icao)
        centre = (place.lat_deg, place.lon_deg)
        return beside(centre, self.rng.uniform(0, 360), self.rng.uniform(0.3, 0.7))

    def park(self, on: Runway, seconds: float, *, sending: bool) -> None:
        """Stand still; the transponder stays on for a few minutes, or all the time."""
        here = self.motion.points[-1]
        spot = (here.lat_deg, here.lon_deg)
        awake = min(seconds / 3.0, self.rng.uniform(60.0, 300.0))
        self.on_ground(awake, spot, 0.0, on, here.course_deg)
        self.on_ground(1.0, spot, 0.0, on, here.course_deg, sending=sending)
        self.on_ground(seconds - 2.0 * awake - 2.0, spot, 0.0, on, here.course_deg, sending=sending)
        self.on_ground(1.0, spot, 0.0, on, here.course_deg)
        self.on_ground(awake, spot, 0.0, on, here.course_deg)

    def line_up(self, on: Runway) -> None:
        """Taxi to the threshold and run to lift-off."""
        self.taxi(on, (on.end.lat_deg, on.end.lon_deg))
        self.take_off(on)

    def take_off(self, on: Runway) -> None:
        """Stand at the threshold for a moment, and run to lift-off."""
        threshold = (on.end.lat_deg, on.end.lon_deg)
        self.on_ground(45.0, threshold, 0.0, on, on.end.bearing_deg)
        for speed in (40.0, 75.0, 110.0, 140.0):
            here = self.motion.points[-1]
            spot = beside((here.lat_deg, here.lon_deg), on.end.bearing_deg, speed * 8.0 / 3600.0)
            self.on_ground(8.0, spot, speed, on, on.end.bearing_deg)

    def stand(self, icao: str, on: Runway) -> None:
        """Begin on the apron, at the start of the case or after a stay that no feed could
        receive."""
        spot = self.apron(icao)
        point = Point(self.now_s, *spot, on.elevation_ft, 0.0, 0.0, 0.0, on_ground=True)
        self.motion.add([point])

    def silence(self, seconds: float) -> None:
        """Switch the transponder off for some seconds."""
        here = self.motion.points[-1]
        self.motion.add(
            [
                here._replace(at_s=here.at_s + 0.5, sending=False),
                here._replace(at_s=here.at_s + seconds, sending=False),
            ]
        )
        self.now_s = self.motion.end_s

    def on_ground(
        self,
        seconds: float,
        spot: Spot,
        speed_kt: float,
        on: Runway,
        course_deg: float,
        *,
        sending: bool = True,
    ) -> None:
        """Move straight to a spot of the field and arrive after some seconds."""
        self.now_s = self.motion.end_s + max(0.5, seconds)
        self.motion.add(
            [
                Point(
                    self.now_s,
                    *spot,
                    on.elevation_ft,
                    speed_kt,
                    course_deg,
                    0.0,
                    on_ground=True,
                    sending=sending,
                )
            ]
        )


def _spot(start: Runway | Spot) -> Spot:
    return (start.end.lat_deg, start.end.lon_deg) if isinstance(start, Runway) else start


def _check_turns(points: Sequence[Point]) -> None:
    """Raise ValueError if the wind or the speed would make a turn faster than allowed."""
    for here, there in pairwise(points):
        turned = abs((there.course_deg - here.course_deg + 180.0) % 360.0 - 180.0)
        if turned > STANDARD_TURN_DEG_S * max(1.0, there.at_s - here.at_s):
            raise ValueError("a turn is faster than 3 degrees a second")


def profiles(
    line: Line,
    *,
    up: Sequence[tuple[float, float]] | None,
    down: Sequence[tuple[float, float]] | None,
    heights: Sequence[tuple[float, float]] | None,
    cruise_ft: float,
    cas_share: float,
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Height and calibrated airspeed by NM flown: the lowest and the slowest that apply."""
    total = line.flown[-1]

    def height(nm: float) -> float:
        least = cruise_ft if heights is None else at_knot(heights, nm)
        if up is not None:
            least = min(least, at_knot(up, nm))
        if down is not None:
            least = min(least, at_knot(down, total - nm))
        return least

    def speed(nm: float) -> float:
        least = 285.0
        if up is not None:
            least = min(least, at_knot(DEPARTURE_CAS, nm))
        if down is not None:
            least = min(least, at_knot(ARRIVAL_CAS, total - nm))
        return least * cas_share

    return height, speed


def corner(spot: Spot, speed_kt: float = 440.0) -> Waypoint:
    """Return a waypoint with the turn that its speed needs."""
    return Waypoint(spot[0], spot[1], turn_radius_nm(speed_kt))

"""Where do freighters fly from and to, all over the world, and what is heard of them?

Each aircraft flies between airfields drawn from the shipped table, with the flights of
`bench/accuracy`. Around each far airfield traffic is heard down to a height of its own, and polls
are 1 to 5 minutes apart.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from accuracy.legs import Pilot, Runway, corner
from accuracy.motion import Point, Wind
from accuracy.paths import Waypoint, beside

from collector.geo import bearing_deg, destination, distance_nm
from collector.model import Airfield, Observation, Source
from collector.settings.airfield_catalogue import shipped_as
from collector.settings.world_airfields import WorldAirfields

TYPE = "IL76"
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
SETTLED = {code: shipped_as(code)[-1] for code in ("LLOV", "LLER", "OJAQ", "HETB", "LLEY")}
WORLD = WorldAirfields(tuple(SETTLED.values()))
FLOORS_FT = (0.0, 1000.0, 2000.0, 3000.0, 5000.0, 7500.0, 12_000.0)
"""Heights above a far airfield down to which traffic is heard around it."""
REGION_NM = 150.0
"""Farther from any of its airfields an aircraft is heard in cruise."""
LEAST_M = 2300.0
"""Far airfields have a runway of this length."""


@dataclass(frozen=True, slots=True)
class Call:
    """A true stop of a world."""

    airfield: Airfield
    down_at: datetime
    up_at: datetime
    floor_ft: float | None
    """Above the field; None: nothing is heard around it."""


@cache
def _places() -> tuple[Airfield, ...]:
    """Return airfields of the world with a long runway whose ends are known."""
    spots = [(lat, lon) for lat in range(-30, 64, 6) for lon in range(-20, 120, 6)]
    return tuple(
        each
        for each in WORLD.near(spots, 60.0, TYPE)
        if each.icao not in SETTLED
        and distance_nm(each.lat_deg, each.lon_deg, 29.94, 34.94) > 300.0
        and any(end.length_m >= LEAST_M for end in each.runways)
    )


def drawn(rng: random.Random, around: Airfield, least_nm: float, most_nm: float) -> Airfield:
    while True:
        place = rng.choice(_places())
        apart = distance_nm(place.lat_deg, place.lon_deg, around.lat_deg, around.lon_deg)
        if least_nm <= apart <= most_nm:
            return place


class FarWorld:
    """One aircraft's flights, and what was heard of them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.pilot = Pilot(rng, Wind(rng.uniform(0.0, 360.0), rng.uniform(0.0, 15.0)))
        self.calls: list[Call] = []
        self._on: Runway | None = None

    def call(self, place: Airfield, stay_s: float, floor_ft: float | None) -> None:
        """Fly to an airfield, stay there and line up again."""
        pilot = self.pilot
        on = self._runway(place)
        if self._on is not None:
            pilot.fly(self._on, _via(self._on.field, place), on)
            down_s = pilot.now_s
            pilot.roll_out(on)
        else:
            down_s = pilot.now_s
            spot = beside((place.lat_deg, place.lon_deg), 0.0, 0.3)
            pilot.motion.add([Point(0.0, *spot, on.elevation_ft, 0.0, 0.0, 0.0, on_ground=True)])
        spot = beside((place.lat_deg, place.lon_deg), self.rng.uniform(0, 360), 0.4)
        pilot.taxi(on, spot)
        pilot.park(on, max(300.0, stay_s - 600.0), sending=self.rng.random() < 0.2)
        self._on = self._runway(place)
        pilot.line_up(self._on)
        self.calls.append(Call(place, _at(down_s), _at(pilot.now_s), floor_ft))

    def _runway(self, place: Airfield) -> Runway:
        ends = [end for end in place.runways if end.length_m >= LEAST_M]
        ends.sort(key=lambda end: -self.pilot.wind.heads(end.bearing_deg))
        return Runway(place, ends[0])

    def heard(self, silent: Sequence[tuple[datetime, datetime]] = ()) -> list[Observation]:
        """Return what polls report, but for some silences."""
        rng, motion = self.rng, self.pilot.motion
        step_s = rng.choice((60.0, 60.0, 120.0, 300.0))
        now_s, found = motion.points[0].at_s + rng.uniform(0.0, step_s), []
        while (point := motion.at(now_s)) is not None:
            at = _at(now_s)
            if (
                point.sending
                and self._hears(point)
                and not any(begin <= at < end for begin, end in silent)
            ):
                found.append(_report(point))
            now_s += step_s
        return found

    def _hears(self, point: Point) -> bool:
        near = min(
            self.calls,
            key=lambda call: distance_nm(
                point.lat_deg, point.lon_deg, call.airfield.lat_deg, call.airfield.lon_deg
            ),
        )
        away = distance_nm(
            point.lat_deg, point.lon_deg, near.airfield.lat_deg, near.airfield.lon_deg
        )
        if away > REGION_NM:
            return point.altitude_ft > 15_000.0
        if near.floor_ft is None:
            return False
        if point.on_ground:
            return near.floor_ft == 0.0
        return point.altitude_ft - near.airfield.elevation_ft >= near.floor_ft


def _via(start: Airfield, finish: Airfield) -> list[Waypoint]:
    ends = (start.lat_deg, start.lon_deg, finish.lat_deg, finish.lon_deg)
    whole, here = distance_nm(*ends), (start.lat_deg, start.lon_deg)
    corners: list[Waypoint] = []
    flown = 0.0
    while whole - flown > 360.0:
        course = bearing_deg(*here, finish.lat_deg, finish.lon_deg)
        here = destination(*here, course, 240.0)
        flown += 240.0
        corners.append(corner(here))
    return corners


def _at(now_s: float) -> datetime:
    return BEGIN + timedelta(seconds=now_s)


def _report(point: Point) -> Observation:
    at = _at(point.at_s)
    ground = point.on_ground
    height = None if ground else 25.0 * round(point.altitude_ft / 25.0)
    return Observation(
        icao24="600865",
        feed="adsblol",
        heard_at=at,
        position_at=at,
        lat_deg=round(point.lat_deg, 5),
        lon_deg=round(point.lon_deg, 5),
        baro_altitude_ft=height,
        geom_altitude_ft=height,
        on_ground=ground,
        ground_speed_kt=point.speed_kt,
        track_deg=point.course_deg % 360.0,
        vertical_rate_fpm=None if ground else 64.0 * round(point.rate_fpm / 64.0),
        type_code=TYPE,
        source=Source.ADSB,
    )


def between(rng: random.Random, one: Airfield, other: Airfield) -> Airfield:
    """Return an airfield about on the way between two."""
    direct = distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)
    on_the_way = [
        place
        for place in _places()
        if distance_nm(one.lat_deg, one.lon_deg, place.lat_deg, place.lon_deg) > 160.0
        and distance_nm(other.lat_deg, other.lon_deg, place.lat_deg, place.lon_deg) > 160.0
        and distance_nm(one.lat_deg, one.lon_deg, place.lat_deg, place.lon_deg)
        + distance_nm(other.lat_deg, other.lon_deg, place.lat_deg, place.lon_deg)
        <= 1.1 * direct
    ]
    return rng.choice(on_the_way)


def floor_of(rng: random.Random) -> float:
    """Draw the height above a far airfield down to which traffic is heard around it, ft."""
    return rng.choice(FLOORS_FT)

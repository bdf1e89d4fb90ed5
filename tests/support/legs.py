"""Simulated flights from airfield to airfield, heard everywhere or only above a height.

Each leg is lined up with both runways for 12 NM, climbs and descends at 3 degrees, and cruises at
430 kt. Between legs the aircraft stands at the airfield.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from collector.geo import bearing_deg, destination, distance_nm
from collector.model import Airfield, Observation, RunwayEnd
from collector.settings.world_airfields import WorldAirfields
from tests.support.flights import CRUISE_FT, FINAL_NM, FT_PER_NM, Moment, hear
from tests.support.flights import _height_and_speed as height_and_speed

STEP_S = 20.0
Hears = Callable[[datetime, Moment], bool]
"""Whether anybody receives an aircraft at that moment."""


@cache
def world(code: str, lat_deg: float, lon_deg: float) -> Airfield:
    """Return an airfield of the shipped table of the world."""
    near = WorldAirfields(()).near([(lat_deg, lon_deg)], 10.0, None)
    return next(each for each in near if each.icao == code)


@dataclass(frozen=True)
class Leg:
    """A flight: it takes off at a time, and lands after its moments."""

    moments: Sequence[tuple[datetime, Moment]]

    @property
    def landed_at(self) -> datetime:
        """The touchdown."""
        return self.moments[-1][0]


def fly(start: Airfield, finish: Airfield, off_at: datetime, cruise_ft: float = CRUISE_FT) -> Leg:
    """Return a flight between the first runways of two airfields."""
    return Leg(tuple(_moments(start.runways[0], finish.runways[0], off_at, cruise_ft)))


def _moments(
    off: RunwayEnd, on: RunwayEnd, at: datetime, cruise_ft: float
) -> Iterator[tuple[datetime, Moment]]:
    away = destination(off.lat_deg, off.lon_deg, off.bearing_deg, FINAL_NM)
    final = destination(on.lat_deg, on.lon_deg, on.bearing_deg + 180.0, FINAL_NM)
    enroute_nm = distance_nm(*away, *final)
    course = bearing_deg(*away, *final)
    whole_nm, flown_nm, before_ft = enroute_nm + 2 * FINAL_NM, 0.0, 0.0
    while flown_nm < whole_nm:
        if flown_nm < FINAL_NM:
            spot, track = destination(off.lat_deg, off.lon_deg, off.bearing_deg, flown_nm), None
            track = off.bearing_deg
        elif flown_nm < whole_nm - FINAL_NM:
            spot = destination(*away, course, flown_nm - FINAL_NM)
            track = bearing_deg(*spot, *final) if whole_nm - FINAL_NM - flown_nm > 1 else course
        else:
            back = (on.bearing_deg + 180.0) % 360.0
            spot = destination(on.lat_deg, on.lon_deg, back, whole_nm - flown_nm)
            track = on.bearing_deg
        near_nm = min(flown_nm, whole_nm - flown_nm)
        height, speed = height_and_speed(near_nm)
        base = (off if flown_nm * 2 < whole_nm else on).elevation_ft or 0.0
        altitude_ft = base + min(height, cruise_ft, near_nm * FT_PER_NM)
        rate = (altitude_ft - before_ft) * 60.0 / STEP_S if flown_nm else 1500.0
        rate = max(-1800.0, min(2500.0, rate))
        yield at, Moment(*spot, altitude_ft, speed, track, rate, False)
        before_ft = altitude_ft
        flown_nm += speed * STEP_S / 3600.0
        at += timedelta(seconds=STEP_S)


def standing(field: Airfield, since: datetime, until: datetime) -> list[tuple[datetime, Moment]]:
    """Return an aircraft that stands at an airfield."""
    still = Moment(field.lat_deg, field.lon_deg, field.elevation_ft, 0.0, 0.0, 0.0, True)
    count = int((until - since).total_seconds() // 60)
    return [(since + timedelta(minutes=minute), still) for minute in range(2, count)]


def heard(
    moments: Sequence[tuple[datetime, Moment]],
    *,
    every_s: float = 60.0,
    hears: Hears = lambda _at, _moment: True,
) -> list[Observation]:
    """Return what polls report of these moments."""
    found, due = [], None
    for at, moment in moments:
        if due is not None and at < due:
            continue
        due = at + timedelta(seconds=every_s)
        if hears(at, moment):
            found += hear({at: moment}.__getitem__, [at])
    return found

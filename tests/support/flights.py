"""Small simulated flights: a path in the air and on the ground, heard through a coverage floor.

Paths follow a great circle to the final, a 3° path below cruise, a roll-out, a stay, and the
same way back. Receivers hear them above `floor_ft`, at the given poll times only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector.geo import bearing_deg, destination
from collector.model import Airfield, Observation, RunwayEnd, Source
from collector.model.coverage import CELL_DEG, CoverageSlot, PollCoverage, band_of, slots_of
from collector.model.reply import Outcome

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CRUISE_FT = 34_000.0
CRUISE_KT = 430.0
FINAL_KT = 140.0
FINAL_NM = 12.0
FT_PER_NM = 318.4


def _field(
    icao: str, lat: float, lon: float, elevation_ft: float, *ends: tuple[str, float, float, float]
) -> Airfield:
    return Airfield(
        icao=icao,
        name=icao,
        lat_deg=lat,
        lon_deg=lon,
        elevation_ft=elevation_ft,
        zone="Asia/Jerusalem",
        runways=tuple(RunwayEnd(name, a, b, bearing, 3000.0) for name, a, b, bearing in ends),
    )


LLOV = _field(
    "LLOV",
    29.9403,
    34.9358,
    1492,
    ("02R", 29.9272, 34.9317, 21.9),
    ("20L", 29.9522, 34.9433, 201.9),
)
LLER = _field(
    "LLER",
    29.7270,
    35.0141,
    288,
    ("01", 29.7114, 35.0096, 13.6),
    ("19", 29.7429, 35.0185, 193.6),
)
OJAQ = _field(
    "OJAQ",
    29.6116,
    35.0181,
    175,
    ("01", 29.5980, 35.0133, 16.9),
    ("19", 29.6240, 35.0224, 196.9),
)
FIELDS = (LLOV, LLER, OJAQ)


@dataclass(frozen=True)
class Moment:
    """Where the aircraft is, and how it moves."""

    lat_deg: float
    lon_deg: float
    altitude_ft: float
    ground_speed_kt: float
    track_deg: float
    vertical_rate_fpm: float
    on_ground: bool


Path = Callable[[datetime], Moment | None]


def _height_and_speed(to_fly_nm: float) -> tuple[float, float]:
    """Above the threshold, at a distance before it on a 3° path below cruise."""
    height = min(CRUISE_FT, to_fly_nm * FT_PER_NM)
    share = min(1.0, max(0.0, to_fly_nm - 6.0) / 60.0)
    return height, FINAL_KT + (CRUISE_KT - FINAL_KT) * share


def _table(begin_nm: float) -> list[float]:
    """Distance still to fly, every 5 s back from touchdown."""
    distances = [0.0]
    while distances[-1] < begin_nm:
        distances.append(distances[-1] + _height_and_speed(distances[-1])[1] * 5.0 / 3600.0)
    return distances


def _to_fly(table: Sequence[float], seconds: float) -> float | None:
    index = int(seconds // 5.0)
    if index + 1 >= len(table):
        return None
    return table[index] + (table[index + 1] - table[index]) * (seconds / 5.0 - index)


def visit(
    field: Airfield,
    touchdown_at: datetime,
    stay: timedelta,
    *,
    runway: str | None = None,
    begin_nm: float = 250.0,
    came_from_deg: float = 15.0,
) -> Path:
    """An arrival, a stay on the apron, and the same way back.

    It comes from `came_from_deg` (true, seen from the field) and is lined up for the last 12 NM.
    """
    end = next(e for e in field.runways if runway is None or e.name == runway)
    table = _table(begin_nm)
    lift_off_at = touchdown_at + stay

    def spot(to_fly: float) -> tuple[float, float]:
        back = (end.bearing_deg + 180.0) % 360.0
        lat, lon = destination(end.lat_deg, end.lon_deg, back, min(to_fly, FINAL_NM))
        if to_fly > FINAL_NM:
            lat, lon = destination(lat, lon, came_from_deg, to_fly - FINAL_NM)
        return lat, lon

    def in_the_air(seconds: float, *, inbound: bool) -> Moment | None:
        to_fly = _to_fly(table, seconds)
        if to_fly is None:
            return None
        lat, lon = spot(to_fly)
        height, speed = _height_and_speed(to_fly)
        outward = bearing_deg(lat, lon, *spot(to_fly + 0.5))
        track = (outward + 180.0) % 360.0 if inbound else outward
        rate = 0.0 if height >= CRUISE_FT else speed * FT_PER_NM / 60.0
        return Moment(
            lat, lon, height + field.elevation_ft, speed, track, -rate if inbound else rate, False
        )

    def path(at: datetime) -> Moment | None:
        before = (touchdown_at - at).total_seconds()
        after = (at - lift_off_at).total_seconds()
        if before > 0:
            return in_the_air(before, inbound=True)
        if after > 0:
            return in_the_air(after, inbound=False)
        rolled = -before
        if rolled >= 40.0:
            lat, lon, speed = field.lat_deg, field.lon_deg, 0.0
        else:
            speed = FINAL_KT - rolled * 3.2
            rolled_nm = (FINAL_KT * rolled - 1.6 * rolled * rolled) / 3600.0
            lat, lon = destination(end.lat_deg, end.lon_deg, end.bearing_deg, rolled_nm)
        return Moment(lat, lon, field.elevation_ft, speed, end.bearing_deg, 0.0, True)

    return path


def overflight(
    field: Airfield, nearest_at: datetime, *, altitude_ft: float = CRUISE_FT, track: float = 195.0
) -> Path:
    """Level flight straight over a field, 300 NM to either side."""

    def path(at: datetime) -> Moment | None:
        flown_nm = (at - nearest_at).total_seconds() * CRUISE_KT / 3600.0
        if abs(flown_nm) > 300:
            return None
        bearing = track if flown_nm >= 0 else (track + 180.0) % 360.0
        lat, lon = destination(field.lat_deg, field.lon_deg, bearing, abs(flown_nm))
        return Moment(lat, lon, altitude_ft, CRUISE_KT, track, 0.0, False)

    return path


def polls(begin: datetime, end: datetime, every_s: float = 60.0) -> list[datetime]:
    """Poll times from `begin` to `end`."""
    count = int((end - begin).total_seconds() // every_s) + 1
    return [begin + timedelta(seconds=every_s * index) for index in range(count)]


def hear(
    path: Path,
    at: Sequence[datetime],
    *,
    icao24: str = "600865",
    feed: str = "adsblol",
    floor_ft: float = 0.0,
    hears: Callable[[datetime], bool] = lambda _: True,
) -> list[Observation]:
    """What a feed's polls report of the aircraft above the coverage floor."""
    heard = []
    for time in at:
        moment = path(time)
        if moment is None or not hears(time):
            continue
        if moment.altitude_ft < floor_ft or (moment.on_ground and floor_ft > 0):
            continue
        heard.append(_observation(moment, time, icao24, feed))
    return heard


def _observation(moment: Moment, at: datetime, icao24: str, feed: str) -> Observation:
    ground = moment.on_ground
    return Observation(
        icao24=icao24,
        feed=feed,
        heard_at=at,
        position_at=at,
        lat_deg=round(moment.lat_deg, 6),
        lon_deg=round(moment.lon_deg, 6),
        baro_altitude_ft=None if ground else 25.0 * round(moment.altitude_ft / 25.0),
        on_ground=ground,
        ground_speed_kt=round(moment.ground_speed_kt, 1),
        track_deg=round(moment.track_deg, 1),
        vertical_rate_fpm=None if ground else 64.0 * round(moment.vertical_rate_fpm / 64.0),
        callsign="AZQ4601",
        type_code="IL76",
        source=Source.ADSB,
    )


def listening(
    at: Sequence[datetime],
    *,
    feed: str = "adsblol",
    near: Airfield = LLOV,
    hears: Callable[[datetime], bool] = lambda _: True,
    traffic: int = 3,
) -> list[CoverageSlot]:
    """Slots of a feed that was asked by place and heard `traffic` others at cruise nearby."""
    lat, lon = destination(near.lat_deg, near.lon_deg, 20.0, 30.0)
    cell = (math.floor(lat / CELL_DEG), math.floor(lon / CELL_DEG), band_of(CRUISE_FT))
    return slots_of(
        PollCoverage(
            feed=feed,
            at=time,
            outcome=Outcome.HEARD if hears(time) else Outcome.UNREACHABLE,
            area=True,
            aircraft=traffic,
            cells={cell: traffic} if traffic else {},
        )
        for time in at
    )

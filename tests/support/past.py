"""Archives of simulated days: trace files as readsb writes them, loose or in a day's tar.

An Il-76 that lands at Ovda on some days, heard on the ground; airliners of the region that fly
over all day, as proof that somebody heard.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.model import Observation
from tests.support.flights import LLOV, hear, overflight, polls, visit
from tests.support.sky import Visit

IL76 = "600865"
AIRLINERS = tuple(f"7380{number:02x}" for number in range(6))
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRST = datetime(2024, 3, 4, tzinfo=UTC)
"""A Monday."""


def landing_at(day: datetime) -> datetime:
    """When the Il-76 lands on a day that it does."""
    return day + 10 * HOUR


def arrival(day: datetime, floor_ft: float = 0.0, icao24: str = IL76) -> list[Observation]:
    """The Il-76's day: in from the north, three hours on the ground, and back."""
    at = landing_at(day)
    times = polls(at - HOUR, at + 4 * HOUR, 20.0)
    return hear(visit(LLOV, at, 3 * HOUR), times, icao24=icao24, floor_ft=floor_ft)


def passing(
    day: datetime, number: int, *, every: timedelta = timedelta(hours=1)
) -> list[Observation]:
    """One airliner's day: over Ovda again and again, each of them at its own minute."""
    heard: list[Observation] = []
    over = day + timedelta(minutes=10 * number + 5)
    while over < day + DAY:
        times = [at for at in polls(over - HOUR / 3, over + HOUR / 3, 30.0) if at < day + DAY]
        heard += hear(overflight(LLOV, over), times, icao24=AIRLINERS[number])
        over += every
    return heard


def trace(seen: Sequence[Observation], day: datetime) -> bytes:
    """One aircraft's trace of a day, gzipped."""
    rows: list[list[object]] = []
    for one in seen:
        altitude = "ground" if one.on_ground else one.baro_altitude_ft
        offset = (one.heard_at - day).total_seconds()
        details = {"flight": f"{one.callsign:<8}", "type": "adsb_icao"} if not rows else None
        place = [offset, one.lat_deg, one.lon_deg, altitude, one.ground_speed_kt, one.track_deg]
        rows.append([*place, 0, one.vertical_rate_fpm, details, "adsb_icao"])
    body = {
        "icao": seen[0].icao24,
        "timestamp": day.timestamp(),
        "t": seen[0].type_code,
        "trace": rows,
    }
    return gzip.compress(json.dumps(body).encode(), 1, mtime=0)


def day_of(day: datetime, *, lands: bool, airliners: int = 6) -> dict[str, bytes]:
    """The traces of one day by name."""
    flown = [passing(day, number) for number in range(airliners)]
    if lands:
        flown.append(arrival(day))
    return {
        f"traces/{seen[0].icao24[-2:]}/trace_full_{seen[0].icao24}.json": trace(seen, day)
        for seen in flown
    }


def write_tar(path: Path, members: Mapping[str, bytes], day: datetime) -> Path:
    """A day's tar; the same bytes and time of change each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    os.utime(path, (day.timestamp(), day.timestamp()))
    return path


def write_files(folder: Path, members: Mapping[str, bytes], day: datetime) -> Path:
    """The same as loose files, all in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in members.items():
        path = folder / name.rpartition("/")[2]
        path.write_bytes(body)
        os.utime(path, (day.timestamp(), day.timestamp()))
    return folder


def archive(folder: Path, lands: Iterable[bool], *, airliners: int = 6) -> list[Path]:
    """Tars of days one after another, in whose names no date stands."""
    paths = []
    for number, there in enumerate(lands):
        day = FIRST + number * DAY
        members = day_of(day, lands=there, airliners=airliners)
        paths.append(write_tar(folder / f"{number:03d}.tar", members, day))
    return paths


def visit_trace(visit: Visit, day: datetime, *, every_s: int = 6) -> bytes:
    """The trace of a visit that a live feed may have reported as well."""
    rows: list[list[object]] = []
    begin = visit.lands_at - timedelta(seconds=visit.arrival.touchdown_s)
    for seconds in range(0, int(visit.arrival.duration_s), every_s):
        row = visit.row(begin + timedelta(seconds=seconds))
        if row is not None:
            details = {"flight": row["flight"], "type": "adsb_icao"} if not rows else None
            offset = (begin - day).total_seconds() + seconds
            place = [offset, row["lat"], row["lon"], row["alt_baro"], row["gs"], row["track"]]
            rows.append([*place, 0, row.get("baro_rate"), details, "adsb_icao"])
    body = {
        "icao": visit.icao24,
        "timestamp": day.timestamp(),
        "r": visit.registration,
        "t": visit.type_code,
        "trace": rows,
    }
    return gzip.compress(json.dumps(body).encode(), 1, mtime=0)

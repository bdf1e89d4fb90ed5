"""How are the reports of years written as an archive? Each day becomes a tar in the format of
adsb.lol (docs/feeds.md)."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from _years import DAY_S, IL76S, OTHERS, World, ears_of, midnight
from accuracy.traffic import Sample, pool
from accuracy.world import SOUTHERN

from collector.model import Observation

QUALITY = '"version":2,"nic":8,"nac_p":9,"sil":3'
EACH_DAY = 6
"""Flights of each other aircraft on a day, one every four hours."""


def write(world: World, folder: Path) -> int:
    """Write the tar of each day, and return the number of rows of all of them."""
    mine: dict[date, dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for flown in world.flown:
        for one in flown.reports:
            mine[one.at.date()][flown.icao24].append(one)
    rows = 0
    for day in sorted(world.archived):
        members = {icao24: _rows(seen, day) for icao24, seen in mine[day].items()}
        members |= _others(day, world.plan.seed)
        rows += sum(map(len, members.values()))
        with tarfile.open(folder / f"v{day:%Y.%m.%d}-planes-readsb-prod-0.tar", "w") as tar:
            for icao24 in sorted(members, key=lambda each: each[-2:]):
                _add(tar, icao24, members[icao24], day)
    return rows


def _rows(seen: Sequence[Observation], day: date) -> list[str]:
    """Rows as readsb writes them, with an aircraft object in every fourth."""
    begins_at = midnight(day)
    lines = []
    for number, one in enumerate(sorted(seen, key=lambda each: each.at)):
        offset_s = (one.at - begins_at).total_seconds()
        altitude = '"ground"' if one.on_ground else f"{one.baro_altitude_ft:.0f}"
        rate = "null" if one.vertical_rate_fpm is None else f"{one.vertical_rate_fpm:.0f}"
        geom = "null" if one.geom_altitude_ft is None else f"{one.geom_altitude_ft:.0f}"
        details = (
            f'{{"type":"adsb_icao","flight":"{one.callsign} ",{QUALITY}}}'
            if number % 4 == 0
            else "null"
        )
        lines.append(
            f"[{offset_s:.2f},{one.lat_deg:.6f},{one.lon_deg:.6f},{altitude},"
            f"{one.ground_speed_kt:.1f},{one.track_deg:.1f},0,{rate},{details},"
            f'"adsb_icao",{geom},null,null,null]'
        )
    return lines


def _others(day: date, seed: int) -> dict[str, list[str]]:
    """The day of each other aircraft: over the region, or down to Ramon or Aqaba, all day."""
    rng = random.Random(f"others {seed} {day}")
    ears, (cruise, low) = ears_of(day, seed), pool()
    found: dict[str, list[str]] = {}
    for who, icao24 in enumerate(OTHERS, 100):
        lines = []
        for number in range(EACH_DAY):
            samples = rng.choice(low if rng.random() < 0.25 else cruise)
            begin_s = (number + rng.random() * 0.5) * DAY_S / EACH_DAY
            for minute, sample in enumerate(samples):
                if sample.cell is not None and ears.hears(who, sample.point, rng):
                    lines.append(_row(begin_s + 60.0 * minute, sample))
        found[icao24] = [line for line in lines if float(line[1 : line.index(",")]) < DAY_S]
    return {icao24: lines for icao24, lines in found.items() if lines}


def _row(offset_s: float, sample: Sample) -> str:
    point = sample.point
    altitude = '"ground"' if point.on_ground else f"{point.altitude_ft:.0f}"
    geom = "null" if point.on_ground else f"{point.altitude_ft + SOUTHERN.hearing.geoid_ft:.0f}"
    return (
        f"[{offset_s:.2f},{point.lat_deg:.6f},{point.lon_deg:.6f},{altitude},"
        f"{point.speed_kt:.1f},{point.course_deg % 360.0:.1f},0,{point.rate_fpm:.0f},null,"
        f'"adsb_icao",{geom},null,null,null]'
    )


def _add(tar: tarfile.TarFile, icao24: str, lines: Sequence[str], day: date) -> None:
    begin_s = midnight(day).timestamp()
    kind = "IL76" if icao24 in IL76S else "B738"
    rows = ",\n".join(lines)
    head = f'{{"icao":"{icao24}",\n"t":"{kind}",\n"timestamp": {begin_s:.3f},\n"trace":[ '
    body = gzip.compress(f"{head}\n{rows}\n  ]\n}}\n".encode(), 1, mtime=0)
    info = tarfile.TarInfo(f"./traces/{icao24[-2:]}/trace_full_{icao24}.json")
    info.size, info.mtime = len(body), int(begin_s + DAY_S)
    tar.addfile(info, io.BytesIO(body))

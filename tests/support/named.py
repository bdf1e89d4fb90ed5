"""One aircraft whose names change on the way: what polls and traces say of it.

A watch by callsign, registration, operator or type knows it by these names alone.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from collector.geo import destination
from collector.model.reply import Area, Format, Reply
from tests.support.flights import Moment
from tests.support.flights import Path as Flight

STRANGER = "400e16"
MINUTE = timedelta(minutes=1)
Names = dict[str, str]
Named = Callable[[datetime], Names]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a watch compares: its line, a name that it wants, and another."""

    line: str
    wanted: Names
    other: Names

    @property
    def watch(self) -> str:
        """The watch, as the configuration has it."""
        return f'\n[[watch]]\nname = "named"\nplaces = ["LLOV"]\n{self.line}\n'


KINDS = {
    "callsign": Kind('callsigns = ["AZQ*"]', {"flight": "AZQ4801 "}, {"flight": "GCTCB   "}),
    "registration": Kind('registrations = ["4K-AZ101"]', {"r": "4K-AZ101"}, {"r": "EC-LZR"}),
    "operator": Kind('operators = ["Silk Way*"]', {"ownOp": "Silk Way West"}, {"ownOp": "Binter"}),
    "type": Kind('types = ["IL76"]', {"t": "IL76"}, {"t": "AT76"}),
}


def worn(
    kind: Kind, touchdown_at: datetime, begin_min: float, end_min: float, *, else_: Names | None
) -> Named:
    """The wanted name from so many minutes after the touchdown to so many; `else_` otherwise, None
    for the other name."""
    first, last = touchdown_at + begin_min * MINUTE, touchdown_at + end_min * MINUTE
    other = kind.other if else_ is None else else_
    return lambda at: kind.wanted if first <= at < last else other


def goes_on(path: Flight, from_at: datetime) -> Flight:
    """The same flight, but from then on level and straight ahead."""
    at_then = path(from_at)
    assert at_then is not None
    last: Moment = at_then

    def flown(at: datetime) -> Moment | None:
        if at <= from_at:
            return path(at)
        nm = last.ground_speed_kt * (at - from_at).total_seconds() / 3600.0
        lat, lon = destination(last.lat_deg, last.lon_deg, last.track_deg, nm)
        return replace(last, lat_deg=lat, lon_deg=lon, vertical_rate_fpm=0.0)

    return flown


def row(moment: Moment, names: Names) -> dict[str, object]:
    """What a feed says of it."""
    found: dict[str, object] = {
        "hex": STRANGER,
        "type": "adsb_icao",
        "alt_baro": "ground" if moment.on_ground else 25 * round(moment.altitude_ft / 25),
        "gs": round(moment.ground_speed_kt, 1),
        "track": round(moment.track_deg, 1),
        "lat": round(moment.lat_deg, 6),
        "lon": round(moment.lon_deg, 6),
        "nic": 8,
        "version": 2,
        "seen_pos": 0.0,
        "seen": 0.0,
    }
    if not moment.on_ground:
        found["baro_rate"] = 64 * round(moment.vertical_rate_fpm / 64)
    return found | names


def reply(flight: Flight, named: Named, at: datetime) -> Reply:
    """What an ask for all aircraft around Ovda gives then: this one, and one that passes high."""
    moment = flight(at)
    rows = [] if moment is None else [row(moment, named(at))]
    rows.append({"hex": "738000", "lat": 29.9, "lon": 34.9, "alt_baro": 38_000, "seen": 0.1})
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=Area(29.9403, 34.9358, 100),
        url="https://api.adsb.lol/v2/point/29.9403/34.9358/100",
        received_at=at,
        body=json.dumps({"ac": rows, "now": round(at.timestamp() * 1000)}).encode(),
    )


def trace_file(
    folder: Path, flight: Flight, named: Named, times: Sequence[datetime], day: datetime
) -> Path:
    """The aircraft's trace of a day. A file has one registration, operator and type: the last."""
    rows: list[list[object]] = []
    head: Names = {}
    for at in times:
        moment = flight(at)
        if moment is None:
            continue
        seen = row(moment, {})
        names = named(at)
        head |= {key: value for key, value in names.items() if key != "flight"}
        details = {"type": "adsb_icao"} | {k: v for k, v in names.items() if k == "flight"}
        place = [(at - day).total_seconds(), *(seen[k] for k in ("lat", "lon", "alt_baro"))]
        rows.append([*place, seen["gs"], seen["track"], 0, seen.get("baro_rate"), details])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"trace_full_{STRANGER}.json"
    body = {"icao": STRANGER, "timestamp": day.timestamp(), "trace": rows} | head
    path.write_bytes(gzip.compress(json.dumps(body).encode(), 1, mtime=0))
    os.utime(path, (day.timestamp(), day.timestamp()))
    return path

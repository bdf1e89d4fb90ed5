"""Who is in the air, and what would each feed say of it? Visits at Ovda, and others that fly on.

One aircraft after another comes from 80 NM away, lands, stays and leaves the same way, so that
every moment belongs to one phase of one visit. Everything is a function of the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from collector.geo import FT_IN_M, KT_IN_MS, distance_nm
from tests.support.flights import LLOV, Path, visit
from tests.support.sky import Sky as Others

FLEET = tuple(f"6008{number:02x}" for number in range(0x60, 0x6C))
"""Twelve aircraft of the Azerbaijani block, each on a watch of its own."""
CYCLE = timedelta(minutes=90)
"""Time from one landing to the next one."""
STAY = timedelta(minutes=22)
BEGIN_NM = 80.0
LANDS_AFTER = timedelta(minutes=48)
"""When in its cycle an aircraft lands."""
MINUTE = timedelta(minutes=1)
FPM_IN_MS = FT_IN_M / 60

Row = dict[str, object]


class Phase(StrEnum):
    """When, in a visit's cycle, a fault begins."""

    QUIET = "quiet"
    APPROACH = "approach"
    LANDING = "landing"
    DEPARTURE = "departure"


BEGINS: Mapping[Phase, tuple[int, ...]] = {
    Phase.QUIET: (-40, -34, -26),
    Phase.APPROACH: (-15, -11, -8, -5),
    Phase.LANDING: (-2, 3),
    Phase.DEPARTURE: (20, 24, 29),
}
"""When the faults of each phase begin, in minutes from the touchdown."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One landing, a stay and a departure."""

    icao24: str
    lands_at: datetime

    @property
    def leaves_at(self) -> datetime:
        """When it lifts off."""
        return self.lands_at + STAY

    @property
    def begins_at(self) -> datetime:
        """Before it is in range."""
        return self.lands_at - 25 * MINUTE

    @property
    def ends_at(self) -> datetime:
        """After it has left."""
        return self.leaves_at + 25 * MINUTE

    def callsign(self) -> str:
        """Return the callsign, which differs from one aircraft to the other."""
        return f"AZQ4{int(self.icao24, 16) % 1000:03d}"


@cache
def _path(one: Visit) -> Path:
    return visit(LLOV, one.lands_at, STAY, runway="20L", begin_nm=BEGIN_NM)


@dataclass(frozen=True)
class Sky:
    """All that can be heard at any time of a world that begins at `begins_at`."""

    begins_at: datetime
    visits: tuple[Visit, ...]

    def rows(self, now: datetime) -> list[Row]:
        """Return every aircraft as readsb lists it."""
        near = [one for one in self.visits if one.begins_at <= now <= one.ends_at]
        own = (_row(one, now) for one in near)
        return [*(row for row in own if row is not None), *Others().rows(now)]


def sky(begins_at: datetime, visits: int) -> Sky:
    """Return the sky of a world with so many visits, one a cycle."""
    return Sky(
        begins_at,
        tuple(
            Visit(FLEET[number % len(FLEET)], begins_at + number * CYCLE + LANDS_AFTER)
            for number in range(visits)
        ),
    )


def _row(one: Visit, now: datetime) -> Row | None:
    moment = _path(one)(now)
    if moment is None:
        return None
    row: Row = {
        "hex": one.icao24,
        "type": "adsb_icao",
        "flight": f"{one.callsign()} ",
        "t": "IL76",
        "alt_baro": "ground" if moment.on_ground else round(moment.altitude_ft / 25) * 25,
        "gs": round(moment.ground_speed_kt, 1),
        "track": round(moment.track_deg, 1),
        "lat": round(moment.lat_deg, 6),
        "lon": round(moment.lon_deg, 6),
        "version": 2,
        "nic": 8,
        "nac_p": 9,
        "seen_pos": 0.4,
        "seen": 0.2,
    }
    if not moment.on_ground:
        row["alt_geom"] = round(moment.altitude_ft / 25) * 25 + 50
        row["baro_rate"] = round(moment.vertical_rate_fpm / 64) * 64
    return row


def within(rows: Sequence[Row], lat: float, lon: float, radius_nm: float) -> list[Row]:
    """Return the rows in a circle."""
    return [row for row in rows if distance_nm(lat, lon, *_place(row)) <= radius_nm]


def inside(rows: Sequence[Row], south: float, west: float, north: float, east: float) -> list[Row]:
    """Return the rows in a box."""
    return [
        row
        for row, (lat, lon) in ((row, _place(row)) for row in rows)
        if south <= lat <= north and west <= lon <= east
    ]


def envelope(rows: Sequence[Mapping[str, object]], now: datetime, kind: str) -> bytes:
    """Return a reply's body as that kind of feed writes it."""
    stamp = now.timestamp()
    if kind == "opensky":
        listed = [_state(row, stamp) for row in rows] or None
        return json.dumps({"time": int(stamp), "states": listed}).encode()
    if kind == "readsb":
        return json.dumps({"now": stamp, "messages": 1, "aircraft": list(rows)}).encode()
    ms = round(stamp * 1000)
    head = {"msg": "No error", "now": ms, "total": len(rows), "ctime": ms, "ptime": 1}
    return json.dumps({"ac": list(rows)} | head).encode()


def _state(row: Mapping[str, object], now: float) -> list[object]:
    def number(key: str, factor: float) -> float | None:
        value = row.get(key)
        return round(value * factor, 2) if isinstance(value, int | float) else None

    seen, seen_pos = number("seen", 1) or 0.0, number("seen_pos", 1) or 0.0
    ground = row.get("alt_baro") == "ground"
    return [
        row["hex"], row.get("flight"), "Azerbaijan", int(now - seen_pos), int(now - seen),
        row.get("lon"), row.get("lat"), number("alt_baro", FT_IN_M), ground,
        number("gs", KT_IN_MS), row.get("track"), number("baro_rate", FPM_IN_MS), None,
        number("alt_geom", FT_IN_M), None, False, 0,
    ]  # fmt: skip


def _place(row: Row) -> tuple[float, float]:
    lat, lon = row["lat"], row["lon"]
    if not (isinstance(lat, float) and isinstance(lon, float)):
        raise TypeError("every aircraft of this sky has a position")
    return lat, lon

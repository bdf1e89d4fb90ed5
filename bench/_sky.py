"""What would a feed reply if the whole world were in its reply? A synthetic v2 reply, always the
same, stands for it.

12,000 aircraft in readsb's own keys come to about 5.6 MB, the size of a global reply. The shares of
rows without a position, on the ground, with GPS lost or with a `~` address are those of recorded
replies.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from collector.geo import destination

NOW_MS = 1_790_000_000_123
OVDA = (29.9403, 34.9358)


def _row(rng: random.Random, icao24: str, lat_deg: float, lon_deg: float) -> dict[str, object]:
    """One row as readsb writes it; keys without value are absent."""
    row: dict[str, object] = {
        "hex": icao24,
        "type": rng.choice(("adsb_icao",) * 8 + ("mlat", "adsr_icao")),
        "flight": f"{rng.choice(('THY', 'ELY', 'RJA', 'BAW', 'UAE', 'N'))}{rng.randrange(9999)}  ",
        "r": f"{rng.choice('NGDFTX')}-{rng.randrange(10**4):04d}",
        "t": rng.choice(("B738", "A320", "A321", "B77W", "C172", "E190")),
    }
    if rng.random() < 0.06:
        row |= {"alt_baro": "ground", "gs": rng.randrange(300) / 10}
    else:
        altitude = rng.randrange(40, 1640) * 25
        row |= {
            "alt_baro": altitude,
            "alt_geom": altitude + rng.randrange(-20, 60) * 25,
            "gs": 90 + rng.randrange(4500) / 10,
            "baro_rate": rng.randrange(-30, 30) * 64,
        }
    row |= {
        "track": rng.randrange(36000) / 100,
        "squawk": f"{rng.randrange(4096):04o}",
        "emergency": "none",
        "category": rng.choice(("A1", "A3", "A5")),
        "nav_qnh": 1013.6,
        "nav_altitude_mcp": 36000,
    }
    if rng.random() < 0.8:
        row |= {
            "lat": round(lat_deg, 6),
            "lon": round(lon_deg, 6),
            "nic": 8,
            "rc": 186,
            "seen_pos": rng.randrange(400) / 10,
        }
    elif rng.random() < 0.3:
        row |= {"gpsOkBefore": 1789999000.1, "rr_lat": round(lat_deg, 1)}
    return row | {
        "version": 2,
        "nic_baro": 1,
        "nac_p": 9,
        "nac_v": 1,
        "sil": 3,
        "sil_type": "perhour",
        "gva": 2,
        "sda": 2,
        "alert": 0,
        "spi": 0,
        "mlat": [],
        "tisb": [],
        "messages": rng.randrange(90000),
        "seen": rng.randrange(10) / 10,
        "rssi": -rng.randrange(300) / 10,
    }


def reply(
    aircraft: int = 12_000, *, watched: Sequence[str] = (), near: int = 150, now_ms: int = NOW_MS
) -> bytes:
    """Return a reply of `aircraft` rows, with the `watched` addresses and `near` others around
    Ovda."""
    rng = random.Random(20261122)
    rows = []
    for number in range(aircraft):
        icao24 = f"{0x700000 + number * 97:06x}"
        if number < len(watched):
            icao24 = watched[number]
        elif rng.random() < 0.02:
            icao24 = "~" + icao24
        if number < len(watched) + near:
            place = destination(*OVDA, rng.uniform(0, 360), rng.uniform(0, 150))
        else:
            place = (rng.uniform(-60, 70), rng.uniform(-180, 180))
        rows.append(_row(rng, icao24, *place))
    rng.shuffle(rows)
    envelope = {"ac": rows, "msg": "No error", "now": now_ms, "total": len(rows)}
    return json.dumps(envelope | {"ctime": now_ms, "ptime": 12}, separators=(",", ":")).encode()


INBOUND_MIN = 40
STAY_MIN = 120
CRUISE_FT = 34_000.0


def _on_the_way(minutes: float) -> tuple[float, float, float] | None:
    """Distance from Ovda in NM, altitude in feet and rate in ft/min of a visit; None while it is
    not received."""
    if 0 <= minutes < INBOUND_MIN:
        left, rate = 208 - 5 * minutes, -1500.0
    elif 0 <= minutes - INBOUND_MIN - STAY_MIN < INBOUND_MIN:
        left, rate = 8 + 5 * (minutes - INBOUND_MIN - STAY_MIN), 1500.0
    else:
        return None
    altitude = 1500 + 300 * left
    if altitude < 9000:
        return None
    return (left, altitude, rate) if altitude < CRUISE_FT else (left, CRUISE_FT, 0.0)


HEAVIES = 3
"""Large aircraft on no watch, low and near enough to be followed as visitors at any time."""
HEAVY_MIN = 60
"""How long each of them stays before another takes its place."""


class Region:
    """A day over the Negev with steady traffic and watched aircraft that come and go."""

    def __init__(self, watched: Sequence[str], others: int = 600) -> None:
        self._watched = tuple(watched)
        rows = json.loads(reply(others, near=others))["ac"]
        for row in rows:  # as many large ones as in the reply of the whole world never meet here
            row.update({"t": "A320", "category": "A3"})
        self._others = json.dumps(rows, separators=(",", ":"))[1:-1]

    def aircraft_json(self, now_s: float, minutes: float) -> bytes:
        """Return a receiver's file, `minutes` after the day began, with another visitor every two
        hours."""
        visitors = []
        for number, icao24 in enumerate(self._watched):
            there = _on_the_way(minutes - 120 * number)
            if there is not None:
                lat, lon = destination(*OVDA, 20.0, there[0])
                visitors.append(
                    {"hex": icao24, "type": "adsb_icao", "flight": "AZQ101  ", "t": "IL76"}
                    | {"alt_baro": there[1], "alt_geom": there[1] + 300, "baro_rate": there[2]}
                    | {"gs": 300.0, "track": 200.0 if there[2] < 0 else 20.0, "lat": lat}
                    | {"lon": lon, "seen_pos": 0.5, "seen": 0.1, "version": 2, "nic": 8}
                )
        rows = "".join(json.dumps(row) + "," for row in [*visitors, *_heavies(minutes)])
        return f'{{"now":{now_s:.1f},"messages":1,"aircraft":[{rows}{self._others}]}}'.encode()


def _heavies(minutes: float) -> list[dict[str, object]]:
    """Large aircraft that cross at 20,000 ft, each from its beginning to its end."""
    turn, along = divmod(minutes, HEAVY_MIN)
    rows: list[dict[str, object]] = []
    for number in range(HEAVIES):
        lat, lon = destination(*OVDA, 120.0 * number, 90.0 - 3.0 * along)
        icao24 = f"{0x780000 + HEAVIES * int(turn) + number:06x}"
        row = {"hex": icao24, "type": "adsb_icao", "t": "B77W", "category": "A5", "lat": lat}
        rows.append(row | {"lon": lon, "alt_baro": 20_000, "gs": 180.0, "seen_pos": 0.5})
    return rows

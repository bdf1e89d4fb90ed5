"""A sky over Ovda that a feed may report: a freighter that lands, and others that fly on.

Everything is a function of the time asked for, so that two askers see the same sky.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.model import Airfield
from collector.model.reply import Area, Ask, Everything, Fleet, Format, Reply
from tests.support.arrival import OVDA_20L, Arrival

OVDA = Airfield(
    icao="LLOV",
    name="Ovda",
    lat_deg=29.9403,
    lon_deg=34.9358,
    elevation_ft=1492,
    zone="Asia/Jerusalem",
    runways=(OVDA_20L,),
)
RAMON = Airfield(
    icao="LLER",
    name="Ramon",
    lat_deg=29.7270,
    lon_deg=35.0141,
    elevation_ft=288,
    zone="Asia/Jerusalem",
)

IL76 = "600865"
AREA = Area(29.9403, 34.9358, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One aircraft that comes straight in, taxies off, and stops sending."""

    lands_at: datetime
    icao24: str = IL76
    callsign: str = "AZQ4801"
    registration: str = "4K-AZ101"
    type_code: str = "IL76"
    final_m: float = 60_000.0
    heard_above_ft: float = 0.0
    """Nobody hears it lower than this, nor on the ground."""

    @property
    def arrival(self) -> Arrival:
        """Its path, second by second."""
        return Arrival(
            icao24=self.icao24, callsign=self.callsign, final_m=self.final_m, taxi_s=90.0
        )

    def row(self, now: datetime) -> dict[str, object] | None:
        """What a v2 feed says of it at `now`; nothing before its approach or after its taxi."""
        arrival = self.arrival
        seconds = (now - self.lands_at).total_seconds() + arrival.touchdown_s
        if not 0 <= seconds <= arrival.duration_s:
            return None
        moment = arrival.at(seconds)
        if moment.altitude_ft < self.heard_above_ft:
            return None
        row: dict[str, object] = {
            "hex": self.icao24,
            "type": "adsb_icao",
            "flight": f"{self.callsign} ",
            "r": self.registration,
            "t": self.type_code,
            "alt_baro": "ground" if moment.on_ground else round(moment.altitude_ft / 25) * 25,
            "gs": round(moment.speed_kt, 1),
            "track": moment.track_deg,
            "lat": round(moment.lat_deg, 6),
            "lon": round(moment.lon_deg, 6),
            "version": 2,
            "nic": 8,
            "nac_p": 9,
            "sil": 3,
            "seen_pos": 0.4,
            "seen": 0.2,
        }
        if not moment.on_ground:
            row["alt_geom"] = round(moment.altitude_ft / 25) * 25 + 50
            row["baro_rate"] = round(moment.vertical_rate_fpm)
        return row


@dataclass(frozen=True, slots=True)
class Sky:
    """All that can be heard at any time."""

    visits: tuple[Visit, ...] = ()
    others: int = 6
    """Aircraft that circle the region for ever, one of them low."""
    silent: tuple[tuple[datetime, datetime], ...] = field(default=())
    """Times in which the feed answers nobody."""

    def rows(self, now: datetime) -> list[dict[str, object]]:
        """Every aircraft heard at `now`."""
        if any(begin <= now < end for begin, end in self.silent):
            return []
        visiting = (visit.row(now) for visit in self.visits)
        return [*(row for row in visiting if row is not None), *self._others(now)]

    def _others(self, now: datetime) -> Iterator[dict[str, object]]:
        for number in range(self.others):
            angle = now.timestamp() / 600 + number
            yield {
                "hex": f"73800{number}",
                "type": "adsb_icao",
                "flight": f"ELY{number:03d}  ",
                "alt_baro": 2_500 if number == 0 else 28_000 + 1_000 * number,
                "alt_geom": 2_600 if number == 0 else 28_100 + 1_000 * number,
                "gs": 420.0,
                "track": round(math.degrees(angle) % 360, 1),
                "lat": round(OVDA.lat_deg + 0.4 * math.cos(angle) + 0.05 * number, 6),
                "lon": round(OVDA.lon_deg + 0.4 * math.sin(angle), 6),
                "version": 2,
                "nic": 8,
                "seen_pos": 0.5,
                "seen": 0.1,
            }

    def body(self, now: datetime, ask: Ask | None = None) -> bytes:
        """A v2 reply's body, as that ask would get it."""
        rows = self.rows(now)
        if isinstance(ask, Fleet):
            rows = [row for row in rows if row["hex"] in ask.icao24]
        return json.dumps(
            {
                "ac": rows,
                "msg": "No error",
                "now": round(now.timestamp() * 1000),
                "total": len(rows),
                "ctime": round(now.timestamp() * 1000),
                "ptime": 3,
            }
        ).encode()

    def reply(self, now: datetime, ask: Ask = AREA, feed: str = "adsblol") -> Reply:
        """The same as a feed's adapter gives it."""
        return Reply(
            feed=feed,
            format=Format.READSB,
            ask=ask,
            url=url_of(ask),
            received_at=now + timedelta(milliseconds=120),
            headers=(("content-type", "application/json"),),
            body=self.body(now, ask),
        )

    def replies(
        self, begin: datetime, end: datetime, every: timedelta, ask: Ask = AREA
    ) -> Iterator[Reply]:
        """What polling from `begin` to `end` gives."""
        for now in times(begin, end, every):
            yield self.reply(now, ask)


def times(begin: datetime, end: datetime, every: timedelta) -> Iterable[datetime]:
    """`begin`, and so on by `every`, before `end`."""
    now = begin
    while now < end:
        yield now
        now += every


def url_of(ask: Ask) -> str:
    """The address under which adsb.lol answers an ask."""
    if isinstance(ask, Fleet):
        return "https://api.adsb.lol/v2/hex/" + ",".join(ask.icao24)
    if isinstance(ask, Everything):
        return "https://api.adsb.lol/v2/all"
    return f"https://api.adsb.lol/v2/point/{ask.lat_deg:.4f}/{ask.lon_deg:.4f}/{ask.radius_nm:.0f}"

"""What does a reply of OpenSky's `/states/all` say? One row for each aircraft, in metric units.

It reads `{"time": s, "states": [[…]] | null}` with rows of 17 or 18 values by position
(docs/feed-formats.md#opensky). Metres and metres per second become feet, knots and feet per minute
here and nowhere else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from collector.decode.repair import UNREADABLE
from collector.decode.rows import (
    LONGEST_AGE_S,
    RECENT_S,
    Snapshot,
    address,
    angle_deg,
    baro_ft,
    clean_callsign,
    clean_squawk,
    counting_altitude_ft,
    geom_ft,
    place_of,
    rate_fpm,
    reply_time,
    speed_kt,
)
from collector.decode.tolerance import decode_loosely, salvage_array
from collector.errors import DecodeError
from collector.geo import FT_IN_M, KT_IN_MS
from collector.model import STALE_AFTER, Observation, Source

_STALE_S = STALE_AFTER.total_seconds()
_SOURCES = {0: Source.ADSB, 2: Source.MLAT}
"""1 is ASTERIX (such as ground radar) and 3 is FLARM; both count as OTHER."""

_CATEGORIES = {number: f"A{number - 1}" for number in range(2, 9)}
"""2 is light (A1), 6 heavy (A5), 8 rotorcraft (A7). Gliders, drones and vehicles have none."""

_NOT_FLYING = range(16, 21)
"""Vehicles and obstacles (openskynetwork.github.io/opensky-api/rest.html, `category`)."""


class State(msgspec.Struct, array_like=True, gc=False):
    """One state vector, in OpenSky's order and units; further elements are ignored."""

    hex: str
    raw_callsign: str | None
    origin_country: Any
    time_position: float | None
    last_contact: float
    longitude: float | None
    latitude: float | None
    baro_altitude_m: float | None
    on_ground: bool | None
    velocity_ms: float | None
    true_track: float | None
    vertical_rate_ms: float | None
    sensors: Any
    geo_altitude_m: float | None
    raw_squawk: str | None = None
    spi: bool | None = None
    position_source: int | None = None
    extended_category: int | None = None

    @property
    def icao24(self) -> str | None:
        """Six lower-case hex digits."""
        return address(self.hex)

    @property
    def callsign(self) -> str | None:
        """Cleaned; None if blank or a placeholder."""
        return clean_callsign(self.raw_callsign)

    @property
    def registration(self) -> None:
        """Always None: not part of OpenSky's states."""

    @property
    def type_code(self) -> None:
        """Always None: not part of OpenSky's states."""

    @property
    def operator(self) -> None:
        """Always None: not part of OpenSky's states."""

    @property
    def category(self) -> str | None:
        """ADS-B's letter and digit, from the 18th element, which only extended replies have."""
        return _CATEGORIES.get(self.extended_category or 0)

    @property
    def altitude_ft(self) -> float | None:
        """Geometric unless suspect, else barometric; 0 on the ground."""
        return counting_altitude_ft(
            baro_ft(_feet(self.baro_altitude_m)),
            geom_ft(_feet(self.geo_altitude_m)),
            self.on_ground,
        )

    @property
    def lost_gps(self) -> bool:
        """Always False: a lost position shows as an old `time_position`."""
        return False

    @property
    def proves_nothing(self) -> bool:
        """Whether it is a vehicle or an obstacle; OpenSky's states come from receivers."""
        return self.extended_category in _NOT_FLYING

    def recent(self, now_s: float) -> bool:
        """Return whether the last contact was within five minutes before the reply."""
        return now_s - self.last_contact <= RECENT_S

    def position(self, now_s: float) -> tuple[float, float] | None:
        """Return the position if it was at most 60 s old at last contact and is recent."""
        at = self.time_position
        if at is None or self.last_contact - at > _STALE_S or now_s - at > RECENT_S:
            return None
        return place_of(self.latitude, self.longitude)

    def observation(self, now_at: datetime, feed: str) -> Observation:
        """Return the row as a report; a position keeps its own time, however old.

        Raises DecodeError if the row has no address.
        """
        icao24 = address(self.hex)
        if icao24 is None:
            raise DecodeError(f"{self.hex!r} is not an aircraft's address")
        position_at = _time(self.time_position, now_at)
        place = place_of(self.latitude, self.longitude) if position_at else None
        lat, lon = place or (None, None)
        heard_at = _time(self.last_contact, now_at) or position_at or now_at
        return Observation(
            icao24=icao24,
            feed=feed,
            heard_at=max(heard_at, position_at) if position_at else heard_at,
            position_at=position_at if place else None,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=baro_ft(_feet(self.baro_altitude_m)),
            geom_altitude_ft=geom_ft(_feet(self.geo_altitude_m)),
            on_ground=self.on_ground,
            ground_speed_kt=speed_kt(_scaled(self.velocity_ms, KT_IN_MS)),
            track_deg=angle_deg(self.true_track),
            vertical_rate_fpm=rate_fpm(_scaled(self.vertical_rate_ms, FT_IN_M / 60.0)),
            callsign=self.callsign,
            squawk=clean_squawk(self.raw_squawk),
            source=_SOURCES.get(self.position_source or 0, Source.OTHER),
        )


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else round(value / unit, 3)


def _feet(metres: float | None) -> float | None:
    return _scaled(metres, FT_IN_M)


def _time(seconds: float | None, now_at: datetime) -> datetime | None:
    """Return a row's own time; None if it is in the future or older than any feed remembers."""
    if seconds is None or not -60.0 <= now_at.timestamp() - seconds <= LONGEST_AGE_S:
        return None
    return datetime.fromtimestamp(seconds, UTC)


class _Envelope(msgspec.Struct):
    time: float
    states: list[State] | None


class _LooseEnvelope(msgspec.Struct):
    time: float
    states: list[msgspec.Raw] | None


_STRICT = msgspec.json.Decoder(_Envelope)
_LOOSE = msgspec.json.Decoder(_LooseEnvelope)
LISTS = ("states",)
"""The key under which a reply lists its aircraft."""


def decode_opensky(body: bytes, received_at: datetime) -> Snapshot:
    """Return the decoded reply. Raises DecodeError unless it has `time` and `states`.

    `states` may be null, which means no aircraft. If one row is malformed, the reply is read again
    row by row, so that the others are kept.
    """
    try:
        strict = _STRICT.decode(body)
    except UNREADABLE:
        pass
    else:
        return Snapshot(reply_time(strict.time, received_at), strict.states or [])
    loose, left_out = decode_loosely(body, _LOOSE, LISTS, "a /states/all reply")
    raws = loose.states or []
    rows = [row for raw in raws if (row := salvage_array(raw, State)) is not None]
    if raws and not rows:
        raise DecodeError(f"not one of {len(raws)} rows can be read: this is no empty sky")
    now_at = reply_time(loose.time, received_at)
    return Snapshot(now_at, rows, left_out + len(raws) - len(rows))

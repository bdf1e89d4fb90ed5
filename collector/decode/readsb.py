"""What does a reply of the v2 networks, of readsb or of dump1090 say? One row for each aircraft.

It reads `{"ac": […], "now": ms}` and `{"aircraft": […], "now": s}`, with the keys of readsb and the
older ones of dump1090 (`altitude`, `speed`, `vert_rate`); see docs/feed-formats.md#v2 and
docs/feed-formats.md#aircraftjson. `lastPosition`, `rr_lat`/`rr_lon` and `gpsOkLat`/`gpsOkLon` are
not read, because none of them is a position.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from collector.decode.repair import UNREADABLE
from collector.decode.rows import (
    AHEAD_S,
    HEX_DIGITS,
    LONGEST_AGE_S,
    NOT_FLYING,
    OPERATOR_LONGEST,
    RECENT_S,
    RELAYED,
    Snapshot,
    address,
    angle_deg,
    baro_ft,
    clean_callsign,
    clean_category,
    clean_squawk,
    clean_text,
    counting_altitude_ft,
    geom_ft,
    place_of,
    qnh_hpa,
    rate_fpm,
    reply_time,
    speed_kt,
    whole,
)
from collector.decode.tolerance import decode_loosely, salvage_object
from collector.errors import DecodeError
from collector.model import STALE_AFTER, Observation, Source
from collector.untrusted import visible

_T = TypeVar("_T")
_STALE_S = STALE_AFTER.total_seconds()

SOURCES = {
    "adsb_icao": Source.ADSB,
    "adsb_icao_nt": Source.ADSB,
    "adsb_other": Source.ADSB,
    "adsr_icao": Source.ADSR,
    "adsr_other": Source.ADSR,
    "tisb_icao": Source.TISB,
    "tisb_other": Source.TISB,
    "tisb_trackfile": Source.TISB,
    "adsc": Source.ADSC,
    "mlat": Source.MLAT,
    "mode_s": Source.MODE_S,
}


class Aircraft(msgspec.Struct, gc=False):
    """One row, with only the keys that are used; numbers are floats however they are written."""

    hex: str
    type: str | None = None
    flight: str | None = None
    registration: str | None = msgspec.field(default=None, name="r")
    type_code: str | None = msgspec.field(default=None, name="t")
    operator: str | None = msgspec.field(default=None, name="ownOp")
    emitter: str | None = msgspec.field(default=None, name="category")
    alt_baro: float | str | None = None
    altitude: float | str | None = None
    alt_geom: float | None = None
    gs: float | None = None
    speed: float | None = None
    track: float | None = None
    calc_track: float | None = None
    baro_rate: float | None = None
    geom_rate: float | None = None
    vert_rate: float | None = None
    squawk: str | None = None
    lat: float | None = None
    lon: float | None = None
    seen: float | None = None
    seen_pos: float | None = None
    version: float | None = None
    nic: float | None = None
    nac_p: float | None = None
    sil: float | None = None
    nav_qnh: float | None = None
    gps_ok_before: float | None = msgspec.field(default=None, name="gpsOkBefore")
    mlat: tuple[str, ...] = ()
    tisb: tuple[str, ...] = ()

    @property
    def icao24(self) -> str | None:
        """Six lower-case hex digits; None for `~` addresses."""
        digits = self.hex
        if len(digits) == 6 and not digits.strip(HEX_DIGITS):  # nearly always, and faster
            return digits
        return address(digits)

    @property
    def callsign(self) -> str | None:
        """Cleaned; None if blank or a placeholder."""
        return clean_callsign(self.flight)

    @property
    def category(self) -> str | None:
        """`A5` for heavy; None if not sent."""
        return clean_category(self.emitter)

    @property
    def on_ground(self) -> bool | None:
        """True for altitude `"ground"`, False for a number, None if neither is reported."""
        altitude = self.altitude if self.alt_baro is None else self.alt_baro
        if isinstance(altitude, str):
            return True if altitude == "ground" else None
        return None if altitude is None else False

    @property
    def baro_altitude_ft(self) -> float | None:
        """Pressure altitude in the air."""
        altitude = self.altitude if self.alt_baro is None else self.alt_baro
        return None if isinstance(altitude, str) else baro_ft(altitude)

    @property
    def altitude_ft(self) -> float | None:
        """Geometric unless suspect, else barometric; 0 on the ground."""
        return counting_altitude_ft(self.baro_altitude_ft, geom_ft(self.alt_geom), self.on_ground)

    @property
    def lost_gps(self) -> bool:
        """Whether readsb reports `gpsOkBefore`, for 15 minutes after GPS was lost or degraded."""
        return self.gps_ok_before is not None

    @property
    def proves_nothing(self) -> bool:
        """Whether the position came by satellite (ADS-C) or from a ground station (TIS-B, ADS-R),
        or it is a vehicle or an obstacle."""
        relayed = SOURCES.get(self.type or "") in RELAYED
        return relayed or (self.emitter or "").startswith(NOT_FLYING)

    def recent(self, now_s: float) -> bool:  # noqa: ARG002 - `seen` is already relative to it
        """Return whether the last contact was within five minutes before the reply."""
        return self.seen is None or self.seen <= RECENT_S

    def position(self, now_s: float) -> tuple[float, float] | None:  # noqa: ARG002
        """Return the position if it was at most 60 s old at last contact, else None."""
        lat, lon = self.lat, self.lon
        if lat is None or lon is None:
            return None
        seen_pos = self.seen_pos
        if seen_pos is not None and not (
            -AHEAD_S <= seen_pos <= RECENT_S and seen_pos - (self.seen or 0.0) <= _STALE_S
        ):
            return None
        if -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0 and (lat or lon):  # as `place_of` does
            return lat, lon
        return None

    def observation(self, now_at: datetime, feed: str) -> Observation:
        """Return the row as a report. Raises DecodeError if it has no address.

        If `seen_pos` is missing, the position gets the time of last contact: readsb lists `lat` and
        `lon` only while they are younger than 60 s.
        """
        icao24 = address(self.hex)
        if icao24 is None:
            raise DecodeError(f"{self.hex!r} is not an aircraft's address")
        heard_s = min(max(self.seen or 0.0, 0.0), LONGEST_AGE_S)
        position_s = heard_s if self.seen_pos is None else self.seen_pos
        place = place_of(self.lat, self.lon)
        if not -AHEAD_S <= position_s <= LONGEST_AGE_S:
            place = None
        lat, lon = place or (None, None)
        return Observation(
            icao24=icao24,
            feed=feed,
            heard_at=now_at - timedelta(seconds=heard_s),
            position_at=now_at - timedelta(seconds=max(position_s, 0.0)) if place else None,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=self.baro_altitude_ft,
            geom_altitude_ft=geom_ft(self.alt_geom),
            on_ground=self.on_ground,
            ground_speed_kt=speed_kt(self.speed if self.gs is None else self.gs),
            track_deg=angle_deg(self.calc_track if self.track is None else self.track),
            vertical_rate_fpm=self._vertical_rate_fpm(),
            callsign=clean_callsign(self.flight),
            registration=clean_text(self.registration, 16),
            type_code=clean_text(self.type_code, 8),
            operator=clean_text(self.operator, OPERATOR_LONGEST),
            squawk=clean_squawk(self.squawk),
            source=self._source(place is not None),
            adsb_version=whole(self.version, 7),
            nic=whole(self.nic, 15),
            nac_p=whole(self.nac_p, 15),
            sil=whole(self.sil, 3),
            nav_qnh_hpa=qnh_hpa(self.nav_qnh),
            gps_lost=self.lost_gps,
        )

    def _vertical_rate_fpm(self) -> float | None:
        for rate in (self.baro_rate, self.geom_rate):
            if rate is not None:
                return rate_fpm(rate)
        # dump1090's old key keeps its last airborne value on the ground
        return None if self.on_ground else rate_fpm(self.vert_rate)

    def _source(self, placed: bool) -> Source:
        if self.type is not None:
            return SOURCES.get(self.type, Source.OTHER)
        for source, fields in ((Source.MLAT, self.mlat), (Source.TISB, self.tisb)):
            if "lat" in fields:
                return source
        return Source.ADSB if placed else Source.OTHER


class _Envelope(msgspec.Struct):
    now: float
    ac: list[Aircraft] | msgspec.UnsetType = msgspec.UNSET
    aircraft: list[Aircraft] | msgspec.UnsetType = msgspec.UNSET
    msg: object = None


class _LooseEnvelope(msgspec.Struct):
    now: float
    ac: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    aircraft: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    msg: object = None


_STRICT = msgspec.json.Decoder(_Envelope)
_LOOSE = msgspec.json.Decoder(_LooseEnvelope)
LISTS = ("ac", "aircraft")
"""The keys under which a reply lists its aircraft."""

_NO_ERROR = frozenset({"", "no error", "ok", "success"})


def decode_readsb(body: bytes, received_at: datetime) -> Snapshot:
    """Return the decoded reply. Raises DecodeError unless it has `now`, and `ac` or `aircraft`.

    A reply that lists no aircraft but has an error message is an error too. If one row is
    malformed, the reply is read again row by row, so that the others are kept.
    """
    try:
        envelope = _STRICT.decode(body)
    except UNREADABLE:
        return _decode_row_by_row(body, received_at)
    rows = _rows_of(envelope.ac, envelope.aircraft, envelope.msg)
    return Snapshot(reply_time(envelope.now, received_at), rows)


def error_message(msg: object) -> str | None:
    """Return the error that `msg` of a reply states, made harmless; None if it states none.

    >>> error_message("No error"), error_message("internal error\\n")
    (None, 'internal error')
    """
    if not isinstance(msg, str) or msg.strip().lower() in _NO_ERROR:
        return None
    return visible(msg.strip(), 200)


def _decode_row_by_row(body: bytes, received_at: datetime) -> Snapshot:
    envelope, left_out = decode_loosely(body, _LOOSE, LISTS, "a v2 or aircraft.json reply")
    raws = _rows_of(envelope.ac, envelope.aircraft, envelope.msg)
    rows = [row for raw in raws if (row := salvage_object(raw, Aircraft)) is not None]
    if raws and not rows:
        raise DecodeError(f"not one of {len(raws)} rows can be read: this is no empty sky")
    now_at = reply_time(envelope.now, received_at)
    return Snapshot(now_at, rows, left_out + len(raws) - len(rows))


def _rows_of(
    ac: list[_T] | msgspec.UnsetType, aircraft: list[_T] | msgspec.UnsetType, msg: object
) -> list[_T]:
    rows = aircraft if isinstance(ac, msgspec.UnsetType) else ac
    message = None if rows else error_message(msg)
    if message is not None:
        raise DecodeError(f"the feed answers with an error: {message}")
    if isinstance(rows, msgspec.UnsetType):
        raise DecodeError("the reply has neither `ac` nor `aircraft`: it is not a list of aircraft")
    return rows

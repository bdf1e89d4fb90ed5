"""What does a trace of readsb or tar1090 say? One row for each point of one aircraft.

It reads `trace_full_*.json` and `trace_recent_*.json` with points of 9 or 14 elements
(docs/feed-formats.md#traces). Every point is fresh: flag 1 marks a gap before it, not an old
position. The date is taken from the file's content, never from its path.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

import msgspec

from collector.decode.readsb import SOURCES
from collector.decode.repair import UNREADABLE
from collector.decode.rows import (
    EARLIEST_NOW,
    NOT_FLYING,
    OPERATOR_LONGEST,
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
    speed_kt,
    whole,
)
from collector.decode.tolerance import decode_loosely, salvage_array
from collector.errors import DecodeError
from collector.model import Observation, Source

FLAG_NEW_LEG = 2
FLAG_GEOMETRIC_ALTITUDE = 8

LONGEST_OFFSET_S = 3 * 86400.0
"""Live files hold about 25 h, and history files may begin before midnight."""


class Details(msgspec.Struct, gc=False):
    """The aircraft object that some points carry."""

    type: str | None = None
    flight: str | None = None
    category: str | None = None
    alt_geom: float | None = None
    squawk: str | None = None
    version: float | None = None
    nic: float | None = None
    nac_p: float | None = None
    sil: float | None = None
    nav_qnh: float | None = None
    gps_ok_before: float | None = msgspec.field(default=None, name="gpsOkBefore")


class Point(msgspec.Struct, array_like=True):
    """One point, in the file's order and units."""

    offset_s: float
    lat: float | None
    lon: float | None
    altitude: float | str | None
    speed: float | None
    track: float | None
    flags: int | None
    rate: float | None
    details: Details | None
    type: str | None = None
    alt_geom: float | None = None
    geom_rate: float | None = None


class _Trace(msgspec.Struct):
    icao: str
    timestamp: float
    trace: list[Point]
    r: str | None = None
    t: str | None = None
    ownOp: str | None = None  # noqa: N815 - the file's key


class _LooseTrace(msgspec.Struct):
    icao: str
    timestamp: float
    trace: list[msgspec.Raw]
    r: msgspec.Raw = msgspec.Raw(b"null")
    t: msgspec.Raw = msgspec.Raw(b"null")
    ownOp: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815 - the file's key


@dataclass(slots=True)
class TraceRow:
    """One point, with the identity from the file and from earlier points of the leg."""

    icao24: str | None
    registration: str | None
    type_code: str | None
    operator: str | None
    callsign: str | None
    category: str | None
    at: datetime
    point: Point

    @property
    def on_ground(self) -> bool | None:
        """True for altitude `"ground"`, False for a number, None for null."""
        altitude = self.point.altitude
        if isinstance(altitude, str):
            return True if altitude == "ground" else None
        return None if altitude is None else False

    @property
    def _altitudes(self) -> tuple[float | None, float | None]:
        """The barometric and the geometric altitude of the point."""
        point = self.point
        geom = point.alt_geom
        if geom is None and point.details is not None:
            geom = point.details.alt_geom
        altitude = None if isinstance(point.altitude, str) else point.altitude
        if (point.flags or 0) & FLAG_GEOMETRIC_ALTITUDE:
            return None, geom_ft(altitude if geom is None else geom)
        return baro_ft(altitude), geom_ft(geom)

    @property
    def altitude_ft(self) -> float | None:
        """Geometric unless suspect, else barometric; 0 on the ground."""
        return counting_altitude_ft(*self._altitudes, self.on_ground)

    @property
    def lost_gps(self) -> bool:
        """Whether the point's aircraft object reports that GPS was lost."""
        return self.point.details is not None and self.point.details.gps_ok_before is not None

    @property
    def proves_nothing(self) -> bool:
        """Whether the position came by satellite (ADS-C) or from a ground station (TIS-B, ADS-R),
        or it is a vehicle or an obstacle."""
        vehicle = (self.category or "").startswith(NOT_FLYING)
        return vehicle or self._source in RELAYED

    @property
    def _source(self) -> Source:
        name = self.point.type
        if name is None and self.point.details is not None:
            name = self.point.details.type
        return Source.OTHER if name is None else SOURCES.get(name, Source.OTHER)

    def recent(self, now_s: float) -> bool:  # noqa: ARG002 - every point is
        """Return True: a trace is a history, not a reply about the present."""
        return True

    def position(self, now_s: float) -> tuple[float, float] | None:  # noqa: ARG002
        """Return the point's position; None if it has none."""
        return place_of(self.point.lat, self.point.lon)

    def observation(self, now_at: datetime, feed: str) -> Observation:  # noqa: ARG002
        """Return the point as a report. Raises DecodeError if the file has no address."""
        if self.icao24 is None:
            raise DecodeError("the trace belongs to no aircraft's address")
        place = self.position(0.0)
        lat, lon = place or (None, None)
        baro, geom = self._altitudes
        point, details = self.point, self.point.details or _NO_DETAILS
        return Observation(
            icao24=self.icao24,
            feed=feed,
            heard_at=self.at,
            position_at=self.at if place else None,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=baro,
            geom_altitude_ft=geom,
            on_ground=self.on_ground,
            ground_speed_kt=speed_kt(point.speed),
            track_deg=angle_deg(point.track),
            vertical_rate_fpm=rate_fpm(point.geom_rate if point.rate is None else point.rate),
            callsign=self.callsign,
            registration=clean_text(self.registration, 16),
            type_code=clean_text(self.type_code, 8),
            operator=clean_text(self.operator, OPERATOR_LONGEST),
            squawk=clean_squawk(details.squawk),
            source=self._source,
            adsb_version=whole(details.version, 7),
            nic=whole(details.nic, 15),
            nac_p=whole(details.nac_p, 15),
            sil=whole(details.sil, 3),
            nav_qnh_hpa=qnh_hpa(details.nav_qnh),
            gps_lost=self.lost_gps,
        )


_NO_DETAILS = Details()
_STRICT = msgspec.json.Decoder(_Trace)
_LOOSE = msgspec.json.Decoder(_LooseTrace)
_ANYTHING = msgspec.json.Decoder()


def decode_trace(body: bytes) -> Snapshot:
    """Return the decoded trace of an unpacked body.

    Its rows are in order of time, and its own time is that of the last one. A malformed point is
    left out. Raises DecodeError unless the body has `icao`, `timestamp` and `trace`.
    """
    bad = 0
    try:
        trace = _STRICT.decode(body)
    except UNREADABLE:
        trace, bad = _decode_row_by_row(body)
    if not EARLIEST_NOW.timestamp() <= trace.timestamp < _LATEST_S:
        raise DecodeError(f"the trace's time {trace.timestamp!r} is not between 2010 and 2099")
    rows = _rows_of(trace)
    now_at = max((row.at for row in rows), default=datetime.fromtimestamp(trace.timestamp, UTC))
    return Snapshot(now_at, rows, bad + len(trace.trace) - len(rows))


_LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def _rows_of(trace: _Trace) -> list[TraceRow]:
    icao24 = address(trace.icao)
    callsign: str | None = None
    category: str | None = None
    rows = []
    for point in _in_order(trace.trace):
        if (point.flags or 0) & FLAG_NEW_LEG:
            callsign = None
        if point.details is not None:
            callsign = clean_callsign(point.details.flight) or callsign
            category = clean_category(point.details.category) or category
        at = datetime.fromtimestamp(trace.timestamp + point.offset_s, UTC)
        rows.append(TraceRow(icao24, trace.r, trace.t, trace.ownOp, callsign, category, at, point))
    return rows


def _in_order(points: list[Point]) -> list[Point]:
    """Return the points in order of time, without impossible times and without phantoms.

    A phantom is a point before midnight that follows points of the day. It comes from a cache and
    belongs to the day before, whose own file holds it (docs/feed-formats.md#history). Points before
    midnight at the beginning of a file are genuine.
    """
    kept, begun = [], False
    for point in points:
        if abs(point.offset_s) <= LONGEST_OFFSET_S and not (begun and point.offset_s < 0.0):
            kept.append(point)
            begun = begun or point.offset_s >= 0.0
    return sorted(kept, key=_offset_s)


_offset_s = attrgetter("offset_s")


def _decode_row_by_row(body: bytes) -> tuple[_Trace, int]:
    loose, left_out = decode_loosely(body, _LOOSE, ("trace",), "a trace")
    points = [point for raw in loose.trace if (point := salvage_array(raw, Point)) is not None]
    trace = _Trace(
        icao=loose.icao,
        timestamp=loose.timestamp,
        trace=points,
        r=_string(loose.r),
        t=_string(loose.t),
        ownOp=_string(loose.ownOp),
    )
    return trace, left_out + len(loose.trace) - len(points)


def _string(raw: msgspec.Raw) -> str | None:
    try:
        value = _ANYTHING.decode(raw)
    except UNREADABLE:
        return None
    return value if isinstance(value, str) else None

"""What does a reply of OpenSky's `/tracks/all` say? One row for each way-point of one aircraft.

It reads `{"icao24", "startTime", "endTime", "callsign", "path"}` and way-points `[time s, latitude,
longitude, barometric altitude m, true track, on ground]` (docs/feed-formats.md#opensky). Latitude
comes before longitude, unlike in states. A way-point is a position as received, so it is read as a
point of a trace; it has neither speed nor vertical rate.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from collector.decode.rows import EARLIEST_NOW, Snapshot, address, clean_callsign
from collector.decode.tolerance import decode_loosely, salvage_array
from collector.decode.trace import Point, TraceRow
from collector.geo import FT_IN_M

_LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class _Waypoint(msgspec.Struct, array_like=True):
    time_s: float
    lat: float | None
    lon: float | None
    altitude_m: float | None
    track: float | None
    on_ground: bool | None


class _Track(msgspec.Struct):
    icao24: str
    path: list[msgspec.Raw] | None
    callsign: str | None = None
    calllsign: str | None = None
    """The spelling in OpenSky's documentation."""


_DECODER = msgspec.json.Decoder(_Track)


def decode_opensky_track(body: bytes) -> Snapshot:
    """Return the decoded track. Raises DecodeError unless it has `icao24` and `path`.

    Its time is that of the last way-point. A malformed way-point is left out.
    """
    track, left_out = decode_loosely(body, _DECODER, ("path",), "a track")
    raws = track.path or []
    points = [point for raw in raws if (point := salvage_array(raw, _Waypoint)) is not None]
    icao24, callsign = address(track.icao24), clean_callsign(track.callsign or track.calllsign)
    rows = [
        _row(icao24, callsign, point)
        for point in points
        if EARLIEST_NOW.timestamp() <= point.time_s <= _LATEST_S
    ]
    now_at = max((row.at for row in rows), default=EARLIEST_NOW)
    return Snapshot(now_at, rows, left_out + len(raws) - len(rows))


def _row(icao24: str | None, callsign: str | None, point: _Waypoint) -> TraceRow:
    feet = None if point.altitude_m is None else round(point.altitude_m / FT_IN_M, 3)
    altitude = "ground" if point.on_ground else feet
    at = datetime.fromtimestamp(point.time_s, UTC)
    waypoint = Point(0.0, point.lat, point.lon, altitude, None, point.track, None, None, None)
    return TraceRow(icao24, None, None, None, callsign, None, at, waypoint)

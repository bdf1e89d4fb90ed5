"""Which positions do exports of other services hold? Their CSV files become traces of one aircraft.

`flightradar24` reads the file of one flight that Flightradar24 offers for download; it names no
aircraft. `state_vectors` reads rows of OpenSky's table `state_vectors_data4`. Each aircraft and day
becomes a reply in readsb's format, so that everything after is the same as for any other trace.
docs/archives.md describes both formats.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import pairwise

from collector.archives.cells import (
    ON_GROUND,
    SAME_MINUTE_S,
    address,
    degrees,
    height_m,
    is_separated,
    number,
    scaled,
    seconds,
    unix_time,
    whole_number,
)
from collector.archives.csv_files import Table, table_of
from collector.archives.export_points import Point, same_point, without_estimated
from collector.errors import DecodeError
from collector.geo import FT_IN_M
from collector.model.imported import FLIGHTRADAR24, OPENSKY_TRINO
from collector.model.reply import Fleet, Format, Reply
from collector.untrusted import visible

Report = Callable[[str], None]
FR24_COLUMNS = ("position", "altitude", "speed")
"""Besides `timestamp` or `utc`. Older files lack `UTC`
(https://www.flightradar24.com/blog/using-the-new-flightradar24-kml-and-csv-export-tools/)."""
STATE_COLUMNS = ("icao24", "lat", "lon", "lastposupdate", "lastcontact")
"""https://opensky-network.org/data/trino"""

KT_IN_M_S = 3600.0 / 1852.0
STALE_S = 60.0
"""A position that is older than this at last contact is frozen (`model.observation`)."""


def flightradar24(
    lines: Iterable[str],
    icao24: str,
    airfields: Sequence[tuple[float, float]],
    report: Report,
    note: Report,
) -> list[Reply]:
    """Return the positions of one flight as traces of an aircraft, a reply for each UTC day.

    Estimated positions that end at one of the `airfields` (latitude, longitude) are left out, and
    `note` is called with their number. `report` is called with each row that cannot be read. Raises
    DecodeError if the columns are others.
    """
    table = table_of(lines, FR24_COLUMNS)
    names = table.names
    if any(name not in names for name in FR24_COLUMNS) or not {"timestamp", "utc"} & set(names):
        raise DecodeError(
            f"the columns are {visible(', '.join(names), 200) or 'none'}, but Flightradar24 writes "
            "Timestamp, UTC, Callsign, Position, Altitude, Speed, Direction"
        )
    separated = list[str]()
    read = list(_readable(table, partial(_fr24_point, separated), report))
    if separated:
        note(
            f"{len(separated)} altitudes, of which the first is {separated[0]}, were read as whole "
            "feet, as Flightradar24 writes them: a spreadsheet has separated their thousands"
        )
    points = _dated(sorted(read, key=lambda point: point.at_s))
    received = without_estimated(points, airfields)
    if len(received) < len(points):
        note(
            f"{len(points) - len(received)} positions were left out: they are evenly spaced on a "
            "straight line that ends at an airfield's point, as estimated ones are"
        )
    return list(_replies(icao24, received, FLIGHTRADAR24))


def state_vectors(
    lines: Iterable[str], wanted: Callable[[str], bool], report: Report
) -> list[Reply]:
    """Return the state vectors of wanted aircraft as traces, a reply for each aircraft and day.

    `report` is called with each row that cannot be read. Raises DecodeError if the columns are
    others.
    """
    table = table_of(lines, STATE_COLUMNS)
    names = table.names
    missing = [name for name in STATE_COLUMNS if name not in names]
    if missing:
        raise DecodeError(
            f"the columns are {visible(', '.join(names), 200) or 'none'}, but state_vectors_data4 "
            f"has {', '.join(missing)} as well"
        )
    aircraft: dict[str, dict[float, Point]] = {}
    damaged = set[str]()

    def point_of(row: Mapping[str, str]) -> Point | None:
        text = row["icao24"]
        icao24 = address(text)
        if icao24 is None:
            if text in damaged:  # a million rows may have it
                return None
            damaged.add(text)
            raise ValueError(
                f"{text!r} is not a 24-bit address, as a spreadsheet may have made of one: its "
                "rows are left out"
            )
        if not wanted(icao24):
            return None
        point = _state_point(row)
        if point is not None:  # the same position is repeated each second until the next
            aircraft.setdefault(icao24, {}).setdefault(point.at_s, point)
        return None

    for _ in _readable(table, point_of, report):
        pass
    return [
        reply
        for icao24, points in sorted(aircraft.items())
        for reply in _replies(icao24, [points[at] for at in sorted(points)], OPENSKY_TRINO)
    ]


def _readable(
    table: Table, point_of: Callable[[Mapping[str, str]], Point | None], report: Report
) -> Iterator[Point]:
    line = table.above
    try:
        for line, cells in table.rows():
            try:
                point = point_of(table.named(cells))
            except (ValueError, OverflowError) as error:
                report(f"line {line}: {visible(str(error), 160)}")
                continue
            if point is not None:
                yield point
    except csv.Error as error:
        report(f"line {line + 1}: not CSV from here on: {error}")


def _dated(points: list[Point]) -> list[Point]:
    """Return the positions of a flight, by time. Raises DecodeError if their seconds are lost."""
    whole_minutes = all(point.at_s % SAME_MINUTE_S == 0 for point in points)
    for point, later in pairwise(points):
        if whole_minutes and point.at_s == later.at_s and not same_point(point, later):
            at = datetime.fromtimestamp(point.at_s, UTC)
            raise DecodeError(
                f"several positions have the time {at:%Y-%m-%d %H:%M} UTC, since a spreadsheet "
                "has left out the seconds: take the file as it was downloaded"
            )
    return points


def _fr24_point(separated: list[str], row: Mapping[str, str]) -> Point:
    """Return the position of a row; add its altitude to `separated` if its thousands are."""
    lat, _, lon = row["position"].partition(",")
    altitude = whole_number(row["altitude"])
    if is_separated(row["altitude"]):
        separated.append(row["altitude"])
    return Point(
        at_s=seconds(row.get("timestamp"), row.get("utc")),
        lat=degrees(lat, 90.0),
        lon=degrees(lon, 180.0),
        # Flightradar24 writes 0 ft for an aircraft on the ground, whatever the airfield's height.
        altitude="ground" if altitude == 0 else altitude,
        speed=number(row["speed"]),
        track=number(row.get("direction")),
        callsign=row.get("callsign") or None,
    )


def _state_point(row: Mapping[str, str]) -> Point | None:
    at_s, heard_s = unix_time(row["lastposupdate"]), unix_time(row["lastcontact"])
    if at_s is None or number(row["lat"]) is None or number(row["lon"]) is None:
        return None
    lat, lon = degrees(row["lat"], 90.0), degrees(row["lon"], 180.0)
    if heard_s is not None and heard_s - at_s > STALE_S:
        return None
    down = ON_GROUND.get(row.get("onground", "").lower())
    if down is None:
        raise ValueError(f"onground is {row['onground']!r}, which is neither true nor false")
    return Point(
        at_s=at_s,
        lat=lat,
        lon=lon,
        altitude="ground" if down else _feet(row.get("baroaltitude")),
        speed=scaled(row.get("velocity"), KT_IN_M_S),
        track=number(row.get("heading")),
        rate=scaled(row.get("vertrate"), 60.0 / FT_IN_M),
        callsign=row.get("callsign") or None,
        squawk=row.get("squawk") or None,
        geometric_ft=_feet(row.get("geoaltitude")),
    )


def _feet(metres: str | None) -> float | None:
    value = height_m(metres)
    return None if value is None else round(value / FT_IN_M, 2)


def _replies(icao24: str, points: Sequence[Point], feed: str) -> Iterator[Reply]:
    """Yield a trace in readsb's format for each UTC day, as if it had been received at its end."""
    days: dict[date, list[Point]] = {}
    for point in points:
        days.setdefault(datetime.fromtimestamp(point.at_s, UTC).date(), []).append(point)
    for day, found in days.items():
        midnight = datetime.combine(day, time(), UTC)
        trace = [_trace_point(point, midnight.timestamp()) for point in found]
        document = {"icao": icao24, "timestamp": midnight.timestamp(), "trace": trace}
        yield Reply(
            feed=feed,
            format=Format.TRACE,
            ask=Fleet((icao24,)),
            url=f"{feed}:{icao24}/{day.isoformat()}",
            received_at=datetime.fromtimestamp(found[-1].at_s, UTC),
            body=json.dumps(document).encode(),
        )


def _trace_point(point: Point, midnight_s: float) -> list[object]:
    details = {"flight": point.callsign, "squawk": point.squawk, "alt_geom": point.geometric_ft}
    return [
        round(point.at_s - midnight_s, 3),
        point.lat,
        point.lon,
        point.altitude,
        point.speed,
        point.track,
        0,
        point.rate,
        {name: value for name, value in details.items() if value is not None},
    ]

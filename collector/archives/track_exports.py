"""Which positions do exports of other services hold? Their CSV files become traces of one aircraft.

`flightradar24` reads the file of one flight that Flightradar24 offers for download; it names no
aircraft. `state_vectors` reads rows of OpenSky's table `state_vectors_data4`. Each aircraft and day
becomes a reply in readsb's format, so that everything after is the same as for any other trace.
docs/archives.md describes both formats.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

from collector.archives.cells import (
    ON_GROUND,
    address,
    degrees,
    number,
    scaled,
    seconds,
    unix_time,
)
from collector.archives.csv_files import Table, table_of
from collector.errors import DecodeError
from collector.geo import FT_IN_M, distance_nm
from collector.model.imported import FLIGHTRADAR24, OPENSKY_TRINO
from collector.model.reply import Fleet, Format, Reply
from collector.untrusted import visible

Report = Callable[[str], None]
FR24_COLUMNS = ("position", "altitude", "speed")
"""Besides `timestamp` or `utc`. Older files lack `UTC`
(https://www.flightradar24.com/blog/using-the-new-flightradar24-kml-and-csv-export-tools/)."""
STATE_COLUMNS = ("icao24", "lat", "lon", "lastposupdate", "lastcontact")
"""https://opensky-network.org/data/trino"""

ON_THE_POINT_NM = 0.02
"""37 m. An estimated leg ends exactly at the airfield's reference point, which lies beside the
runways."""
EVEN_S = 1.0
"""Estimated positions are as many seconds apart, each time."""
EVEN_SHARE = 0.02
"""Their steps differ by less than this share: those of a received track by more, in any wind."""
LEAST_STEPS = 3
KT_IN_M_S = 3600.0 / 1852.0
STALE_S = 60.0
"""A position that is older than this at last contact is frozen (`model.observation`)."""


@dataclass(frozen=True, slots=True)
class Point:
    """One position, in the units of a readsb trace."""

    at_s: float
    lat: float
    lon: float
    altitude: float | str | None
    """Pressure altitude in feet, or "ground"."""
    speed: float | None
    track: float | None
    rate: float | None = None
    callsign: str | None = None
    squawk: str | None = None
    geometric_ft: float | None = None


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
    points = sorted(_readable(table, _fr24_point, report), key=lambda point: point.at_s)
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


def without_estimated(
    points: Sequence[Point], airfields: Sequence[tuple[float, float]]
) -> list[Point]:
    """Return the positions of a track without an estimated leg at its end.

    The positions exactly on an airfield's point are left out, and those before them that lead there
    in even steps on a straight line.
    """
    kept = list(points)
    while kept and any(
        distance_nm(kept[-1].lat, kept[-1].lon, *point) <= ON_THE_POINT_NM for point in airfields
    ):
        last = kept.pop()
        while kept and _on_point(kept[-1], last):
            kept.pop()
        even = _even_steps([*kept, last])
        if even >= LEAST_STEPS:
            del kept[len(kept) - even :]
    return kept


def _on_point(point: Point, other: Point) -> bool:
    return distance_nm(point.lat, point.lon, other.lat, other.lon) <= ON_THE_POINT_NM


def _even_steps(points: Sequence[Point]) -> int:
    """Return how many of the last steps are alike, in time and in place."""
    steps = [
        (later.at_s - point.at_s, later.lat - point.lat, later.lon - point.lon)
        for point, later in pairwise(points)
    ]
    count = 1 if steps else 0
    for before, step in pairwise(reversed(steps)):
        size = math.hypot(before[1], before[2])
        differs = math.hypot(before[1] - step[1], before[2] - step[2])
        if abs(before[0] - step[0]) > EVEN_S or differs > EVEN_SHARE * size:
            break
        count += 1
    return count


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


def _fr24_point(row: Mapping[str, str]) -> Point:
    lat, _, lon = row["position"].partition(",")
    altitude = number(row["altitude"])
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
        altitude="ground" if down else scaled(row.get("baroaltitude"), 1.0 / FT_IN_M),
        speed=scaled(row.get("velocity"), KT_IN_M_S),
        track=number(row.get("heading")),
        rate=scaled(row.get("vertrate"), 60.0 / FT_IN_M),
        callsign=row.get("callsign") or None,
        squawk=row.get("squawk") or None,
        geometric_ft=scaled(row.get("geoaltitude"), 1.0 / FT_IN_M),
    )


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

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

from collector.errors import DecodeError
from collector.geo import FT_IN_M, distance_nm
from collector.model.imported import FLIGHTRADAR24, OPENSKY_TRINO
from collector.model.reply import Fleet, Format, Reply
from collector.untrusted import visible

Report = Callable[[str], None]
FR24_COLUMNS = ("Position", "Altitude", "Speed")
"""Besides `Timestamp` or `UTC`. Older files lack `UTC`
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
EARLIEST_S = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
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
    rows = csv.DictReader(lines)
    names = _names(rows)
    if any(name not in names for name in FR24_COLUMNS) or not {"Timestamp", "UTC"} & set(names):
        raise DecodeError(
            f"the columns are {visible(', '.join(names), 200) or 'none'}, but Flightradar24 writes "
            "Timestamp, UTC, Callsign, Position, Altitude, Speed, Direction"
        )
    points = sorted(_readable(rows, _fr24_point, report), key=lambda point: point.at_s)
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
    rows = csv.DictReader(lines)
    names = _names(rows)
    missing = [name for name in STATE_COLUMNS if name not in names]
    if missing:
        raise DecodeError(
            f"the columns are {visible(', '.join(names), 200) or 'none'}, but state_vectors_data4 "
            f"has {', '.join(missing)} as well"
        )
    aircraft: dict[str, dict[float, Point]] = {}

    def point_of(row: Mapping[str, str]) -> Point | None:
        icao24 = (row["icao24"] or "").strip().lower()
        if not wanted(icao24):
            return None
        point = _state_point(row)
        if point is not None:  # the same position is repeated each second until the next
            aircraft.setdefault(icao24, {}).setdefault(point.at_s, point)
        return None

    for _ in _readable(rows, point_of, report):
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
    rows: csv.DictReader[str],
    point_of: Callable[[Mapping[str, str]], Point | None],
    report: Report,
) -> Iterator[Point]:
    try:
        for row in rows:
            try:
                point = point_of(row)
            except (ValueError, TypeError, KeyError, OverflowError) as error:
                report(f"line {rows.line_num}: {visible(str(error), 120)}")
                continue
            if point is not None:
                yield point
    except csv.Error as error:
        report(f"line {rows.line_num}: not CSV from here on: {error}")


def _names(rows: csv.DictReader[str]) -> Sequence[str]:
    try:
        return rows.fieldnames or []
    except csv.Error as error:
        raise DecodeError(f"it is no CSV file: {error}") from error


def _fr24_point(row: Mapping[str, str]) -> Point:
    lat, _, lon = row["Position"].partition(",")
    altitude = _number(row["Altitude"])
    return Point(
        at_s=_seconds(row.get("Timestamp"), row.get("UTC")),
        lat=_needed(lat),
        lon=_needed(lon),
        # Flightradar24 writes 0 ft for an aircraft on the ground, whatever the airfield's height.
        altitude="ground" if altitude == 0 else altitude,
        speed=_number(row["Speed"]),
        track=_number(row.get("Direction")),
        callsign=row.get("Callsign") or None,
    )


def _state_point(row: Mapping[str, str]) -> Point | None:
    at_s, heard_s = _number(row["lastposupdate"]), _number(row["lastcontact"])
    lat, lon = _number(row["lat"]), _number(row["lon"])
    if at_s is None or lat is None or lon is None:
        return None
    if heard_s is not None and heard_s - at_s > STALE_S:
        return None
    down = (row.get("onground") or "").strip().lower() == "true"
    return Point(
        at_s=_dated(at_s),
        lat=lat,
        lon=lon,
        altitude="ground" if down else _scaled(row.get("baroaltitude"), 1.0 / FT_IN_M),
        speed=_scaled(row.get("velocity"), KT_IN_M_S),
        track=_number(row.get("heading")),
        rate=_scaled(row.get("vertrate"), 60.0 / FT_IN_M),
        callsign=row.get("callsign") or None,
        squawk=row.get("squawk") or None,
        geometric_ft=_scaled(row.get("geoaltitude"), 1.0 / FT_IN_M),
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


def _seconds(timestamp: str | None, utc: str | None) -> float:
    if timestamp:
        return _dated(_needed(timestamp))
    at = datetime.fromisoformat((utc or "").strip())
    return _dated((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _dated(at_s: float) -> float:
    if not EARLIEST_S <= at_s < LATEST_S:
        raise ValueError("its time is not between 2000 and 2099")
    return at_s


def _needed(text: str) -> float:
    number = _number(text)
    if number is None:
        raise ValueError("a time or position is missing")
    return number


def _number(text: str | None) -> float | None:
    """Return a finite number; None for an empty cell. Raises ValueError."""
    if text is None or not text.strip() or text.strip().upper() == "NULL":
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not a number")
    return number


def _scaled(text: str | None, factor: float) -> float | None:
    number = _number(text)
    return None if number is None else round(number * factor, 2)

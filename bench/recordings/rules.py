"""What would the published rules answer on the same input? Each is restated from its source, as
docs/recordings.md describes it, with the world's airfields instead of three.

`infer_airport` and `landing()` are rules of the package `traffic`, which asks the net for its own
table of airfields; here they are given ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from collector.geo import bearing_deg, destination, distance_nm

from .places import End, Place, World
from .tracks import Row, Track

Landing = tuple[str, float]
"""Airfield and time (Unix seconds)."""

FLIGHT_ENDS_S = 600.0
"""traffic splits an aircraft's rows into flights at gaps of ten minutes."""
TRACK_ENDS_S, LOW_TRACK_ENDS_S, LOW_FT = 1800.0, 900.0, 5000.0
"""OPDI splits tracks at 30 min, at 15 below 5,000 ft."""
AIRPORT_FT = 5000.0
"""OPDI knows large and medium airports only: here those with an IATA code or such a runway."""
UNSCHEDULED_NM = 10.0
"""OPDI's M7 takes an airfield without scheduled service for so much farther away."""


@dataclass(frozen=True)
class Question:
    """What a rule is given besides the track: the airfields, and those of the watch."""

    world: World
    watched: tuple[str, ...]

    def airports(self, lat_deg: float, lon_deg: float, within_nm: float) -> Iterator[Place]:
        """Yield the airports within that distance, and every watched airfield."""
        for place in self.world.near(lat_deg, lon_deg, within_nm):
            long = any(end.length_ft >= AIRPORT_FT for end in place.ends)
            if place.iata or long or place.code in self.watched:
                yield place

    def nearest(self, lat_deg: float, lon_deg: float, within_nm: float) -> Place | None:
        """Return the nearest airport; None if none is that near."""
        return min(
            self.airports(lat_deg, lon_deg, within_nm),
            key=lambda place: _away(place, lat_deg, lon_deg),
            default=None,
        )


def ground_bit(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by the ground bit: on the ground after flight, at the nearest airfield."""
    for before, here in pairwise(track.rows):
        if here.on_ground and before.on_ground is False:
            place = question.world.nearest(here.lat_deg, here.lon_deg, 10.0)
            if place is not None:
                yield place.code, here.at_s


def nearest_endpoint(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by the nearest airport to a track's last point, within 30 NM, any height."""
    for index in _ends(track.rows):
        last = track.rows[index]
        place = question.nearest(last.lat_deg, last.lon_deg, 30.0)
        if place is not None:
            yield place.code, last.at_s


def infer_airport(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by traffic's `infer_airport("landing")`: a flight's last point, and of all
    airfields the nearest."""
    rows = track.rows
    for index, last in enumerate(rows):
        if index + 1 == len(rows) or rows[index + 1].at_s - last.at_s > FLIGHT_ENDS_S:
            place = question.world.nearest(last.lat_deg, last.lon_deg, 120.0)
            if place is not None:
                yield place.code, last.at_s


def opdi_m7(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by OPDI's M7: a track's last point within 10 NM of an airport, and on the
    ground or below 5,000 ft above it; else it abstains."""
    for index in _ends(track.rows):
        last = track.rows[index]
        here = (last.lat_deg, last.lon_deg)
        found = min(
            (
                (_away(p, *here) + (0.0 if p.iata else UNSCHEDULED_NM), p.code, p)
                for p in question.airports(*here, 10.0)
            ),
            default=None,
        )
        if found is not None and (last.on_ground or _above_ft(last, found[2]) <= 5000.0):
            yield found[1], last.at_s


def opdi_m8(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by OPDI's M8: the last 300 s extended to the ground, at most 60 NM, and the
    nearest airport within 20 NM of that point."""
    for index in _ends(track.rows):
        last = track.rows[index]
        here = (last.lat_deg, last.lon_deg)
        below = question.nearest(*here, 60.0)
        if below is None:
            continue
        left_s = 0.0
        if not last.on_ground:
            recent = _recent(track.rows, index, 300.0)
            sinking = _sinking_fts(recent)
            if sinking <= 0.0:
                continue
            left_s = max(0.0, _above_ft(last, below)) / sinking
            ahead = min(60.0, (last.speed_kt or 0.0) * left_s / 3600.0)
            here = destination(*here, last.track_deg or 0.0, ahead)
        place = question.nearest(*here, 20.0)
        if place is not None:
            yield place.code, last.at_s + left_s


def opensky(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by OpenSky: slow across a gap of over 10 min, or the last row; the nearest
    airport within 30 km and 2,500 m of height."""
    steps = [(a, b, b.at_s - a.at_s) for a, b in pairwise(track.rows) if b.at_s > a.at_s]
    speeds = [_apart_nm(a, b) * 3600.0 / seconds for a, b, seconds in steps if seconds >= 1.0]
    tau = median(speeds) / 4.0 if speeds else 0.0
    ends = [a for a, b, s in steps if s > 600.0 and _apart_nm(a, b) * 3600.0 / s < tau]
    for last in [*ends, track.rows[-1]]:
        place = question.nearest(last.lat_deg, last.lon_deg, 30.0 / 1.852)
        if place is not None and (last.on_ground or _above_ft(last, place) < 2500.0 / 0.3048):
            yield place.code, last.at_s


def aligned(track: Track, question: Question) -> Iterator[Landing]:
    """Yield landings by traffic's `landing(airport)` at each watched airfield: for more than a
    minute, without a gap of 20 s, within 0.1 NM of a centreline, and below 5,000 ft above it."""
    found: list[Landing] = []
    for code in question.watched:
        place = question.world.places.get(code)
        for end in place.ends if place is not None else ():
            assert place is not None
            found += _chunks(track.rows, place, end)
    yield from _first_of_each(found)


def _chunks(rows: Sequence[Row], place: Place, end: End) -> Iterator[Landing]:
    chunk: list[Row] = []
    for row in [*(r for r in rows if _is_aligned(r, place, end)), None]:
        if chunk and (row is None or row.at_s - chunk[-1].at_s > 20.0):
            heights = [each.altitude_ft for each in chunk if each.altitude_ft is not None]
            long = chunk[-1].at_s - chunk[0].at_s > 60.0
            if long and heights and min(heights) < place.elevation_ft + 5000.0:
                yield place.code, chunk[-1].at_s
            chunk = []
        if row is not None:
            chunk.append(row)


def _is_aligned(row: Row, place: Place, end: End) -> bool:
    if row.track_deg is None or abs(row.lat_deg - place.lat_deg) > 1.0:
        return False
    away = distance_nm(row.lat_deg, row.lon_deg, end.lat_deg, end.lon_deg)
    bearing = bearing_deg(row.lat_deg, row.lon_deg, end.lat_deg, end.lon_deg)
    off = away * math.radians(abs(bearing - end.bearing_deg))
    return off < 0.1 and math.cos(math.radians(bearing - row.track_deg)) > 0.0


def _first_of_each(found: Sequence[Landing]) -> Iterator[Landing]:
    """Yield the landings less those within five minutes of an earlier one: a change of runway, or
    the runway itself after the approach to it."""
    before: dict[str, float] = {}
    for code, at_s in sorted(found, key=lambda each: each[1]):
        if at_s - before.get(code, -math.inf) > 300.0:
            yield code, at_s
        before[code] = at_s


def _ends(rows: Sequence[Row]) -> Iterator[int]:
    """Yield the index of the last row of each of OPDI's tracks."""
    for index, row in enumerate(rows):
        if index + 1 < len(rows):
            low = row.altitude_ft is not None and row.altitude_ft < LOW_FT
            gap_s = LOW_TRACK_ENDS_S if low or row.on_ground else TRACK_ENDS_S
            if rows[index + 1].at_s - row.at_s <= gap_s:
                continue
        yield index


def _recent(rows: Sequence[Row], index: int, span_s: float) -> list[Row]:
    first = index
    while first and rows[index].at_s - rows[first - 1].at_s <= span_s:
        first -= 1
    return [row for row in rows[first : index + 1] if row.altitude_ft is not None]


def _sinking_fts(recent: Sequence[Row]) -> float:
    """Return the feet lost a second; the reported rate where there is one row only; 0 without."""
    if len(recent) < 2 or recent[-1].at_s <= recent[0].at_s:
        return -((recent[-1].rate_fpm or 0.0) if recent else 0.0) / 60.0
    first, last = recent[0].altitude_ft, recent[-1].altitude_ft
    assert first is not None
    assert last is not None
    return (first - last) / (recent[-1].at_s - recent[0].at_s)


def _above_ft(row: Row, place: Place) -> float:
    return (row.altitude_ft or 0.0) - place.elevation_ft


def _away(place: Place, lat_deg: float, lon_deg: float) -> float:
    return distance_nm(lat_deg, lon_deg, place.lat_deg, place.lon_deg)


def _apart_nm(a: Row, b: Row) -> float:
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)


RULES: dict[str, Callable[[Track, Question], Iterator[Landing]]] = {
    "ground bit": ground_bit,
    "nearest endpoint": nearest_endpoint,
    "OPDI M7": opdi_m7,
    "OPDI M8": opdi_m8,
    "OpenSky": opensky,
    "traffic landing()": aligned,
    "traffic infer_airport": infer_airport,
}

"""Which values may the oracle use? Numbers sum up the two ends of a silence and the reports during
it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from collector.coverage.region import cell_away_nm
from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.model.coverage import CELL_DEG, SLOT, CoverageSlot
from collector.tracking import Fix

from .places import FIELDS, field, runways
from .questions import Question

MISSING = -9999.0
NEAR = ("LLOV", "LLER", "OJAQ", "HETB")
HEARD_NM = 100.0
LOW_NM = 45.0
AROUND = timedelta(hours=3)
FLEW_ON = timedelta(minutes=20)


def features(question: Question, slots: Sequence[CoverageSlot]) -> list[float]:
    """Return all numbers of one question, always the same number in the same order."""
    fixes = question.fixes
    last = fixes[question.before]
    first = None if question.after is None else fixes[question.after]
    seconds = (question.end_at - question.begin_at).total_seconds()
    numbers = [
        math.log(max(1.0, seconds)),
        float(first is None),
        *_end(fixes, question.before, -1),
        *(_end(fixes, question.after, 1) if question.after is not None else _no_end()),
        *_between(question),
        *_listening(question, last, slots),
    ]
    if first is None:
        return [*numbers, *([MISSING] * len(FIELDS))]
    return [*numbers, *(seconds - _flown_s(last, icao) - _flown_s(first, icao) for icao in FIELDS)]


def _flown_s(fix: Fix, icao: str) -> float:
    """About how long a flight between the fix and a field takes, seconds."""
    away = _away(fix, icao)
    near = min(away, 40.0)
    return 3600.0 * (near / 200.0 + (away - near) / 420.0)


def _away(fix: Fix, icao: str) -> float:
    place = field(icao)
    return distance_nm(fix.lat_deg or 0.0, fix.lon_deg or 0.0, place.lat_deg, place.lon_deg)


def _end(fixes: Sequence[Fix], index: int, step: int) -> list[float]:
    """One end: its position, height and direction, their trend, and its relation to each field."""
    fix = fixes[index]
    lat, lon = fix.lat_deg or 0.0, fix.lon_deg or 0.0
    height = MISSING if fix.altitude_ft is None else fix.altitude_ft
    heading = MISSING if fix.track_deg is None else fix.track_deg
    numbers = [
        lat,
        lon,
        height,
        fix.ground_speed_kt if fix.ground_speed_kt is not None else MISSING,
        fix.vertical_rate_fpm if fix.vertical_rate_fpm is not None else MISSING,
        heading,
        float(fix.altitude_error_ft > 300.0),
    ]
    lowest, earlier, turned = height, MISSING, MISSING
    other = index + step
    while 0 <= other < len(fixes) and abs(fixes[other].at - fix.at) <= timedelta(minutes=12):
        there, near_in_time = fixes[other], abs(fixes[other].at - fix.at) <= timedelta(minutes=4)
        if there.altitude_ft is not None:
            lowest = min(lowest, there.altitude_ft)
            if near_in_time:
                earlier = there.altitude_ft - height
        if there.track_deg is not None and fix.track_deg is not None and near_in_time:
            turned = (there.track_deg - fix.track_deg + 180.0) % 360.0 - 180.0
        other += step
    numbers += [lowest, earlier, turned]
    for icao in FIELDS:
        away = _away(fix, icao)
        way = bearing_deg(lat, lon, field(icao).lat_deg, field(icao).lon_deg)
        off = MISSING if fix.track_deg is None else angle_between_deg(fix.track_deg, way)
        numbers += [away, off, height - field(icao).elevation_ft - 318.4 * away]
    for icao in NEAR:
        numbers += _aligned(fix, icao, departing=step > 0)
    return numbers


def _aligned(fix: Fix, icao: str, *, departing: bool) -> list[float]:
    """Signed offset from the centreline and distance to the threshold, NM."""
    best = (MISSING, MISSING)
    if fix.track_deg is None:
        return list(best)
    heading = (fix.track_deg + 180.0) % 360.0 if departing else fix.track_deg
    for end in runways(icao):
        if angle_between_deg(heading, end.bearing_deg) <= 60.0:
            to_fly, offset = runway_frame_nm(
                end.lat_deg, end.lon_deg, end.bearing_deg, fix.lat_deg or 0.0, fix.lon_deg or 0.0
            )
            if best[0] == MISSING or abs(offset) < abs(best[1]):
                best = (to_fly, offset)
    return list(best)


def _no_end() -> list[float]:
    return [MISSING] * (10 + 3 * len(FIELDS) + 2 * len(NEAR))


def _between(question: Question) -> list[float]:
    """Ground contacts during the silence: position, number, speed; and altitudes without a
    position."""
    fixes = question.fixes
    until = len(fixes) if question.after is None else question.after
    ground = [fix for fix in fixes[question.before + 1 : until] if fix.placed]
    blind = [
        fix
        for fix in fixes[question.before + 1 : until]
        if not fix.placed and fix.altitude_ft is not None
    ]
    numbers = [float(len(ground)), float(len(blind))]
    numbers += [min((_away(fix, icao) for fix in ground), default=MISSING) for icao in FIELDS]
    speeds = [fix.ground_speed_kt for fix in ground if fix.ground_speed_kt is not None]
    numbers.append(min(speeds, default=MISSING))
    span = (ground[-1].at - ground[0].at).total_seconds() if ground else MISSING
    numbers.append(span)
    heights = [fix.altitude_ft for fix in blind if fix.altitude_ft is not None]
    numbers.append(min(heights, default=MISSING))
    numbers.append(heights[-1] if heights else MISSING)
    numbers.append(heights[0] if heights else MISSING)
    numbers.append((blind[-1].at - question.begin_at).total_seconds() if blind else MISSING)
    return numbers


def _listening(question: Question, last: Fix, slots: Sequence[CoverageSlot]) -> list[float]:
    """The coverage just after the last fix and during the silence, and how low others were
    received."""
    lat, lon = last.lat_deg or 0.0, last.lon_deg or 0.0
    soon = alive = inside = received = jammed = 0
    lowest = 99
    nearby = dict.fromkeys(NEAR, 99)
    for slot in slots:
        if not question.begin_at - AROUND <= slot.begins_at <= question.end_at + AROUND:
            continue
        near = False
        for row, column, band in slot.cells:
            away = cell_away_nm(row, column, lat, lon)
            near = near or away <= HEARD_NM
            if away <= LOW_NM:
                lowest = min(lowest, band)
                for icao in NEAR:
                    if _beside(row, column, icao):
                        nearby[icao] = min(nearby[icao], band)
        if not question.begin_at - SLOT < slot.begins_at < question.end_at:
            continue
        inside += 1
        alive += bool(slot.area_minutes) and slot.aircraft > 0
        if question.begin_at < slot.begins_at <= question.begin_at + FLEW_ON:
            soon += bool(slot.area_minutes) and slot.aircraft > 0
            received += near
            jammed += slot.unplaced
    return [
        float(soon),
        float(received),
        float(jammed),
        alive / inside if inside else MISSING,
        float(lowest),
        *(float(band) for band in nearby.values()),
    ]


def _beside(row: int, column: int, icao: str) -> bool:
    """Whether a cell is the field's own or touches it."""
    place = field(icao)
    return (
        abs(row - math.floor(place.lat_deg / CELL_DEG)) <= 1
        and abs(column - math.floor(place.lon_deg / CELL_DEG)) <= 1
    )

"""Which values may an oracle use? Numbers sum up the two ends of a silence and the reports during
it.

`features` are those of an oracle that knows the world: positions, and every field in its place of
the list. `candidate_features` are those of one that must not know it: a row for each answer, in
which everything is told relative to that field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from collector.coverage.region import cell_away_nm
from collector.geo import angle_between_deg, bearing_deg, distance_nm, runway_frame_nm
from collector.model import Airfield
from collector.model.coverage import CELL_DEG, SLOT, CoverageSlot
from collector.tracking import Fix

from .places import runways_of
from .questions import Question
from .world import SOUTHERN, World, landed_at, weighed

MISSING = -9999.0
SOUTHERN_NEAR = ("LLOV", "LLER", "OJAQ", "HETB")
"""The southern fields whose centrelines are asked for; in other worlds all are."""
HEARD_NM = 100.0
LOW_NM = 45.0
AROUND = timedelta(hours=3)
FLEW_ON = timedelta(minutes=20)
TOWARDS, ALIGNED, STATE = 3, 2, 8
"""How many numbers `_towards`, `_aligned` and `_state` give."""


def features(
    question: Question, slots: Sequence[CoverageSlot], world: World = SOUTHERN
) -> list[float]:
    """Return all numbers of one question, always the same number in the same order."""
    fixes, places, near = question.fixes, landed_at(world), _near(world)
    seconds = _seconds(question)
    listening, lowest_beside = _listening(question, slots, near)
    numbers = [
        math.log(max(1.0, seconds)),
        float(question.after is None),
        *_between(question),
        *(_on_ground_nm(question, place) for place in places),
        *listening,
        *lowest_beside,
    ]
    for index, step in ((question.before, -1), (question.after, 1)):
        if index is None:
            numbers += [MISSING] * (STATE + 3 + TOWARDS * len(places) + ALIGNED * len(near))
            continue
        fix = fixes[index]
        heading = MISSING if fix.track_deg is None else fix.track_deg
        numbers += [fix.lat_deg or 0.0, fix.lon_deg or 0.0, heading, *_state(fixes, index, step)]
        for place in places:
            numbers += _towards(fix, place)
        for place in near:
            numbers += _aligned(fix, place, world.least_runway_m, departing=step > 0)
    return [*numbers, *(_to_spare_s(question, place) for place in places)]


def candidate_features(
    question: Question, slots: Sequence[CoverageSlot], world: World = SOUTHERN
) -> list[list[float]]:
    """Return a row of numbers for each of `weighed_answers`; the last is for none.

    Nothing is told by position, nor where the flights of the world land: heights are above the
    field that is asked about, places are distances and angles to it. Of the field itself its
    elevation, its longest runway and its prior are told, as the detector knows them. The row for
    none tells of the field that is nearest to both ends.
    """
    fixes, places = question.fixes, weighed(world)
    listening, lowest_beside = _listening(question, slots, places)
    common = [
        math.log(max(1.0, _seconds(question))),
        float(question.after is None),
        *_between(question),
        *listening,
    ]
    for index, step in ((question.before, -1), (question.after, 1)):
        common += [MISSING] * STATE if index is None else _state(fixes, index, step)
    own = [
        [
            *_seen_from(question, place),
            _on_ground_nm(question, place),
            _to_spare_s(question, place),
            band,
            place.elevation_ft,
            max((end.length_m for end in place.runways), default=0.0),
            place.prior_weight,
        ]
        for place, band in zip(places, lowest_beside, strict=True)
    ]
    away_nm = [row[0] + (0.0 if question.after is None else row[TOWARDS + ALIGNED]) for row in own]
    rows = []
    for number, row in enumerate(own):
        others = [*away_nm[:number], *away_nm[number + 1 :]]
        rows.append([0.0, away_nm[number] - min(others, default=999.0), *row, *common])
    nearest = own[away_nm.index(min(away_nm))]
    return [*rows, [1.0, min(away_nm), *nearest, *common]]


def _near(world: World) -> list[Airfield]:
    if world is SOUTHERN:
        return [world.field(icao) for icao in SOUTHERN_NEAR]
    return [*landed_at(world)]


def _seconds(question: Question) -> float:
    return (question.end_at - question.begin_at).total_seconds()


def _seen_from(question: Question, place: Airfield) -> list[float]:
    """How both ends lie to a field and its centrelines."""
    numbers: list[float] = []
    for index, departing in ((question.before, False), (question.after, True)):
        if index is None:
            numbers += [MISSING] * (TOWARDS + ALIGNED)
            continue
        fix = question.fixes[index]
        numbers += [*_towards(fix, place), *_aligned(fix, place, 0.0, departing=departing)]
    return numbers


def _to_spare_s(question: Question, place: Airfield) -> float:
    """The seconds of the silence that a flight to the field and back would leave."""
    if question.after is None:
        return MISSING
    ends = question.fixes[question.before], question.fixes[question.after]
    return _seconds(question) - sum(_flown_s(fix, place) for fix in ends)


def _flown_s(fix: Fix, place: Airfield) -> float:
    """About how long a flight between the fix and a field takes, seconds."""
    away = _away(fix, place)
    near = min(away, 40.0)
    return 3600.0 * (near / 200.0 + (away - near) / 420.0)


def _away(fix: Fix, place: Airfield) -> float:
    return distance_nm(fix.lat_deg or 0.0, fix.lon_deg or 0.0, place.lat_deg, place.lon_deg)


def _state(fixes: Sequence[Fix], index: int, step: int) -> list[float]:
    """What the aircraft does at one end, and the trend there."""
    fix = fixes[index]
    height = MISSING if fix.altitude_ft is None else fix.altitude_ft
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
    return [
        height,
        fix.ground_speed_kt if fix.ground_speed_kt is not None else MISSING,
        fix.vertical_rate_fpm if fix.vertical_rate_fpm is not None else MISSING,
        float(fix.altitude_error_ft > 300.0),
        lowest,
        earlier,
        turned,
        abs(turned) if turned != MISSING else MISSING,
    ]


def _towards(fix: Fix, place: Airfield) -> list[float]:
    """The distance to a field, the angle off it, and the height above a glide to it."""
    away = _away(fix, place)
    way = bearing_deg(fix.lat_deg or 0.0, fix.lon_deg or 0.0, place.lat_deg, place.lon_deg)
    off = MISSING if fix.track_deg is None else angle_between_deg(fix.track_deg, way)
    height = MISSING if fix.altitude_ft is None else fix.altitude_ft
    return [away, off, height - place.elevation_ft - 318.4 * away]


def _aligned(fix: Fix, place: Airfield, least_runway_m: float, *, departing: bool) -> list[float]:
    """Distance to the threshold and signed offset from the centreline, NM."""
    best = (MISSING, MISSING)
    if fix.track_deg is None:
        return list(best)
    heading = (fix.track_deg + 180.0) % 360.0 if departing else fix.track_deg
    for end in runways_of(place, least_runway_m):
        if angle_between_deg(heading, end.bearing_deg) <= 60.0:
            to_fly, offset = runway_frame_nm(
                end.lat_deg, end.lon_deg, end.bearing_deg, fix.lat_deg or 0.0, fix.lon_deg or 0.0
            )
            if best[0] == MISSING or abs(offset) < abs(best[1]):
                best = (to_fly, offset)
    return list(best)


def _during(question: Question) -> Sequence[Fix]:
    until = len(question.fixes) if question.after is None else question.after
    return question.fixes[question.before + 1 : until]


def _on_ground_nm(question: Question, place: Airfield) -> float:
    """How near to a field the aircraft was heard on the ground during the silence."""
    return min((_away(fix, place) for fix in _during(question) if fix.placed), default=MISSING)


def _between(question: Question) -> list[float]:
    """Ground contacts during the silence: number, speed; and altitudes without a position."""
    ground = [fix for fix in _during(question) if fix.placed]
    blind = [fix for fix in _during(question) if not fix.placed and fix.altitude_ft is not None]
    speeds = [fix.ground_speed_kt for fix in ground if fix.ground_speed_kt is not None]
    heights = [fix.altitude_ft for fix in blind if fix.altitude_ft is not None]
    return [
        float(len(ground)),
        float(len(blind)),
        min(speeds, default=MISSING),
        (ground[-1].at - ground[0].at).total_seconds() if ground else MISSING,
        min(heights, default=MISSING),
        heights[-1] if heights else MISSING,
        heights[0] if heights else MISSING,
        (blind[-1].at - question.begin_at).total_seconds() if blind else MISSING,
    ]


def _listening(
    question: Question, slots: Sequence[CoverageSlot], near: Sequence[Airfield]
) -> tuple[list[float], list[float]]:
    """The coverage just after the last fix and during the silence; the lowest band in which others
    were received beside each field."""
    last = question.fixes[question.before]
    lat, lon = last.lat_deg or 0.0, last.lon_deg or 0.0
    soon = alive = inside = received = jammed = 0
    lowest = 99
    beside = [99] * len(near)
    for slot in slots:
        if not question.begin_at - AROUND <= slot.begins_at <= question.end_at + AROUND:
            continue
        heard = False
        for row, column, band in slot.cells:
            away = cell_away_nm(row, column, lat, lon)
            heard = heard or away <= HEARD_NM
            if away <= LOW_NM:
                lowest = min(lowest, band)
                for number, place in enumerate(near):
                    if _beside(row, column, place):
                        beside[number] = min(beside[number], band)
        if not question.begin_at - SLOT < slot.begins_at < question.end_at:
            continue
        inside += 1
        alive += bool(slot.area_minutes) and slot.aircraft > 0
        if question.begin_at < slot.begins_at <= question.begin_at + FLEW_ON:
            soon += bool(slot.area_minutes) and slot.aircraft > 0
            received += heard
            jammed += slot.unplaced
    share = alive / inside if inside else MISSING
    listening = [float(soon), float(received), float(jammed), share, float(lowest)]
    return listening, [float(band) for band in beside]


def _beside(row: int, column: int, place: Airfield) -> bool:
    """Whether a cell is the field's own or touches it."""
    return (
        abs(row - math.floor(place.lat_deg / CELL_DEG)) <= 1
        and abs(column - math.floor(place.lon_deg / CELL_DEG)) <= 1
    )

"""Has each class of evidence a place of its own in its table, in the order in which weights are
learned: a row for each distance, and along it from the least value to the greatest?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from collector.geo import destination
from collector.landings.evidence import combined, descent, direction, features
from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.ends import End
from collector.landings.evidence.features import TABLES, SilenceFacts, features_of
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing, bearing_to
from collector.model import RunwayEnd
from tests.landings.made_fixes import FIELD, fix

AIM = bearing_to(FIELD, fix(0, 3.0)).aim
FAR_ABOVE = 1.0 + 1e-9


def of_each_class(limits: Sequence[float]) -> list[float]:
    """The least value of each class; of the first, which has none, one a little below its limit."""
    return [limits[0] - 0.01, *limits]


def end(distance_nm: float = 5.0, height_ft: float = 1500.0, **more: Any) -> End:
    bearing = Bearing(
        distance_nm,
        height_ft,
        more.pop("off_course_deg", 0.0),
        more.pop("runway", None),
        more.pop("offset_nm", None),
        AIM,
    )
    blind, turn_fix = more.pop("blind", None), more.pop("turn_fix", None)
    return End(fix(0, distance_nm, height_ft, **more), {"XHER": bearing}, turn_fix, blind=blind)


def sunk(one: End, sign: float = 1.0) -> dict[str, int]:
    return dict(descent.descent_features(one, FIELD, sign))


def turned(one: End, *, departing: bool = False, runway: bool = False) -> dict[str, int]:
    field = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, 3000.0),))
    return dict(direction.direction_features(one, field if runway else FIELD, departing=departing))


def test_steepness_by_distance() -> None:
    found = [
        sunk(end(nm, steepness * FAR_ABOVE * FT_PER_NM_AT_3_DEG * max(nm, 1.0)))["path"]
        for nm in of_each_class(descent.DISTANCE_NM)
        for steepness in of_each_class(descent.PATH)
    ]
    assert found == list(range(descent.SIZES["path"]))
    assert sunk(end(0.5, 400.0))["path"] == sunk(end(0.9, 400.0))["path"], "nearer it is a mile"


def test_heights_and_rates() -> None:
    heights = [sunk(end(height_ft=feet))["height"] for feet in of_each_class(descent.HEIGHT_FT)]
    assert heights == list(range(descent.SIZES["height"]))
    for sign in (1.0, -1.0):
        rates: list[float | None] = [sign * fpm for fpm in of_each_class(descent.RATE_FPM)]
        found = [sunk(end(vertical_rate_fpm=fpm), sign)["rate"] for fpm in (*rates, None)]
        assert found == list(range(descent.SIZES["rate"]))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_where_a_descent_leads_by_distance(sign: float) -> None:
    found = []
    for nm in of_each_class(descent.PROJECTED_NM):
        for share in of_each_class(descent.PROJECTED):
            fpm = -sign * share * FAR_ABOVE * 1500.0 / (60.0 * nm / 150.0)
            one = end(nm, 1500.0, vertical_rate_fpm=fpm, ground_speed_kt=150.0)
            found.append(sunk(one, sign)["projected"])
    unknown = descent.SIZES["projected"] - 1
    assert found == list(range(unknown))
    for speed_kt, rate_fpm in ((None, -800.0), (150.0, None), (59.0, -800.0)):
        one = end(vertical_rate_fpm=rate_fpm, ground_speed_kt=speed_kt)
        assert sunk(one, sign)["projected"] == unknown
    slow = end(vertical_rate_fpm=-800.0, ground_speed_kt=60.0)
    assert sunk(slow, sign)["projected"] < unknown


def test_speeds_by_distance_and_altitudes_without_a_position() -> None:
    found = [
        sunk(end(nm, ground_speed_kt=kt))["speed"]
        for nm in of_each_class(descent.SPEED_NM)
        for kt in of_each_class(descent.SPEED_KT)
    ]
    assert [*found, sunk(end())["speed"]] == list(range(descent.SIZES["speed"]))
    lows = [
        BlindHeights(FIELD.elevation_ft + feet, 0.0, 0.0)
        for feet in of_each_class(descent.BLIND_FT)
    ]
    blinds = [sunk(end(blind=blind))["blind"] for blind in (*lows, None)]
    assert blinds == list(range(descent.SIZES["blind"]))


def test_courses_and_offsets_by_distance() -> None:
    courses = [
        turned(end(nm, off_course_deg=deg))["course"]
        for nm in of_each_class(direction.NEARNESS_NM)
        for deg in (*of_each_class(direction.COURSE_DEG), None)
    ]
    assert courses == list(range(direction.SIZES["course"]))
    offsets = [
        turned(end(nm, offset_nm=offset))["centreline"]
        for nm in of_each_class(direction.REACH_NM)
        for offset in of_each_class(direction.OFFSET_NM)
    ]
    near, far = direction.REACH_NM[0] - 0.01, direction.REACH_NM[0]
    without = turned(end(near))["centreline"]
    with_runway = [turned(end(nm), runway=True)["centreline"] for nm in (near, far)]
    assert [*offsets, without, *with_runway] == list(range(direction.SIZES["centreline"]))


@pytest.mark.parametrize("departing", [False, True])
def test_turns_by_distance(departing: bool) -> None:
    """The minute before it flew straight towards the field, or away from it."""
    before = fix(-60, 8.0, track_deg=0.0 if departing else 180.0)
    found = [
        turned(end(nm, off_course_deg=deg + 1e-9, turn_fix=before), departing=departing)["turn"]
        for nm in (direction.NEARNESS_NM[1], direction.NEARNESS_NM[1] + 0.01)
        for deg in of_each_class(direction.TURN_DEG)
    ]
    unknown = turned(end(), departing=departing)["turn"]
    assert [*found, unknown] == list(range(direction.SIZES["turn"]))
    no_course = end(off_course_deg=None, turn_fix=before)
    no_track = end(turn_fix=replace(before, track_deg=None))
    assert turned(no_course, departing=departing)["turn"] == unknown
    assert turned(no_track, departing=departing)["turn"] == unknown


@pytest.mark.parametrize(("departing", "track_deg"), [(False, 180.0), (True, 0.0)])
def test_sides_by_distance(departing: bool, track_deg: float) -> None:
    """Seen from the field, on final is 0°; it flies along the runway, wherever it is."""
    field = replace(FIELD, runways=(RunwayEnd("18", 30.0, 35.0, 180.0, 3000.0),))
    aim = bearing_to(field, fix(0, 3.0)).aim
    found = []
    for nm in of_each_class(direction.NEARNESS_NM):
        for deg in of_each_class(direction.SIDE_DEG):
            lat, lon = destination(aim.lat_deg, aim.lon_deg, deg + 1e-6, nm)
            one = fix(0, 0.0, track_deg=track_deg)
            one = replace(one, lat_deg=lat, lon_deg=lon)
            there = End(one, {"XHER": Bearing(nm, 1500.0, 0.0, None, None, aim)})
            found.append(turned(there, departing=departing, runway=True)["side"])
    unknown = [turned(end(track_deg=track_deg))["side"], turned(end(), runway=True)["side"]]
    assert found == list(range(direction.SIZES["side"] - 1))
    assert set(unknown) == {direction.SIZES["side"] - 1}


def test_pairs_of_classes_have_a_place_of_their_own() -> None:
    plain = {"projected": 0, "course": 0, "height": 0, "path": 0, "speed": 0}

    def index(table: str, **single: int) -> int:
        return dict(combined.combined_features(plain | single))[table]

    courses = range(combined.COURSES)
    for table, name in (("leads", "projected"), ("bound", "height")):
        rows = range(descent.SIZES[name])
        found = [
            index(table, **{name: row, "course": each}) for row, each in product(rows, courses)
        ]
        assert found == list(range(combined.SIZES[table]))
        later = index(table, **{name: 1, "course": combined.COURSES + 2})
        assert later == index(table, **{name: 1, "course": 2}), "the distance does not matter"


def test_energy_takes_two_classes_of_speed_and_steepness_for_one() -> None:
    steepnesses, speeds = len(descent.PATH) + 1, len(descent.SPEED_KT) + 1
    found = []
    for distance in range(len(descent.DISTANCE_NM) + 1):
        for speed in (*range(speeds), descent.SIZES["speed"] - 1):
            for steepness in range(steepnesses):
                single = {"path": distance * steepnesses + steepness, "speed": speed}
                plain = {"projected": 0, "course": 0, "height": 0}
                found.append(dict(combined.combined_features(plain | single))["energy"])
    assert found == sorted(found, key=lambda each: (each // combined.STEEPNESSES, 0))
    assert set(found) == set(range(combined.SIZES["energy"]))
    farther = {"path": 0, "speed": speeds + 2, "projected": 0, "course": 0, "height": 0}
    near = farther | {"speed": 2}
    energies = [dict(combined.combined_features(each))["energy"] for each in (farther, near)]
    assert energies[0] == energies[1], "a speed is the same at any distance"


def facts(**more: Any) -> SilenceFacts:
    plain = SilenceFacts(
        arrival=None,
        departure=None,
        coverage_after=None,
        coverage_later=None,
        lowest=None,
        open=False,
        returns=None,
        begins=None,
        spare=None,
    )
    return replace(plain, **more)


def index(table: str, **more: Any) -> int | None:
    return dict(features_of(facts(**more), FIELD)).get(table)


def test_ends_and_what_was_heard_elsewhere() -> None:
    here, rolls = end(), replace(end(), rolling="XHER")
    found = [
        index("ends", arrival=here, departure=here),
        index("ends", arrival=here),
        index("ends", arrival=here, open=True),
        index("ends", departure=here),
        index("ends", arrival=here, departure=rolls),
        index("ends", departure=rolls),
    ]
    assert found == list(range(TABLES["ends"]))
    for table, other in (("begins", "arrival"), ("returns", "departure")):
        bearings = [
            Bearing(nm, feet, 0.0, None, None, AIM)
            for nm in (14.0, 15.0, 40.0, 90.0, 200.0)
            for feet in (11_999.0, 12_000.0, None)
        ]
        indexes = [index(table, **{table: each}) for each in bearings]
        assert indexes == list(range(TABLES[table]))
        assert index(table, **{table: bearings[0], other: here}) is None


def test_time_to_spare_and_coverage() -> None:
    minutes = of_each_class(features.SPARE_MINUTES)
    spares = [
        index("spare", spare=timedelta(minutes=each), arrival=end(), departure=departure)
        for departure in (end(), None)
        for each in minutes
    ]
    assert spares == list(range(TABLES["spare"]))
    for table, name in (("silence", "coverage_after"), ("later", "coverage_later")):
        heard = [
            index(table, arrival=end(height_ft=feet), **{name: share})
            for feet in of_each_class(features.LOW_FT)
            for share in (*of_each_class(features.HEARD_SHARE), None)
        ]
        assert heard == list(range(TABLES[table]))


def test_how_low_others_were_heard() -> None:
    """By bands of altitude, relative to that of the end."""
    one = end(height_ft=9000.0)
    found = [index("arrival.lower", arrival=one, lowest=5 - each) for each in of_bands()]
    unknown = index("arrival.lower", arrival=one)
    assert [*found, unknown] == list(range(TABLES["arrival.lower"]))
    rolls = replace(one, rolling="XHER")
    assert index("departure.path", departure=rolls) is None
    assert index("departure.path", departure=one) is not None


def of_bands() -> list[int]:
    return [round(features.LOWER_BANDS[0]) - 1, *map(round, features.LOWER_BANDS)]

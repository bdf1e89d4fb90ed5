"""What becomes of a ground bit that is not believed, of a jump, and of reports of one moment?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.model import Observation, Source
from collector.tracking import Doubt, track, tracks_of
from tests.tracking.test_chain import north
from tests.tracking.test_repeats import FLIES, later

ROLLS: dict[str, Any] = {"on_ground": True, "ground_speed_kt": 400.0, "baro_altitude_ft": 8000.0}
"""Nothing rolls so fast."""


@pytest.mark.parametrize("seconds", [2.0, 4.0])
def test_the_same_transmission_with_such_a_bit_is_one_fix(seconds: float) -> None:
    (fix,) = track([FLIES, later(FLIES, seconds, **ROLLS)])
    assert (fix.feeds, fix.on_ground, fix.doubt) == (("one", "two"), None, None)


def test_later_the_same_place_with_such_a_bit_is_frozen() -> None:
    fixes = track([FLIES, later(FLIES, 60.0, **ROLLS)])
    assert [fix.doubt for fix in fixes] == [None, Doubt.FROZEN]
    assert (fixes[1].placed, fixes[1].altitude_ft) == (False, 8000.0)
    moved = track([FLIES, later(FLIES, 60.0, **ROLLS, lat_deg=30.1)])
    assert [fix.placed for fix in moved] == [True, True]
    slow: dict[str, Any] = {**ROLLS, "ground_speed_kt": 50.0, "source": Source.MLAT}
    stands = track([FLIES, later(FLIES, 60.0, **slow)])
    assert [(fix.placed, fix.doubt) for fix in stands] == [(True, None), (True, None)]


@pytest.mark.parametrize(("apart_s", "times"), [(4.0, 1), (4.1, 2)])
def test_a_frozen_place_is_told_once_a_transmission(apart_s: float, times: int) -> None:
    again = [later(FLIES, 60.0 + n * apart_s, baro_altitude_ft=8000.0 + n) for n in range(2)]
    fixes = track([FLIES, *again])
    assert sum(fix.doubt is Doubt.FROZEN for fix in fixes) == times


def test_a_report_with_nothing_to_say_is_no_fix() -> None:
    empty = replace(FLIES, position_at=None, lat_deg=None, lon_deg=None, baro_altitude_ft=None)
    assert track([empty]) == []
    assert track([later(empty, 60.0, on_ground=True), FLIES]) == track([FLIES])


HALF_A_MINUTE = 30.0
HERE, THERE = north(range(6), 30.0), north(range(6), 50.0, name="other")


def in_turns(*, heights: int) -> list[Observation]:
    """Two aircraft in turns, with so many altitudes without a position before each report."""
    rows = []
    for here, there in zip(HERE, THERE, strict=True):
        for number, one in enumerate((here, later(there, HALF_A_MINUTE))):
            for each in range(heights, 0, -1):
                bare = later(one, -5.0 * each, position_at=None, lat_deg=None, lon_deg=None)
                rows.append(replace(bare, baro_altitude_ft=30_000.0 + each + 100 * number))
            rows.append(one)
    return rows


@pytest.mark.parametrize("heights", [0, 1, 2])
def test_a_jump_is_seen_from_the_last_position_whatever_lies_between(heights: int) -> None:
    fixes, beside = tracks_of(in_turns(heights=heights))
    assert [fix.lat_deg for fix in fixes if fix.placed] == [each.lat_deg for each in HERE]
    assert [[fix.lat_deg for fix in each] for each in beside] == [[row.lat_deg for row in THERE]]


def test_a_jump_over_an_altitude_is_one() -> None:
    bare = replace(HERE[1], position_at=None, lat_deg=None, lon_deg=None)
    fixes = track([HERE[0], bare, THERE[2]])
    assert [fix.doubt for fix in fixes] == [None, None, Doubt.UNREACHABLE]
    assert [fix.placed for fix in track([HERE[0], bare, HERE[2]])] == [True, False, True]


def test_of_two_reports_of_one_moment_the_one_with_a_position_and_a_height_comes_first() -> None:
    """So the fix of it is the same in any order."""
    bare = replace(FLIES, position_at=None, lat_deg=None, lon_deg=None)
    low, none = replace(FLIES, baro_altitude_ft=0.0), replace(FLIES, baro_altitude_ft=None)
    for rows in ([FLIES, low, none], [none, low, FLIES], [low, FLIES, none]):
        assert [fix.altitude_ft for fix in track(rows)] == [0.0]
    for rows in ([FLIES, none, bare], [bare, none, FLIES]):
        assert [(fix.placed, fix.altitude_ft) for fix in track(rows)] == [
            (True, 9000.0),
            (False, 9000.0),
        ]

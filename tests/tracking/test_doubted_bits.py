"""What becomes of a ground bit that is not believed, and of a place that is given again with it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.model import Source
from collector.tracking import Doubt, track
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

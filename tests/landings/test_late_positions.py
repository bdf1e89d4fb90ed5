"""When was an aircraft at a position that a feed gives late? By the way from the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.landings.late_positions import passed_between
from collector.tracking import Doubt, Fix
from tests.landings.made_fixes import SECOND, T, blind, contacts, fix

NORTH: dict[str, Any] = {"ground_speed_kt": 120.0, "track_deg": 0.0}
"""Two miles a minute."""


def passed(*rows: Fix, index: int = -1) -> tuple[float, float]:
    """The first and the last time at which it may have been at one of these positions, in s."""
    made = contacts(*rows)
    begin, end = passed_between(made, range(len(rows))[index])
    return (begin - T) / SECOND, (end - T) / SECOND


def test_a_straight_way_dates_a_position() -> None:
    """It needs 60 s for 2 NM. It is given a minute later: that is more than 5 s and 5 %."""
    assert passed(fix(0, 0.0, **NORTH), fix(60, 2.0, **NORTH)) == pytest.approx((60, 60))
    assert passed(fix(0, 0.0, **NORTH), fix(68, 2.0, **NORTH)) == pytest.approx((68, 68))
    assert passed(fix(0, 0.0, **NORTH), fix(69, 2.0, **NORTH)) == pytest.approx((60, 60))
    assert passed(fix(0, 0.0, **NORTH), fix(50, 2.0, **NORTH)) == pytest.approx((50, 50))


def test_where_it_may_have_flown_a_circle_it_is_dated_by_the_way_and_by_its_own_time() -> None:
    """At 120 kt a full circle takes 68 s."""
    before = fix(0, 0.0, **NORTH)
    assert passed(before, fix(119, 1.7, **NORTH)) == pytest.approx((51, 51), abs=0.1)
    assert passed(before, fix(119, 1.6, **NORTH)) == pytest.approx((48, 119), abs=0.1)
    frozen = blind(125, 1000, doubt=Doubt.FROZEN)
    assert passed(before, fix(119, 1.6, **NORTH), frozen, index=1) == pytest.approx(
        (48, 48), abs=0.1
    )
    assert passed(before, fix(121, 3.0, **NORTH)) == pytest.approx((90, 121), abs=0.1)
    assert passed(before, fix(120, 3.0, **NORTH)) == pytest.approx((90, 90), abs=0.1)


@pytest.mark.parametrize(
    ("before_deg", "after_deg", "straight"),
    [
        (15.0, 345.0, True),
        (16.0, 0.0, False),
        (0.0, 344.0, False),
        (None, 0.0, False),
        (0.0, None, False),
    ],
)
def test_a_turning_way_is_dated_only_if_the_feed_repeats_it(
    before_deg: float | None, after_deg: float | None, straight: bool
) -> None:
    """And then to no better than the time between."""
    before, last = fix(0, 0.0, **NORTH), fix(100, 2.0, **NORTH)
    before, last = replace(before, track_deg=before_deg), replace(last, track_deg=after_deg)
    assert passed(before, last) == pytest.approx((60, 60) if straight else (100, 100))
    frozen = blind(110, 1000, doubt=Doubt.FROZEN)
    repeated = passed(before, last, frozen, index=1)
    assert repeated == pytest.approx((60, 60) if straight else (60, 100))
    stale = blind(110, 1000, doubt=Doubt.STALE)
    assert passed(before, last, stale, index=1)[0] == pytest.approx(60 if straight else 100)


def test_on_a_turning_way_more_of_the_time_is_no_delay() -> None:
    """5 s and 12 %."""
    before = fix(0, 0.0, ground_speed_kt=120.0, track_deg=90.0)
    frozen = blind(200, 1000, doubt=Doubt.FROZEN)
    for seconds, late in ((73, False), (74, True)):
        found = passed(before, fix(seconds, 2.0, **NORTH), frozen, index=1)
        assert found == pytest.approx((60, seconds) if late else (seconds, seconds))


def test_only_a_position_before_with_speeds_says_it() -> None:
    late = fix(100, 2.0, **NORTH)
    own = pytest.approx((100, 100))
    assert passed(late) == own
    assert passed(blind(0, 1000), late) == own
    assert passed(fix(-261, 0.0, **NORTH), late) == own, "six minutes before"
    assert passed(fix(-260, 0.0, **NORTH), late)[0] == pytest.approx(-200)
    assert passed(fix(0, 0.0, **NORTH), blind(50, 1000), late) == pytest.approx((60, 60))
    for speed in (None, 0.0):
        slow = {"ground_speed_kt": speed, "track_deg": 0.0}
        assert passed(fix(0, 0.0, **slow), late) == own
        assert passed(fix(0, 0.0, **NORTH), fix(100, 2.0, **slow)) == own
    faster = fix(100, 2.0, ground_speed_kt=360.0, track_deg=0.0)
    assert passed(fix(0, 0.0, **NORTH), faster) == pytest.approx((30, 30)), "at 240 kt"

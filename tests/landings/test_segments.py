"""Which contacts are a stay, and which silences may hide one? Small tracks, each bound on both
sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.landings.segments import Gap, Stay, gaps_of, stays_of
from collector.model import RunwayEnd
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, SECOND, T, blind, contacts, fix, ground

DESCENDS = fix(-60, 3.0, 1000, vertical_rate_fpm=-800.0, ground_speed_kt=150.0)
LEVEL = replace(DESCENDS, vertical_rate_fpm=0.0)
CLIMBS = fix(700, 3.0, 1000, vertical_rate_fpm=1500.0, ground_speed_kt=150.0)


def roll(seconds: float, speed_kt: float | None, north_nm: float = 0.0) -> Fix:
    return ground(seconds, north_nm, speed_kt)


def stays(*rows: Fix, **more: Any) -> list[Stay]:
    """The stays of these rows; those that say so are on the ground, and slow up to 40 kt."""
    down = [n for n, row in enumerate(rows) if row.on_ground]
    slow = [n for n in down if (rows[n].ground_speed_kt or 0.0) <= RULES.slow_kt]
    return stays_of(contacts(*rows, **{"down": down, "slow": slow, **more}), RULES)


def times(*rows: Fix, **more: Any) -> list[tuple[float, float]]:
    """From when to when each stay lasted, in s."""
    return [
        ((each.first.fix.at - T) / SECOND, (each.last.fix.at - T) / SECOND)
        for each in stays(*rows, **more)
    ]


def test_what_a_stay_says_of_its_reports() -> None:
    rows = (
        DESCENDS,
        roll(0, 120.0),
        roll(20, 60.0),
        replace(roll(40, 20.0), feeds=("b",)),
        roll(47, 10.0),
        roll(48, None),
        roll(600, 0.0),
        CLIMBS,
    )
    (stay,) = stays(*rows)
    assert stay.field is FIELD
    assert (stay.first.fix, stay.last.fix) == (rows[1], rows[6])
    assert (stay.reports, stay.slow, stay.separate, stay.bit_at) == (6, 4, 3, rows[1].at)
    assert stay.stayed == 560 * SECOND
    assert stay.feeds == ("a", "b")
    assert stay.before is not None
    assert (stay.before.fix, stay.proofs) == (DESCENDS, 1)
    assert stay.flying == stay.before
    assert stay.passed == (DESCENDS.at, DESCENDS.at)
    assert stay.after is not None
    assert stay.after.fix == CLIMBS
    assert (stay.stood, stay.braked, stay.rolls_out, stay.stopped) == (False, True, True, True)
    assert (stay.again, stay.hops) == (False, False)
    assert (stay.sinks, stay.comes, stay.leaves) == (True, True, True)


def test_without_anything_before_or_after() -> None:
    (stay,) = stays(ground(0), ground(60))
    assert (stay.before, stay.flying, stay.passed, stay.after) == (None, None, None, None)
    assert (stay.proofs, stay.sinks, stay.comes, stay.leaves) == (0, False, False, True)


@pytest.mark.parametrize(
    ("rows", "is_stay"),
    [
        # Received at speed only: a landing after a descent or a silence, else a take-off run.
        ([DESCENDS, roll(0, 120.0)], True),
        ([LEVEL, roll(0, 120.0)], False),
        ([replace(LEVEL, at=T - 600 * SECOND), roll(0, 120.0)], False),
        ([replace(LEVEL, at=T - 601 * SECOND), roll(0, 120.0)], True),
        ([roll(0, 120.0)], False),
        ([DESCENDS, roll(0, 120.0), replace(CLIMBS, at=T + 600 * SECOND)], False),
        ([DESCENDS, roll(0, 120.0), replace(CLIMBS, at=T + 601 * SECOND)], True),
        # Received braking, from at most 80 kt, by 5 kt or more, in three reports.
        ([DESCENDS, roll(0, 85.0), roll(5, 90.0), roll(10, 80.0), CLIMBS], True),
        ([roll(0, 85.0), roll(5, 90.0), roll(10, 80.0), CLIMBS], True),
        (
            [roll(0, 85.0), roll(5, 90.0), roll(10, 80.0), replace(CLIMBS, at=T + 610 * SECOND)],
            False,
        ),
        # Slow, or as long as a stay.
        ([roll(0, 40.0), CLIMBS], True),
        ([roll(0, 120.0), roll(720, 120.0), replace(CLIMBS, at=T + 800 * SECOND)], True),
        ([roll(0, 120.0), roll(719, 120.0), replace(CLIMBS, at=T + 800 * SECOND)], False),
    ],
)
def test_a_touch_of_the_ground_or_a_take_off_is_no_stay(rows: list[Fix], is_stay: bool) -> None:
    assert bool(stays(*rows)) is is_stay


@pytest.mark.parametrize(
    ("speeds_kt", "braked"),
    [
        ((85.0, 90.0, 80.0), True),
        ((85.0, 90.0, 81.0), False),
        ((84.0, 90.0, 80.0), False),
        ((85.0, 80.0), False),
        ((85.0, None, 80.0), False),
        ((90.0, 85.0, 84.0, 79.0), True),
    ],
)
def test_it_brakes_if_it_is_received_slowing_down(
    speeds_kt: tuple[float | None, ...], braked: bool
) -> None:
    rows = [roll(5.0 * n, speed) for n, speed in enumerate(speeds_kt)]
    (stay,) = stays(DESCENDS, *rows, roll(3600, 90.0), slow=[])
    (alone,) = stays(DESCENDS, *rows, slow=[])
    assert alone.braked is braked
    assert stay.stood


@pytest.mark.parametrize(
    ("first_kt", "slow_at_s", "rolls_out"),
    [
        (60.0, 90, True),
        (60.0, 91, False),  # some feeds repeat the speed of the approach for minutes
        (59.0, 90, False),
        (None, 90, False),
    ],
)
def test_it_rolls_out_if_it_is_fast_and_slow_soon(
    first_kt: float | None, slow_at_s: float, rolls_out: bool
) -> None:
    (stay,) = stays(DESCENDS, roll(0, first_kt), roll(slow_at_s, 10.0), slow=[2])
    assert stay.rolls_out is rolls_out


def test_a_bit_that_came_too_soon_is_no_touchdown() -> None:
    """It flew on for longer than a bit flickers, and landed then."""
    soon = roll(0, 100.0)
    flies = fix(20, 1.0, 300, ground_speed_kt=100.0), fix(32, 1.5, 300, ground_speed_kt=100.0)
    assert times(DESCENDS, soon, *flies, roll(60, 30.0)) == [(60, 60)]
    assert times(DESCENDS, replace(soon, ground_speed_kt=40.0), *flies, roll(31, 30.0)) == [(0, 31)]
    assert times(DESCENDS, soon, *flies[:1], roll(30, 30.0)) == [(0, 30)]
    assert times(DESCENDS, soon, fix(20, 0.0, 100), roll(60, 30.0)) == [(0, 60)], "it stood"


def test_as_fast_as_in_flight_it_rolls_only_on_a_runway() -> None:
    runway = replace(
        FIELD,
        runways=(
            RunwayEnd("18", 30.01, 35.0, 180.0, 2000.0),
            RunwayEnd("36", 29.992, 35.0, 0.0, 2000.0),
        ),
    )
    beside, slower = roll(0, 60.0, 1.6), roll(0, 59.0, 1.6)
    last = roll(30, 30.0)
    there = {"down": {1: runway, 2: runway}, "slow": [2]}
    assert times(DESCENDS, beside, last, **there) == [(30, 30)]
    assert times(DESCENDS, slower, last, **there) == [(0, 30)]
    assert times(DESCENDS, roll(0, 60.0, 1.0), last, **there) == [(0, 30)]
    assert times(DESCENDS, roll(0, None, 1.6), last, **there) == [(0, 30)]
    assert times(DESCENDS, beside, last) == [(0, 30)], "the runways are not known"
    late = roll(601, 30.0)
    assert times(DESCENDS, beside, late, **there) == [(0, 601)], "its speed is an old one"
    assert times(DESCENDS, beside, roll(600, 30.0), **there) == [(600, 600)]


def test_while_others_still_sink_it_has_not_landed() -> None:
    sinks = [fix(10 + 20 * n, 1.5 - 0.5 * n, 300 - 100 * n) for n in range(3)]
    rows = DESCENDS, roll(0, 30.0), sinks[0], sinks[1], roll(40, 30.0), sinks[2], roll(60, 30.0)
    assert times(*rows) == [(40, 60)]
    assert times(DESCENDS, roll(0, 30.0), roll(40, 30.0), roll(60, 30.0)) == [(0, 60)]


def test_the_last_proof_that_it_flew_is_beyond_the_field_or_long_before() -> None:
    """Ground bits come up to two and a half minutes late, so that a fix on the field may roll."""
    earlier = fix(-300, 6.0, 2000)
    low = {"ground_speed_kt": 100.0}

    def flying(*rows: Fix) -> Fix | None:
        found = stays(*rows, ground(0))[0].flying
        return None if found is None else found.fix

    assert flying(earlier, fix(-150, 0.5, 100, **low)) == earlier
    late = fix(-151, 0.5, 100, **low)
    assert flying(earlier, late) == late
    high = fix(-150, 0.5, 101, **low)
    assert flying(earlier, high) == high
    beyond = fix(-150, 2.3, 100, **low)
    assert flying(earlier, beyond) == beyond
    assert flying(fix(-150, 0.5, 100, **low)) == fix(-150, 0.5, 100, **low), "there is no other"


def test_one_contact_at_another_field_hides_no_proof_before_it() -> None:
    way = fix(-900, 9.0, 3000, ground_speed_kt=200.0)
    wrong = ground(-600, 30.0)
    one = stays(way, wrong, ground(0), ground(60), down={1: OTHER, 2: FIELD, 3: FIELD})
    assert [each.field.icao for each in one] == ["XOTH", "XHER"]
    assert one[1].before is not None
    assert one[1].before.fix == wrong
    assert (one[1].proofs, one[1].again) == (2, False)
    two = stays(way, wrong, ground(-590, 30.0), ground(0), down={1: OTHER, 2: OTHER, 3: FIELD})
    assert two[-1].proofs == 1


def test_another_stay_at_the_same_field_comes_after_a_flight() -> None:
    away = [fix(600 + 60 * n, 4.0 + 3 * n, ground_speed_kt=200.0) for n in range(3)]
    first, second = stays(DESCENDS, ground(-30), ground(0), *away, ground(1200))
    assert (first.again, second.again) == (False, True)
    assert first.after is not None
    assert first.after.fix == away[0]
    assert second.before is not None
    assert second.before.fix == away[2]
    assert second.proofs == 3


def test_how_it_came_and_left_is_told_by_the_reports_around_it() -> None:
    def only(*rows: Fix, **more: Any) -> Stay:
        return stays(*rows, **more)[0]

    assert not only(LEVEL, ground(0)).sinks
    assert not only(fix(-60, 3.0, 20_000), ground(0)).comes
    assert not only(DESCENDS, ground(0), fix(60, 3.0, 20_000, ground_speed_kt=200.0)).leaves
    there = {"down": {1: FIELD, 2: OTHER}}
    hopped = only(DESCENDS, ground(0), ground(300, 30.0), **there)
    assert (hopped.hops, hopped.leaves) == (True, False)
    later = only(DESCENDS, ground(0), ground(1800, 30.0), **there)
    assert (later.hops, later.leaves) == (False, True)


def test_who_left_another_field_needs_time_to_come() -> None:
    left = ground(-400, 10.0), ground(-290, 10.0)
    way = fix(-60, 3.0, 1000, ground_speed_kt=150.0)
    down = {0: OTHER, 1: OTHER, 3: FIELD}
    assert not stays(*left, way, ground(0), down=down)[-1].comes
    assert stays(*left, way, ground(30), down=down)[-1].comes
    assert stays(*left, way, ground(0), down={3: FIELD})[-1].comes


def test_a_place_of_its_last_flight_may_be_dated_late() -> None:
    """It was there already when it was last seen to move: that place was repeated."""
    assert (
        stays(blind(-300, 9000), blind(-240, 8000), blind(-180, 7000), ground(0))[0].passed is None
    )


def test_silences_that_may_hide_a_stay_are_longer_than_the_shortest_one() -> None:
    rows = fix(0, 9.0), fix(239, 9.0), fix(479, 9.0), fix(600, 9.0)
    assert gaps_of(contacts(*rows), RULES) == [Gap(1, 2), Gap(3, None)]
    assert gaps_of(contacts(*rows, breaks=[2]), RULES) == [Gap(3, None)]
    assert gaps_of(contacts(), RULES) == []
    stands = ground(0), ground(3600), fix(7200, 9.0)
    assert gaps_of(contacts(*stands, down=[0, 1]), RULES) == [Gap(1, 2), Gap(2, None)]
    assert gaps_of(contacts(*stands, down={0: FIELD, 1: OTHER}), RULES)[0] == Gap(0, 1)

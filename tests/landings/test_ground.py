"""Does a contact with the ground survive the fixes around it? Every bound on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from collector.landings.ground import garbled_height, vetted
from collector.model import Airfield
from collector.tracking import Doubt, Fix, Fixes
from tests.landings.made_fixes import FIELD, OTHER, RULES, blind, contacts, fix, ground


def vet(
    *rows: Fix,
    slow: bool = True,
    breaks: tuple[int, ...] = (),
    there: Mapping[int, Airfield | None] = MappingProxyType({}),
) -> tuple[Fixes, list[int]]:
    """Return the fixes, and which are still on the ground, of these in order of time."""
    down = {n: FIELD for n, row in enumerate(rows) if row.on_ground} | dict(there)
    made = contacts(*rows, down=down, breaks=breaks)
    fixes, left, left_slow = vetted(made.fixes, made.down, made.slow if slow else set(), RULES)
    assert left_slow == (set(left) if slow else set())
    return fixes, list(left)


@pytest.mark.parametrize(
    ("speed_kt", "apart_s", "way_kt", "others_kt", "passes"),
    [
        (100.0, 60, 81, 200.0, True),
        (100.0, 60, 79, 200.0, False),
        (100.0, 45, 81, 200.0, True),
        (100.0, 44, 81, 200.0, False),
        (100.0, 180, 81, 200.0, True),
        (100.0, 181, 81, 200.0, False),
        (41.0, 60, 79, 200.0, False),
        # Without a speed, movement over a longer time shows it.
        (None, 60, 61, 200.0, True),
        (None, 60, 59, 200.0, False),
        (None, 360, 61, 200.0, True),
        (None, 361, 61, 200.0, False),
        # What says that it was slow was, unless it says so wherever it moves.
        (40.0, 60, 61, 40.0, True),
        (40.0, 60, 59, 40.0, False),
        (40.0, 60, 61, 41.0, False),
        (40.0, 60, 61, None, False),
    ],
)
def test_a_contact_that_is_passed_at_the_speed_of_flight_is_none(
    speed_kt: float | None, apart_s: float, way_kt: float, others_kt: float | None, passes: bool
) -> None:
    way_nm = way_kt * apart_s / 3600.0
    rows = (
        fix(-apart_s, -way_nm, ground_speed_kt=others_kt),
        ground(0, 0.0, speed_kt),
        fix(apart_s, way_nm, ground_speed_kt=others_kt),
    )
    fixes, down = vet(*rows, slow=False)
    assert down == ([] if passes else [1])
    assert fixes[1].on_ground is (None if passes else True)
    assert fixes[1].placed
    assert vet(*rows[:2], slow=False)[1] == [1], "it may have come to rest"
    assert vet(*rows[1:], slow=False)[1] == [0], "it may have begun to roll"


def test_what_is_astray_passes_no_field() -> None:
    rows = fix(-60, 10.0), ground(0, 12.0, 100.0), fix(60, 14.0)
    assert vet(*rows, slow=False)[1] == []
    assert vet(*rows, slow=False, there={1: None})[1] == [1]


def test_positions_alone_show_that_it_passes() -> None:
    rows = (fix(-60, -2.0), ground(0, 0.0, 100.0), blind(50, 3000), fix(60, 2.0))
    assert vet(*rows, slow=False)[1] == []
    assert vet(*rows[:3], slow=False)[1] == [1]


@pytest.mark.parametrize(
    ("air", "contradicts"),
    [
        # 6,000 ft/min up and 10,000 down, with 20 s and 1,000 ft for what is garbled.
        (fix(100, 1.0, 13_001), True),
        (fix(100, 1.0, 13_000), False),
        (blind(100, 13_001), True),
        (fix(-100, 1.0, 21_001), True),
        (fix(-100, 1.0, 21_000), False),
        # From standing, as far as a roll of half a minute and a gain of 1.5 kt/s lead.
        (fix(100, 8.5), True),
        (fix(100, 8.3), False),
        (fix(100, 8.5, None), True),
        (fix(-100, 8.5), True),
        (fix(-100, 8.3), False),
        (fix(1, 0.9), False),
        (fix(600, 170.0), True),
        (fix(601, 170.0), False),  # every flight is possible
    ],
)
def test_no_aircraft_flies_from_a_stand_to_there(air: Fix, contradicts: bool) -> None:
    alone = sorted((ground(0), air), key=lambda each: each.at)
    assert vet(*alone)[1] == ([] if contradicts else [alone.index(ground(0))])


def test_a_roll_may_be_anywhere_so_soon_afterwards() -> None:
    assert vet(ground(0, 0.0, 100.0), fix(100, 8.5), slow=False)[1] == [0]


def test_of_two_reports_and_one_the_two_are_believed() -> None:
    high = fix(160, 1.0, 13_001, vertical_rate_fpm=-500.0, callsign="AZQ1")
    fixes, down = vet(ground(0), ground(60), high)
    assert down == [0, 1]
    assert fixes[2] == replace(high, altitude_ft=None, on_ground=None, vertical_rate_fpm=None)
    far = fix(160, 20.0, callsign="AZQ1", ground_speed_kt=300.0)
    fixes, down = vet(ground(0), ground(60), far)
    assert down == [0, 1]
    assert fixes[2] == Fix(at=far.at, callsign="AZQ1", feeds=("a",), doubt=Doubt.UNREACHABLE)


def test_of_two_against_two_the_ones_in_flight_are_believed() -> None:
    rows = ground(0), ground(60), fix(160, 1.0, 20_000), fix(170, 1.0, 20_000)
    fixes, down = vet(*rows)
    assert down == []
    assert [fixes[each].on_ground for each in range(2)] == [None, None]
    assert fixes[2].altitude_ft is not None


def test_a_fix_is_weighed_once_from_whichever_side() -> None:
    """It lies between two contacts of one cluster, and contradicts both."""
    fixes, down = vet(ground(0), fix(60, 1.0, 20_000), ground(120))
    assert down == [0, 2]
    assert fixes[1].altitude_ft is None


def test_nothing_is_weighed_across_a_break() -> None:
    assert vet(ground(0), fix(60, 1.0, 20_000), breaks=(1,))[1] == [0]
    assert vet(ground(0), fix(60, 1.0, 1000), fix(70, 1.0, 20_000), breaks=(1,))[1] == [0]
    assert vet(fix(0, 1.0, 30_000), ground(60), breaks=(1,))[1] == [1]
    assert vet(fix(0, 1.0, 30_000), ground(60), fix(70, 1.0, 30_000), breaks=(2,))[1] == []


def test_a_height_that_those_around_it_contradict_is_no_witness() -> None:
    rows = (
        ground(0),
        fix(20, 0.3, 500),
        fix(40, 0.6, 30_000, vertical_rate_fpm=100.0),
        fix(60, 0.9, 1500),
    )
    fixes, down = vet(*rows)
    assert down == [0]
    assert fixes[2] == replace(rows[2], altitude_ft=None, vertical_rate_fpm=None)
    away = (*rows[:2], fix(40, 20.0, 30_000), rows[3])
    fixes, down = vet(*away)
    assert down == [0]
    assert fixes[2].doubt is Doubt.UNREACHABLE


@pytest.mark.parametrize(
    ("field", "away_nm", "contradicts"),
    [(None, 11.1, True), (None, 10.9, False), (OTHER, 30.0, False)],
)
def test_the_ground_far_from_every_field_contradicts_as_flight_does(
    field: Airfield | None, away_nm: float, contradicts: bool
) -> None:
    """Nearer, it may be a false place of one that stands at the field."""
    rows = ground(0), ground(100, away_nm)
    assert vet(*rows, there={1: field})[1] == ([1] if contradicts else [0, 1])
    two = ground(-10), *rows
    fixes, down = vet(*two, there={2: field})
    assert down == ([0, 1] if contradicts else [0, 1, 2])
    assert fixes[2].placed is not contradicts


HIGH = fix(760, 0.5, 30_000)
"""No aircraft flies there from the ground a minute before."""


def test_contacts_of_one_stay_vouch_for_each_other_and_not_for_those_of_another() -> None:
    last = ground(700)
    assert vet(ground(0), last, HIGH)[1] == [0, 1]
    assert vet(ground(0), fix(300, 5.0), last, HIGH)[1] == [0, 2], "one fix away may be wrong"
    assert vet(ground(0), fix(300, 5.0), fix(360, 6.0), last, HIGH)[1] == [0]
    assert vet(ground(0), fix(300, 2.0), fix(360, 2.1), last, HIGH)[1] == [0, 3], "over the field"
    assert vet(ground(0), blind(300, 5.0), blind(360, 6.0), last, HIGH)[1] == [0, 3]
    assert vet(ground(-1100), last, HIGH)[1] == [0, 1]
    assert vet(ground(-1101), last, HIGH)[1] == [0], "half an hour before"
    assert vet(ground(0), last, HIGH, there={0: OTHER})[1] == [0]
    astray = ground(300, 5.0), ground(360, 6.0)
    assert vet(ground(0), *astray, last, HIGH, there={1: None, 2: None})[1] == [0, 1, 2, 3]


def test_a_height_that_was_taken_away_is_no_witness_against_the_next_stay() -> None:
    """It contradicts two reports before it, and one after it, of another flight."""
    way = fix(60, 4.0, 4500), fix(70, 4.0, 4500)
    rows = ground(0), ground(10), *way, fix(100, 1.0, 14_000), ground(130)
    assert vet(*rows[2:])[1] == []
    fixes, down = vet(*rows)
    assert down == [0, 1, 5]
    assert fixes.altitude_ft(4) is None


def test_each_report_on_the_ground_has_a_say_about_what_lies_next_to_it() -> None:
    rows = ground(0), fix(60, 1.0, 20_000), ground(120), fix(180, 1.0, 20_000), ground(240)
    fixes, down = vet(*rows)
    assert down == [0, 2, 4]
    assert [fixes.altitude_ft(each) for each in (1, 3)] == [None, None]


def garbled(*heights_ft: float | None, every_s: float = 60.0) -> bool:
    """Whether the middle one of these heights is garbled."""
    rows = [fix(every_s * n, 1.0, feet) for n, feet in enumerate(heights_ft)]
    return garbled_height(Fixes.of(rows), len(rows) // 2)


@pytest.mark.parametrize(
    ("heights_ft", "is_garbled"),
    [
        ((3000, 30_000, 3000), True),
        ((3000, None, 3000), False),
        ((3000, 17_333, 3000), False),  # 10,000 ft/min for 80 s, and 1,000 ft
        ((3000, 17_334, 3000), True),
        ((3000, 30_000, 30_000), False),
        ((None, None, 30_000, 3000, 30_000), False),
        ((3000, None, 30_000, 30_000, 3000), True),
        # Three heights on each side count, whatever lies beyond.
        ((9e4, 9e4, 0, 0, 0, 9e4, 0, 0, 0, 9e4, 9e4), True),
        ((9e4, 9e4, 0, 0, 0, 9e4, 9e4, 9e4, 9e4, 0, 0), False),
        ((0, 9e4, 0, 0, 9e4, 0, 9e4, 9e4, 9e4), False),
    ],
)
def test_a_height_is_garbled_if_more_around_it_contradict_than_agree(
    heights_ft: tuple[float | None, ...], is_garbled: bool
) -> None:
    assert garbled(*heights_ft) is is_garbled
    assert garbled(*reversed(heights_ft)) is is_garbled


def test_heights_of_another_time_say_nothing() -> None:
    assert garbled(3000, 90_000, 3000, every_s=300)
    assert not garbled(3000, 90_000, 3000, every_s=301)

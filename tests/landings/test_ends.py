"""Did the track end in an approach, or begin in a climb-out, and at which fields? Every bound on
both sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.ends import (
    End,
    arrival_end,
    departure_end,
    end_at,
    level_end,
    turn_fix_of,
)
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, blind, contacts, fix, ground

FIELDS = (FIELD, OTHER)
DOWN: dict[str, Any] = {"vertical_rate_fpm": -800.0, "track_deg": 180.0}
UP: dict[str, Any] = {"vertical_rate_fpm": 800.0, "track_deg": 0.0}


def near(
    one: Fix, *, heights: BlindHeights | None = None, departing: bool = False
) -> tuple[set[str], set[str]]:
    """The fields that are possible, and those that lie above the aircraft."""
    end = end_at(one, FIELDS, RULES, turn_fix=None, blind=heights, departing=departing)
    return (set(), set()) if end is None else (set(end.bearings), set(end.excluded))


BOTH, HERE, THERE, NONE = {"XHER", "XOTH"}, {"XHER"}, {"XOTH"}, set[str]()


@pytest.mark.parametrize(
    ("one", "possible"),
    [
        (fix(0, 10.0), BOTH),
        (fix(0, 129.0, 9000), BOTH),
        (fix(0, 131.0, 9000), THERE),
        (fix(0, -101.0, 9000), HERE),  # the other one lies 131 NM away
        (fix(0, 10.0, None), NONE),
        (fix(0, 10.0, 32_000), BOTH),
        (fix(0, 10.0, 32_001), NONE),
        # From 30 NM nobody comes lower than 0.12 of a 3° path, beyond 15 NM: 573 ft, ± 100.
        (fix(0, 30.0, 475), BOTH),
        (fix(0, 30.0, 470), THERE),
        (fix(0, 14.0, 0), BOTH),
        (fix(0, 14.0, -100), HERE),
    ],
)
def test_fields_in_range_neither_too_high_nor_too_flat_are_possible(
    one: Fix, possible: set[str]
) -> None:
    assert near(one)[0] == possible


def test_a_climb_out_is_no_higher_than_one_from_there() -> None:
    assert near(fix(0, 10.0, 26_000), departing=True)[0] == BOTH
    assert near(fix(0, 10.0, 26_001), departing=True)[0] == NONE


def test_altitudes_nearer_to_the_silence_allow_for_the_height_before() -> None:
    low = BlindHeights(FIELD.elevation_ft + 20_000.0, FIELD.elevation_ft + 20_000.0, 100.0)
    assert near(fix(0, 10.0, 35_000), heights=low)[0] == BOTH
    high = replace(low, nearest_ft=FIELD.elevation_ft + 35_000.0)
    assert near(fix(0, 10.0, 35_000), heights=high)[0] == NONE
    assert near(fix(0, 10.0, 32_000), heights=high)[0] == BOTH


def test_a_field_above_the_aircraft_is_excluded() -> None:
    fields = FIELD, replace(OTHER, elevation_ft=FIELD.elevation_ft - 3000.0)

    def excluded(one: Fix, heights: BlindHeights | None = None) -> bool:
        end = end_at(one, fields, RULES, turn_fix=None, blind=heights)
        assert end is not None
        assert "XOTH" in end.bearings
        return "XHER" in end.excluded

    assert not excluded(fix(0, 5.0, -300)), "runways slope, and altitudes err by 100 ft"
    assert excluded(fix(0, 5.0, -301))
    lowest = BlindHeights(FIELD.elevation_ft - 300.0, 9000.0, 100.0)
    assert not excluded(fix(0, 5.0, 3000), lowest)
    assert excluded(fix(0, 5.0, 3000), replace(lowest, lowest_ft=FIELD.elevation_ft - 301.0))
    only = end_at(fix(0, 5.0, -301), [FIELD], RULES, turn_fix=None)
    assert only is None


def test_the_height_above_a_field_is_never_below_it() -> None:
    end = end_at(fix(0, 5.0, -50), [FIELD], RULES, turn_fix=None)
    assert end is not None
    assert end.height_ft("XHER") == 0.0
    assert end.bearings["XHER"].height_ft == -50.0


def arrives(*rows: Fix, down: Collection[int] = ()) -> End | None:
    return arrival_end(contacts(*rows, down=down), len(rows) - 1, FIELDS, RULES)


LAST = fix(0, 5.0, 3000, **DOWN)


def test_a_track_that_ends_descending_ended_in_an_approach() -> None:
    end = arrives(fix(-60, 8.0, 4000, **DOWN), LAST)
    assert end is not None
    assert (end.fix, end.turn_fix, end.blind) == (LAST, fix(-60, 8.0, 4000, **DOWN), None)
    assert arrives(replace(LAST, vertical_rate_fpm=0.0)) is None
    assert arrives(fix(-60, 8.0, 3500), replace(LAST, vertical_rate_fpm=0.0)) is not None
    assert arrives(ground(0), down=[0]) is None
    assert arrives(blind(0, 3000)) is None


def test_the_last_position_may_be_older_than_the_last_altitude() -> None:
    for minutes, told in ((40, True), (40.1, False)):
        end = arrives(LAST, blind(60 * minutes, 2000))
        assert (end is not None) is told
    end = arrives(LAST, blind(60, 2000), blind(120, 1500))
    assert end is not None
    assert end.blind == BlindHeights(FIELD.elevation_ft + 1500, FIELD.elevation_ft + 1500, 100.0)


def test_a_position_without_an_altitude_is_passed_over() -> None:
    end = arrives(LAST, fix(60, 3.0, None, **DOWN))
    assert end is not None
    assert end.fix == LAST
    assert arrives(fix(60, 3.0, None, **DOWN)) is None
    assert arrives(LAST, ground(60), down=[1]) is None, "the ground decides"


def test_altitudes_afterwards_say_whether_it_sank_on() -> None:
    level = replace(LAST, vertical_rate_fpm=0.0)
    assert arrives(level, blind(60, 1499)) is not None
    assert arrives(level, blind(60, 1500)) is None
    assert arrives(LAST, blind(60, 4500)) is not None
    assert arrives(LAST, blind(60, 4501)) is None, "it climbed again"
    assert arrives(level, blind(60, 1400), blind(120, 4400)) is not None


@pytest.mark.parametrize(
    ("one", "may_land"),
    [
        (fix(0, 5.9, 2500, track_deg=180.0), True),
        (fix(0, 6.1, 2500, track_deg=180.0), False),
        (fix(0, 5.9, 2501, track_deg=180.0), False),
        (fix(0, 5.9, 2500, track_deg=91.0), True),  # no farther round than abeam
        (fix(0, 5.9, 2500, track_deg=89.0), False),
        (fix(0, 5.9, 2500), True),
        (fix(0, 5.9, 2500, ground_speed_kt=60.0), True),
        (fix(0, 5.9, 2500, ground_speed_kt=59.0), False),
        (fix(0, 5.9, 2500, vertical_rate_fpm=149.0), True),
        (fix(0, 5.9, 2500, vertical_rate_fpm=150.0), False),
        (fix(0, 5.9, None), False),
        (blind(0, 2500), False),
    ],
)
def test_in_level_flight_it_may_land_where_approaches_are(one: Fix, may_land: bool) -> None:
    end = level_end(contacts(one), 0, FIELDS, RULES)
    assert (end is not None) is may_land
    assert end is None or set(end.bearings) == HERE


def test_without_a_rate_the_minute_before_says_whether_it_climbs() -> None:
    last = fix(0, 5.0, 2000)
    for before_ft, climbs in ((1850, True), (1851, False), (None, False)):
        rows = contacts(fix(-60, 6.0, before_ft), last)
        assert (level_end(rows, 1, FIELDS, RULES) is None) is climbs
    assert level_end(contacts(ground(0), down=[0]), 0, FIELDS, RULES) is None


@pytest.mark.parametrize(
    ("seconds", "found"), [(-24, False), (-25, True), (-240, True), (-241, False)]
)
def test_a_turn_shows_between_fixes_some_time_apart(seconds: float, found: bool) -> None:
    before, after = fix(seconds, 5.0), fix(-seconds, 5.0)
    rows = contacts(before, blind(seconds / 2, 3000), fix(0, 4.0), blind(-seconds / 2, 3000), after)
    assert turn_fix_of(rows, 2, -1) == (before if found else None)
    assert turn_fix_of(rows, 2, 1) == (after if found else None)


def leaves(
    *rows: Fix,
    down: dict[int, Airfield | None] | Collection[int] = (),
    slow: Collection[int] | None = None,
) -> End | None:
    return departure_end(contacts(*rows, down=down, slow=slow), 0, FIELDS, RULES)


FIRST = fix(0, 5.0, 3000, **UP)


def test_a_track_that_begins_climbing_began_in_a_climb_out() -> None:
    end = leaves(FIRST, fix(60, 8.0, 4000, **UP))
    assert end is not None
    assert (end.fix, end.turn_fix) == (FIRST, fix(60, 8.0, 4000, **UP))
    level = replace(FIRST, vertical_rate_fpm=0.0)
    assert leaves(level) is None
    assert leaves(level, fix(60, 8.0, 3500)) is not None
    assert leaves(blind(-60, 1499), level) is not None, "it rose from there"
    assert leaves(blind(-60, 1500), level) is None
    assert leaves(blind(-2400, 2000), FIRST) is not None
    assert leaves(blind(-2401, 2000), FIRST) is None
    end = leaves(fix(-60, 3.0, None, **UP), FIRST)
    assert end is not None
    assert end.fix == FIRST
    assert leaves(fix(0, 5.0, None)) is None


def test_a_roll_is_a_take_off_unless_it_ends_slow() -> None:
    runs = ground(0, 0.0, 100.0), ground(10, 0.3, 140.0)
    end = leaves(*runs, down=[0, 1], slow=[])
    assert end is not None
    assert (end.rolling, set(end.bearings), end.fix) == ("XHER", HERE, runs[0])
    assert leaves(*runs, ground(30, 0.5), down=[0, 1, 2], slow=[2]) is None
    assert leaves(*runs, down={0: None, 1: None}, slow=[]) is None
    assert leaves(ground(0), down=[0]) is None
    assert leaves(ground(0), FIRST, down=[0], slow=[0]) is None


def test_a_single_report_of_a_roll_may_be_wrong() -> None:
    """What follows in the air decides."""
    run, climb = ground(-10, 0.0, 100.0), FIRST
    end = leaves(run, climb, down=[0], slow=[])
    assert end is not None
    assert (end.rolling, end.fix) == (None, climb)
    assert leaves(run, replace(climb, vertical_rate_fpm=-800.0), down=[0], slow=[]) is None
    alone = leaves(run, down=[0], slow=[])
    assert alone is not None
    assert alone.rolling == "XHER"


@pytest.mark.parametrize(
    ("speed_kt", "seconds", "away_nm", "stays"),
    [
        (100.0, 150, 1.6, True),  # a ground bit that comes late
        (100.0, 151, 1.6, False),
        (100.0, 150, 1.8, False),  # farther than a taxi leads
        (40.0, 600, 1.6, True),
        (40.0, 601, 1.6, False),
        (41.0, 600, 1.6, False),
        (None, 150, 1.6, True),
    ],
)
def test_who_stands_there_soon_afterwards_had_not_left(
    speed_kt: float | None, seconds: float, away_nm: float, stays: bool
) -> None:
    first = fix(0, 0.0, 100, **UP, ground_speed_kt=speed_kt)
    stands = ground(seconds, away_nm)
    assert (leaves(first, stands, down=[1]) is None) is stays
    assert leaves(first, stands, down=[1], slow=[]) is not None
    assert leaves(first, stands, down={1: None}) is not None
    between = fix(seconds / 2, 0.5, 200)
    assert (leaves(first, between, stands, down=[2]) is None) is stays

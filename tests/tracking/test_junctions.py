"""Where two tracks meet that no aircraft can have flown one after the other, what is dropped?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model import Observation
from collector.tracking import tracks_of
from tests.tracking.test_chain import DEG_A_MINUTE, FAR, START, names, north, report, told


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("count", "every", "dropped"),
    [
        (2, 1.0, True),
        (3, 1.0, True),
        (5, 1.0, True),
        (6, 1.0, False),  # five minutes of steady flight
        (6, 0.5, True),
        (4, 5.0, True),  # a quarter of an hour
        (4, 5.1, False),
    ],
)
def test_what_strays_from_a_flight_is_dropped_where_the_next_one_begins(
    count: int, every: float, dropped: bool, backwards: bool
) -> None:
    """It flies away to the east; the flight goes on where it can have come only without that. A
    flight of its own is not dropped, nor what takes longer: there is a break instead."""
    span = (count + 1) * every
    reach_deg = 0.97 * (1.0 + 700.0 * (span * 60.0 + 5.0) / 3600.0) / 60.0
    end = 25.0 + 19 * DEG_A_MINUTE
    first = north(range(20))
    astray = [
        report(19.0 + number * every, end, 35.0 + number * every * 0.22, "astray")
        for number in range(1, count + 1)
    ]
    second = [
        report(19.0 + span + number, end + reach_deg + number * DEG_A_MINUTE)
        for number in range(20)
    ]
    reports = [*first, *astray, *second]
    if backwards:
        reports = [turned_round(each) for each in reports]
    fixes, beside = tracks_of(reports)
    kept = names(fix.callsign or "" for fix in fixes if fix.placed)
    assert kept == ({"true": 40} if dropped else {"true": 40, "astray": count})
    assert len(fixes.breaks) == (0 if dropped else 1)
    assert beside == []


def turned_round(each: Observation) -> Observation:
    at = START + (START + timedelta(hours=2) - each.at)
    return replace(each, heard_at=at, position_at=at)


def test_a_short_flight_loses_only_what_strays_from_it() -> None:
    astray = report(3.0, 25.0 + 2 * DEG_A_MINUTE, 35.22, "astray")
    assert told(north(range(3)), [astray], north(range(4, 30), 25.17)) == ({"true": 29}, [])


def test_a_few_wrong_positions_cost_no_true_one_that_could_be_reached_from_them() -> None:
    """40 NM beside the flight: its third position could be reached from the first of them."""
    true = north(range(10, 40))
    wrong = [report(8.0 + number, 25.0 + 13 * DEG_A_MINUTE, 35.76, "wrong") for number in range(2)]
    assert told(wrong, true) == ({"true": 30}, [])
    after = [turned_round(each) for each in [*wrong, *true]]
    assert told(after) == ({"true": 30}, [])


@pytest.mark.parametrize("count", [40, 41])
def test_so_many_positions_before_a_flight_are_wrong_and_more_are_another_one(count: int) -> None:
    """A position a second: none of them is long enough to be steady."""
    wrong = north([9.0 + number / 60.0 for number in range(count)], 25.0 + 4 * FAR, "wrong")
    true = north(range(10, 40))
    for reports in ([*wrong, *true], [turned_round(each) for each in [*wrong, *true]]):
        kept, _ = told(reports)
        assert kept == ({"true": 30} if count == 40 else {"true": 30, "wrong": 41})


def test_a_few_positions_at_the_begin_or_the_end_that_lead_nowhere_are_dropped() -> None:
    true = north(range(10, 40))
    before = north(range(8, 10), 25.0 + FAR, "wrong")
    after = north(range(40, 42), 25.0 + FAR, "wrong")
    assert told(before, true) == ({"true": 30}, [])
    assert told(true, after) == ({"true": 30}, [])
    assert told(before, true, after) == ({"true": 30}, [])


def test_what_strays_from_two_flights_between_them_costs_neither() -> None:
    """A flight strays to the east, and two positions in the west lead nowhere either; where it goes
    on it can have come only from before all that."""
    end = 25.0 + 19 * DEG_A_MINUTE
    astray = [
        *(report(20.0 + n, end, 35.0 + 0.244 * (n + 1), "astray") for n in range(2)),
        *(report(22.0 + n, end + 0.1 * n, 35.0 - 0.656, "astray") for n in range(2)),
    ]
    on = [report(24.0 + n, end + 35.0 / 60.0 + n * DEG_A_MINUTE) for n in range(20)]
    assert told(north(range(20)), astray, on) == ({"true": 40}, [])

"""Which reports are one transmission heard again, and which positions are frozen?"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collector.model import Observation
from collector.tracking import Doubt, track
from tests.tracking.test_chain import north, report


def later(one: Observation, seconds: float, feed: str = "two", **changes: object) -> Observation:
    """The same again, so many seconds later."""
    at = one.at + timedelta(seconds=seconds)
    position_at = None if one.position_at is None else at
    again = replace(one, heard_at=at, position_at=position_at, feed=feed)
    return replace(again, **changes)  # type: ignore[arg-type]


FLIES = report(0.0, 30.0, baro_altitude_ft=9000.0)
HEIGHT = replace(FLIES, position_at=None, lat_deg=None, lon_deg=None)
STANDS = report(0.0, 30.0, on_ground=True, ground_speed_kt=0.0, baro_altitude_ft=None)


@pytest.mark.parametrize(
    ("first", "seconds", "changes", "together"),
    [
        (FLIES, 4.0, {}, True),
        (FLIES, 4.0, {"lat_deg": 30.00019, "lon_deg": 35.00019}, True),
        (FLIES, 4.0, {"lat_deg": 29.99981, "lon_deg": 34.99981}, True),
        (FLIES, 4.0, {"lat_deg": 30.00021}, False),
        (FLIES, 4.0, {"lon_deg": 35.00021}, False),
        (FLIES, 4.0, {"lon_deg": 34.99979}, False),
        (FLIES, 4.1, {"lat_deg": 30.00019, "ground_speed_kt": 59.0}, False),
        (FLIES, 2.0, {"on_ground": False}, False),  # the one says so, the other does not
        (STANDS, 4.0, {}, True),
        (STANDS, 4.1, {}, False),
        (HEIGHT, 4.0, {"callsign": None}, True),
        (HEIGHT, 4.1, {}, False),
        (HEIGHT, 2.0, {"baro_altitude_ft": 8975.0}, False),
        (FLIES, 2.0, {"position_at": None, "lat_deg": None, "lon_deg": None}, False),
    ],
)
def test_what_two_feeds_say_within_four_seconds_of_one_place_is_one_fix(
    first: Observation, seconds: float, changes: dict[str, Any], *, together: bool
) -> None:
    again = later(first, seconds, **changes)
    for reports in ([first, again], [again, first]):
        fixes = track(reports)
        assert [fix.feeds for fix in fixes] == (
            [("one", "two")] if together else [("one",), ("two",)]
        )
        assert fixes[0].at == first.at
    (alone, *others) = track([first, replace(again, feed="one")])
    assert len(others) == (0 if together else 1)
    assert alone.feeds == ("one",)


def test_a_chain_of_repeats_is_not_one_transmission() -> None:
    """Each is compared with what stands, and not with the last one that was joined to it."""
    fixes = track([later(STANDS, seconds) for seconds in (0.0, 3.0, 6.0, 9.0)])
    assert [(fix.at - STANDS.at).total_seconds() for fix in fixes] == [0.0, 6.0]


def test_what_came_between_does_not_keep_repeats_apart() -> None:
    """An altitude alone, and a position elsewhere, both within the four seconds."""
    between = [later(HEIGHT, 1.0, "x", baro_altitude_ft=100.0),
               later(FLIES, 2.0, "y", lat_deg=30.002)]  # fmt: skip
    fixes = track([FLIES, *between, later(FLIES, 3.0, callsign="AZQ1")])
    assert [fix.feeds for fix in fixes] == [("one", "two"), ("x",), ("y",)]


@pytest.mark.parametrize(
    ("seconds", "speed_kt", "frozen"),
    [
        (4.1, 60.0, True),
        (4.1, 59.9, False),
        (4.1, None, False),
        (1200.0, 400.0, True),
        (1200.1, 400.0, False),
    ],
)
@pytest.mark.parametrize("feed", ["one", "two"])
def test_the_same_place_again_at_the_speed_of_flight_is_frozen(
    seconds: float, speed_kt: float | None, feed: str, *, frozen: bool
) -> None:
    """Its altitude is used. After twenty minutes the aircraft may be on its way back."""
    again = later(FLIES, seconds, feed, ground_speed_kt=speed_kt, baro_altitude_ft=8000.0)
    fixes = track([FLIES, again])
    assert [fix.doubt for fix in fixes] == [None, Doubt.FROZEN if frozen else None]
    assert (fixes[1].placed, fixes[1].altitude_ft) == (not frozen, 8000.0)
    assert fixes[1].at == again.at


def test_a_place_is_frozen_for_as_long_as_it_is_given_and_says_so_once_a_transmission() -> None:
    """An hour of it, and then the flight goes on."""
    again = [
        later(FLIES, seconds + more, f"{more}", baro_altitude_ft=8000.0 + seconds)
        for seconds in range(60, 3600, 600)
        for more in (0.0, 1.0, 3.0)
    ]
    on = north(range(62, 70), 30.0)
    fixes = track([FLIES, *again, *on])
    assert sum(fix.doubt is Doubt.FROZEN for fix in fixes) == 6
    assert sum(fix.placed for fix in fixes) == 9


def test_turning_round_over_a_place_is_no_repeat_of_it() -> None:
    """A holding: north, back south and north again, at a turn each minute; every position stays."""
    reports = [
        report(
            number / 30.0, 30.0 + 0.004 * min(number % 30, 30 - number % 30), 35.0 + 1.5e-4 * number
        )
        for number in range(150)
    ]
    mixed = list(reports)
    random.Random(1).shuffle(mixed)
    for given in (reports, mixed):
        fixes = track(given)
        assert [fix.at for fix in fixes if fix.placed] == [each.at for each in reports]


def test_of_reports_of_one_moment_the_same_one_stands_in_any_order() -> None:
    """By feed, then by content: the first is completed by the others."""
    one = report(0.0, 30.0, callsign=None)
    rivals = [
        one,
        replace(one, lat_deg=30.0001),
        replace(one, lon_deg=35.0001),
        replace(one, callsign="AZQ1"),
        replace(one, feed="two", baro_altitude_ft=8000.0),
        replace(one, baro_altitude_ft=None),
        replace(one, baro_altitude_ft=35_000.0),
    ]
    lot, expected = random.Random(1), track(rivals)
    assert len(expected) == 1
    for _ in range(40):
        lot.shuffle(rivals)
        assert track(rivals) == expected


def test_every_feed_that_gave_a_transmission_is_named_and_completes_it() -> None:
    bare = replace(FLIES, callsign=None, ground_speed_kt=None)
    spoken = [
        later(bare, 1.0, "two", callsign="AZQ1"),
        later(bare, 2.0, "three", ground_speed_kt=400.0),
    ]
    (fix,) = track([bare, *spoken])
    assert fix.feeds == ("one", "three", "two")
    assert (fix.callsign, fix.ground_speed_kt) == ("AZQ1", 400.0)

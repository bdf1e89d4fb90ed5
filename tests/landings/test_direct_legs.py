"""Is a landing excluded on the way between two airfields? Each bound on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.geo import destination
from collector.landings.direct_legs import Moment, room_for_a_stop
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, SECOND, T, blind, contacts, fix

FAR = replace(FIELD, icao="XFAR", lat_deg=destination(30.0, 35.0, 0.0, 430.0)[0])
"""430 NM to the north: 800 s within 40 NM of a field, and 3,265 s beyond, is a usual flight."""


def way(*seconds: float, kt: float = 430.0) -> list[Fix]:
    return [fix(each, kt * each / 3600.0, 30_000, ground_speed_kt=kt) for each in seconds]


def room(
    *rows: Fix,
    left: tuple[Airfield, ...] = (FIELD,),
    arrived: tuple[Airfield, ...] = (FAR,),
    at_s: float = 3600.0,
    breaks: tuple[int, ...] = (),
) -> str:
    fixes = contacts(*rows, breaks=breaks).fixes
    return room_for_a_stop(Moment(T, left), Moment(T + at_s * SECOND, arrived), fixes, RULES)


EVERY_TEN_MINUTES = tuple(range(600, 3600, 600))


def test_a_flight_heard_throughout_leaves_no_time() -> None:
    assert room(*way(*EVERY_TEN_MINUTES)) == ""


def test_where_it_began_or_ended_must_be_known() -> None:
    rows = way(*EVERY_TEN_MINUTES)
    unknown = "Where the flight began or ended is not known."
    assert room(*rows, left=()) == unknown
    assert room(*rows, arrived=()) == unknown


def test_a_flight_takes_no_longer_than_a_direct_one_and_half_an_hour() -> None:
    """1.25 times the 4,065 s of a usual flight, and 1,800 s."""
    slowly = way(*range(600, 7200, 600), kt=220.0)
    assert room(*slowly, at_s=6881) == ""
    assert room(*slowly, at_s=6883) == (
        "The flight may have taken 1 h 55 min; a direct one takes 1 h 55 min at most."
    )
    assert "taken 2 h;" in room(*slowly, at_s=7200)
    assert room(*slowly, at_s=7200, left=(FIELD, OTHER)) != "", "OTHER lies nearer"
    assert room(*slowly, at_s=6883, left=(OTHER,)) != ""


@pytest.mark.parametrize(
    ("again_s", "kt", "is_room"),
    [
        # 143.3 NM at 430 kt are 1,200 s; half an hour more is left.
        (2990, 172.0, False),
        (3010, 172.0, True),
        # It is as fast as it says, if that is faster.
        (2850, 500.0, True),
        (2820, 500.0, False),
    ],
)
def test_a_silence_leaves_no_time_beyond_the_way(again_s: float, kt: float, is_room: bool) -> None:
    last = fix(600, 71.7, 30_000, ground_speed_kt=kt)
    again = fix(600 + again_s, 215.0, 30_000, ground_speed_kt=kt)
    for rows in ((last, again), (last, blind(1800, 30_000), again)):
        found = room(*rows, at_s=again_s + 2400)
        assert bool(found) is is_room
        if is_room:
            ends = f"{again.at:%H:%M}"
            assert found == (
                f"Nothing was heard from 08:10 to {ends} UTC, which leaves time for a landing."
            )


def test_a_short_silence_leaves_none_wherever_it_was() -> None:
    """Standing still for twelve minutes is nothing; the next minute is."""
    waits = fix(600, 71.7, 30_000), fix(1319, 71.7, 30_000), *way(2400, 3000, 3500)
    assert room(*waits, at_s=4000) == ""


def test_a_broken_track_shows_nothing() -> None:
    broken = "The track between is broken: no aircraft flies from one position to the next."
    rows = way(*EVERY_TEN_MINUTES)
    assert room(*rows, breaks=(2,)) == broken
    around = [fix(-600, 0.0), *rows, fix(4200, 430.0), fix(4800, 430.0)]
    assert room(*around, breaks=(2,)) == broken
    assert room(*around, breaks=(1,)) == broken, "between the last fix before and the first"
    assert room(*around, breaks=(7,)) == "", "afterwards"


def test_between_several_airfields_the_nearest_ones_count() -> None:
    rows = way(*EVERY_TEN_MINUTES)[:-1]
    near = replace(FIELD, lat_deg=destination(30.0, 35.0, 0.0, 380.0)[0])
    late = 3000 + 1800 + 300
    assert room(*rows, at_s=late, arrived=(near,)) != ""
    assert room(*rows, at_s=late, arrived=(FAR, near)) != ""
    assert room(*rows, at_s=late, arrived=(FAR,)) == ""

"""What may a place change where the aircraft stood, if a feed gives it again with a new time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model import Detection, Observation
from tests.landings.test_physics import MINUTE, TOUCHDOWN
from tests.support.alterations import landings_of
from tests.support.flights import LLER, LLOV, hear, polls, visit
from tests.support.repeats import repeats_of, visits_of


def told(landings: tuple[Detection, ...]) -> list[tuple[str | None, str]]:
    """Each landing that counts: where, and how surely."""
    return [(each.airfield, each.grade.value) for each in landings if each.grade.rank >= 2]


def same_times(before: tuple[Detection, ...], after: tuple[Detection, ...]) -> bool:
    """Whether each touchdown lies within what was stated of it."""
    counted = [[each for each in one if each.grade.rank >= 2] for one in (before, after)]
    return all(
        abs(a.touchdown_at - b.touchdown_at).total_seconds()
        <= max(a.uncertainty_s, b.uncertainty_s) + 1.0
        for a, b in zip(*counted, strict=True)
    )


@pytest.mark.parametrize("seed", range(30))
def test_a_stand_that_is_given_again_changes_no_landing(seed: int) -> None:
    """One to six times, while the aircraft is received: on the way in or out, on a flight
    elsewhere, and while it stands elsewhere."""
    visits = visits_of(seed)
    before = landings_of(visits.reports)
    assert before
    for number in range(5):
        repeats = repeats_of(visits.reports, 1000 * seed + number)
        after = landings_of([*visits.reports, *repeats])
        assert told(after) == told(before), (visits.name, number)
        assert same_times(before, after), (visits.name, number)


@pytest.mark.parametrize("seed", [1039, 1096, 1143, 1190, 1275, 2068])
def test_a_stand_that_is_given_again_is_no_further_landing(seed: int) -> None:
    """Of 9,000 flights those in which it was one, or nearly, before an aircraft had to turn on its
    way to a stand behind it."""
    visits = visits_of(seed)
    count = len(told(landings_of(visits.reports)))
    for number in range(10):
        repeats = repeats_of(visits.reports, 1000 * seed + number)
        assert len(told(landings_of([*visits.reports, *repeats]))) == count, number


STAY = visit(LLOV, TOUCHDOWN, 120 * MINUTE, runway="20L")
HEARD = hear(STAY, polls(TOUCHDOWN - 40 * MINUTE, TOUCHDOWN + 160 * MINUTE))
STOOD = next(each for each in HEARD if each.at > TOUCHDOWN + 2 * MINUTE)


def given_again(row: Observation, minute: float, count: int) -> list[Observation]:
    """Return a report again, once a minute from so many minutes after the touchdown on."""
    times = [TOUCHDOWN + (minute + number) * MINUTE for number in range(count)]
    times = [time - timedelta(seconds=7) for time in times]
    return [replace(row, heard_at=time, position_at=time) for time in times]


@pytest.mark.parametrize("minute", [-38, -25, -15, -10, -8, -6, 126, 130, 150])
@pytest.mark.parametrize("count", [3, 6])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_it_neither_lands_before_it_flew_in_nor_after_it_left(
    minute: float, count: int, *, elsewhere: bool
) -> None:
    """Given again where it will stand or has stood, or on the stand of the flight before."""
    early = hear(
        visit(LLER, TOUCHDOWN - 200 * MINUTE, 30 * MINUTE),
        polls(TOUCHDOWN - 240 * MINUTE, TOUCHDOWN - 130 * MINUTE),
    )
    row = next(each for each in early if each.ground_speed_kt == 0.0) if elsewhere else STOOD
    before = landings_of([*early, *HEARD])
    assert told(before) == [("LLER", "confirmed"), ("LLOV", "confirmed")]
    after = landings_of([*early, *HEARD, *given_again(row, minute, count)])
    assert told(after) == told(before)
    assert same_times(before, after)


@pytest.mark.parametrize("again_min", [0, 60])
def test_a_lone_report_on_a_stand_takes_no_stay_away(again_min: int) -> None:
    """In the silence before an approach that begins out of its reach, and which leads to a stay
    that is received again after hours."""
    late = 400 * MINUTE
    way = visit(LLOV, TOUCHDOWN + late, 240 * MINUTE, runway="20L")
    rows = [
        *HEARD,
        *hear(way, polls(TOUCHDOWN + late - 35 * MINUTE, TOUCHDOWN + late + 10 * MINUTE)),
        *hear(way, polls(TOUCHDOWN + late + 235 * MINUTE, TOUCHDOWN + late + 280 * MINUTE)),
    ]
    lone = given_again(STOOD, late / MINUTE - 35.5 - again_min, 1)
    before, after = landings_of(rows), landings_of([*rows, *lone])
    assert told(before) == [("LLOV", "confirmed")] * 2
    counted = [each for each in after if each.grade.rank >= 2]
    for landing in before:
        assert any(
            abs(each.touchdown_at - landing.touchdown_at) < 30 * MINUTE
            and each.grade is landing.grade
            for each in counted
        )

"""An aircraft that may have worked in the air, unheard, has not landed for sure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.working_types import works_aloft
from collector.model import Detection, Grade
from tests.support.flights import LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=14))


def landing(type_code: str, floor_ft: float, stay: timedelta, came_from_deg: float) -> Detection:
    """Return the one landing of a visit of which nothing lower than that was heard."""
    way = visit(LLOV, TOUCHDOWN, stay, runway="20L", came_from_deg=came_from_deg)
    reports = hear(way, TIMES, floor_ft=LLOV.elevation_ft + floor_ft)
    (found,) = detect(
        reports, listening(TIMES), (LLOV,), RULES, TIMES[-1], type_code=type_code
    ).detections
    return found


@pytest.mark.parametrize("type_code", ["C130", "P3", "PC12", "C172", "EC35"])
@pytest.mark.parametrize("floor_ft", [5000.0, 6000.0])
@pytest.mark.parametrize("minutes", [45, 180])
def test_a_descent_and_a_climb_an_hour_apart_are_no_stay_of_a_type_that_patrols(
    type_code: str, floor_ft: float, minutes: int
) -> None:
    stay = timedelta(minutes=minutes)
    assert landing("IL76", floor_ft, stay, 50.0).grade is Grade.PROBABLE
    told = landing(type_code, floor_ft, stay, 50.0)
    assert (told.airfield, told.grade) == ("LLOV", Grade.POSSIBLE)
    assert any("also work in the air" in line.text for line in told.evidence)


@pytest.mark.parametrize("type_code", ["C130", "C172"])
@pytest.mark.parametrize("floor_ft", [300.0, 1400.0, 3000.0])
def test_an_end_that_shows_a_runway_does(type_code: str, floor_ft: float) -> None:
    """Received as low as circuits are flown, or on final."""
    told = landing(type_code, floor_ft, timedelta(hours=1), 15.0)
    assert (told.airfield, told.grade) == ("LLOV", Grade.PROBABLE)
    assert abs(told.touchdown_at - TOUCHDOWN) <= timedelta(seconds=told.uncertainty_s)


def test_nobody_stays_aloft_for_longer_than_the_fuel_lasts() -> None:
    told = landing("C130", 5000.0, timedelta(hours=8), 50.0)
    assert (told.airfield, told.grade) == ("LLOV", Grade.PROBABLE)


@pytest.mark.parametrize("hours", [3, 7, 20])
def test_when_it_is_judged_changes_nothing_while_nobody_hears_it(hours: int) -> None:
    """Lost on its way down, while others are heard; and then never again."""
    way = visit(LLOV, TOUCHDOWN, timedelta(days=2), runway="20L", came_from_deg=50.0)
    reports = hear(way, [at for at in TIMES if at < TOUCHDOWN], floor_ft=LLOV.elevation_ft + 5000.0)
    now = TOUCHDOWN + timedelta(hours=hours)
    slots = listening([at for at in TIMES if at < now])
    grades = {}
    for type_code in ("IL76", "C130"):
        found = detect(reports, slots, (LLOV,), RULES, now, type_code=type_code).detections
        grades[type_code] = [each.grade for each in found]
    assert grades == {"IL76": [Grade.PROBABLE], "C130": [Grade.POSSIBLE]}


def test_an_unknown_type_is_taken_for_one_that_flies_from_field_to_field() -> None:
    assert not works_aloft(None)
    assert not works_aloft("B738")

"""An aircraft that still reports heights in the air has not landed, wherever it was last placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Observation
from tests.landings.silence_cases import blind
from tests.support.flights import LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9), 20.0)
WAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")


def interval(reports: list[Observation]) -> tuple[float, float]:
    """Return the stated touchdown as seconds from the true one."""
    (landing,) = detect(reports, listening(TIMES[::3]), (LLOV,), RULES, TIMES[-1]).detections
    told = (landing.touchdown_at - TOUCHDOWN).total_seconds()
    return told - landing.uncertainty_s, told + landing.uncertainty_s


@pytest.mark.parametrize("minutes", [4, 8, 15])
def test_heights_without_a_position_show_that_it_has_not_landed(minutes: int) -> None:
    """Jammed on final, it goes around and holds at 3,000 ft above the field; then it is silent."""
    heard = hear(WAY, TIMES, floor_ft=LLOV.elevation_ft + 2500.0)
    inbound = [one for one in heard if one.at < TOUCHDOWN]
    held = [
        replace(
            one, heard_at=inbound[-1].at + n * MINUTE, baro_altitude_ft=LLOV.elevation_ft + 3000
        )
        for n, one in enumerate(blind(inbound[-1:] * minutes), 1)
    ]
    late = (held[-1].heard_at - TOUCHDOWN).total_seconds()
    begin, end = interval([*inbound, *held, *(one for one in heard if one.at > TOUCHDOWN)])
    assert late < begin < end < late + 15 * 60


def test_heights_go_on_where_positions_are_stale_until_it_stands_there() -> None:
    """The place of 20 NM before is given until a quarter of an hour after the landing."""
    heard = hear(WAY, TIMES)
    stale_from = TOUCHDOWN - 8 * MINUTE
    stale = [one for one in heard if stale_from <= one.at < TOUCHDOWN]
    stands = [one for one in heard if one.at >= TOUCHDOWN + 15 * MINUTE]
    before = [one for one in heard if one.at < stale_from]
    begin, end = interval([*before, *blind(stale), *stands])
    assert begin <= 0.0 <= end
    assert begin > -3 * 60


def test_a_steep_descent_after_the_last_height_is_within_the_error() -> None:
    """Jammed, it keeps 4,000 ft above the field until it sinks at 1,500 ft/min, unheard."""
    height_ft = LLOV.elevation_ft + 4000.0
    sinks_at = TOUCHDOWN - timedelta(minutes=4000.0 / 1500.0)
    heard = [
        one if one.at < TOUCHDOWN - 9 * MINUTE else replace(one, baro_altitude_ft=height_ft)
        for one in hear(WAY, TIMES)
        if one.at <= sinks_at
    ]
    jammed_from = TOUCHDOWN - 8 * MINUTE
    placed = [one for one in heard if one.at < jammed_from]
    begin, end = interval([*placed, *blind([one for one in heard if one.at >= jammed_from])])
    assert begin <= 0.0 <= end


def test_a_garbled_height_after_the_approach_dates_no_landing() -> None:
    """60,900 ft at the repeated place of the short final, as a real feed said."""
    heard = hear(WAY, TIMES, floor_ft=LLOV.elevation_ft + 500.0)
    inbound = [one for one in heard if one.at < TOUCHDOWN]
    last = blind(inbound[-1:])
    garbled = [
        replace(one, heard_at=one.heard_at + 5 * MINUTE, baro_altitude_ft=60_900) for one in last
    ]
    begin, end = interval([*inbound, *garbled, *(one for one in heard if one.at > TOUCHDOWN)])
    assert begin <= 0.0 <= end < 5 * 60

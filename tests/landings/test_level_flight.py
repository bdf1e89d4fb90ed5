"""Lost in level flight near a field: it may have landed there, or have passed by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import distance_nm
from collector.landings.detect import DerivedLandings, detect
from collector.landings.rules import LandingRules
from collector.model import Grade, Observation
from tests.support.flights import FIELDS, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9), 20.0)
SLOTS = listening(TIMES[::3])
WAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")


def levelled(height_ft: float, until_nm: float) -> list[Observation]:
    """An arrival that is level at that height for the last twelve minutes in which it is heard."""
    heard = [one for one in hear(WAY, TIMES) if one.at < TOUCHDOWN]
    near = [one for one in heard if away_nm(one) >= until_nm]
    level_from, altitude_ft = near[-1].at - timedelta(minutes=12), LLOV.elevation_ft + height_ft
    return [
        replace(one, baro_altitude_ft=altitude_ft, vertical_rate_fpm=0.0)
        if one.at >= level_from
        else one
        for one in near
    ]


def away_nm(one: Observation) -> float:
    return distance_nm(one.lat_deg or 0.0, one.lon_deg or 0.0, LLOV.lat_deg, LLOV.lon_deg)


def derived(reports: list[Observation], after: timedelta) -> DerivedLandings:
    return detect(reports, SLOTS, FIELDS, RULES, reports[-1].at + after)


@pytest.mark.parametrize("height_ft", [1200.0, 2000.0])
@pytest.mark.parametrize("until_nm", [3.0, 4.0, 5.0])
def test_lost_level_near_a_field_it_may_have_landed_there(
    height_ft: float, until_nm: float
) -> None:
    reports = levelled(height_ft, until_nm)
    for minutes in (30, 200):
        (landing,) = derived(reports, timedelta(minutes=minutes)).detections
        assert landing.grade is Grade.POSSIBLE
        assert landing.candidates[0].airfield == "LLOV"
        assert any("Last heard in level flight" in line.text for line in landing.evidence)


def test_such_a_silence_is_judged_when_it_has_lasted() -> None:
    reports = levelled(1500.0, 4.0)
    soon = derived(reports, timedelta(minutes=5))
    assert not soon.detections
    assert soon.wakeup_at == reports[-1].at + RULES.settle_after


@pytest.mark.parametrize(("height_ft", "until_nm"), [(4000.0, 4.0), (1500.0, 9.0)])
def test_higher_or_farther_away_it_says_nothing(height_ft: float, until_nm: float) -> None:
    reports = levelled(height_ft, until_nm)
    found = derived(reports, timedelta(minutes=200))
    assert (found.detections, found.wakeup_at) == ((), None)


@pytest.mark.parametrize("climb_fpm", [300.0, 900.0])
def test_without_rates_a_climb_is_no_level_flight(climb_fpm: float) -> None:
    """It took off elsewhere and climbs past the field."""
    reports = levelled(2000.0, 4.0)
    climbs = [
        replace(
            one,
            vertical_rate_fpm=None,
            baro_altitude_ft=LLOV.elevation_ft
            + 2000.0
            - climb_fpm * (reports[-1].at - one.at).total_seconds() / 60.0,
        )
        for one in reports
        if one.at > reports[-1].at - timedelta(minutes=5)
    ]
    assert not derived(climbs, timedelta(minutes=200)).detections

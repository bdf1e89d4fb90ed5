"""A helicopter hovers and taxies in the air before it touches down: the stated ± holds that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation
from tests.support.flights import LLOV, START, Moment, hear, polls

RULES = LandingRules()
ARRIVES = START + timedelta(minutes=20)
"""When it hovers over the field."""


def flight(hovers: timedelta) -> list[Observation]:
    """Return what is heard each ten seconds of a flight at 100 kt that hovers for so long, 5 ft up,
    and then stands for an hour."""

    def path(at: datetime) -> Moment:
        to_fly_nm = max(0.0, (ARRIVES - at).total_seconds() * 100.0 / 3600.0)
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 110.0, to_fly_nm)
        up_ft = min(1500.0, 300.0 * to_fly_nm) + 5.0
        down = at >= ARRIVES + hovers
        speed = 100.0 if to_fly_nm > 0.0 else 0.0 if down else 3.0
        rate = -500.0 if 0.0 < to_fly_nm < 5.0 else 0.0
        return Moment(lat, lon, LLOV.elevation_ft + up_ft, speed, 290.0, rate, on_ground=down)

    return hear(path, polls(START, ARRIVES + timedelta(minutes=80), 10.0))


def landing(reports: list[Observation], type_code: str) -> Detection:
    named = [replace(each, type_code=type_code) for each in reports]
    (found,) = detect(named, (), (LLOV,), RULES, reports[-1].at).detections
    return found


@pytest.mark.parametrize("hovers_s", [0, 20, 60, 120, 145])
def test_the_touchdown_lies_between_the_hover_and_the_ground_bit(hovers_s: int) -> None:
    told = landing(flight(timedelta(seconds=hovers_s)), "EC35")
    half = timedelta(seconds=told.uncertainty_s)
    assert told.grade is Grade.CONFIRMED
    touched_at = ARRIVES + timedelta(seconds=hovers_s)
    assert told.touchdown_at - half <= touched_at <= told.touchdown_at + half


def test_an_aeroplane_whose_ground_bit_comes_late_did_not_hover() -> None:
    prompt, late = (landing(flight(timedelta(seconds=each)), "C172") for each in (0, 140))
    assert late.uncertainty_s <= prompt.uncertainty_s + 10.0

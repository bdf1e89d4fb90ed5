"""Airliners land at Santos Dumont, on 1,323 m, and not at Galeão 8 NM away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Grade
from collector.settings.runway_table import at_its_runways, listed_runways
from tests.support.flights import START, hear, listening, polls, visit

RUNWAYS = listed_runways(["SBRJ", "SBGL"])


def airfield(icao: str, lat_deg: float, lon_deg: float, elevation_ft: float) -> Airfield:
    place = Airfield(
        icao=icao,
        name=icao,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        elevation_ft=elevation_ft,
        zone="America/Sao_Paulo",
    )
    return at_its_runways(place, RUNWAYS)


DUMONT = airfield("SBRJ", -22.9105, -43.1631, 11.0)
GALEAO = airfield("SBGL", -22.8100, -43.2506, 28.0)
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=6))


@pytest.mark.parametrize("floor_ft", [300.0, 1000.0])
@pytest.mark.parametrize("runway", ["20L", "02R"])
@pytest.mark.parametrize("type_code", ["A320", "B738", "E195", None])
def test_an_airliner_is_counted_where_it_was_on_final(
    type_code: str | None, runway: str, floor_ft: float
) -> None:
    way = visit(DUMONT, TOUCHDOWN, timedelta(hours=1), runway=runway, came_from_deg=225.0)
    reports = [
        replace(each, type_code=type_code)
        for each in hear(way, TIMES, floor_ft=DUMONT.elevation_ft + floor_ft)
    ]
    (landing,) = detect(
        reports, listening(TIMES), (DUMONT, GALEAO), LandingRules(), TIMES[-1]
    ).detections
    assert (landing.airfield, landing.grade) == ("SBRJ", Grade.PROBABLE)
    assert abs(landing.touchdown_at - TOUCHDOWN) <= timedelta(seconds=landing.uncertainty_s)

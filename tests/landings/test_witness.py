"""What is a witness besides the approach? Never the aircraft itself, nor another place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.backfill.trace_coverage import joined, slots_of_spots
from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, Grade, Observation
from collector.model.coverage import CELL_DEG, CoverageSlot, PollCoverage, band_of, slots_of
from collector.model.reply import Outcome
from tests.landings.silence_cases import blind
from tests.support.flights import LLOV, START, hear, listening, overflight, polls, visit

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9))
INBOUND = [at for at in TIMES if at < TOUCHDOWN]
WAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")

pytestmark = pytest.mark.usefixtures("sure")


def found(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot], *fields: Airfield
) -> list[tuple[str | None, Grade]]:
    detections: tuple[Detection, ...] = detect(
        reports, slots, fields or (LLOV,), RULES, TIMES[-1]
    ).detections
    return [(one.airfield, one.grade) for one in detections]


@pytest.mark.parametrize("silent_minutes", [24, 30, 40])
def test_an_aircraft_that_flies_on_after_an_outage_is_no_witness_of_its_own_landing(
    silent_minutes: int,
) -> None:
    """There was no coverage during the silence; that the aircraft is heard again on its way proves
    nothing."""
    approach = hear(WAY, INBOUND, floor_ft=2500)
    last = approach[-1].at
    back = last + silent_minutes * MINUTE
    crossing = overflight(LLOV, back, altitude_ft=9000.0)
    again = hear(crossing, [at for at in TIMES if at >= back])
    outage = listening(TIMES, hears=lambda at: not last < at < back)
    assert found([*approach, *again], outage) == [("LLOV", Grade.POSSIBLE)]
    assert found([*approach, *again], listening(TIMES)) == [("LLOV", Grade.PROBABLE)]


def test_a_climb_out_of_another_field_is_no_return_from_this_one() -> None:
    """An outage cuts off an approach to Ovda; hours later it takes off 115 NM away."""
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 0.0, 115.0)
    north, east = lat - LLOV.lat_deg, lon - LLOV.lon_deg
    ends = [replace(one, lat_deg=one.lat_deg + north, lon_deg=one.lon_deg + east)
            for one in LLOV.runways]  # fmt: skip
    away = replace(LLOV, icao="LLBG", lat_deg=lat, lon_deg=lon, runways=tuple(ends))
    leaves = visit(away, TOUCHDOWN, timedelta(hours=3), runway="20L")
    outbound = hear(leaves, [at for at in TIMES if at > TOUCHDOWN], floor_ft=2500)[:3]
    approach = hear(WAY, INBOUND, floor_ft=2500)
    outage = listening(TIMES, hears=lambda at: at < TOUCHDOWN)
    rare = replace(away, prior_weight=1e-6)
    assert found([*approach, *outbound], outage, LLOV, rare) == [("LLOV", Grade.POSSIBLE)]
    assert found([*approach, *outbound], listening(TIMES), LLOV, rare) == [("LLOV", Grade.PROBABLE)]


def test_coverage_before_the_silence_is_no_witness_of_it() -> None:
    """Jammed, then an outage: others nearby were received until it fell silent, not afterwards."""
    inbound = hear(WAY, INBOUND, floor_ft=2500)
    placed = [one for one in inbound if (one.baro_altitude_ft or 0) >= 12_000]
    low = blind([one for one in inbound if (one.baro_altitude_ft or 0) < 12_000])
    held = [replace(low[-1], heard_at=low[-1].heard_at + n * MINUTE) for n in range(1, 12)]
    silent = held[-1].heard_at
    outage = listening(TIMES, hears=lambda at: at <= silent)
    jammed = [*placed, *low, *held]
    assert found(jammed, outage) == [("LLOV", Grade.POSSIBLE)]
    assert found(jammed, listening(TIMES)) == [("LLOV", Grade.PROBABLE)]


# Alone in the sky.


def polled_slots(
    reports: Sequence[Observation], *, fleet: bool, sees: Callable[[Observation], bool]
) -> list[CoverageSlot]:
    """Reply each minute to an area poll, within whose reach `sees` puts the aircraft, and to a poll
    by address."""
    report_at = {one.heard_at: one for one in reports}

    def hearing(at: datetime, *, area: bool) -> PollCoverage:
        one = report_at.get(at)
        there = one is not None and (not area or sees(one))
        placed = one is not None and there and one.lat_deg is not None and sees(one)
        return PollCoverage(
            feed="adsblol",
            at=at,
            outcome=Outcome.HEARD if there else Outcome.NOBODY,
            area=area,
            aircraft=int(there),
            cells={_cell(one): 1} if one is not None and placed else {},
        )

    return slots_of(
        hearing(at, area=area) for at in TIMES for area in ((True, False) if fleet else (True,))
    )


def _cell(one: Observation) -> tuple[int, int, int]:
    lat, lon = one.lat_deg or 0.0, one.lon_deg or 0.0
    return int(lat // CELL_DEG), int(lon // CELL_DEG), band_of(one.baro_altitude_ft or 0.0)


@pytest.mark.parametrize("fleet", [True, False])
@pytest.mark.parametrize(("inside", "grade"), [(True, Grade.PROBABLE), (False, Grade.POSSIBLE)])
def test_solitude_needs_a_poll_of_the_area_of_the_aircraft(
    inside: bool, fleet: bool, grade: Grade
) -> None:
    """Found by its address, far from the polled area: that the area is empty says nothing about the
    traffic where the aircraft was."""
    approach = hear(WAY, INBOUND, floor_ft=2500)
    slots = polled_slots(approach, fleet=fleet, sees=lambda _: inside)
    assert found(approach, slots) == [("LLOV", grade)]


def test_solitude_is_not_proven_by_an_area_that_replies_beside_one_that_fails() -> None:
    """Two areas are polled; after the last fix only the other, empty one replies."""
    approach = hear(WAY, INBOUND, floor_ft=2500)
    last = approach[-1].at
    fails = [
        PollCoverage(feed="adsblol", at=at, outcome=Outcome.UNREACHABLE, area=True)
        for at in TIMES
        if at > last
    ]
    slots = polled_slots(approach, fleet=False, sees=lambda _: True)
    assert found(approach, joined([*slots, *slots_of(fails)])) == [("LLOV", Grade.POSSIBLE)]


def test_an_archive_of_one_aircraft_proves_no_solitude() -> None:
    """Its slots say "one aircraft" however many flew, so that none later proves nothing."""
    approach = hear(WAY, INBOUND, floor_ft=2500)
    spots = [(one.at, one.lat_deg or 0.0, one.lon_deg or 0.0, 3000.0) for one in approach]
    assert found(approach, slots_of_spots(spots, "adsblol")) == [("LLOV", Grade.POSSIBLE)]

"""Who practises has not landed, and who stands for some minutes with the engines running has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from collector.geo import bearing_deg, destination, distance_nm
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Grade, Observation
from tests.support.flights import LLOV, START, Moment, Path, hear, listening, polls, visit

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9), 20.0)
SLOTS = listening(TIMES[::3])
CIRCUIT_KT = 150.0
END = next(end for end in LLOV.runways if end.name == "20L")


def counted(reports: Sequence[Observation]) -> list[datetime]:
    found = detect(reports, SLOTS, (LLOV,), RULES, TIMES[-1]).detections
    return [one.touchdown_at for one in found if one.grade.rank >= Grade.PROBABLE.rank]


ARRIVES = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
TOUCH = (END.lat_deg, END.lon_deg)
UPWIND = destination(*TOUCH, END.bearing_deg, 4.0)
BASE = destination(*TOUCH, END.bearing_deg + 180.0, 4.0)
CORNERS = (
    TOUCH,
    UPWIND,
    destination(*UPWIND, END.bearing_deg + 90.0, 2.5),
    destination(*BASE, END.bearing_deg + 90.0, 2.5),
    BASE,
    TOUCH,
)
FLOWN = (0.0, *accumulate(distance_nm(*a, *b) for a, b in pairwise(CORNERS)))
CIRCUIT = timedelta(hours=FLOWN[-1] / CIRCUIT_KT)


def session(circuits: int, height_ft: float, stay: timedelta = timedelta(0)) -> Path:
    """An arrival that touches down at `TOUCHDOWN`, circuits of that height from touch to touch, a
    stay after the last, and away."""
    ends = TOUCHDOWN + circuits * CIRCUIT
    out = visit(LLOV, ends, stay, runway="20L")

    def path(at: datetime) -> Moment | None:
        if at <= TOUCHDOWN:
            return ARRIVES(at)
        if at > ends:
            return out(at)
        flown = ((at - TOUCHDOWN) % CIRCUIT) / timedelta(hours=1) * CIRCUIT_KT
        leg = next(n for n in range(5) if flown <= FLOWN[n + 1])
        course = bearing_deg(*CORNERS[leg], *CORNERS[leg + 1])
        spot = destination(*CORNERS[leg], course, flown - FLOWN[leg])
        up_ft, down_ft = 300.0 * flown, 318.0 * (FLOWN[-1] - flown)
        rate = 750.0 if up_ft < height_ft else -800.0 if down_ft < height_ft else 0.0
        height = LLOV.elevation_ft + min(up_ft, down_ft, height_ft)
        return Moment(*spot, height, CIRCUIT_KT, course, rate, on_ground=False)

    return path


@pytest.mark.parametrize("stay_minutes", [6, 8, 10, 13])
@pytest.mark.parametrize("floor_ft", [300.0, 500.0, 700.0])
def test_who_unloads_with_running_engines_has_landed(stay_minutes: int, floor_ft: float) -> None:
    way = visit(LLOV, TOUCHDOWN, stay_minutes * MINUTE, runway="20L")
    (landing,) = detect(
        hear(way, TIMES, floor_ft=LLOV.elevation_ft + floor_ft), SLOTS, (LLOV,), RULES, TIMES[-1]
    ).detections
    assert (landing.airfield, landing.grade) == ("LLOV", Grade.PROBABLE)
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s


@pytest.mark.parametrize("seconds", [0, 60])
@pytest.mark.parametrize("every", [1, 3, 6])
@pytest.mark.parametrize("floor_ft", [300.0, 900.0, 1500.0])
def test_touching_down_or_passing_low_is_no_landing(
    seconds: int, every: int, floor_ft: float
) -> None:
    way = visit(LLOV, TOUCHDOWN, timedelta(seconds=seconds), runway="20L")
    assert not counted(hear(way, TIMES[::every], floor_ft=LLOV.elevation_ft + floor_ft))


def test_replies_that_were_missed_show_no_stay() -> None:
    """Each 150 s; with three replies missed, a whole circuit is."""
    way = session(1, 1500.0)
    times = polls(START + timedelta(seconds=100), TIMES[-1], 150.0)
    reports = hear(way, times, floor_ft=LLOV.elevation_ft + 300.0)
    last = max(one.at for one in reports if one.at < TOUCHDOWN)
    assert TOUCHDOWN - last < MINUTE
    heard = [one for one in reports if not last < one.at < last + 10 * MINUTE]
    assert len(heard) == len(reports) - 3
    assert not counted(heard)


def test_one_circuit_below_what_is_received_looks_like_a_turn_and_does_not_count() -> None:
    """A circuit at 1,000 ft under a floor of 1,050 ft: eleven minutes of silence."""
    times = polls(START, TIMES[-1], 5.0)
    way = session(1, 1000.0)
    assert not counted(hear(way, times, floor_ft=LLOV.elevation_ft + 1050.0))


@pytest.mark.parametrize("hears_all", [True, False])
@pytest.mark.parametrize("height_ft", [1500.0, 2500.0])
def test_a_session_of_circuits_is_no_landing_wherever_the_receiver_pauses(
    height_ft: float, *, hears_all: bool
) -> None:
    """Six circuits; for two of them in between nobody listens."""
    way = session(6, height_ft)
    pause = TOUCHDOWN + 2 * CIRCUIT - MINUTE, TOUCHDOWN + 4 * CIRCUIT + MINUTE
    reports = hear(way, TIMES, floor_ft=LLOV.elevation_ft + 800.0)
    if not hears_all:
        reports = [one for one in reports if not pause[0] < one.at < pause[1]]
    assert not counted(reports)


def test_who_practises_and_then_stands_for_hours_has_landed_once() -> None:
    way = session(4, 1500.0, timedelta(hours=3))
    (touchdown,) = counted(hear(way, TIMES, floor_ft=LLOV.elevation_ft + 800.0))
    assert abs(touchdown - (TOUCHDOWN + 4 * CIRCUIT)) < 2 * MINUTE


@pytest.mark.parametrize("pressure_ft", [200.0, 450.0])
def test_on_a_day_of_high_pressure_a_circuit_below_what_is_received_does_not_count(
    pressure_ft: float,
) -> None:
    """A circuit at 1,000 ft under a floor of 1,050 ft; its altitudes say that it was lower."""
    times = polls(START, TIMES[-1], 5.0)
    reports = hear(session(1, 1000.0), times, floor_ft=LLOV.elevation_ft + 1050.0)
    assert not counted(
        [
            replace(one, baro_altitude_ft=(one.baro_altitude_ft or 0.0) - pressure_ft)
            for one in reports
        ]
    )


def test_an_outage_is_no_silence_of_some_minutes() -> None:
    """No poll is answered from its final until it has flown a circuit and climbs away."""
    outage = TOUCHDOWN - 0.5 * MINUTE, TOUCHDOWN + CIRCUIT + MINUTE
    assert outage[1] - outage[0] < RULES.shortest_silence

    def hears(at: datetime) -> bool:
        return not outage[0] < at < outage[1]

    reports = hear(session(1, 1500.0), TIMES, hears=hears, floor_ft=LLOV.elevation_ft + 1.0)
    slots = listening(TIMES[::3], hears=hears)
    found = detect(reports, slots, (LLOV,), RULES, TIMES[-1]).detections
    assert not [one for one in found if one.grade.rank >= Grade.PROBABLE.rank]


def test_a_slow_aircraft_takes_its_time_to_touch_down_and_climb_away() -> None:
    """At 60 kt and 350 ft/min, it is below 950 ft for six minutes."""
    kt, fpm = 60.0, 350.0

    def light(at: datetime) -> Moment | None:
        flown_nm = (at - TOUCHDOWN).total_seconds() * kt / 3600.0
        if not -25.0 < flown_nm < 20.0:
            return None
        spot = destination(*TOUCH, END.bearing_deg + (180.0 if flown_nm < 0 else 0), abs(flown_nm))
        climb = fpm if flown_nm > 0 else -kt * 318.0 / 60.0
        height = LLOV.elevation_ft + abs(flown_nm / kt * 60.0 * climb)
        return Moment(*spot, height, kt, END.bearing_deg, climb, on_ground=False)

    reports = hear(light, polls(START, TIMES[-1], 10.0), floor_ft=LLOV.elevation_ft + 950.0)
    assert not counted(reports)


@pytest.mark.parametrize("kt", [90.0, 110.0])
def test_light_aircraft_fly_lower_circuits(kt: float) -> None:
    """At 800 ft under a floor of 850 ft."""
    way = session(1, 800.0)
    reports = hear(way, polls(START, TIMES[-1], 5.0), floor_ft=LLOV.elevation_ft + 850.0)
    assert not counted([replace(one, ground_speed_kt=kt) for one in reports])

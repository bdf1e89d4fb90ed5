"""What counts as a landing, where, and how sure: simulated flights through polls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.landings.detect import DerivedLandings, detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation
from collector.model.coverage import CoverageSlot
from tests.support.flights import (
    FIELDS,
    LLER,
    LLOV,
    START,
    Path,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

TOUCHDOWN = START + timedelta(hours=2)
STAY = timedelta(hours=2)
DAY = timedelta(days=1)
END = START + timedelta(hours=8)
EVERY_MINUTE = polls(START, END)
RULES = LandingRules()


def derive(
    observations: list[Observation], slots: list[CoverageSlot] | None = None, now: datetime = END
) -> DerivedLandings:
    return detect(observations, slots or [], FIELDS, RULES, now)


def landings(
    observations: list[Observation], slots: list[CoverageSlot] | None = None, now: datetime = END
) -> tuple[Detection, ...]:
    return derive(observations, slots, now).detections


@pytest.fixture
def flight() -> Path:
    return visit(LLOV, TOUCHDOWN, STAY, runway="20L")


def test_heard_to_the_ground_is_confirmed(flight: Path) -> None:
    (landing,) = landings(hear(flight, EVERY_MINUTE))
    assert (landing.airfield, landing.grade) == ("LLOV", Grade.CONFIRMED)
    assert landing.runway == "20L"
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s + 1
    assert landing.uncertainty_s <= 35
    assert landing.departed_at is not None
    assert abs(landing.departed_at - (TOUCHDOWN + STAY)) < timedelta(minutes=3)


@pytest.mark.parametrize("floor_ft", [2500, 4000, 6000, 8000])
def test_low_loss_and_low_return_are_probable_by_themselves(flight: Path, floor_ft: float) -> None:
    (landing,) = landings(hear(flight, EVERY_MINUTE, floor_ft=floor_ft))
    assert landing.grade is Grade.PROBABLE
    assert "LLOV" in {candidate.airfield for candidate in landing.candidates}
    error = abs((landing.touchdown_at - TOUCHDOWN).total_seconds())
    assert error <= landing.uncertainty_s


def test_low_loss_counts_while_the_feed_still_hears_others(flight: Path) -> None:
    """Silence after a low approach is evidence while there is coverage, and none in an outage."""
    until = TOUCHDOWN + timedelta(hours=1)
    reports = hear(flight, polls(START, until), floor_ft=3500)
    (with_coverage,) = landings(reports, listening(polls(START, until)), until)
    lost = reports[-1].at

    def before_loss(at: datetime) -> bool:
        return at <= lost

    (in_outage,) = landings(reports, listening(polls(START, until), hears=before_loss), until)
    assert with_coverage.grade is Grade.PROBABLE
    assert with_coverage.airfield == "LLOV"
    assert in_outage.grade is Grade.POSSIBLE
    assert in_outage.probability < with_coverage.probability


def test_an_empty_sky_proves_nothing(flight: Path) -> None:
    until = TOUCHDOWN + timedelta(hours=1)
    reports = hear(flight, polls(START, until), floor_ft=3500)
    (landing,) = landings(reports, listening(polls(START, until), traffic=0), until)
    assert landing.grade is Grade.POSSIBLE


def test_lost_high_between_neighbours_is_undetermined() -> None:
    """At 12,000 ft the corridor is shared: the answer is a choice of fields, not a bet."""
    flight = visit(LLER, TOUCHDOWN, STAY, runway="19", came_from_deg=12.0)
    (landing,) = landings(hear(flight, EVERY_MINUTE, floor_ft=12_000))
    assert landing.airfield is None
    assert landing.heard_inbound
    assert {"LLOV", "LLER"} <= {candidate.airfield for candidate in landing.candidates}
    assert sum(candidate.probability for candidate in landing.candidates) <= 1.0


@pytest.mark.parametrize(("field", "runway"), [(LLOV, "20L"), (LLER, "19")])
def test_lined_up_low_names_the_field(field: object, runway: str) -> None:
    flight = visit(LLOV if field is LLOV else LLER, TOUCHDOWN, STAY, runway=runway)
    (landing,) = landings(hear(flight, EVERY_MINUTE, floor_ft=3000))
    assert landing.airfield == (LLOV if field is LLOV else LLER).icao


def test_ovda_is_impossible_below_its_elevation() -> None:
    """Received far below 1,492 ft on the way to Ramon."""
    flight = visit(LLER, TOUCHDOWN, STAY, runway="19")
    (landing,) = landings(hear(flight, polls(START, END, 20), floor_ft=600))
    assert landing.airfield == "LLER"
    assert "LLOV" not in {candidate.airfield for candidate in landing.candidates}


@pytest.mark.parametrize("altitude_ft", [34_000, 20_000, 9_000])
def test_an_overflight_is_no_landing(altitude_ft: float) -> None:
    flight = overflight(LLOV, TOUCHDOWN, altitude_ft=altitude_ft)
    assert landings(hear(flight, EVERY_MINUTE), listening(EVERY_MINUTE)) == ()


@pytest.mark.parametrize("altitude_ft", [34_000, 20_000])
def test_an_overflight_through_a_hole_is_no_landing(altitude_ft: float) -> None:
    flight = overflight(LLOV, TOUCHDOWN, altitude_ft=altitude_ft)

    def outside_hole(at: datetime) -> bool:
        return abs(at - TOUCHDOWN) > timedelta(minutes=18)

    reports = hear(flight, EVERY_MINUTE, hears=outside_hole)
    assert landings(reports, listening(EVERY_MINUTE)) == ()


def test_an_outage_over_a_cruise_is_no_landing() -> None:
    """The whole feed is down for three hours while the aircraft passes: nothing is inferred."""
    flight = overflight(LLOV, TOUCHDOWN)

    def up(at: datetime) -> bool:
        return at < TOUCHDOWN - timedelta(minutes=20)

    reports = hear(flight, EVERY_MINUTE, hears=up)
    assert landings(reports, listening(EVERY_MINUTE, hears=up)) == ()


def test_a_return_from_the_south_in_cruise_is_no_counted_landing() -> None:
    south = hear(overflight(LLOV, TOUCHDOWN), EVERY_MINUTE)
    back = hear(
        overflight(LLOV, TOUCHDOWN + timedelta(hours=5), track=15.0),
        polls(START, START + timedelta(hours=9)),
    )
    found = landings(south + back, listening(EVERY_MINUTE))
    assert all(landing.grade is Grade.POSSIBLE for landing in found)


def test_going_around_is_not_landing(flight: Path) -> None:
    """Down to 2,000 ft, silent for five minutes, then back on a second approach that lands."""
    first = visit(LLOV, TOUCHDOWN - timedelta(minutes=15), STAY, runway="20L")

    def low_pass(at: datetime) -> bool:
        return at < TOUCHDOWN - timedelta(minutes=16)

    reports = hear(first, polls(START, END, 30), hears=low_pass)
    second = [
        o for o in hear(flight, polls(START, END, 30)) if o.at > TOUCHDOWN - timedelta(minutes=7)
    ]
    assert [landing.airfield for landing in landings(reports + second)] == ["LLOV"]


def test_parked_when_watching_begins_is_no_landing(flight: Path) -> None:
    reports = [o for o in hear(flight, EVERY_MINUTE) if o.at > TOUCHDOWN + timedelta(minutes=5)]
    derived = derive(reports)
    assert derived.detections == ()
    assert derived.starts_down


def test_seen_elsewhere_before_and_on_the_ground_after_is_an_interval(flight: Path) -> None:
    """The approach was not received: the touchdown is an interval that holds the truth."""
    reports = [
        o
        for o in hear(flight, EVERY_MINUTE)
        if o.at < TOUCHDOWN - timedelta(minutes=28) or o.at > TOUCHDOWN + timedelta(minutes=50)
    ]
    (landing,) = landings(reports)
    assert landing.airfield == "LLOV"
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s


def test_two_visits_in_a_day_are_two() -> None:
    first = visit(LLOV, TOUCHDOWN, timedelta(hours=1))
    second = visit(LLOV, TOUCHDOWN + timedelta(hours=4), timedelta(hours=1))
    times = polls(START, START + timedelta(hours=10))
    middle = TOUCHDOWN + timedelta(hours=2, minutes=30)
    reports = [o for o in hear(first, times) if o.at < middle]
    reports += [o for o in hear(second, times) if o.at >= middle]
    assert [landing.airfield for landing in landings(reports)] == ["LLOV", "LLOV"]


def test_frozen_positions_are_never_used() -> None:
    """The position stands still over the field while the altitude goes down: no landing."""
    frozen = [
        Observation(
            icao24="600865",
            feed="opensky",
            heard_at=START + timedelta(minutes=minute),
            position_at=START,
            lat_deg=LLOV.lat_deg,
            lon_deg=LLOV.lon_deg,
            baro_altitude_ft=max(1500.0, 20_000.0 - 700.0 * minute),
            ground_speed_kt=150.0,
            vertical_rate_fpm=-800.0,
            on_ground=minute > 30,
        )
        for minute in range(2, 60)
    ]
    assert landings(frozen, listening(EVERY_MINUTE)) == ()


@pytest.mark.parametrize("hours_later", [1, 3])
def test_a_jump_onto_the_runway_is_no_landing(hours_later: int) -> None:
    """A spoofed spot on the ground that nothing can reach, in the middle of a cruise."""
    at = TOUCHDOWN
    path = overflight(LLOV, at + timedelta(minutes=40))
    reports = hear(path, polls(START, END, 60))
    moment = visit(LLOV, at - timedelta(hours=1), timedelta(hours=hours_later))(at)
    assert moment is not None
    spoofed = hear(lambda _: moment, [at, at + timedelta(seconds=20)])
    assert landings(reports + spoofed) == ()


def test_a_silence_is_judged_only_after_a_while(flight: Path) -> None:
    reports = hear(flight, polls(START, TOUCHDOWN), floor_ft=3500)
    early = derive(reports, now=reports[-1].at + timedelta(minutes=5))
    assert early.detections == ()
    assert early.wakeup_at == reports[-1].at + RULES.settle_after


def test_every_detection_says_why(flight: Path) -> None:
    for floor in (0, 4000):
        for landing in landings(hear(flight, EVERY_MINUTE, floor_ft=floor)):
            assert landing.evidence
            assert [e.at for e in landing.evidence] == sorted(e.at for e in landing.evidence)
            assert all(e.text.endswith((".", "%")) for e in landing.evidence)


def test_fields_are_those_of_the_day_on_which_it_was_last_heard(flight: Path) -> None:
    """The track begins the evening before."""
    opened = replace(LLOV, valid_from=TOUCHDOWN.date())
    evening = [replace(o, heard_at=o.heard_at - DAY, position_at=o.heard_at - DAY)
               for o in hear(overflight(LLOV, TOUCHDOWN), EVERY_MINUTE)]  # fmt: skip
    reports = [*evening, *hear(flight, EVERY_MINUTE)]
    found = detect(reports, [], [opened], RULES, END).detections
    assert [landing.airfield for landing in found] == ["LLOV"]

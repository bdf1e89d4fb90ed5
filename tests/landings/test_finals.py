"""What does a final witness by itself? That the aircraft lands there, if it was seconds from
touchdown, or if others were received where it would have gone around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.naming import attribution
from collector.landings.rules import LandingRules
from collector.model import Grade, Observation
from collector.model.coverage import CELL_DEG, CoverageSlot, PollCoverage, band_of, slots_of
from collector.model.reply import Outcome
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
LATER = START + timedelta(hours=9)
WAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
EVERY_5_S = hear(WAY, polls(START, TOUCHDOWN, 5.0))


def lost_at(seconds: float) -> list[Observation]:
    """Return the arrival until so long before touchdown."""
    return [one for one in EVERY_5_S if one.at <= TOUCHDOWN - timedelta(seconds=seconds)]


def others(minutes: range, height_ft: float, aircraft: int = 1) -> list[CoverageSlot]:
    """Return slots in which the feed received so many aircraft at the field, so many minutes after
    the touchdown, and nobody else."""
    cell = (int(LLOV.lat_deg // CELL_DEG), int(LLOV.lon_deg // CELL_DEG), band_of(height_ft))
    times = [TOUCHDOWN + timedelta(minutes=minute) for minute in minutes]
    return slots_of(
        PollCoverage(
            feed="adsblol",
            at=at,
            outcome=Outcome.HEARD,
            area=True,
            aircraft=aircraft,
            cells={cell: aircraft},
        )
        for at in times
    )


def found(
    reports: Sequence[Observation], slots: Sequence[CoverageSlot] = (), now: datetime = LATER
) -> list[Grade]:
    return [one.grade for one in detect(reports, slots, (LLOV,), RULES, now).detections]


@pytest.mark.usefixtures("sure")
def test_who_falls_silent_seconds_before_touchdown_has_landed() -> None:
    detection = detect(lost_at(10), (), (LLOV,), RULES, LATER).detections[0]
    assert (detection.airfield, detection.grade) == ("LLOV", Grade.PROBABLE)
    (witness,) = [each.text for each in detection.evidence if each.kind == "witness"]
    assert "seconds from touchdown" in witness


@pytest.mark.usefixtures("sure")
def test_a_final_farther_out_a_level_one_and_one_beside_the_centreline_witness_nothing() -> None:
    near = lost_at(10)
    level = [*near[:-1], replace(near[-1], vertical_rate_fpm=0.0)]
    lat, lon = near[-1].lat_deg or 0.0, near[-1].lon_deg or 0.0
    aside_lat, aside_lon = destination(lat, lon, 290.0, 0.2)
    aside = [*near[:-1], replace(near[-1], lat_deg=aside_lat, lon_deg=aside_lon)]
    high = [*near[:-1], replace(near[-1], baro_altitude_ft=LLOV.elevation_ft + 700.0)]
    for reports in (lost_at(60), lost_at(25), level, aside, high):
        assert found(reports) == [Grade.POSSIBLE]


@pytest.mark.usefixtures("sure")
def test_in_a_circuit_a_short_final_witnesses_nothing() -> None:
    """Who was nowhere else for half an hour may have touched down and flown on."""
    circuit = [one for one in lost_at(10) if one.at > TOUCHDOWN - timedelta(minutes=4)]
    assert found(circuit) == [Grade.POSSIBLE]


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("minutes", "grade"), [(30, Grade.POSSIBLE), (40, Grade.POSSIBLE), (90, Grade.PROBABLE)]
)
def test_who_is_soon_heard_elsewhere_may_have_passed_low_over_the_runway(
    minutes: int, grade: Grade
) -> None:
    """Level, and not climbing out of the field: nobody heard what it did there."""
    near = lost_at(10)
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 330.0, 20.0)
    level = replace(
        near[0],
        heard_at=TOUCHDOWN + timedelta(minutes=minutes),
        position_at=TOUCHDOWN + timedelta(minutes=minutes),
        lat_deg=lat,
        lon_deg=lon,
        baro_altitude_ft=12_000.0,
        vertical_rate_fpm=0.0,
    )
    assert found([*near, level]) == [grade]


@pytest.mark.usefixtures("sure")
def test_heights_that_climb_again_without_a_position_are_a_go_around() -> None:
    near = lost_at(10)
    last = near[-1]
    climbs = [
        replace(
            last,
            heard_at=last.heard_at + timedelta(seconds=10 * step),
            position_at=None,
            lat_deg=None,
            lon_deg=None,
            baro_altitude_ft=(last.baro_altitude_ft or 0.0) + 150.0 * step,
        )
        for step in range(1, 7)
    ]
    assert found([*near, *climbs]) == [Grade.POSSIBLE]


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(
    ("minutes", "height_ft", "grade"),
    [
        (range(10), 2500.0, Grade.PROBABLE),
        (range(10), 35_000.0, Grade.POSSIBLE),
        (range(4), 2500.0, Grade.POSSIBLE),
    ],
    ids=["received low", "received in cruise only", "nobody after four minutes"],
)
def test_a_low_final_is_witnessed_by_others_received_low_there_soon_afterwards(
    minutes: range, height_ft: float, grade: Grade
) -> None:
    """They prove that it would have been received, had it gone around; no later traffic is
    needed."""
    final = lost_at(60)
    assert found(final, others(minutes, height_ft)) == [grade]
    level = [*final[:-1], replace(final[-1], vertical_rate_fpm=0.0)]
    assert found(level, others(minutes, height_ft)) == [Grade.POSSIBLE]


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize(("aircraft", "grade"), [(1, Grade.POSSIBLE), (2, Grade.PROBABLE)])
def test_its_own_place_given_again_is_no_other_aircraft(aircraft: int, grade: Grade) -> None:
    """On the ground its last position in the air is repeated, and the feed counts it."""
    final = lost_at(60)
    again = [
        replace(
            final[-1],
            heard_at=TOUCHDOWN + timedelta(minutes=minute),
            position_at=TOUCHDOWN + timedelta(minutes=minute),
            baro_altitude_ft=None,
            on_ground=True,
        )
        for minute in range(1, 12)
    ]
    assert found([*final, *again], others(range(12), 1000.0, aircraft)) == [grade]


def test_a_low_final_tells_its_field_from_a_neighbour_whose_prior_is_tripled() -> None:
    fields = {"LLOV": LLOV, "LLER": LLER}
    odds = {"LLOV": 24.0, "LLER": 2.0}
    assert attribution(odds, fields, (), RULES)[0] is None
    named, shares = attribution(odds, fields, (), RULES, told={"LLER"})
    assert named == "LLOV"
    assert shares["LLER"] == pytest.approx(1.0 / 101.0)


@pytest.mark.usefixtures("sure")
def test_a_field_is_named_from_a_low_final_though_all_fit_equally_well() -> None:
    fields = [replace(each, prior_weight=1.1 if each is LLOV else 1.0) for each in FIELDS]
    detection = detect(lost_at(10), (), fields, RULES, LATER).detections[0]
    assert detection.airfield == "LLOV"
    assert detect(lost_at(360), (), fields, RULES, LATER).detections[0].airfield is None

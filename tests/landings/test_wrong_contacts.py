"""Do wrong reports near a landing change when it was, or that it was? Ground bits of an approach,
positions that jump, and a last report that lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Observation
from tests.support.flights import FIELDS, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
STAY = timedelta(hours=2)
VISIT = visit(LLOV, TOUCHDOWN, STAY)
LISTENING = listening(polls(START, TOUCHDOWN + timedelta(hours=8), 120))


def rows(every_s: float) -> list[Observation]:
    begin, end = TOUCHDOWN - timedelta(minutes=45), TOUCHDOWN + STAY + timedelta(minutes=45)
    return hear(VISIT, polls(begin, end, every_s))


def found(reports: Sequence[Observation]) -> list[Detection]:
    now = max(each.at for each in reports) + timedelta(hours=3)
    return list(detect(reports, LISTENING, FIELDS, RULES, now).detections)


def seconds(at: datetime) -> float:
    return (at - TOUCHDOWN).total_seconds()


def on_the_ground(report: Observation, speed_kt: float | None) -> Observation:
    return replace(
        report,
        on_ground=True,
        ground_speed_kt=speed_kt,
        baro_altitude_ft=None,
        vertical_rate_fpm=None,
    )


@pytest.mark.parametrize("speed_kt", [0.0, None, 140.0])
@pytest.mark.parametrize("each", [2, 3])
def test_false_ground_bits_of_an_approach_are_not_the_touchdown(
    each: int, speed_kt: float | None
) -> None:
    """The other reports between them still sank: it had not landed."""
    approach = [
        on_the_ground(row, speed_kt) if not number % each and -900 <= seconds(row.at) < 0 else row
        for number, row in enumerate(rows(5.0))
    ]
    (landing,) = found(approach)
    assert landing.grade.rank >= 2
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s + 5.0


def test_a_jump_of_one_that_is_parked_takes_its_approach_not_away() -> None:
    """Ten reports on the ground 40 NM off, each minute: the third could have been reached, but by
    nobody who had just stood still."""
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 20.0, 39.4)
    jumped = [
        replace(row, lat_deg=lat, lon_deg=lon) if 1000 <= seconds(row.at) < 1700 else row
        for row in rows(70.0)
    ]
    (landing,) = found(jumped)
    assert (landing.airfield, landing.grade.rank >= 2) == ("LLOV", True)
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s


def test_a_last_report_that_lies_dates_no_landing() -> None:
    """One "on the ground" at the field, 10 NM from the approach a minute before; then silence, and
    an hour later the aircraft is parked."""
    near = [row for row in rows(62.0) if seconds(row.at) < -270]
    lie = replace(
        on_the_ground(near[-1], 140.0),
        lat_deg=LLOV.lat_deg,
        lon_deg=LLOV.lon_deg,
        heard_at=near[-1].at + timedelta(seconds=62),
        position_at=near[-1].at + timedelta(seconds=62),
    )
    parked = [row for row in rows(62.0) if 3600 < seconds(row.at) < 4500]
    (honest,) = found([*near, *parked])
    (landing,) = found([*near, lie, *parked])
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s
    assert landing.touchdown_at == honest.touchdown_at


def test_a_downwind_is_no_straight_approach() -> None:
    """Heard abeam the field, flying away from the runway, and five minutes later on the ground:
    when it landed in between is not known to a minute."""
    downwind = replace(
        next(row for row in rows(5.0) if row.on_ground is False and seconds(row.at) > -90),
        heard_at=TOUCHDOWN - timedelta(seconds=220),
        position_at=TOUCHDOWN - timedelta(seconds=220),
        track_deg=(LLOV.runways[0].bearing_deg + 180.0) % 360.0,
        vertical_rate_fpm=0.0,
        baro_altitude_ft=2500.0,
    )
    arrived = [row for row in rows(20.0) if 80 < seconds(row.at) < 3000]
    before = [row for row in rows(300.0) if seconds(row.at) < -700]
    (landing,) = found([*before, downwind, *arrived])
    assert landing.grade.rank >= 2
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s


@pytest.mark.parametrize("lasts", [1, 3])
def test_a_parked_aircraft_in_the_air_by_its_first_reports_makes_no_second_landing(
    lasts: int,
) -> None:
    """Away, and hours later parked at the field; it says "in the air" at first, at the height of
    the field, and taxies out. Nobody heard it land, and it did once."""
    later = [row for row in rows(60.0) if seconds(row.at) > STAY.total_seconds() - 420]
    gone = [
        replace(row, heard_at=at, position_at=at)
        for row in rows(60.0)
        if seconds(row.at) > STAY.total_seconds()
        for at in (row.at - timedelta(hours=6),)
    ]
    wrong = [
        replace(row, on_ground=False, baro_altitude_ft=LLOV.elevation_ft, vertical_rate_fpm=0.0)
        if number < lasts
        else row
        for number, row in enumerate(later)
    ]
    landings = [each for each in found([*gone, *wrong]) if each.airfield == "LLOV"]
    heard = [each for each in landings if each.touchdown_at > gone[-1].at]
    assert len(heard) == 1
    assert heard[0].grade.rank >= 2


@pytest.mark.parametrize("before_s", [20, 50])
@pytest.mark.parametrize("every_s", [5.0, 30.0, 300.0])
def test_a_ground_bit_that_comes_on_final_is_no_touchdown(every_s: float, before_s: int) -> None:
    """In the last two minutes every row says "on the ground", at the speed of flight and before the
    runway; one of them is heard that long before the touchdown."""
    begin, end = TOUCHDOWN - timedelta(minutes=45, seconds=before_s), TOUCHDOWN + STAY
    approach = [
        on_the_ground(row, row.ground_speed_kt) if -120 <= seconds(row.at) < 0 else row
        for row in hear(VISIT, polls(begin, end, every_s))
    ]
    (landing,) = found(approach)
    assert landing.grade.rank >= 2
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s


@pytest.mark.parametrize("beside_nm", [0.3, 0.8])
def test_who_stands_beside_the_runway_at_the_speed_of_the_approach_has_landed(
    beside_nm: float,
) -> None:
    """Some feeds repeat that speed on the ground; then it taxies out and leaves."""
    left = TOUCHDOWN + STAY
    ways = (
        (5, 0.0, 0.019 * beside_nm),
        (6, 0.0, 0.019 * beside_nm + 0.001),
        (118, 0.001, 0.0),
        (119, 0.003, 0.0),
    )
    stands = [
        replace(
            on_the_ground(hear(VISIT, [TOUCHDOWN + timedelta(minutes=minutes)])[0], 103.0),
            lat_deg=LLOV.lat_deg + north_deg,
            lon_deg=LLOV.lon_deg + east_deg,
        )
        for minutes, north_deg, east_deg in ways
    ]
    arrives = hear(VISIT, polls(TOUCHDOWN - timedelta(minutes=45), TOUCHDOWN), floor_ft=6000.0)
    leaves = hear(VISIT, polls(left, left + timedelta(minutes=45)), floor_ft=6000.0)
    (landing,) = found([*arrives, *stands, *leaves])
    assert landing.grade.rank >= 2
    assert abs(seconds(landing.touchdown_at)) <= landing.uncertainty_s

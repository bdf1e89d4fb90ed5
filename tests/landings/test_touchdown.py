"""When was the touchdown of a landing that was not received? Within its ±, before the departure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Grade, Source
from tests.landings import test_physics
from tests.support.flights import (
    FIELDS,
    FINAL_KT,
    LLOV,
    START,
    Moment,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9))
STEEP_KT = 130.0
NM_IN_FT = 6076.1


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("climbs_out", [True, False])
@pytest.mark.parametrize("floor_ft", [9000, 20_000, 30_000])
@pytest.mark.parametrize("stay_minutes", [16, 20, 30])
def test_it_touched_down_before_it_was_heard_again(
    stay_minutes: int, floor_ft: int, climbs_out: bool
) -> None:
    """Lost 90 NM out, the aircraft may come late, but not so late that it had left already."""
    stay = timedelta(minutes=stay_minutes)
    reports = hear(visit(LLOV, TOUCHDOWN, stay), TIMES, floor_ft=floor_ft)
    if not climbs_out:
        inbound = [one for one in reports if one.at < TOUCHDOWN]
        back = max(TOUCHDOWN + stay, inbound[-1].at + timedelta(minutes=35))
        crossing = overflight(LLOV, back)
        reports = inbound + hear(crossing, [at for at in TIMES if at >= back])
    again = next(one.at for one in reports if one.at > TOUCHDOWN)
    for found in detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections:
        latest = found.touchdown_at + timedelta(seconds=found.uncertainty_s)
        rounding = timedelta(microseconds=2)  # of a middle and its ± in seconds
        assert latest <= again - RULES.shortest_stay + rounding
        if climbs_out:
            assert abs(found.touchdown_at - TOUCHDOWN) <= latest - found.touchdown_at


def test_a_place_from_which_nobody_comes_in_time_does_not_date_the_touchdown() -> None:
    """As spoofed reports say of the region: in Beirut in the air and on the ground, then at the
    field. The flight from there takes longer than there was, so the landing was before."""
    stay, minute = timedelta(minutes=22), timedelta(minutes=1)
    begin, end = TOUCHDOWN - 15 * minute, TOUCHDOWN + 10 * minute
    reports = hear(visit(LLOV, TOUCHDOWN, stay), TIMES[::5])
    spoofed = [
        replace(one, lat_deg=33.8209, lon_deg=35.4884) if begin <= one.at < end else one
        for one in reports
    ]
    (found,) = detect(spoofed, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


@pytest.mark.usefixtures("sure")
@pytest.mark.parametrize("every_s", [60, 300])
@pytest.mark.parametrize("froze_s", [5, 15])
def test_a_position_given_again_with_a_later_time_makes_no_landing_later(
    every_s: int, froze_s: int
) -> None:
    """The feed repeats the last position of the final for two minutes, as if it were new; a poll
    takes that for where the aircraft is then."""
    path = visit(LLOV, TOUCHDOWN, timedelta(hours=3))
    poll = timedelta(seconds=every_s)
    last = TOUCHDOWN - timedelta(seconds=45 + froze_s)
    times = [last - number * poll for number in range(1 + 3600 // every_s)]
    reports = hear(path, sorted(times))
    (frozen,) = hear(path, [last + timedelta(seconds=froze_s)])
    again = [last + poll] if every_s > 60 else [last + poll, last + 2 * poll]
    reports += [replace(frozen, heard_at=at, position_at=at) for at in again]
    (found,) = detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert found.uncertainty_s < every_s
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


@pytest.mark.parametrize("phase_s", range(0, 60, 7))
def test_a_landing_polled_each_minute_is_told_to_half_a_minute(phase_s: int) -> None:
    """On the final, then on the ground: its touchdown lies before the first report there."""
    times = [at + timedelta(seconds=phase_s) for at in TIMES]
    reports = hear(visit(LLOV, TOUCHDOWN, timedelta(hours=3)), times)
    (found,) = detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert found.uncertainty_s <= 32.0
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


def test_a_roll_by_multilateration_that_says_ground_does_not_date_it_later() -> None:
    """Such a row proves no ground, but no flight either: it has no height."""
    minute = timedelta(minutes=1)
    times = polls(TOUCHDOWN - 40 * minute, TOUCHDOWN + 20 * minute, 10)
    reports = hear(visit(LLOV, TOUCHDOWN, timedelta(hours=3)), times)
    rolling = [
        replace(each, source=Source.MLAT) if each.at < TOUCHDOWN + minute / 2 else each
        for each in reports
    ]
    (found,) = detect(rolling, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


@pytest.mark.parametrize("late_s", [60, 170, 240, 300])
def test_a_feed_that_is_late_beside_a_right_one_changes_no_short_stay(late_s: int) -> None:
    """Not every poll has the aircraft, so some places are received by the late feed last."""
    late, minute = timedelta(seconds=late_s), timedelta(minutes=1)
    times = polls(TOUCHDOWN - 40 * minute, TOUCHDOWN + 40 * minute)
    heard = hear(visit(LLOV, TOUCHDOWN, 9 * minute), times)
    reports = [each for number, each in enumerate(heard) if number % 4 != 3]
    second = [
        replace(each, feed="two", heard_at=each.heard_at + late, position_at=each.at + late)
        for each in reports
    ]
    (alone,), (beside,) = (
        detect(each, listening(TIMES), FIELDS, RULES, TIMES[-1]).detections
        for each in (reports, reports + second)
    )
    assert (beside.airfield, beside.grade) == (alone.airfield, alone.grade) == ("LLOV", "confirmed")
    assert beside.touchdown_at == alone.touchdown_at
    assert beside.uncertainty_s == alone.uncertainty_s


@pytest.mark.parametrize("every_s", [10, 30, 60])
@pytest.mark.parametrize("off_ft", [-810.0, 0.0, 810.0])
def test_an_altitude_that_is_off_by_30_hpa_dates_no_touchdown_wrongly(
    every_s: int, off_ft: float
) -> None:
    """Pressure altitudes are not corrected for the pressure of the day."""
    times = polls(TOUCHDOWN - timedelta(minutes=40), TOUCHDOWN + timedelta(minutes=20), every_s)
    reports = [
        replace(each, baro_altitude_ft=(each.baro_altitude_ft or 0.0) + off_ft)
        if not each.on_ground
        else each
        for each in hear(visit(LLOV, TOUCHDOWN, timedelta(hours=3)), times)
    ]
    (found,) = detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


@pytest.mark.parametrize("every_s", [60, 120])
@pytest.mark.parametrize("phase_s", range(0, 60, 12))
def test_a_light_aircraft_that_becomes_slower_on_its_final_may_be_later(
    every_s: int, phase_s: int
) -> None:
    """At 110 kt to a mile and a half before the runway, and from there at 70."""
    airliner = visit(LLOV, TOUCHDOWN, timedelta(hours=3))
    slow_s = 1.5 * 3600.0 / 70.0

    def light(at: datetime) -> Moment | None:
        left_s = (TOUCHDOWN - at).total_seconds()
        if left_s <= 0.0:
            return airliner(at)
        speed = 70.0 if left_s <= slow_s else 110.0
        to_fly_nm = (min(left_s, slow_s) * 70.0 + max(0.0, left_s - slow_s) * 110.0) / 3600.0
        moment = airliner(TOUCHDOWN - timedelta(hours=to_fly_nm / FINAL_KT))
        if moment is None or to_fly_nm > 6.0:
            return None
        rate = moment.vertical_rate_fpm * speed / FINAL_KT
        return replace(moment, ground_speed_kt=speed, vertical_rate_fpm=rate)

    times = polls(TOUCHDOWN - timedelta(minutes=8), TIMES[-1], every_s)
    reports = hear(light, [at + timedelta(seconds=phase_s) for at in times])
    (found,) = detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert abs(found.touchdown_at - TOUCHDOWN).total_seconds() <= found.uncertainty_s


@pytest.mark.parametrize("minutes", [6, 12, 20])
def test_a_roll_received_long_after_the_approach_dates_the_touchdown(minutes: int) -> None:
    """It goes around unheard; what is received next is its roll-out."""
    times = polls(START, START + timedelta(hours=9), 10.0)
    first = visit(LLOV, TOUCHDOWN - timedelta(minutes=minutes), timedelta(hours=1), runway="20L")
    broken_off = TOUCHDOWN - timedelta(minutes=minutes, seconds=60)
    approach = hear(first, [at for at in times if at < broken_off])
    lands = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
    rolls = hear(lands, [at for at in times if at > TOUCHDOWN])
    (landing,) = detect([*approach, *rolls], listening(times), (LLOV,), RULES, times[-1]).detections
    assert landing.grade is Grade.CONFIRMED
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s <= 60


@pytest.mark.parametrize("minutes", [4, 10, 20])
def test_the_speed_of_the_approach_given_on_the_ground_is_no_roll(minutes: int) -> None:
    """As in recordings whose speeds end with the flight, it taxies at 103 kt."""
    way = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
    times = polls(START, TOUCHDOWN + timedelta(minutes=40), 10.0)
    approach = hear(way, [at for at in times if at < TOUCHDOWN - timedelta(seconds=100)])
    stands = hear(way, [at for at in times if at > TOUCHDOWN + timedelta(minutes=minutes)])
    places = [destination(LLOV.lat_deg, LLOV.lon_deg, 22.0, 0.05 * step) for step in range(4)]
    frozen = [
        replace(one, lat_deg=place[0], lon_deg=place[1], ground_speed_kt=103.0)
        for one, place in zip(stands[::6], places, strict=False)
    ]
    (landing,) = detect([*approach, *frozen], [], (LLOV,), RULES, times[-1]).detections
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s <= 60


def test_moving_fast_on_the_ground_an_hour_after_the_final_is_no_roll_of_that_arrival() -> None:
    way = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
    times = polls(START, START + timedelta(hours=4), 10.0)
    approach = hear(way, [at for at in times if at < TOUCHDOWN - timedelta(seconds=30)])
    stands = hear(way, [at for at in times if at > TOUCHDOWN + timedelta(hours=1)])
    moved = [replace(stands[0], ground_speed_kt=70.0), *stands[1:]]
    (landing,) = detect([*approach, *moved], listening(times), (LLOV,), RULES, times[-1]).detections
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s <= 60


@pytest.mark.parametrize("more_s", [0, 60, 120])
def test_lost_in_line_with_no_runway_it_may_have_a_circuit_to_fly(more_s: int) -> None:
    """It comes across the runway, sinking, and is lost 4 NM out; it lands straight on, or after
    most of a circuit."""
    lost_at = TOUCHDOWN - timedelta(seconds=96 + more_s)

    def across(at: datetime) -> Moment | None:
        nm = 4.0 + (lost_at - at).total_seconds() * 150.0 / 3600.0
        spot = destination(LLOV.lat_deg, LLOV.lon_deg, 110.0, nm)
        return Moment(*spot, LLOV.elevation_ft + 318.0 * nm, 150.0, 290.0, -800.0, on_ground=False)

    times = polls(lost_at - timedelta(minutes=20), lost_at, 20.0)
    leaves = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
    out = hear(leaves, [at for at in TIMES if at > TOUCHDOWN], floor_ft=LLOV.elevation_ft + 1500.0)
    reports = [*hear(across, times), *out]
    (landing,) = detect(reports, listening(TIMES), (LLOV,), RULES, TIMES[-1]).detections
    assert abs((landing.touchdown_at - TOUCHDOWN).total_seconds()) <= landing.uncertainty_s <= 100


@pytest.mark.parametrize("every_s", [20, 60])
def test_a_position_that_froze_before_the_landing_hides_no_report_on_the_ground(
    every_s: int,
) -> None:
    """From 18 minutes before the touchdown to two after it the feed repeats the place, the speed
    and the geometric height; barometric heights and the ground bit go on."""
    minute = timedelta(minutes=1)
    stay = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
    heard = hear(stay, polls(TOUCHDOWN - 40 * minute, TOUCHDOWN + 6 * minute, every_s))
    left = hear(stay, polls(TOUCHDOWN + 170 * minute, TOUCHDOWN + 215 * minute, every_s))
    last = next(each for each in heard if each.at >= TOUCHDOWN - 18 * minute)
    frozen = [
        replace(
            each,
            lat_deg=last.lat_deg,
            lon_deg=last.lon_deg,
            ground_speed_kt=last.ground_speed_kt,
            track_deg=last.track_deg,
            geom_altitude_ft=None if each.on_ground else last.geom_altitude_ft,
        )
        if last.at < each.at < TOUCHDOWN + 2 * minute
        else each
        for each in heard
    ]
    (landing,) = test_physics.found([*frozen, *left])
    assert landing.grade is Grade.CONFIRMED
    assert abs(landing.touchdown_at - TOUCHDOWN) <= timedelta(seconds=landing.uncertainty_s)
    assert landing.touchdown_at < TOUCHDOWN + 2 * minute


@pytest.mark.parametrize("angle_deg", [3.0, 4.5, 5.5, 6.5])
@pytest.mark.parametrize("before_s", [120.0, 200.0, 260.0])
def test_a_steep_straight_final_takes_no_longer(angle_deg: float, before_s: float) -> None:
    """As at London City (5.5°): in line with the runway, it sinks as fast as it says."""
    end = next(each for each in LLOV.runways if each.name == "20L")
    touchdown = START + timedelta(hours=1)

    def path(at: datetime) -> Moment | None:
        to_fly_nm = (touchdown - at).total_seconds() * STEEP_KT / 3600.0
        if to_fly_nm <= 0.0:
            return Moment(LLOV.lat_deg, LLOV.lon_deg, LLOV.elevation_ft, 0.0, 0.0, 0.0, True)
        lat, lon = destination(end.lat_deg, end.lon_deg, end.bearing_deg + 180.0, to_fly_nm)
        slope = math.tan(math.radians(angle_deg)) * NM_IN_FT
        up_ft = LLOV.elevation_ft + min(6000.0, slope * to_fly_nm)
        sinks = up_ft < LLOV.elevation_ft + 6000.0
        rate = -slope * STEEP_KT / 60.0 if sinks else 0.0
        return Moment(lat, lon, up_ft, STEEP_KT, end.bearing_deg, rate, False)

    times = [touchdown + timedelta(seconds=300.0 * n - before_s) for n in range(-3, 8)]
    (landing,) = detect(hear(path, times), (), (LLOV,), RULES, times[-1]).detections
    off_s = abs((landing.touchdown_at - touchdown).total_seconds())
    assert off_s <= landing.uncertainty_s

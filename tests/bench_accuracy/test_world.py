"""Is the simulated world honest? Physics, truth, and the same case for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from accuracy.cases import CLOCK_CHANGES, Case, case
from accuracy.faults import Fault
from accuracy.legs import Landed
from accuracy.motion import Motion, Point, Wind, true_airspeed_kt
from accuracy.paths import Waypoint, rounded, turn_radius_nm
from accuracy.places import FIELDS, field, runways
from accuracy.scenarios import CLASSES

from collector.geo import angle_between_deg, distance_nm

SEED = 424242
MANY = 200


@cache
def cases() -> tuple[Case, ...]:
    return tuple(case(SEED, index) for index in range(MANY))


def motions() -> Iterator[Motion]:
    for one in cases():
        for flight in one.flights:
            yield flight.motion


def airborne() -> Iterator[tuple[Point, Point]]:
    """Neighbouring points in the air, a second or more apart."""
    for motion in motions():
        for here, there in pairwise(motion.points):
            if not (here.on_ground or there.on_ground) and here.sending and there.sending:
                yield here, there


def test_no_turn_is_faster_than_three_degrees_a_second() -> None:
    for here, there in airborne():
        turned = angle_between_deg(here.course_deg, there.course_deg)
        seconds = there.at_s - here.at_s
        if seconds >= 1.0:
            assert turned / seconds <= 3.0 + 1e-6, (here, there)


def test_speeds_are_those_of_jets_and_agree_with_the_way_flown() -> None:
    for here, there in airborne():
        assert 105.0 <= here.speed_kt <= 660.0, here
        seconds = there.at_s - here.at_s
        if seconds >= 5.0:
            nm = distance_nm(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
            mean = (here.speed_kt + there.speed_kt) / 2.0
            assert nm * 3600.0 / seconds == pytest.approx(mean, rel=0.06, abs=6.0), (here, there)


def test_nobody_sinks_or_climbs_faster_than_a_freighter() -> None:
    for here, there in airborne():
        seconds = there.at_s - here.at_s
        if seconds >= 2.0:
            rate = (there.altitude_ft - here.altitude_ft) / seconds * 60.0
            assert -4500.0 <= rate <= 4800.0, (here, there)


def test_heights_do_not_jump() -> None:
    for motion in motions():
        for here, there in pairwise(motion.points):
            if here.sending and there.sending and there.at_s - here.at_s < 2.0:
                assert abs(here.altitude_ft - there.altitude_ft) < 300.0, (here, there)


def test_nobody_jumps_to_another_place() -> None:
    for motion in motions():
        for here, there in pairwise(motion.points):
            if not here.sending:
                continue
            nm = distance_nm(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
            assert nm <= 0.6 + (there.at_s - here.at_s) / 3600.0 * 700.0, (here, there)


def landings() -> Iterator[tuple[Case, Motion, Landed]]:
    for one in cases():
        for flight in one.flights:
            for landed in flight.landed:
                yield one, flight.motion, landed


def test_a_touchdown_is_on_its_runway_at_its_height_and_speed() -> None:
    seen = 0
    for _, motion, landed in landings():
        point = motion.at(landed.at_s)
        assert point is not None
        end = next(e for e in runways(landed.airfield) if e.name == landed.runway)
        elevation = field(landed.airfield).elevation_ft
        assert distance_nm(point.lat_deg, point.lon_deg, end.lat_deg, end.lon_deg) < 0.4
        assert abs(point.altitude_ft - elevation) < 150.0
        assert angle_between_deg(point.course_deg, end.bearing_deg) < 15.0
        assert 100.0 < point.speed_kt < 180.0
        seen += 1
    assert seen > MANY / 2


def test_a_stay_lasts_and_stands_where_it_landed() -> None:
    for _, motion, landed in landings():
        if landed.left_at_s is None:
            continue
        assert landed.left_at_s - landed.at_s >= 20 * 60
        middle = motion.at((landed.at_s + landed.left_at_s) / 2.0)
        assert middle is not None
        assert middle.on_ground
        place = field(landed.airfield)
        assert distance_nm(middle.lat_deg, middle.lon_deg, place.lat_deg, place.lon_deg) < 2.5


def test_who_does_not_land_is_never_on_the_ground() -> None:
    quiet = {name for name in CLASSES if name.startswith(("overflight", "return", "never"))}
    for one in cases():
        for flight in one.flights:
            if one.name in quiet or one.name == "low-pass":
                assert not flight.landed
                assert not any(point.on_ground for point in flight.motion.points)
            if one.name == "touch-and-go":
                assert not flight.landed
                assert len(flight.touched) == 1


def test_the_same_seed_gives_the_same_case_and_another_another() -> None:
    for index in range(20):
        assert case(SEED, index) == cases()[index]
        assert case(SEED + 1, index).flights != cases()[index].flights


def test_every_class_field_floor_and_fault_occurs() -> None:
    many = [case(SEED + 2, index) for index in range(700)]
    assert {one.name for one in many} == set(CLASSES)
    assert {one.target for one in many} == set(FIELDS)
    assert {one.fault for one in many} == set(Fault)
    assert {one.floor_ft for one in many} >= {0, 1000, 18_000}
    assert {len(one.feeds) for one in many} == {1, 2}


def test_weeks_end_and_clocks_change_around_landings() -> None:
    zone = ZoneInfo("Asia/Jerusalem")
    edges = changes = 0
    for one in cases():
        for landed in one.flights[0].landed[:1]:
            local = datetime.fromtimestamp(landed.at_s, UTC).astimezone(zone)
            hours = local.weekday() * 24 + local.hour
            edges += hours < 2 or hours >= 166
            changes += any(abs(landed.at_s - at.timestamp()) < 30 * 3600 for at in CLOCK_CHANGES)
    assert edges >= 5
    assert changes >= 5


def test_one_wind_turns_a_day_around() -> None:
    wind = Wind(360.0, 10.0)
    assert wind.along_kt(180.0, 0.0) == pytest.approx(10.0)
    assert wind.along_kt(0.0, 0.0) == pytest.approx(-10.0)
    assert abs(wind.along_kt(0.0, 20_000.0)) > abs(wind.along_kt(0.0, 5000.0))


def test_airspeed_is_that_of_the_standard_atmosphere() -> None:
    assert true_airspeed_kt(250.0, 0.0) == 250.0
    assert true_airspeed_kt(250.0, 10_000.0) == pytest.approx(291.0, abs=2.0)
    assert true_airspeed_kt(300.0, 35_000.0) == pytest.approx(0.76 * 576.0, rel=0.01)


def test_a_rounded_corner_keeps_its_radius() -> None:
    radius = turn_radius_nm(180.0)
    line = rounded([Waypoint(30.0, 35.0), Waypoint(30.2, 35.0, radius), Waypoint(30.2, 35.3)])
    turned = sum(angle_between_deg(a, b) for a, b in pairwise(line.courses))
    assert turned == pytest.approx(90.0, abs=0.5)
    straight = distance_nm(30.0, 35.0, 30.2, 35.0) + distance_nm(30.2, 35.0, 30.2, 35.3)
    assert line.flown[-1] == pytest.approx(straight - (2 - 1.5708) * radius, rel=0.01)


def test_corners_too_close_for_their_turns_are_refused() -> None:
    with pytest.raises(ValueError, match="turns too much"):
        rounded([Waypoint(30.0, 35.0), Waypoint(30.02, 35.0, 5.0), Waypoint(30.02, 35.02)])

"""Does a place known to be false stay so as long as it is given, and not where it is flown to?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import destination
from collector.model import Observation
from collector.tracking import Doubt, track
from tests.tracking.test_chain import north, report

CENTRE = (27.0, 40.0)
"""280 NM beside the flight: no aircraft is there three minutes later."""


def circling(
    minutes: range | list[float], height_ft: float, away_nm: float = 0.3, name: str = "spoofed"
) -> list[Observation]:
    """A circle at 150 kt, a position a minute."""
    places = [destination(*CENTRE, 77.0 * minute, away_nm) for minute in minutes]
    return [
        report(minute, *place, name, baro_altitude_ft=height_ft, ground_speed_kt=150.0)
        for minute, place in zip(minutes, places, strict=True)
    ]


def doubts(*parts: list[Observation], name: str = "spoofed") -> list[Doubt | None]:
    """What is said of each position of one name."""
    fixes = track([each for part in parts for each in part])
    return [fix.doubt for fix in fixes if fix.callsign == name]


def test_a_circle_that_betrayed_itself_is_false_further_down_too() -> None:
    """Its altitudes stay."""
    high, low = circling(range(12, 16), 12_000.0), circling(range(16, 40), 5000.0)
    assert doubts(north(range(10)), high, low) == [Doubt.CIRCLING] * 28
    fixes = track([*north(range(10)), *high, *low])
    assert {fix.altitude_ft for fix in fixes if not fix.placed} == {12_000.0, 5000.0}
    assert {fix.altitude_error_ft for fix in fixes if not fix.placed} == {650.0}
    assert {fix.feeds for fix in fixes} == {("one",)}


@pytest.mark.parametrize("radius_nm", [0.3, 2.2, 2.8])
def test_a_wide_circle_is_false_all_round(radius_nm: float) -> None:
    """Its places lie up to 5.6 NM apart; the true ones, on the ground elsewhere, stay."""
    high = circling(range(12, 18), 12_000.0, radius_nm)
    low = circling(range(18, 40), 5000.0, radius_nm)
    stands = [
        report(minute, 30.0, name="stands", on_ground=True, ground_speed_kt=0.0)
        for minute in range(60, 66)
    ]
    fixes = track([*north(range(10)), *high, *low, *stands])
    assert doubts(north(range(10)), high, low, stands) == [Doubt.CIRCLING] * 28
    assert sum(fix.placed for fix in fixes if fix.callsign == "stands") == 6


@pytest.mark.parametrize(("after_min", "believed"), [(29.9, False), (30.0, False), (30.1, True)])
@pytest.mark.parametrize("high_alone", [True, False])
def test_a_place_not_given_for_half_an_hour_may_be_a_true_one(
    after_min: float, *, believed: bool, high_alone: bool
) -> None:
    given = circling(range(12, 16), 12_000.0)
    if not high_alone:
        given += circling(range(16, 20), 5000.0)
    last = 15.0 if high_alone else 19.0
    later = circling([last + after_min], 5000.0, name="later")
    # Nobody hears it in between; by then it can be anywhere.
    said = doubts(north(range(10)), given, later, name="later")
    assert said == [None if believed else Doubt.CIRCLING]


@pytest.mark.parametrize(("away_nm", "believed"), [(3.2, False), (3.4, True)])
def test_what_lies_three_miles_from_the_last_of_them_is_elsewhere(
    away_nm: float, *, believed: bool
) -> None:
    given = circling([12.0], 12_000.0)
    (place,) = given
    lat, lon = destination(place.lat_deg or 0.0, place.lon_deg or 0.0, 90.0, away_nm - 0.3)
    other = report(36.0, lat, lon, "other", baro_altitude_ft=5000.0, ground_speed_kt=150.0)
    said = doubts(north(range(10)), given, [other], name="other")
    assert said == [None if believed else Doubt.CIRCLING]


def test_a_light_aircraft_that_circles_came_there_by_flight() -> None:
    """Its slow circles are doubted above 10,000 ft by themselves, and not when it descends."""
    way = [
        report(minute, CENTRE[0], CENTRE[1] - (12 - minute) / 24.0, "light", ground_speed_kt=130.0,
               baro_altitude_ft=9900.0)
        for minute in range(12)
    ]  # fmt: skip
    high = circling(range(12, 16), 12_000.0, name="light")
    low = circling(range(16, 30), 5000.0, name="light")
    said = doubts(way, high, low, name="light")
    assert said == [None] * 12 + [Doubt.CIRCLING] * 4 + [None] * 14


@pytest.mark.parametrize(
    ("heard", "gap_min", "believed"),
    [(5, 1.0, True), (2, 1.0, True), (1, 1.0, False), (5, 3.0, True), (5, 3.1, False)],
)
def test_who_is_received_on_the_way_there_lands_there(
    heard: int, gap_min: float, *, believed: bool
) -> None:
    """Airports are centres of spoofed circles too. One position elsewhere shows no flight, nor does
    one long before."""
    given = [*circling(range(12, 14), 12_000.0), *circling(range(14, 16), 5000.0)]
    begin = 36.0  # the flight needs so long
    way = [
        report(begin + number, CENTRE[0], CENTRE[1] - (heard - 1 - number) / 15.0 - gap_min / 15.0,
               "way", baro_altitude_ft=4000.0, ground_speed_kt=210.0)
        for number in range(heard)
    ]  # fmt: skip
    down = circling(
        [begin + heard - 1 + gap_min + number for number in range(5)], 3000.0, name="there"
    )
    said = doubts(north(range(10)), given, way, down, name="there")
    assert said == [None if believed else Doubt.CIRCLING] * 5


def test_who_jumps_there_from_elsewhere_did_not_fly_there() -> None:
    """Two positions of the true flight in between make a place of a circle no true one."""
    given = circling(range(12, 16), 12_000.0)
    low = circling(range(19, 24), 5000.0)
    on = north([16.5, 17.5, 18.5])
    assert doubts(north(range(10)), given, on, low) == [Doubt.CIRCLING] * 9
    unknown = [report(18.7, 27.0, 39.0, "x", ground_speed_kt=None, baro_altitude_ft=5000.0)]
    assert doubts(north(range(10)), given, on, unknown, low)[:4] == [Doubt.CIRCLING] * 4


def test_a_circle_of_hours_stays_false_whatever_else_is_heard() -> None:
    """By then an aircraft could have come there; altitudes alone and a second feed say nothing of
    the place."""
    high = circling(range(12, 150), 12_000.0)
    low = circling(range(150, 155), 5000.0)
    again = [replace(each, feed="two") for each in (*high[::7], *low[:2])]
    heights = [
        replace(each, heard_at=each.at + timedelta(seconds=20), position_at=None, lat_deg=None,
                lon_deg=None, callsign="height")
        for each in (*high[::5], *low[:2])
    ]  # fmt: skip
    assert doubts(north(range(10)), high, low, again, heights) == [Doubt.CIRCLING] * 143
    assert set(doubts(north(range(10)), high, low, again, heights, name="height")) == {None}

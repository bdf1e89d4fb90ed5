"""Is a stay derived exactly once, whatever is received in between?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation
from collector.settings.airfield_catalogue import shipped_as
from tests.landings.silence_cases import blind
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, listening, polls, visit

RULES = LandingRules()
LLNV = shipped_as("LLNV")[-1]
TOUCHDOWN = START + timedelta(hours=2)
TIMES = polls(START, START + timedelta(hours=9))
STAY = visit(LLOV, TOUCHDOWN, timedelta(hours=3), runway="20L")
HEARD = hear(STAY, TIMES)


def found(reports: list[Observation]) -> tuple[Detection, ...]:
    return detect(reports, listening(TIMES), FIELDS, RULES, TIMES[-1]).detections


def circling(number: int, one: Observation) -> Observation:
    """Parked, but a spoofer says that it circles nearby at 156 kt, on the ground all the same."""
    lat, lon = destination(*destination(LLOV.lat_deg, LLOV.lon_deg, 270.0, 7.0), 50.0 * number, 2.5)
    return replace(one, lat_deg=lat, lon_deg=lon, ground_speed_kt=156.0, on_ground=True)


def test_a_spoofed_circle_of_one_that_is_parked_makes_no_second_landing() -> None:
    begin, end = TOUCHDOWN + timedelta(minutes=10), TOUCHDOWN + timedelta(minutes=40)
    spoofed = [
        circling(number, one) if begin <= one.at < end else one for number, one in enumerate(HEARD)
    ]
    assert spoofed != HEARD
    (landing,) = found(spoofed)
    assert (landing.airfield, landing.grade) == ("LLOV", found(HEARD)[0].grade)
    assert abs(landing.touchdown_at - TOUCHDOWN) < timedelta(minutes=1)


def test_nor_does_a_circle_that_ends_in_hours_of_silence() -> None:
    """The circle ends in silence, and the aircraft is heard again where it was parked."""
    begin, end = TOUCHDOWN + timedelta(minutes=10), TOUCHDOWN + timedelta(minutes=20)
    until = TOUCHDOWN + timedelta(hours=2, minutes=50)
    spoofed = [
        circling(number, one) if begin <= one.at < end else one
        for number, one in enumerate(HEARD)
        if not end <= one.at < until
    ]
    assert len([one for one in spoofed if begin <= one.at < end]) > 5
    assert [one.airfield for one in found(spoofed)] == ["LLOV"]


def test_an_aircraft_received_at_the_neighbour_in_between_landed_twice() -> None:
    """The same, but for the circle there is a fast roll on Ramon's runway: it had left."""
    begin, end = TOUCHDOWN + timedelta(minutes=10), TOUCHDOWN + timedelta(minutes=20)
    until = TOUCHDOWN + timedelta(hours=2, minutes=50)
    rolled = [
        replace(one, lat_deg=LLER.lat_deg, lon_deg=LLER.lon_deg, ground_speed_kt=120.0)
        if begin <= one.at < end
        else one
        for one in HEARD
        if not end <= one.at < until
    ]
    assert [one.airfield for one in found(rolled)].count("LLOV") == 2


def test_an_aircraft_high_up_after_a_stay_came_from_there() -> None:
    """Parked at Ovda, silent, and heard again at 20,000 ft, 60 NM from Nevatim and beyond the reach
    of a climb out of Ovda: that is no hop without reports."""
    until, leaves_at = TOUCHDOWN + timedelta(minutes=20), TOUCHDOWN + timedelta(hours=3)
    arrived = [one for one in HEARD if one.at <= until]
    away = destination(LLNV.lat_deg, LLNV.lon_deg, 345.0, 60.0)
    gone = [
        replace(one, lat_deg=away[0] + 0.1 * number, lon_deg=away[1], vertical_rate_fpm=1500.0)
        for number, one in enumerate(
            one for one in HEARD if one.at > leaves_at and (one.baro_altitude_ft or 0.0) > 20_000.0
        )
    ]
    fields = (*FIELDS, LLNV)
    assert arrived
    assert gone
    landings = detect([*arrived, *gone], [], fields, RULES, TIMES[-1]).detections
    assert [one.airfield for one in landings] == ["LLOV"]


def again(hours: float) -> list[Observation]:
    """Another visit of the same aircraft, so much later."""
    way = visit(LLOV, TOUCHDOWN + timedelta(hours=hours), timedelta(hours=1), runway="20L")
    return hear(way, [at + timedelta(hours=hours) for at in TIMES])


def test_an_aircraft_high_up_in_between_had_left() -> None:
    """Jammed from take-off to landing: altitudes alone, from the ground to cruise and down
    again."""
    first = [one for one in HEARD if one.at < TOUCHDOWN + timedelta(hours=4)]
    second = again(7.0)
    whole = [*first, *second]
    flown = [one for one in whole if one.at > TOUCHDOWN and not one.on_ground]
    kept = [one for one in whole if one not in flown[:-20]]
    assert [one.airfield for one in found([*kept, *blind(flown[:-20])])] == ["LLOV", "LLOV"]


def test_garbled_heights_between_two_reports_of_one_that_is_parked_are_no_flight() -> None:
    parked = [one for one in HEARD if one.on_ground][20]
    garbled = blind(
        [
            replace(
                parked, heard_at=parked.heard_at + timedelta(seconds=10 * n), baro_altitude_ft=feet
            )
            for n, feet in enumerate((31_000.0, 8000.0, 12_600.0, 22_000.0), start=1)
        ]
    )
    rest = [one for one in HEARD if not parked.at < one.at < parked.at + timedelta(minutes=5)]
    assert [one.airfield for one in found([*rest, *garbled])] == ["LLOV"]


def test_a_repeated_altitude_of_a_parked_aircraft_is_no_flight() -> None:
    """A feed goes on reporting the cruise altitude of hours ago, without a position."""
    inbound = next(one for one in HEARD if (one.baro_altitude_ft or 0.0) > 30_000.0)
    parked = [one.at for one in HEARD if one.on_ground][20:120]
    repeated = blind([replace(inbound, heard_at=at + timedelta(seconds=30)) for at in parked])
    assert [one.airfield for one in found([*HEARD, *repeated])] == ["LLOV"]


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("minutes", [20, 90])
def test_a_stay_first_received_at_its_take_off_roll_is_told_once(minutes: int, rows: int) -> None:
    """The approach shows the landing, and so does the roll; nobody hears the climb."""
    near = [one for one in HEARD if one.at < TOUCHDOWN]
    first = next(one for one in HEARD if one.on_ground)
    for number in range(rows):
        at = TOUCHDOWN + timedelta(minutes=minutes, seconds=5 * number)
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 201.9, 0.2 * number - 0.3)
        roll = replace(first, heard_at=at, position_at=at, lat_deg=lat, lon_deg=lon)
        near.append(replace(roll, ground_speed_kt=60.0 + 15.0 * number))
    (landing,) = found(near)
    assert (landing.airfield, landing.grade) == ("LLOV", Grade.PROBABLE)
    assert abs(landing.touchdown_at - TOUCHDOWN) < timedelta(minutes=1)
    assert landing.departed_at is not None

"""What may a single report prove, and what not? One misleading row beside an aircraft that stands
or passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import destination
from collector.model import Grade, Observation
from tests.landings.test_physics import (
    MINUTE,
    TOUCHDOWN,
    counted,
    found,
    on_the_ground,
    parked_at,
    two_days,
)
from tests.support.flights import LLOV, START, hear, overflight, polls, visit

STANDS = parked_at(range(30))
FIRST = STANDS[0]


def earlier(minutes: float, **changes: object) -> Observation:
    at = FIRST.at - minutes * MINUTE
    return replace(FIRST, **{"heard_at": at, "position_at": at, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "row",
    [
        earlier(5, position_at=None, lat_deg=None, lon_deg=None, baro_altitude_ft=8000.0),
        earlier(2, ground_speed_kt=300.0),
        earlier(5, lat_deg=LLOV.lat_deg + 0.33, on_ground=False, baro_altitude_ft=1500.0),
        earlier(3, on_ground=False, baro_altitude_ft=39_000.0, ground_speed_kt=250.0),
    ],
    ids=["an altitude only", "a wrong speed", "a wrong place", "a wrong height"],
)
def test_one_row_before_a_parked_aircraft_is_no_arrival(row: Observation) -> None:
    assert counted([row, *STANDS]) == []


@pytest.mark.parametrize("heights_ft", [(15_000.0, 22_000.0, 39_000.0), (39_000.0,) * 3])
def test_garbled_heights_before_a_parked_aircraft_are_no_arrival(
    heights_ft: tuple[float, ...],
) -> None:
    garbled = [
        earlier(5.0 - number, on_ground=False, baro_altitude_ft=feet, ground_speed_kt=0.0)
        for number, feet in enumerate(heights_ft)
    ]
    assert counted([*garbled, *STANDS]) == []


@pytest.mark.parametrize("height_ft", [9000.0, 19_000.0])
def test_the_last_row_of_a_slow_overflight_is_no_landing(height_ft: float) -> None:
    middle = START + timedelta(hours=1)
    path = overflight(LLOV, middle, altitude_ft=height_ft)
    times = [middle + 0.6 * 5 * minute * MINUTE for minute in range(-8, 1)]
    rows = [replace(each, ground_speed_kt=250.0) for each in hear(path, times)]
    assert counted([*rows[:-1], on_the_ground(rows[-1], 0.0)]) == []


def test_a_wrong_ground_bit_days_later_takes_no_landing_from_one_that_sends_none() -> None:
    flown, _ = two_days()
    arrived = [
        replace(each, on_ground=False, baro_altitude_ft=each.baro_altitude_ft or 1500.0)
        for each in flown
        if each.at < TOUCHDOWN + 40 * MINUTE
    ]
    later = hear(
        overflight(LLOV, TOUCHDOWN + timedelta(days=2)),
        polls(
            TOUCHDOWN + timedelta(days=2) - 40 * MINUTE, TOUCHDOWN + timedelta(days=2) - 30 * MINUTE
        ),
    )
    assert counted([*arrived, *later]) == ["LLOV"]
    later[3] = on_the_ground(later[3], None)
    assert counted([*arrived, *later]) == ["LLOV"]


@pytest.mark.parametrize("every", [10, 60])
def test_garbled_heights_of_a_parked_aircraft_begin_no_second_stay(every: int) -> None:
    flown, _ = two_days()
    arrived = [each for each in flown if each.at < TOUCHDOWN + 10 * MINUTE]
    rows = []
    for number, at in enumerate(polls(TOUCHDOWN + 10 * MINUTE, TOUCHDOWN + 60 * MINUTE, every)):
        wild = TOUCHDOWN + 20 * MINUTE <= at <= TOUCHDOWN + 40 * MINUTE
        height_ft = 11_000.0 + 500.0 * (number % 40) if wild else None
        rows.append(
            replace(
                FIRST, heard_at=at, position_at=at, on_ground=not wild, baro_altitude_ft=height_ft
            )
        )
    assert counted([*arrived, *rows]) == ["LLOV"]


@pytest.mark.parametrize("far_nm", [3.0, 8.0])
def test_a_spoofed_circle_of_a_parked_aircraft_in_the_air_begins_no_second_stay(
    far_nm: float,
) -> None:
    """The bit says "air", the height is that of the field."""
    flown, _ = two_days()
    arrived = [each for each in flown if each.at < TOUCHDOWN + 10 * MINUTE]
    rows = []
    for number, at in enumerate(polls(TOUCHDOWN + 10 * MINUTE, TOUCHDOWN + 60 * MINUTE, 60)):
        wild = TOUCHDOWN + 20 * MINUTE <= at <= TOUCHDOWN + 40 * MINUTE
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 40.0 * number, far_nm)
        row = replace(FIRST, heard_at=at, position_at=at)
        if wild:
            row = replace(
                row,
                lat_deg=lat,
                lon_deg=lon,
                on_ground=False,
                baro_altitude_ft=1500.0,
                ground_speed_kt=156.0,
            )
        rows.append(row)
    landings = [each for each in found([*arrived, *rows]) if each.grade is not Grade.POSSIBLE]
    assert [each.airfield for each in landings] == ["LLOV"]


def test_a_landing_roll_after_a_day_is_no_take_off() -> None:
    """Without altitudes: heard far away yesterday, today on final and rolling at 73 kt."""
    flown, _ = two_days()
    yesterday = hear(
        overflight(LLOV, TOUCHDOWN - timedelta(days=1)),
        polls(TOUCHDOWN - timedelta(days=1, minutes=40), TOUCHDOWN - timedelta(days=1, minutes=30)),
    )
    today = [
        replace(each, baro_altitude_ft=None, vertical_rate_fpm=None)
        for each in flown
        if TOUCHDOWN - 20 * MINUTE < each.at < TOUCHDOWN + 30 * MINUTE
    ]
    assert len(counted([*yesterday, *today])) == 1


def test_a_landing_known_by_speed_and_height_alone_is_not_confirmed() -> None:
    """A helicopter that hovers over the field for hours looks the same."""
    flown, _ = two_days()
    without = [
        replace(each, on_ground=False, baro_altitude_ft=each.baro_altitude_ft or 1500.0)
        for each in flown
        if each.at < TOUCHDOWN + 40 * MINUTE
    ]
    assert [each.grade for each in found(without)] == [Grade.PROBABLE]
    bit = next(index for index, each in enumerate(without) if each.at > TOUCHDOWN + 5 * MINUTE)
    without[bit] = replace(without[bit], on_ground=True)
    assert [each.grade for each in found(without)] == [Grade.CONFIRMED]


def test_a_single_report_on_the_ground_makes_no_landing_less_certain() -> None:
    """It comes soon before the departure, so it may be wrong; the approach and the climb-out show
    the landing by themselves."""
    stay = timedelta(minutes=54)
    heard = hear(
        visit(LLOV, TOUCHDOWN, stay, runway="20L"), polls(START, TOUCHDOWN + timedelta(hours=3))
    )
    flown = [each for each in heard if not each.on_ground]
    (last, *_) = [each for each in heard if each.at > TOUCHDOWN + stay - 4 * MINUTE]
    assert last.on_ground
    (alone,) = found(flown)
    (both,) = found(sorted([*flown, last], key=lambda each: each.at))
    assert (alone.airfield, alone.grade) == ("LLOV", Grade.PROBABLE)
    assert (both.airfield, both.grade) == ("LLOV", Grade.PROBABLE)
    assert both.touchdown_at == alone.touchdown_at
    assert both.uncertainty_s == alone.uncertainty_s
    assert [each.at for each in both.evidence if each.kind == "ground-contact"] == [last.at]

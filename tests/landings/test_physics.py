"""Is a landing concluded only from what an aircraft can do? Each kind of wrong row on made
tracks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation, Source
from tests.support.flights import (
    FIELDS,
    LLOV,
    START,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

RULES = LandingRules()
TOUCHDOWN = START + timedelta(hours=2)
END = START + timedelta(hours=9)
LISTENING = listening(polls(START, END + timedelta(days=4), 120))
MINUTE = timedelta(minutes=1)


def found(reports: list[Observation]) -> list[Detection]:
    now = max(each.at for each in reports) + timedelta(hours=3)
    return list(detect(reports, LISTENING, FIELDS, RULES, now).detections)


def counted(reports: list[Observation]) -> list[str | None]:
    return [each.airfield for each in found(reports) if each.grade.rank >= 2]


def on_the_ground(report: Observation, speed_kt: float | None) -> Observation:
    return replace(
        report,
        on_ground=True,
        ground_speed_kt=speed_kt,
        baro_altitude_ft=None,
        vertical_rate_fpm=None,
    )


@pytest.mark.parametrize("every_s", [10, 61, 300])
@pytest.mark.parametrize("speed_kt", [0.0, None, 12.0, 440.0])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_wrong_ground_bits_in_cruise_are_no_landing(
    every_s: int, speed_kt: float | None, rows: int
) -> None:
    """A ground bit over the field at 31,000 ft (mutability/dump1090#32)."""
    middle = START + timedelta(hours=1)
    times = [
        middle + timedelta(seconds=every_s * n) for n in range(-2400 // every_s, 2400 // every_s)
    ]
    reports = hear(overflight(LLOV, middle, altitude_ft=31_000.0), times)
    at = next(n for n, each in enumerate(reports) if each.at == middle)
    for n in range(at, at + rows):
        reports[n] = on_the_ground(reports[n], speed_kt)
    assert counted(reports) == []


@pytest.mark.parametrize("every_s", [61, 300])
def test_the_last_report_of_a_cruise_is_no_landing(every_s: int) -> None:
    """A wrong row, and then the coverage ends."""
    middle = START + timedelta(hours=1)
    times = [middle - timedelta(seconds=every_s * n) for n in range(2400 // every_s)]
    reports = hear(overflight(LLOV, middle, altitude_ft=31_000.0), sorted(times))
    reports[-1] = on_the_ground(reports[-1], 0.0)
    assert counted(reports) == []


def parked_at(
    minutes: range, on_ground: bool = True, baro_altitude_ft: float | None = None
) -> list[Observation]:
    lat, lon = LLOV.lat_deg, LLOV.lon_deg
    (row,) = hear(visit(LLOV, TOUCHDOWN, timedelta(hours=3)), [TOUCHDOWN + 10 * MINUTE])
    return [
        replace(
            row,
            heard_at=TOUCHDOWN + minute * MINUTE,
            position_at=TOUCHDOWN + minute * MINUTE,
            lat_deg=lat,
            lon_deg=lon,
            on_ground=on_ground,
            baro_altitude_ft=baro_altitude_ft,
        )
        for minute in minutes
    ]


def test_a_garbled_height_of_a_parked_aircraft_is_no_flight() -> None:
    garbled = parked_at(range(30, 36), on_ground=False, baro_altitude_ft=39_025.0)
    whole = [*parked_at(range(30)), *garbled, *parked_at(range(36, 60))]
    assert found(whole) == []
    assert found([*garbled, *parked_at(range(36, 60))]) == []


def test_a_taxi_from_outside_is_no_landing() -> None:
    """Pushed back 3 NM from the reference point, with a ground bit all the way, or without any."""
    lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 200.0, 3.5)
    for bit, height_ft in ((True, None), (False, 1500.0)):
        rows = parked_at(range(60), on_ground=bit, baro_altitude_ft=height_ft)
        taxi = []
        for minute, row in enumerate(rows):
            to = destination(lat, lon, 20.0, min(3.5, minute * 0.25))
            taxi.append(replace(row, lat_deg=to[0], lon_deg=to[1], ground_speed_kt=15.0))
        assert counted(taxi) == []


@pytest.mark.parametrize("every_s", [10, 30])
def test_a_fast_taxi_without_a_ground_bit_is_one_stay(every_s: int) -> None:
    path = visit(LLOV, TOUCHDOWN, timedelta(hours=1))
    times = polls(TOUCHDOWN - 20 * MINUTE, TOUCHDOWN + 90 * MINUTE, every_s)
    reports = []
    for row in hear(path, times):
        if not row.on_ground:
            reports.append(row)
            continue
        minute = (row.at - TOUCHDOWN) / MINUTE
        leg = minute % 10.0
        out = 0.0 if leg < 6.0 else (leg - 6.0) * 0.5 if leg < 8.0 else (10.0 - leg) * 0.5
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 22.0, out)
        reports.append(
            replace(
                row,
                on_ground=False,
                baro_altitude_ft=1500.0,
                lat_deg=lat,
                lon_deg=lon,
                ground_speed_kt=30.0 if leg >= 6.0 else 0.0,
            )
        )
    assert counted(reports) == ["LLOV"]


def test_a_speed_of_nothing_in_the_air_is_no_ground() -> None:
    """Low over the field with "0 kt" for an unknown speed (SoftRF#74), between rows at speed."""
    middle = START + timedelta(hours=1)
    times = polls(middle - 10 * MINUTE, middle + 10 * MINUTE, 3.0)
    path = overflight(LLOV, middle, altitude_ft=2100.0)
    reports = [replace(each, ground_speed_kt=430.0) for each in hear(path, times)]
    at = min(range(len(reports)), key=lambda n: abs(reports[n].at - middle))
    reports[at] = replace(reports[at], ground_speed_kt=0.0)
    assert counted(reports) == []


def two_days(every_s: float = 30.0) -> tuple[list[Observation], list[Observation]]:
    first = visit(LLOV, TOUCHDOWN, timedelta(hours=1))
    second = visit(LLOV, TOUCHDOWN + timedelta(days=1), timedelta(hours=1))
    begin, end = TOUCHDOWN - 45 * MINUTE, TOUCHDOWN + 105 * MINUTE
    day = timedelta(days=1)
    return hear(first, polls(begin, end, every_s)), hear(
        second, polls(begin + day, end + day, every_s)
    )


@pytest.mark.parametrize("gap", [1, 4, 8])
@pytest.mark.parametrize("far_nm", [6.0, 15.0, 40.0])
def test_one_false_position_erases_no_other_day(gap: int, far_nm: float) -> None:
    """A position off the path, which can be reached from the one before but not left again."""
    monday, tuesday = two_days()
    before = found([*monday, *tuesday])
    for at in (20, 40, len(tuesday) - 30):
        rows = [*tuesday[: at - gap], *tuesday[at:]]
        row = rows[at - gap]
        lat, lon = destination(row.lat_deg or 0.0, row.lon_deg or 0.0, 285.0, far_nm)
        rows[at - gap] = replace(row, lat_deg=lat, lon_deg=lon)
        after = found([*monday, *rows])
        assert after[0] == before[0]
        assert [each.airfield for each in after] == ["LLOV", "LLOV"]


@pytest.mark.parametrize("minutes", [1, 6, 10])
def test_frozen_positions_erase_no_other_day(minutes: int) -> None:
    monday, tuesday = two_days()
    before = found([*monday, *tuesday])
    at = 20
    until = tuesday[at].at + minutes * MINUTE
    frozen = [
        replace(each, lat_deg=tuesday[at].lat_deg, lon_deg=tuesday[at].lon_deg)
        if tuesday[at].at <= each.at <= until
        else each
        for each in tuesday
    ]
    assert found([*monday, *frozen]) == before


@pytest.mark.parametrize("late_s", [20, 60, 180, 300])
def test_a_late_feed_beside_a_right_one_changes_nothing(late_s: int) -> None:
    monday, tuesday = two_days()
    before = found([*monday, *tuesday])
    late = timedelta(seconds=late_s)
    second = [
        replace(each, feed="second", heard_at=each.heard_at + late, position_at=each.at + late)
        for each in tuesday
    ]
    after = found([*monday, *tuesday, *second])
    assert after[0] == before[0]
    assert [each.airfield for each in after] == ["LLOV", "LLOV"]
    moved = abs(after[1].touchdown_at - before[1].touchdown_at)
    assert moved <= timedelta(seconds=before[1].uncertainty_s)


def test_a_hundred_wild_positions_cut_no_track() -> None:
    """More than 50 jumps, each to another place, between two parts of one flight."""
    monday, tuesday = two_days()
    before = found([*monday, *tuesday])
    wild = []
    for number in range(100):
        lat, lon = destination(33.8, 35.5, 37.0 * number, 90.0)
        at = tuesday[20].at + timedelta(seconds=0.2 * number)
        wild.append(replace(tuesday[20], lat_deg=lat, lon_deg=lon, position_at=at, heard_at=at))
    assert found([*monday, *tuesday, *wild]) == before


def test_last_rows_that_lie_take_no_landing_away() -> None:
    """At the end of the roll-out the ground bit is lost, the place and the speed stand still."""
    path = visit(LLOV, TOUCHDOWN, timedelta(hours=1), runway="20L")
    reports = hear(path, polls(START, TOUCHDOWN + timedelta(seconds=20), 5.0))
    last = reports[-1]
    assert last.on_ground
    lies = [
        replace(last, on_ground=None, heard_at=at, position_at=at)
        for at in polls(last.at + timedelta(seconds=5), last.at + 5 * MINUTE, 5.0)
    ]
    assert counted([*reports, *lies]) == ["LLOV"]


def test_a_rejected_take_off_is_no_flight() -> None:
    rows = parked_at(range(40))
    run = []
    for second in range(0, 70, 5):
        at = TOUCHDOWN + 20 * MINUTE + timedelta(seconds=second)
        speed = min(4.0 * second, 4.0 * (70 - second))
        far_nm = 2.0 * second * speed / 7200.0
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 22.0, min(1.2, far_nm))
        bit = speed < 60.0
        run.append(
            replace(
                rows[0],
                heard_at=at,
                position_at=at,
                lat_deg=lat,
                lon_deg=lon,
                ground_speed_kt=speed,
                on_ground=bit,
                baro_altitude_ft=None if bit else 1475.0,
            )
        )
    flown, _ = two_days()
    arrival = [each for each in flown if each.at < TOUCHDOWN]
    assert counted([*arrival, *rows[1:20], *run, *rows[22:]]) == ["LLOV"]


def test_no_ground_contact_rests_on_rows_that_are_not_the_aircrafts_own() -> None:
    flown, _ = two_days()
    assert counted(flown) == ["LLOV"]
    for source in (Source.MLAT, Source.TISB, Source.ADSR, Source.ADSC):
        others = [replace(each, source=source) for each in flown if each.on_ground]
        assert not any(each.grade is Grade.CONFIRMED for each in found(others))
        middle = START + timedelta(hours=1)
        reports = hear(overflight(LLOV, middle), polls(middle - 30 * MINUTE, middle + 30 * MINUTE))
        at = next(n for n, each in enumerate(reports) if each.at == middle)
        reports[at] = replace(on_the_ground(reports[at], 0.0), source=source)
        assert counted(reports) == []


def test_a_transponder_test_after_silent_days_is_the_same_stay() -> None:
    flown, _ = two_days()
    arrived = [each for each in flown if each.at < TOUCHDOWN + 30 * MINUTE]
    later = [
        replace(each, heard_at=each.at + timedelta(days=3), position_at=each.at + timedelta(days=3))
        for each in parked_at(range(30, 40))
    ]
    assert counted([*arrived, *later]) == ["LLOV"]


def test_a_return_to_the_field_just_left_is_a_landing() -> None:
    """Off the ground for twelve minutes, and back: two landings."""
    flown, _ = two_days()
    first = [each for each in flown if each.at < TOUCHDOWN + 30 * MINUTE]
    back = TOUCHDOWN + 44 * MINUTE
    hop = visit(LLOV, back, timedelta(hours=1))
    out = visit(LLOV, TOUCHDOWN, 31 * MINUTE)
    away = hear(out, polls(TOUCHDOWN + 30 * MINUTE, TOUCHDOWN + 37 * MINUTE, 30.0))
    again = hear(hop, polls(TOUCHDOWN + 38 * MINUTE, back + 30 * MINUTE, 30.0))
    assert counted([*first, *away, *again]) == ["LLOV", "LLOV"]

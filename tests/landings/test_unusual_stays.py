"""Which stays on the ground does no usual flight explain, and which must hold all the same? False
reports that agree with each other, on made tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from collector.geo import destination
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Observation, RunwayEnd
from tests.support.flights import (
    FIELDS,
    LLER,
    LLOV,
    OJAQ,
    START,
    Moment,
    hear,
    listening,
    overflight,
    polls,
    visit,
)

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
T = START + timedelta(hours=2)
LISTENING = listening(polls(START, T + timedelta(hours=6), 120))


def counted(
    reports: Sequence[Observation], fields: Sequence[Airfield] = FIELDS
) -> list[str | None]:
    now = max(each.at for each in reports) + timedelta(hours=3)
    found = detect(reports, LISTENING, fields, RULES, now).detections
    return [each.airfield for each in found if each.grade.rank >= 2 and each.airfield]


def at(report: Observation, when: datetime, place: Airfield | None = None) -> Observation:
    moved = replace(report, heard_at=when, position_at=when)
    return moved if place is None else replace(moved, lat_deg=place.lat_deg, lon_deg=place.lon_deg)


def on_the_ground(report: Observation, speed_kt: float | None = 0.0) -> Observation:
    return replace(
        report,
        on_ground=True,
        ground_speed_kt=speed_kt,
        baro_altitude_ft=None,
        vertical_rate_fpm=None,
    )


def climb(when: datetime) -> Moment | None:
    """Out of Ramon to the north, at 2,500 ft/min."""
    seconds = (when - T).total_seconds()
    if seconds < 0:
        return None
    away_nm = (150.0 * seconds + 0.25 * seconds * seconds) / 3600.0
    lat, lon = destination(LLER.lat_deg, LLER.lon_deg, 340.0, away_nm)
    height_ft = LLER.elevation_ft + 2500.0 * seconds / 60.0
    return Moment(lat, lon, height_ft, 150.0 + 0.5 * seconds, 340.0, 2500.0, False)


@pytest.mark.parametrize("every_s", [120, 300])
@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_wrong_ground_rows_at_the_end_of_a_climb_are_no_landing(every_s: int, wrong: int) -> None:
    """A height that an aircraft could come down from in five minutes, but it climbed."""
    rows = hear(climb, polls(T, T + 8 * MINUTE, every_s))
    last = rows[-1]
    for number in range(1, wrong + 1):
        when = last.at + timedelta(seconds=number * every_s)
        rows.append(on_the_ground(at(last, when, LLOV)))
    assert counted(rows) == []


@pytest.mark.parametrize("goes_on", [True, False])
@pytest.mark.parametrize(("every_s", "wrong"), [(10, 3), (30, 5), (120, 5), (300, 3)])
def test_wrong_ground_rows_at_the_field_in_level_flight_are_no_landing(
    every_s: int, wrong: int, goes_on: bool
) -> None:
    """More of them than of the rows that they contradict."""
    path = overflight(LLOV, T, altitude_ft=9000.0)
    rows = hear(path, polls(T - 30 * MINUTE, T + 30 * MINUTE, every_s))
    first = next(number for number, each in enumerate(rows) if each.at >= T)
    false = [on_the_ground(at(each, each.at, LLOV)) for each in rows[first : first + wrong]]
    after = rows[first + wrong :] if goes_on else []
    assert counted([*rows[:first], *false, *after]) == []


@pytest.mark.parametrize("speed_kt", [0.0, None])
@pytest.mark.parametrize("every_s", [30, 61, 120, 300])
def test_a_ground_bit_without_a_speed_for_a_whole_low_flight_is_no_landing(
    every_s: int, speed_kt: float | None
) -> None:
    """0 stands for unknown, since the aircraft moves."""

    def path(when: datetime) -> Moment:
        flown_nm = (when - T).total_seconds() * 70.0 / 3600.0
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 15.0, flown_nm)
        return Moment(lat, lon, 4000.0, 0.0, 15.0, 0.0, True)

    rows = hear(path, polls(T - 30 * MINUTE, T + 30 * MINUTE, every_s))
    assert counted([replace(each, ground_speed_kt=speed_kt) for each in rows]) == []


@pytest.mark.parametrize("every_s", [10, 60])
def test_a_helicopter_that_hovers_has_not_landed(every_s: int) -> None:
    """Speed and height alone would say so, for ten minutes. Its ground bit may."""

    def path(when: datetime) -> Moment:
        seconds = max(0.0, abs((when - T).total_seconds()) - 300.0)
        away_nm = seconds * 100.0 / 3600.0
        lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, 300.0, away_nm)
        height_ft = LLOV.elevation_ft + 300.0 + 300.0 * min(3.0, away_nm)
        return Moment(lat, lon, height_ft, 100.0 if seconds else 2.0, 120.0, 0.0, False)

    rows = hear(path, polls(T - 20 * MINUTE, T + 20 * MINUTE, every_s))
    hovers = [replace(each, type_code="EC35") for each in rows]
    assert counted(hovers) == []
    landed = [
        on_the_ground(each) if abs(each.at - T) < 4 * MINUTE else each
        for each in hovers
        if each.at < T + 4 * MINUTE
    ]
    assert counted(landed) == ["LLOV"]


STRIP = Airfield(
    icao="XX01",
    name="Strip",
    lat_deg=30.3,
    lon_deg=34.9,
    elevation_ft=1500.0,
    zone="Asia/Jerusalem",
    runways=(
        RunwayEnd("02", 30.2962, 34.8982, 22.0, 900.0),
        RunwayEnd("20", 30.3038, 34.9018, 202.0, 900.0),
    ),
)


def test_a_freighter_received_on_the_ground_at_a_short_strip_landed_there() -> None:
    """The runway is too short for its type by the lists, which may be wrong; unless it was received
    on the ground, an airstrip is no candidate."""
    rows = hear(visit(STRIP, T, 90 * MINUTE), polls(T - 40 * MINUTE, T + 60 * MINUTE, 30))
    assert counted(rows, [*FIELDS, STRIP]) == ["XX01"]
    above = [each for each in rows if not each.on_ground]
    assert "XX01" not in counted(above, [*FIELDS, STRIP])


@pytest.mark.parametrize(("every_s", "around"), [(60, 5), (120, 5), (300, 40)])
def test_one_parked_and_one_that_flies_over_it_under_one_address_are_no_landing(
    every_s: int, around: int
) -> None:
    stands = on_the_ground(hear(visit(LLOV, T, 90 * MINUTE), [T + 5 * MINUTE])[0])
    parked = [at(stands, when) for when in polls(T - 60 * MINUTE, T + 60 * MINUTE, every_s)]
    over = overflight(OJAQ, T, altitude_ft=24_000.0, track=15.0)
    times = polls(T - around * MINUTE, T + around * MINUTE, 120)
    flies = hear(over, [each + timedelta(seconds=7) for each in times])
    assert counted([*parked, *flies]) == []


@pytest.mark.parametrize("every_s", [10, 30])
def test_surface_positions_of_a_wrong_zone_are_no_landing_there(every_s: int) -> None:
    """It lands 90 NM away, and its positions on the ground are decoded into the next zone, a degree
    and a half to the south, where a watched field lies."""
    away = replace(LLOV, icao="XX02", lat_deg=LLOV.lat_deg + 1.5)
    away = replace(
        away,
        runways=tuple(replace(end, lat_deg=end.lat_deg + 1.5) for end in LLOV.runways),
    )
    rows = [
        replace(each, lat_deg=(each.lat_deg or 0.0) - 1.5) if each.on_ground else each
        for each in hear(
            visit(away, T, 40 * MINUTE), polls(T - 40 * MINUTE, T + MINUTE * 80, every_s)
        )
    ]
    assert "LLOV" not in counted(rows, [*FIELDS, away])


@pytest.mark.parametrize("minutes", [1, 2, 5])
def test_a_take_off_that_is_broken_off_at_the_first_report_is_no_landing(minutes: int) -> None:
    """150 kt "in the air" at the height of the runway, and then slow: nothing says that it flew."""
    first = replace(
        hear(climb, [T])[0], vertical_rate_fpm=None, lat_deg=LLER.lat_deg, lon_deg=LLER.lon_deg
    )
    times = [T + number * minutes * MINUTE for number in range(1, 9)]
    slow = [on_the_ground(at(first, when), 10.0) for when in times]
    assert counted([first, *slow]) == []


@pytest.mark.parametrize("speed_kt", [0.0, 49.0])
@pytest.mark.parametrize("every_s", [61, 120])
def test_a_spoofed_circle_over_the_field_is_no_landing_there(every_s: int, speed_kt: float) -> None:
    """It descends to another field, 90 NM away, and its positions circle over this one from cruise
    on until it taxies there: below 10,000 ft nothing else shows that they are false."""
    away = replace(LLOV, icao="XX02", lat_deg=LLOV.lat_deg + 1.5)
    away = replace(
        away, runways=tuple(replace(end, lat_deg=end.lat_deg + 1.5) for end in LLOV.runways)
    )
    rows = []
    for each in hear(visit(away, T, 90 * MINUTE), polls(T - 40 * MINUTE, T + 5 * MINUTE, every_s)):
        since = T - 15 * MINUTE
        if each.at >= since:
            turned = 3.0 * (each.at - since).total_seconds() % 360.0
            lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, turned, 0.2)
            each = replace(each, lat_deg=lat, lon_deg=lon, ground_speed_kt=speed_kt)  # noqa: PLW2901
        rows.append(each)
    assert "LLOV" not in counted(rows, [*FIELDS, away])


@pytest.mark.parametrize("every_s", [10, 60])
@pytest.mark.parametrize("stay", [3, 10])
def test_a_hop_to_a_close_neighbour_takes_no_landing_away(stay: int, every_s: int) -> None:
    """Ten minutes after it lands at Ovda it lands at Ramon, 13 NM away."""
    leaves, lands = T + stay * MINUTE, T + (stay + 10) * MINUTE
    way = visit(LLER, lands, 60 * MINUTE, runway="19")
    rows = hear(visit(LLOV, T, 60 * MINUTE), polls(T - 40 * MINUTE, leaves, every_s))
    rows += hear(way, polls(lands - 4 * MINUTE, lands + 20 * MINUTE, every_s))
    assert counted(rows) == ["LLOV", "LLER"]
    single = [each for each in rows if not each.on_ground or each.at >= lands]
    single.append(on_the_ground(at(rows[0], T + MINUTE, LLOV)))
    if stay == 3:
        assert counted(sorted(single, key=lambda each: each.at)) == ["LLER"]


@pytest.mark.parametrize("gap", [1, 5, 9, 20])
@pytest.mark.parametrize("every_s", [10, 60])
def test_positions_that_are_spoofed_after_a_landing_take_it_not_away(
    every_s: int, gap: int
) -> None:
    """It stands at Ovda, and is told to circle slowly at Beirut, 230 NM away."""
    rows = hear(visit(LLOV, T, 9 * 60 * MINUTE), polls(T - 40 * MINUTE, T + 6 * MINUTE, every_s))
    for number in range(40):
        lat, lon = destination(33.82, 35.49, 20.0 * number, 0.2)
        false = at(rows[-1], T + (6 + gap) * MINUTE + timedelta(seconds=number * every_s))
        false = replace(false, lat_deg=lat, lon_deg=lon, ground_speed_kt=50.0)
        rows.append(replace(false, on_ground=False, baro_altitude_ft=1500.0))
    assert counted(rows) == ["LLOV"]


@pytest.mark.parametrize("every_s", [10, 60, 120])
@pytest.mark.parametrize(("since", "until"), [(25, 15), (20, 8), (14, 6)])
def test_an_aircraft_lands_where_a_spoofed_circle_had_been_drawn(
    since: int, until: int, every_s: int
) -> None:
    """Their centres are airports. It is received on its way again, and flies there."""
    rows = []
    for each in hear(visit(LLOV, T, 20 * MINUTE), polls(T - 45 * MINUTE, T + 50 * MINUTE, every_s)):
        if until < (T - each.at) / MINUTE < since:
            turned = 3.0 * (each.at - T).total_seconds() % 360.0
            lat, lon = destination(LLOV.lat_deg, LLOV.lon_deg, turned, 0.3)
            each = replace(each, lat_deg=lat, lon_deg=lon, ground_speed_kt=40.0)  # noqa: PLW2901
        rows.append(each)
    assert counted(rows) == ["LLOV"]


@pytest.mark.parametrize("wrong", [2, 3, 5])
def test_wrong_ground_rows_on_the_way_down_to_a_close_neighbour_are_no_landing(wrong: int) -> None:
    """At Ovda, and a few minutes later it is received on the ground at Ramon."""
    rows = hear(visit(LLER, T, 9 * 60 * MINUTE), polls(T - 45 * MINUTE, T + 15 * MINUTE, 120))
    first = next(number for number, each in enumerate(rows) if each.at >= T - 4 * MINUTE)
    for number in range(first, first + wrong):
        if not rows[number].on_ground:
            rows[number] = on_the_ground(at(rows[number], rows[number].at, LLOV))
    assert "LLOV" not in counted(rows)


@pytest.mark.parametrize("every_s", [120, 200])
@pytest.mark.parametrize("wrong", [2, 3, 5])
def test_wrong_ground_rows_after_a_take_off_at_a_close_neighbour_are_no_landing(
    every_s: int, wrong: int
) -> None:
    """At Ovda, 9 NM away, a few minutes after it was on the ground there, and it climbs on."""
    runways = [
        replace(end, lat_deg=end.lat_deg + 0.12, lon_deg=end.lon_deg + 0.12) for end in LLOV.runways
    ]
    place = (LLOV.lat_deg + 0.12, LLOV.lon_deg + 0.12)
    close = replace(LLOV, icao="XCLS", lat_deg=place[0], lon_deg=place[1], runways=tuple(runways))
    times = polls(T - 15 * MINUTE, T + 40 * MINUTE, every_s)
    rows = hear(visit(close, T - 60 * MINUTE, 60 * MINUTE), times)
    first = next(number for number, each in enumerate(rows) if each.at >= T + 3 * MINUTE)
    for number in range(first, first + wrong):
        rows[number] = on_the_ground(at(rows[number], rows[number].at, LLOV))
    assert counted(rows, [*FIELDS, close]) == []

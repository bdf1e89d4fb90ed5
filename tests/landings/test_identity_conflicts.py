"""Is an address that two transmitters use, or with another registration, reported?"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.identity_conflicts import (
    Conflict,
    ConflictKind,
    SeenRegistration,
    position_conflicts,
    registration_conflicts,
)
from collector.model import Aircraft, Observation, Source
from tests.support.flights import LLOV, START, hear, overflight, polls

SILKWAY = Aircraft(
    icao24="600b22", registration="4K-BCH", fleet="silkway", old_registrations=("VP-BCH",)
)
DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)


def mark(registration: str, day: int = 0) -> SeenRegistration:
    return SeenRegistration(registration, START + day * DAY, START + (day + 1) * DAY)


@pytest.mark.parametrize(
    ("listed", "names", "other"),
    [
        (SILKWAY, ["4K-BCH"], []),
        (SILKWAY, ["4KBCH", "4k-bch"], []),
        (SILKWAY, ["VP-BCH"], []),
        (SILKWAY, ["4K-BCH", "EP-TQA"], ["EP-TQA"]),
        (SILKWAY, ["EP-TQA", "4K-BCH"], ["EP-TQA"]),
        (None, ["4K-AZ101", "4KAZ101"], []),
        (None, ["4K-AZ101", "EP-TQA"], ["EP-TQA"]),
        (None, [], []),
        (Aircraft(icao24="600b22"), ["A-1", "B-1"], ["B-1"]),
    ],
)
def test_another_registration(listed: Aircraft | None, names: list[str], other: list[str]) -> None:
    marks = [mark(name, day) for day, name in enumerate(names)]
    found = registration_conflicts("600b22", listed, marks)
    assert [one.subject for one in found] == other
    assert found == registration_conflicts("600b22", listed, reversed(marks))
    for one in found:
        seen_as = marks[names.index(one.subject)]
        assert (one.begins_at, one.ends_at) == (seen_as.first_at, seen_as.last_at)
        assert one.kind is ConflictKind.REGISTRATION
        assert one.subject in one.detail


def flight(begin: datetime, length: timedelta, **changes: float) -> list[Observation]:
    """A minute's polls of an overflight, moved by degrees."""
    path = overflight(LLOV, START)
    reports = hear(path, polls(begin, begin + length))
    lat, lon = changes.get("lat_deg", 0.0), changes.get("lon_deg", 0.0)
    return [
        replace(
            one,
            lat_deg=(one.lat_deg or 0.0) + lat,
            lon_deg=(one.lon_deg or 0.0) + lon,
            feed="opensky" if changes else "adsblol",
        )
        for one in reports
    ]


HERE = flight(START - HALF_HOUR, HALF_HOUR)


def test_two_tracks_at_once_are_one_conflict_with_both_places() -> None:
    there = flight(START - timedelta(minutes=20), timedelta(minutes=10), lat_deg=5.0, lon_deg=-20.0)
    (found,) = position_conflicts([*HERE, *there])
    assert (found.begins_at, found.ends_at) == (there[0].at, there[-1].at)
    assert found.kind is ConflictKind.TWO_PLACES
    assert "adsblol" in found.detail
    assert "opensky" in found.detail


@pytest.mark.parametrize(
    ("what", "there"),
    [
        ("nothing else", []),
        ("the same by another feed", flight(START - HALF_HOUR, HALF_HOUR, lat_deg=0.001)),
        (
            "a feed whose clock is off by a minute",
            [
                replace(
                    one,
                    feed="late",
                    heard_at=one.heard_at + timedelta(minutes=1),
                    position_at=one.at + timedelta(minutes=1),
                )
                for one in HERE
            ],
        ),
        ("two positions elsewhere", flight(START - HALF_HOUR, timedelta(minutes=1), lat_deg=9.0)),
        ("elsewhere before it", flight(START - 2 * HALF_HOUR, timedelta(minutes=20), lat_deg=9.0)),
        (
            "stale positions elsewhere",
            [replace(one, position_at=one.at - timedelta(minutes=5), lat_deg=20.0) for one in HERE],
        ),
        ("a crowd elsewhere", [replace(one, crowded=True, lat_deg=20.0) for one in HERE]),
    ],
)
def test_no_conflict(what: str, there: list[Observation]) -> None:
    assert position_conflicts([*HERE, *there]) == [], what


def row(minute: float, north_nm: float, **more: object) -> Observation:
    """A report of an aircraft that keeps its place north of 30° N 35° W, or further."""
    at = START + minute * timedelta(minutes=1)
    values = {"lat_deg": 30.0 + north_nm / 60.04, "lon_deg": -35.0, "feed": "a", **more}
    return Observation(icao24="600b22", heard_at=at, position_at=at, **values)  # type: ignore[arg-type]


def two_places(
    apart_nm: float, here: int = 4, there: int = 4, every_minutes: float = 1.0
) -> list[Conflict]:
    return position_conflicts(
        [
            *(row(every_minutes * n, 0.0) for n in range(here)),
            *(row(every_minutes * n + 0.5, apart_nm, feed="b") for n in range(there)),
        ]
    )


def test_two_places_are_apart_by_more_than_a_clock_and_for_three_reports() -> None:
    (found,) = two_places(50.0)
    assert found.detail == (
        "Heard at 30.0 N 35.0 W (a) and, 50 NM away, at 30.8 N 35.0 W (b) in the same minutes: two "
        "transmitters use the address, or one of the positions is false."
    )
    assert (found.icao24, found.subject) == ("600b22", "")
    assert (found.begins_at, found.ends_at) == (
        START + timedelta(seconds=30),
        START + timedelta(minutes=3),
    )
    assert two_places(30.1)
    assert not two_places(29.9)
    assert not two_places(50.0, there=3)
    assert not two_places(50.0, here=3)


def test_a_track_ends_after_ten_minutes() -> None:
    assert two_places(500.0, every_minutes=10.0)
    assert not two_places(500.0, every_minutes=10.1)


def test_reports_join_the_nearest_track_that_can_have_flown_there() -> None:
    """Two aircraft 60 NM apart; each is within reach of the other's last report."""
    both = [row(9 * n + 0.1 * m, 60.0 * m, feed="ab"[m]) for n in range(5) for m in (0, 1)]
    (found,) = position_conflicts(both)
    assert "(a) and, 60 NM away, at" in found.detail, "each joins its own"
    mlat = [row(n, 0.0) for n in range(3)] + [
        row(n + 1 / 6, 6.0, source=Source.MLAT) for n in range(3)
    ]
    assert position_conflicts(mlat) == [], "rows by multilateration are dated late"


@pytest.mark.parametrize(
    ("miles_a_minute", "source", "one"),
    [
        (13.5, Source.ADSB, True),  # 700 kt for 65 s, and a mile
        (13.7, Source.ADSB, False),
        (16.4, Source.MLAT, True),  # for 80 s
        (16.7, Source.MLAT, False),
    ],
)
def test_a_track_goes_on_as_far_as_an_aircraft_flies(
    miles_a_minute: float, source: Source, one: bool
) -> None:
    flown = [row(n, miles_a_minute * n, source=source) for n in range(6)]
    stands = [row(n + 0.2, -900.0, feed="b") for n in range(6)]
    assert bool(position_conflicts([*flown, *stands])) is one


def test_a_report_without_coordinates_is_of_no_track() -> None:
    both = [row(n, 900.0 * m) for n in range(4) for m in (0, 1)]
    nowhere = [row(n, 0.0, lat_deg=None, lon_deg=None) for n in range(4)]
    assert position_conflicts([*both, *nowhere]) == position_conflicts(both) != []


def test_places_are_told_by_hemisphere_with_every_feed() -> None:
    here = [row(n, 0.0, lat_deg=-30.0, lon_deg=35.0, feed="ab"[n % 2]) for n in range(5)]
    there = [row(n, 0.0, lat_deg=0.0, lon_deg=0.0) for n in range(5)]
    (found,) = position_conflicts([*here, *there])
    assert "at 30.0 S 35.0 E (a, b)" in found.detail
    assert "at 0.0 N 0.0 E (a)" in found.detail


@pytest.mark.parametrize(
    ("listed", "detail"),
    [
        (SILKWAY, "Seen as EP-TQA, but 600b22 is 4K-BCH in fleet silkway."),
        (replace(SILKWAY, fleet=""), "Seen as EP-TQA, but 600b22 is 4K-BCH listed."),
        (None, "Seen as EP-TQA, but 600b22 is A-1 as first known."),
    ],
)
def test_a_registration_is_told_with_what_it_contradicts(
    listed: Aircraft | None, detail: str
) -> None:
    marks = [mark("A-1"), mark("EP-TQA", 1)]
    assert registration_conflicts("600b22", listed, marks)[-1].detail == detail


def test_hostile_scatter_costs_the_track_that_was_heard_longest_ago() -> None:
    """Seven tracks at once: one of the six that are followed gives way."""
    places = [300.0 * m for m in range(7)]
    rows = [row(n + 0.1 * m, north, feed="a") for n in range(4) for m, north in enumerate(places)]
    assert position_conflicts(rows) == []
    assert len(position_conflicts([each for each in rows if each.place != rows[6].place])) == 1


def test_of_overlapping_conflicts_the_longest_is_told() -> None:
    long = [row(n, 0.0) for n in range(30)]
    short = [row(n + 0.3, 900.0, feed="b") for n in range(10)]
    longer = [row(n + 0.6, 1800.0, feed="c") for n in range(20)]
    (found,) = position_conflicts([*long, *short, *longer])
    assert "(c)" in found.detail
    later = [row(n + 0.3, 900.0, feed="b") for n in range(22, 29)]
    assert ["(c)" in each.detail for each in position_conflicts([*long, *later, *longer])] == [
        True,
        False,
    ]


def test_a_jump_and_back_of_one_transmitter_is_no_second_aircraft() -> None:
    jumped = [
        replace(one, lat_deg=33.8, lon_deg=35.5) if 8 <= number < 20 else one
        for number, one in enumerate(HERE)
    ]
    assert position_conflicts(jumped) == []


@given(seed=st.integers(0, 10**6))
def test_neither_order_nor_repetition_matters(seed: int) -> None:
    there = flight(START - timedelta(minutes=20), timedelta(minutes=10), lat_deg=-4.0)
    both = [*HERE, *there]
    expected: list[Conflict] = position_conflicts(both)
    rng = random.Random(seed)
    again = [*both, *rng.sample(both, 7)]
    rng.shuffle(again)
    assert position_conflicts(again) == expected != []

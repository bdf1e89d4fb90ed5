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
from collector.model import Aircraft, Observation
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

"""Does an imported landing stand where received reports leave time for it, and nowhere else?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.landings.imported_tracks import imported_landings
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import learn
from collector.model import Detection, Grade, Observation
from collector.model.imported import FLIGHTRADAR24
from tests.support.flights import FIELDS, LLOV, START, hear, overflight, polls, visit

RULES = LandingRules()
MINUTE = timedelta(minutes=1)
LANDS = START + 2 * 60 * MINUTE
TIMES = polls(START, LANDS + 180 * MINUTE)
STAY = visit(LLOV, LANDS, 60 * MINUTE)
HEARD = hear(STAY, TIMES)
EXPORTED = hear(STAY, TIMES, feed=FLIGHTRADAR24)


def found(received: list[Observation], exported: list[Observation] = EXPORTED) -> list[Detection]:
    return imported_landings(exported, received, [], FIELDS, RULES)


def at_baku(*minutes: int) -> list[Observation]:
    """Parked at Baku, so many minutes after the touchdown of the export."""
    here = HEARD[len(HEARD) // 2]
    times = [LANDS + minute * MINUTE for minute in minutes]
    return [
        replace(here, heard_at=at, position_at=at, lat_deg=40.4675, lon_deg=50.0467, on_ground=True)
        for at in times
    ]


def test_landings_of_imported_tracks_are_nothing_without_reports() -> None:
    assert found([], []) == []


def test_an_arrival_that_no_track_shows_is_dated_by_the_learned_stays() -> None:
    """As it is when stays are learned anew: the date depends on no order."""
    turns = learn([timedelta(minutes=150 + 6 * n) for n in range(30)], date(2026, 11, 1))
    assert turns is not None
    hidden = timedelta(hours=30)
    way = visit(LLOV, LANDS, hidden)
    exported = [
        one
        for one in hear(way, polls(START, LANDS + hidden + 60 * MINUTE), feed=FLIGHTRADAR24)
        if not LANDS - 40 * MINUTE < one.at < LANDS + hidden - 60 * MINUTE
    ]
    by_prior, by_stays = (
        imported_landings(exported, [], [], FIELDS, RULES, lengths=lengths)
        for lengths in (None, turns)
    )
    assert [each.airfield for each in by_stays] == ["LLOV"]
    (dated,) = by_stays
    assert dated.unheard is not None
    assert dated.unheard.stays == turns.words
    assert dated.touchdown_at != by_prior[0].touchdown_at


@pytest.mark.parametrize(
    "received",
    [
        hear(overflight(LLOV, LANDS), TIMES),
        hear(overflight(LLOV, LANDS, altitude_ft=8_000.0), TIMES),
        hear(overflight(LLOV, LANDS + 20 * MINUTE, altitude_ft=8_000.0), TIMES),
        at_baku(*range(-60, 120, 5)),
        at_baku(-45, -40, -35),
        at_baku(-80, 90),
    ],
    ids=[
        "over it",
        "low over it",
        "later over it",
        "far away",
        "too late to come",
        "there and back",
    ],
)
def test_received_reports_that_leave_no_time_exclude_it(received: list[Observation]) -> None:
    assert found(received) == []


@pytest.mark.parametrize(
    "received",
    [[], at_baku(-200, 230), hear(overflight(LLOV, LANDS - 60 * MINUTE), TIMES[:90])],
    ids=["nothing", "long before and after", "over it an hour before"],
)
def test_received_reports_that_leave_time_say_nothing(received: list[Observation]) -> None:
    (landing,) = found(received)
    assert (landing.airfield, landing.grade) == ("LLOV", Grade.PROBABLE)


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(HEARD), unique_by=lambda one: one.at, max_size=40),
    st.integers(-9, 9),
)
def test_no_reports_of_the_same_flight_ever_exclude_it(
    received: list[Observation], late: int
) -> None:
    """Whatever was received of it, and though the tracker's clock is minutes off."""
    shifted = [
        replace(one, heard_at=one.at + late * MINUTE, position_at=one.at + late * MINUTE)
        for one in EXPORTED
    ]
    assert len(found(received, shifted)) == 1

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
DAY = timedelta(days=1)
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


def test_an_imported_landing_says_what_it_rests_on() -> None:
    (landing,) = found([])
    line = landing.evidence[-1]
    assert (line.kind, line.speaks, line.at) == ("imported", "against", landing.touchdown_at)
    assert line.feeds == landing.feeds == (FLIGHTRADAR24,)
    assert "never confirm a landing alone" in line.text
    assert (landing.icao24, landing.probability) == ("600865", RULES.lone_ground_probability)
    hover = imported_landings(
        [
            replace(one, on_ground=False, baro_altitude_ft=one.baro_altitude_ft or 1500.0)
            for one in EXPORTED
        ],
        [],
        [],
        FIELDS,
        RULES,
        type_code="EC35",
    )
    assert [(each.grade, each.probability) for each in hover] == [(Grade.POSSIBLE, 0.6)]


@pytest.mark.parametrize(
    ("apart", "is_same"), [(30 * MINUTE, True), (30 * MINUTE + timedelta(seconds=1), False)]
)
def test_a_landing_that_is_shown_already_is_the_same_visit(apart: timedelta, is_same: bool) -> None:
    (landing,) = found([])
    length = landing.visit_until - landing.visit_from
    before = landing.visit_from - apart
    after = landing.visit_until + apart
    for begin, end in ((before - length, before), (after, after + length)):
        shown = replace(landing, visit_from=begin, visit_until=end)
        assert (imported_landings(EXPORTED, [], [shown], FIELDS, RULES) == []) is is_same
        others = [shown, replace(shown, visit_from=begin - DAY, visit_until=begin - DAY)]
        assert (imported_landings(EXPORTED, [], others, FIELDS, RULES) == []) is is_same


def received(minutes: float, **changes: object) -> list[Observation]:
    """One report, so many minutes after the touchdown of the export."""
    at = LANDS + minutes * MINUTE
    here = HEARD[len(HEARD) // 2]
    return [replace(here, heard_at=at, position_at=at, **changes)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "stands"),
    [
        # It can have come from 5 NM away at once, and from the ground there.
        (received(0, lat_deg=LLOV.lat_deg + 0.06), True),
        # Between two reports above 1,500 ft it needs the way down, and a quarter of an hour.
        (received(-11, on_ground=False, baro_altitude_ft=LLOV.elevation_ft + 1501), True),
        (received(20, on_ground=False, baro_altitude_ft=LLOV.elevation_ft + 1500), True),
    ],
)
def test_a_report_at_the_field_excludes_nothing(report: list[Observation], stands: bool) -> None:
    assert bool(found(report)) is stands


def test_high_above_the_field_it_was_elsewhere() -> None:
    high: dict[str, object] = {"on_ground": False, "baro_altitude_ft": LLOV.elevation_ft + 2000}
    low: dict[str, object] = {"on_ground": False, "baro_altitude_ft": LLOV.elevation_ft + 1500}
    rolls: dict[str, object] = {"on_ground": True, "baro_altitude_ft": 39_000.0}

    def three(middle: float, **changes: object) -> list[Observation]:
        return [one for minute in (-9, middle, 11) for one in received(minute, **changes)]

    assert not found(three(5, **high))
    assert found(three(5, **low))
    assert found(three(5, **rolls)), "a garbled height"
    assert found(three(7, **high)), "down, a quarter of an hour, and up again"


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

"""Which statements of other sources agree with a landing, and which say nothing?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.landings.corroboration import NEAR_M, TIME_TOLERANCE, arrival_evidence, corroborates
from collector.model import Arrival, Candidate, Detection

AT = datetime(2020, 9, 17, 12, 0, tzinfo=UTC)
LANDING = Detection(
    icao24="600865",
    airfield="LLOV",
    candidates=(Candidate("LLOV", 0.9), Candidate("LLER", 0.1)),
    touchdown_at=AT,
    uncertainty_s=300.0,
    visit_from=AT - timedelta(minutes=5),
    visit_until=AT + timedelta(hours=3),
)
STATED = Arrival(
    source="opensky-flights",
    icao24="600865",
    airfield="LLOV",
    arrived_at=AT,
    horizontal_m=3_700,
    vertical_m=33,
)


def test_one_heard_near_the_field_agrees() -> None:
    (evidence,) = arrival_evidence(LANDING, [STATED])
    assert (evidence.speaks, evidence.airfield, evidence.kind) == ("for", "LLOV", "arrival-record")
    assert evidence.feeds == ("opensky-flights",)
    assert "3.7 km from there, 33 m above it" in evidence.text


@pytest.mark.parametrize(
    ("change", "agrees", "stated"),
    [
        ({"arrived_at": AT + TIME_TOLERANCE + timedelta(seconds=300)}, True, True),
        ({"arrived_at": AT + TIME_TOLERANCE + timedelta(seconds=301)}, False, False),
        ({"arrived_at": AT - TIME_TOLERANCE - timedelta(seconds=300)}, True, True),
        ({"arrived_at": AT - TIME_TOLERANCE - timedelta(seconds=301)}, False, False),
        ({"icao24": "600866"}, False, False),
        ({"horizontal_m": NEAR_M}, False, True),
        ({"horizontal_m": 62_500}, False, True),
        ({"horizontal_m": None}, False, True),
        ({"airfield": "LLER"}, True, True),
        ({"airfield": "OJAQ"}, False, True),
    ],
)
def test_another_time_place_or_aircraft_does_not(
    change: dict[str, object], agrees: bool, stated: bool
) -> None:
    other = replace(STATED, **change)  # type: ignore[arg-type]
    assert corroborates(LANDING, other) is agrees
    evidence = arrival_evidence(LANDING, [other])
    assert bool(evidence) is stated
    for each in evidence:
        assert each.speaks == ("for" if agrees else "neutral")
        assert ("no denial" in each.text) is not agrees


def test_an_undetermined_landing_is_stated_at_one_of_its_candidates() -> None:
    open_ended = replace(LANDING, airfield=None)
    assert corroborates(open_ended, replace(STATED, airfield="LLER"))
    assert not corroborates(open_ended, replace(STATED, airfield="LLBG"))


TABLE = "OpenSky's flight table"
HEARD = "; it last heard the aircraft 3.7 km from there"
ITS_OWN = "That is the source's own statement, by its own rule."
NEAREST = "Another airfield is no denial: such tables name the nearest one."
UNSAID = ", without saying how near there it last heard the aircraft"
NEITHER = "That is no corroboration and no denial."


@pytest.mark.parametrize(
    ("change", "who", "how_near", "worth"),
    [
        ({}, f"{TABLE} names LLOV", f"{HEARD}, 33 m above it", ITS_OWN),
        ({"airfield": "UBBB", "vertical_m": None}, f"{TABLE} names UBBB", HEARD, NEAREST),
        ({"horizontal_m": None, "source": "another"}, "another names LLOV", UNSAID, NEITHER),
        (
            {"horizontal_m": 10_000},
            f"{TABLE} names LLOV",
            f"{HEARD}, 33 m above it".replace("3.7", "10.0"),
            NEITHER,
        ),
    ],
)
def test_a_statement_is_told_with_what_it_is_worth(
    change: dict[str, object], who: str, how_near: str, worth: str
) -> None:
    (evidence,) = arrival_evidence(LANDING, [replace(STATED, **change)])  # type: ignore[arg-type]
    assert evidence.text == f"{who} as the airfield where this flight ended{how_near}. {worth}"


def test_an_arrival_outside_the_visit_is_of_another_landing() -> None:
    long = replace(LANDING, uncertainty_s=7200.0)
    before, after = long.visit_from - TIME_TOLERANCE, long.visit_until + TIME_TOLERANCE
    second = timedelta(seconds=1)
    for at, corroborated in (
        (before, True),
        (before - second, False),
        (after, False),
        (AT + timedelta(minutes=150), True),
    ):
        assert corroborates(long, replace(STATED, arrived_at=at)) is corroborated
    brief = replace(long, visit_until=AT + timedelta(minutes=10))
    ends = brief.visit_until + TIME_TOLERANCE
    assert corroborates(brief, replace(STATED, arrived_at=ends))
    assert not corroborates(brief, replace(STATED, arrived_at=ends + second))

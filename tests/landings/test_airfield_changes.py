"""Is each landing judged by the airfields of its own day, whatever else the time span holds?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from collector.landings.airfield_changes import detect_in_parts
from collector.landings.detect import DerivedLandings, detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Observation
from collector.settings import load
from tests.support.flights import LLOV, hear, overflight, polls, visit
from tests.support.sky import IL76

HOUR = timedelta(hours=1)
BEFORE = datetime(2018, 12, 20, 10, tzinfo=UTC)
"""A month before Ramon (LLER) opened."""
AFTER = datetime(2019, 2, 10, 10, tzinfo=UTC)
NOW = datetime(2019, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def airfields() -> tuple[Airfield, ...]:
    """As shipped: one opened on 21 January 2019, another closed on 19 March."""
    return load(None, environ={}).airfields


def lost(at: datetime) -> list[Observation]:
    """A visit received down to 7,000 ft only."""
    times = polls(at - HOUR, at + 4 * HOUR, 20.0)
    return hear(visit(LLOV, at, 3 * HOUR), times, icao24=IL76, floor_ft=7_000.0)


def over(at: datetime) -> list[Observation]:
    return hear(overflight(LLOV, at), polls(at - HOUR, at + HOUR, 20.0), icao24=IL76)


def derived(observations: Sequence[Observation], airfields: Sequence[Airfield]) -> DerivedLandings:
    found = partial(detect, observations, [])
    return detect_in_parts(
        observations, airfields, lambda fields: found(fields, LandingRules(), NOW)
    )


def test_an_airfield_that_opened_later_in_the_window_is_no_candidate(
    airfields: tuple[Airfield, ...],
) -> None:
    alone = derived(lost(BEFORE), airfields).detections
    together = derived([*lost(BEFORE), *over(AFTER)], airfields).detections
    assert len(alone) == 1
    assert together == alone
    assert "LLER" not in {one.airfield for one in together[0].candidates}


def test_one_that_closed_later_in_the_window_still_is(airfields: tuple[Airfield, ...]) -> None:
    closed = datetime(2019, 3, 25, 10, tzinfo=UTC)
    alone = derived(lost(AFTER), airfields)
    both = derived([*lost(BEFORE), *lost(AFTER), *over(closed)], airfields)
    assert both.detections == (*derived(lost(BEFORE), airfields).detections, *alone.detections)
    assert both.wakeup_at == derived(over(closed), airfields).wakeup_at


def test_where_nothing_opened_nothing_is_done_twice(airfields: tuple[Airfield, ...]) -> None:
    fields_used: list[Sequence[Airfield]] = []

    def once(fields: Sequence[Airfield]) -> DerivedLandings:
        fields_used.append(fields)
        return DerivedLandings()

    detect_in_parts(lost(AFTER), airfields, once)
    assert fields_used == [airfields]
    assert detect_in_parts([], airfields, once) == DerivedLandings()


def test_what_the_parts_say_of_the_span_is_that_of_its_two_ends(
    airfields: tuple[Airfield, ...],
) -> None:
    """Whether it begins on the ground, and when it is judged again."""

    def told(*, down: bool) -> DerivedLandings:
        def part(fields: Sequence[Airfield]) -> DerivedLandings:
            opened = any(field.icao == "LLER" for field in fields)
            return DerivedLandings(
                starts_down=down is not opened, wakeup_at=AFTER if opened else NOW
            )

        return detect_in_parts([*over(BEFORE), *over(AFTER)], airfields, part)

    assert told(down=True) == DerivedLandings(starts_down=True, wakeup_at=AFTER)
    assert told(down=False) == DerivedLandings(starts_down=False, wakeup_at=AFTER)

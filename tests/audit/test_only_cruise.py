"""Is a year in which aircraft were heard in cruise alone no year of zeros?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.model import Landing
from collector.model.coverage import CoverageSlot
from collector.queries.chance import ChanceQuery
from collector.queries.coverage import CoverageQuery
from collector.queries.weeks import WeekQuery
from collector.store import Store, coverage_slots, landings
from collector.weeks import week_bounds
from tests.support import touchdowns
from tests.support.landings import AIRFIELDS
from tests.support.sight_station import CRUISE, LOW
from tests.support.touchdowns import SURGE, WATCH, touchdown

KEYS = ("2026-W45", "2026-W46")
BEGIN, NEXT = week_bounds(KEYS[0], WATCH.zone)[0], week_bounds(KEYS[1], WATCH.zone)[1]
NOW = NEXT + timedelta(days=4)
QUARTER = NOW + timedelta(weeks=8)
LANDED: list[Landing] = [touchdown(NEXT + timedelta(hours=hours)) for hours in (20, 60)]


@pytest.fixture(params=["low", "cruise"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, bool]]:
    """Two weeks without a landing, heard at one height, and then two landings in a week."""
    low = request.param == "low"
    count = (NOW - BEGIN) // timedelta(minutes=10)
    slots = [
        CoverageSlot(
            feed="adsblol",
            begins_at=BEGIN + number * timedelta(minutes=10),
            alive_minutes=1,
            area_minutes=1,
            aircraft=1,
            cells={LOW if low else CRUISE: 1},
        )
        for number in range(count)
    ]
    with Store.open(tmp_path / "test.sqlite") as store:
        with store.transaction():
            coverage_slots.merge_slots(store, slots)
            for landing in LANDED:
                landings.save(store, landing, None)
        yield store, low


def test_such_weeks_are_neither_usual_nor_make_a_surge(heard: tuple[Store, bool]) -> None:
    store, low = heard
    query = CoverageQuery(store, AIRFIELDS, frozenset({WATCH.zone}))
    shares = query.by_week(touchdowns.OVDA, WATCH.zone, BEGIN, NEXT)
    assert all((shares[key] > 0.9) is low for key in KEYS)
    week = WeekQuery(store, [WATCH], AIRFIELDS, query)
    usual = week.place_week(WATCH, touchdowns.OVDA, "2026-W47", NOW).usual
    assert usual.covered_weeks == (len(KEYS) if low else 0)
    threshold = ChanceQuery(store, query).of_rule(WATCH, SURGE, QUARTER).threshold
    assert threshold is not None
    assert (threshold.covered_weeks, threshold.p_below) == (len(KEYS) + 1 if low else 0, None)

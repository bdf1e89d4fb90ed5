"""Is nothing said of others that is known of the aircraft itself alone?"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.others import without
from collector.model import Observation
from collector.model.coverage import (
    CELL_DEG,
    Cell,
    CoverageSlot,
    PollCoverage,
    band_of,
    slot_begin,
    slots_of,
)
from collector.model.reply import Outcome

AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def report(after_s: float, lat: float, lon: float, altitude_ft: float) -> Observation:
    at = AT + after_s * SECOND
    return Observation(
        icao24="600865", feed="adsblol", heard_at=at, position_at=at,
        lat_deg=lat, lon_deg=lon, baro_altitude_ft=altitude_ft,
    )  # fmt: skip


def cell_of(one: Observation) -> Cell:
    assert one.lat_deg is not None
    assert one.lon_deg is not None
    row, column = math.floor(one.lat_deg / CELL_DEG), math.floor(one.lon_deg / CELL_DEG)
    return row, column, band_of(one.baro_altitude_ft or 0.0)


def poll(at: datetime, *cells: Cell) -> PollCoverage:
    counts = {cell: cells.count(cell) for cell in cells}
    return PollCoverage(
        feed="adsblol", at=at, outcome=Outcome.HEARD, area=True, aircraft=len(cells), cells=counts
    )


REPORTS = st.lists(
    st.builds(
        report, st.floats(0, 900), st.floats(29.5, 30.5), st.floats(34.5, 35.5), st.floats(0, 9000)
    ),
    max_size=12,
)
OTHERS = st.lists(
    st.tuples(st.integers(118, 121), st.integers(138, 141), st.integers(0, 8)), max_size=4
)


@given(REPORTS, st.floats(0, 55))
def test_an_aircraft_alone_in_every_reply_proves_nothing_of_others(
    reports: list[Observation], late_s: float
) -> None:
    polls = [poll(one.heard_at + late_s * SECOND, cell_of(one)) for one in reports]
    for slot in without(slots_of(polls), reports):
        assert (slot.cells, slot.aircraft) == ({}, 0)


@given(REPORTS, OTHERS)
def test_what_remains_was_others_and_none_is_invented(
    reports: list[Observation], others: list[Cell]
) -> None:
    whole = slots_of([poll(one.heard_at, cell_of(one), *others) for one in reports])
    alone = {slot.begins_at: slot for slot in slots_of([poll(one.at, *others) for one in reports])}
    for slot in without(whole, reports):
        assert slot.aircraft == len(others)
        for cell, count in slot.cells.items():
            assert count <= alone[slot.begins_at].cells.get(cell, 0)
        assert slot.area_minutes == alone[slot.begins_at].area_minutes


def test_a_slot_without_the_aircraft_is_left_as_it_is() -> None:
    own = report(0, 30.2, 34.95, 7000)
    cell = cell_of(own)
    slot = CoverageSlot(feed="adsblol", begins_at=slot_begin(AT + 1200 * SECOND), cells={cell: 1})
    assert without([slot], [own]) == [slot]
    two = CoverageSlot(feed="adsblol", begins_at=slot_begin(AT), aircraft=2, cells={cell: 2})
    (less,) = without([two], [own])
    assert (less.cells, less.aircraft) == ({cell: 1}, 1)

"""Does time count as seen only if somebody was received low then, or shortly before or after?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.share import (
    LOW_WITHIN,
    MARGIN,
    State,
    coverage,
    coverage_of_place,
    proofs,
)
from collector.coverage.sight import Level, sight_of, worst
from collector.model import Airfield
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot, band_of
from tests.support.landings import OVDA, RAMON

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = 7 * 24 * 12
HOUR = int(LOW_WITHIN / SLOT)
FAR = replace(OVDA, icao="FARA", lat_deg=OVDA.lat_deg + 1.5)


def cell(altitude_ft: float, north_deg: float = 0.0) -> Cell:
    lat, lon = OVDA.lat_deg + north_deg, OVDA.lon_deg
    return int(lat // CELL_DEG), int(lon // CELL_DEG), band_of(altitude_ft)


CRUISE, LOW = cell(36_000), cell(17_999)


def slot(number: int, *cells: Cell, feed: str = "one", unplaced: int = 0) -> CoverageSlot:
    return CoverageSlot(
        feed=feed,
        begins_at=BEGIN + number * SLOT,
        alive_minutes=31,
        area_minutes=31,
        aircraft=len(cells) + unplaced,
        unplaced=unplaced,
        cells=dict.fromkeys(cells, 1),
    )


def seen(slots: Iterable[CoverageSlot], count: int) -> list[int]:
    found = proofs(slots, OVDA, BEGIN, BEGIN + count * SLOT)
    return [number for number, each in enumerate(found) if each.seen]


def cruise_and_low(count: int, low: Sequence[int]) -> list[CoverageSlot]:
    return [slot(n, *((CRUISE, LOW) if n in low else (CRUISE,))) for n in range(count)]


def test_one_low_aircraft_makes_no_week_seen() -> None:
    found = coverage(cruise_and_low(WEEK, [1000]), OVDA, BEGIN, BEGIN + WEEK * SLOT)
    assert found.share == 1.0
    assert found.seen == pytest.approx((2 * HOUR + 1) / WEEK)
    assert sight_of(found).level is Level.NOT_SEEN
    assert sight_of(found).only_high


@pytest.mark.parametrize(
    ("every_h", "level"),
    [(1, Level.SEEN), (2, Level.SEEN), (4, Level.IN_PART), (12, Level.NOT_SEEN)],
)
def test_the_zero_is_worth_what_was_heard_low(every_h: int, level: Level) -> None:
    slots = cruise_and_low(WEEK, range(0, WEEK, every_h * 12))
    assert sight_of(coverage(slots, OVDA, BEGIN, BEGIN + WEEK * SLOT)).level is level


def test_the_hour_before_and_after_counts_and_no_more() -> None:
    assert seen(cruise_and_low(60, [30]), 60) == list(range(30 - HOUR, 30 + HOUR + 1))


@pytest.mark.parametrize(
    "low",
    [
        slot(30, cell(18_000)),
        slot(30, cell(3_000, north_deg=0.75)),
        slot(30, LOW, feed="two"),
        slot(30, LOW, unplaced=9),
        replace(slot(30, LOW), area_minutes=0),
    ],
    ids=["high", "far", "of a feed without cruise", "jammed", "asked for alone"],
)
def test_what_proves_nothing_of_the_time_around(low: CoverageSlot) -> None:
    others = [slot(n, CRUISE) for n in range(60) if n != 30 or low.feed == "two"]
    expected = [30] if low.feed == "two" else []
    assert seen([*others, low], 60) == expected


AQABA: Cell = (int(29.61 // CELL_DEG), int(35.02 // CELL_DEG), band_of(0))
EDGE = replace(OVDA, lat_deg=30.02, lon_deg=34.98)
"""An airfield 1.2 NM from the edge of its cell, with the apron beyond."""


def test_who_stands_on_a_neighbouring_airfield_proves_nothing_of_the_sky_here() -> None:
    slots = [slot(n, AQABA) for n in range(60)]
    found = coverage(slots, OVDA, BEGIN, BEGIN + 60 * SLOT)
    assert (found.share, found.seen, found.lowest_band) == (1.0, 0.0, None)
    assert sight_of(found).only_high
    aloft = (*AQABA[:2], band_of(2000))
    assert seen([*slots[:30], slot(30, AQABA, aloft), *slots[31:]], 60) == list(range(18, 43))


@pytest.mark.parametrize("field", [OVDA, EDGE], ids=["in the cell", "beside the cell"])
def test_who_stands_on_the_airfield_itself_proves_that_it_is_heard(field: Airfield) -> None:
    found = coverage([slot(0, cell(0))], field, BEGIN, BEGIN + SLOT)
    assert (found.seen, found.lowest_band) == (1.0, 0)


def test_a_feed_that_is_down_sees_nothing() -> None:
    slots = [each for each in cruise_and_low(60, [30]) if each.begins_at <= BEGIN + 32 * SLOT]
    assert seen(slots, 60)[-1] == 32


SLOTS = st.lists(
    st.builds(
        lambda number, cells, feed, unplaced: slot(number, *cells, feed=feed, unplaced=unplaced),
        st.integers(-20, 60),
        st.sets(st.sampled_from([CRUISE, LOW, AQABA, cell(36_000, 1.5), cell(2_000, 1.5)])),
        st.sampled_from(["one", "two"]),
        st.sampled_from([0, 9]),
    ),
    max_size=30,
    unique_by=lambda each: (each.feed, each.begins_at),
)


@given(SLOTS)
def test_a_place_says_the_worst_of_each_of_its_airfields(slots: list[CoverageSlot]) -> None:
    span = (BEGIN, BEGIN + 40 * SLOT)
    fields = [OVDA, RAMON, FAR]
    assert sight_of(coverage_of_place(slots, fields, *span)) == worst(
        [sight_of(coverage(slots, field, *span)) for field in fields]
    )


@given(SLOTS)
def test_seen_time_is_alive_and_depends_on_nothing_beyond_the_margin(
    slots: list[CoverageSlot],
) -> None:
    begin, end = BEGIN, BEGIN + 10 * SLOT
    found = proofs(slots, OVDA, begin, end)
    assert all(each.state is State.ALIVE for each in found if each.seen)
    around = [each for each in slots if begin - MARGIN <= each.begins_at < end + MARGIN]
    assert proofs(around, OVDA, begin, end) == found


def test_the_lowest_height_of_a_place_is_the_worst_too() -> None:
    span = (BEGIN, BEGIN + timedelta(hours=1))
    heights = [
        coverage_of_place([slot(0, *cells)], [OVDA, FAR], *span).lowest_band
        for cells in ([LOW], [LOW, cell(36_000, 1.5)], [CRUISE, cell(2_000, 1.5)])
    ]
    assert heights == [None, 8, 8]

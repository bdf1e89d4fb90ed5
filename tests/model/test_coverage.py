"""Is joined coverage the same, whatever the order, the repeats or the split of replies?"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.coverage import (
    BAND_FLOORS_FT,
    SLOT,
    CoverageSlot,
    PollCoverage,
    band_of,
    join,
    slot_begin,
    slot_of,
    slots_of,
)
from collector.model.reply import Outcome

BEGIN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
CELLS = st.dictionaries(
    st.tuples(st.integers(118, 120), st.integers(138, 140), st.integers(0, 8)),
    st.integers(1, 9),
    max_size=4,
)


def _hearings(
    minutes: int = 4, feeds: tuple[str, ...] = ("one",)
) -> st.SearchStrategy[PollCoverage]:
    return st.builds(
        PollCoverage,
        feed=st.sampled_from(feeds),
        at=st.integers(0, minutes * 60 + 59).map(lambda s: BEGIN + timedelta(seconds=s)),
        outcome=st.sampled_from(list(Outcome)),
        area=st.booleans(),
        aircraft=st.integers(0, 50),
        unplaced=st.integers(0, 50),
        cells=CELLS,
    )


SLOTS = st.lists(_hearings(), min_size=1, max_size=4).map(
    lambda hearings: reduce(join, map(slot_of, hearings))
)


@given(SLOTS, SLOTS)
def test_joining_commutes(a: CoverageSlot, b: CoverageSlot) -> None:
    assert join(a, b) == join(b, a)


@given(SLOTS, SLOTS, SLOTS)
def test_joining_associates(a: CoverageSlot, b: CoverageSlot, c: CoverageSlot) -> None:
    assert join(join(a, b), c) == join(a, join(b, c))


@given(SLOTS, SLOTS)
def test_joining_again_changes_nothing(a: CoverageSlot, b: CoverageSlot) -> None:
    assert join(a, a) == a
    assert join(join(a, b), b) == join(a, b)


@given(SLOTS, SLOTS)
def test_joining_loses_nothing(a: CoverageSlot, b: CoverageSlot) -> None:
    both = join(a, b)
    assert both.alive_minutes & a.alive_minutes == a.alive_minutes
    assert both.area_minutes & b.area_minutes == b.area_minutes
    assert both.failed_minutes & a.failed_minutes == a.failed_minutes
    assert all(both.cells[cell] >= count for cell, count in a.cells.items())
    assert both.aircraft == max(a.aircraft, b.aircraft)


@given(
    st.lists(_hearings(20, ("one", "two")), max_size=15),
    st.randoms(use_true_random=False),
    st.integers(0, 15),
)
def test_any_order_any_repeat_any_split(
    hearings: list[PollCoverage], shuffler: random.Random, cut: int
) -> None:
    expected = slots_of(hearings)
    shuffled = hearings + hearings[:cut]
    shuffler.shuffle(shuffled)
    assert slots_of(shuffled) == expected
    parts: dict[tuple[datetime, str], CoverageSlot] = {}
    for slot in (*slots_of(shuffled[:cut]), *slots_of(shuffled[cut:])):
        key = (slot.begins_at, slot.feed)
        parts[key] = join(parts[key], slot) if key in parts else slot
    assert [parts[key] for key in sorted(parts)] == expected


@given(_hearings(20))
def test_what_one_hearing_proves(hearing: PollCoverage) -> None:
    slot = slot_of(hearing)
    minute = 1 << int((hearing.at - slot.begins_at).total_seconds() // 60)
    if hearing.outcome.alive:
        assert (slot.alive_minutes, slot.failed_minutes) == (minute, 0)
        assert slot.area_minutes == (minute if hearing.area else 0)
        assert slot.cells == hearing.cells
    else:
        assert (slot.alive_minutes, slot.area_minutes, slot.failed_minutes) == (0, 0, minute)
        assert (slot.aircraft, slot.unplaced, slot.cells) == (0, 0, {})


def test_a_minute_begins_with_its_first_second() -> None:
    for second, minute in ((0, 0), (59, 0), (60, 1), (239, 3), (240, 4), (299, 4)):
        at = BEGIN + timedelta(seconds=second)
        heard = PollCoverage(feed="one", at=at, outcome=Outcome.HEARD, area=True)
        assert slot_of(heard).area_minutes == 1 << minute


@given(st.timedeltas(timedelta(0), timedelta(days=30_000)))
def test_slots_are_five_minutes_of_the_hour(later: timedelta) -> None:
    at = datetime(1990, 1, 1, tzinfo=UTC) + later
    begin = slot_begin(at)
    assert begin <= at < begin + SLOT
    assert (begin.minute % 5, begin.second, begin.microsecond) == (0, 0, 0)


@given(st.floats(-3000, 60000))
def test_bands_hold_their_altitudes(altitude_ft: float) -> None:
    band = band_of(altitude_ft)
    assert band == 0 or BAND_FLOORS_FT[band] <= altitude_ft
    assert band == len(BAND_FLOORS_FT) - 1 or altitude_ft < BAND_FLOORS_FT[band + 1]


def test_slots_of_different_feeds_or_times_do_not_join() -> None:
    one = CoverageSlot(feed="one", begins_at=BEGIN)
    for other in (
        CoverageSlot(feed="two", begins_at=BEGIN),
        CoverageSlot(feed="one", begins_at=BEGIN + SLOT),
    ):
        with pytest.raises(ValueError, match="don't join"):
            join(one, other)

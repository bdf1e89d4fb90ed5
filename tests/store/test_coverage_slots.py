"""Do polls join to the same slots in any order, and are the slots found again by time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Outcome
from collector.store import Store, coverage_slots
from collector.store.encoding import pack_cells, unpack_cells
from tests.store.samples import MINUTE, NOON, copied

_cells = st.dictionaries(
    st.tuples(st.integers(-360, 360), st.integers(-720, 719), st.integers(0, 8)),
    st.integers(1, 999),
    max_size=8,
)


@st.composite
def _polls(draw: st.DrawFn) -> PollCoverage:
    return PollCoverage(
        feed=draw(st.sampled_from(["adsblol", "opensky"])),
        at=NOON + timedelta(seconds=draw(st.integers(0, 900))),
        outcome=draw(st.sampled_from(Outcome)),
        area=draw(st.booleans()),
        aircraft=draw(st.integers(0, 20_000)),
        unplaced=draw(st.integers(0, 500)),
        cells=draw(_cells),
    )


@given(polls=st.lists(_polls(), max_size=10), data=st.data())
def test_any_order_and_division_give_the_same_slots(
    template: Path, polls: list[PollCoverage], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(polls + polls[:2]))
    cut = data.draw(st.integers(0, len(shuffled)))
    with copied(template) as store:
        coverage_slots.merge_polls(store, shuffled[:cut])
        coverage_slots.merge_polls(store, shuffled[cut:])
        assert coverage_slots.slots_between(store, NOON, NOON + 20 * MINUTE) == slots_of(polls)


@given(cells=_cells)
def test_cells_survive_packing(cells: dict[tuple[int, int, int], int]) -> None:
    assert unpack_cells(pack_cells(cells)) == cells


def _poll_at(minute: int, feed: str = "adsblol") -> PollCoverage:
    return PollCoverage(feed=feed, at=NOON + minute * MINUTE, outcome=Outcome.HEARD, area=True)


def test_slots_are_found_by_time_and_feed(store: Store) -> None:
    coverage_slots.merge_polls(
        store, [_poll_at(0), _poll_at(7), _poll_at(7, "opensky"), _poll_at(15)]
    )

    def found(begin: int, end: int, feed: str | None = None) -> list[tuple[int, str]]:
        slots = coverage_slots.slots_between(
            store, NOON + begin * MINUTE, NOON + end * MINUTE, feed
        )
        return [((slot.begins_at - NOON) // MINUTE, slot.feed) for slot in slots]

    assert found(0, 15) == [(0, "adsblol"), (5, "adsblol"), (5, "opensky")]
    assert found(4, 6, "opensky") == [(5, "opensky")]
    assert found(9, 16) == [(5, "adsblol"), (5, "opensky"), (15, "adsblol")]
    assert found(10, 15) == []
    assert coverage_slots.first_slot_at(store) == coverage_slots.first_record_at(store) == NOON


def test_an_empty_store_has_no_first_slot(store: Store) -> None:
    assert coverage_slots.first_slot_at(store) is None
    assert coverage_slots.first_record_at(store) is None


def test_the_last_answer_is_told_to_the_minute(store: Store) -> None:
    by_address = replace(_poll_at(8), area=False)
    failed = replace(_poll_at(13), outcome=Outcome.UNREACHABLE)
    coverage_slots.merge_polls(
        store, [_poll_at(0), _poll_at(7), _poll_at(6, "opensky"), by_address, failed]
    )

    def last(feeds: list[str], begin: int, end: int, *, by_place: bool = True) -> float | None:
        found = coverage_slots.last_answer_at(
            store, feeds, NOON + begin * MINUTE, NOON + end * MINUTE, by_place=by_place
        )
        return None if found is None else (found - NOON) / MINUTE

    assert last(["adsblol", "opensky"], 0, 20) == 7
    assert last(["adsblol", "opensky"], 0, 20, by_place=False) == 8
    assert last(["opensky"], 0, 20) == 6
    assert last(["adsblol"], 0, 5) == 0
    assert last(["adsblol"], 10, 20) is None, "a poll that failed is no answer"
    assert last([], 0, 20) is None


@given(
    feeds=st.sampled_from([["adsblol"], ["adsblol", "opensky"], []]),
    polls=st.lists(_polls(), max_size=10),
)
def test_what_was_received_is_the_same_without_unpacking(
    template: Path, feeds: list[str], polls: list[PollCoverage]
) -> None:
    span = (NOON, NOON + 20 * MINUTE)
    with copied(template) as store:
        coverage_slots.merge_polls(store, polls)
        slots = [
            slot
            for slot in coverage_slots.slots_between(store, *span)
            if slot.feed in feeds and slot.area_minutes
        ]
        found = coverage_slots.received_by_slot(store, feeds, *span)
    begins = sorted({slot.begins_at for slot in slots})
    assert list(found) == begins
    assert found == {at: any(slot.cells for slot in slots if slot.begins_at == at) for at in begins}

"""Is each slot in the right state, and do the states add up to the right coverage?"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.share import (
    ANSWER_REACH,
    EMPTY_WITHIN,
    MARGIN,
    NEAR_NM,
    State,
    coverage,
    coverage_by_day,
    coverage_of_place,
    states,
)
from collector.geo import destination
from collector.model.coverage import (
    CELL_DEG,
    SLOT,
    Cell,
    CoverageSlot,
    PollCoverage,
    band_of,
    slots_of,
)
from collector.model.reply import Outcome
from tests.support.landings import OVDA, RAMON

BEGIN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _cell(distance_nm: float, altitude_ft: float = 36_000, bearing: float = 20) -> Cell:
    lat, lon = destination(OVDA.lat_deg, OVDA.lon_deg, bearing, distance_nm)
    return int(lat // CELL_DEG), int(lon // CELL_DEG), band_of(altitude_ft)


NEAR = {_cell(40): 2}
FAR = {_cell(NEAR_NM + 30): 5}


def _heard(
    minute: float,
    cells: dict[Cell, int] | None = None,
    *,
    feed: str = "one",
    area: bool = True,
    outcome: Outcome = Outcome.HEARD,
    unplaced: int = 0,
) -> PollCoverage:
    cells = NEAR if cells is None else cells
    return PollCoverage(
        feed=feed,
        at=BEGIN + minute * MINUTE,
        outcome=outcome,
        area=area,
        aircraft=sum(cells.values()) + unplaced,
        unplaced=unplaced,
        cells=cells,
    )


def _states(hearings: Iterable[PollCoverage], minutes: int = 30) -> str:
    """One letter a slot: A J E R D."""
    found = states(slots_of(hearings), OVDA, BEGIN, BEGIN + minutes * MINUTE)
    assert [at for at, _ in found] == [BEGIN + n * SLOT for n in range(minutes // 5)]
    return "".join(state.name[0] for _, state in found)


def test_without_a_record_it_is_dead() -> None:
    assert _states([]) == "DDDDDD"


@pytest.mark.parametrize(
    ("hearing", "state"),
    [
        (_heard(1), "A"),
        (_heard(1, FAR), "R"),
        (_heard(1, {}, outcome=Outcome.NOBODY), "R"),
        (_heard(1, area=False), "R"),
        (_heard(1, unplaced=1), "A"),
        (_heard(1, unplaced=2), "A"),
        (_heard(1, unplaced=3), "J"),
        (_heard(1, {}, unplaced=9), "J"),
        (_heard(1, {_cell(40): 4}, unplaced=3), "A"),
        (_heard(1, {}, outcome=Outcome.UNREACHABLE), "D"),
        (_heard(1, {}, outcome=Outcome.REFUSED), "D"),
        (_heard(1, outcome=Outcome.STALE), "D"),
        (_heard(1, outcome=Outcome.MALFORMED), "D"),
    ],
)
def test_one_answer_in_one_slot(hearing: PollCoverage, state: str) -> None:
    assert _states([hearing], 5) == state


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0, 10, 20], "AAAAAD"),
        ([4, 14, 24], "AAAAAD"),
        ([0, 11, 20], "ADAAAD"),
        ([0, 12, 24], "ADADAD"),
        ([2, 7, 12, 17, 22, 27], "AAAAAA"),
        ([0, 29], "ADDDDA"),
        ([0.9, 10.1, 20.9], "AAAAAD"),
    ],
)
def test_area_answers_at_most_ten_minutes_apart_are_continuous(
    minutes: list[float], expected: str
) -> None:
    assert _states(_heard(minute) for minute in minutes) == expected


def test_between_two_answers_it_is_what_the_weaker_was() -> None:
    jammed = _heard(10, unplaced=9)
    assert _states([_heard(0), jammed, _heard(20)], 25) == "AJJJA"
    assert _states([_heard(0), _heard(10, {}, outcome=Outcome.NOBODY)], 15) == "AEE"


def test_fleet_asks_and_failures_do_not_bridge_but_are_bridged() -> None:
    assert _states([_heard(0), _heard(7, area=False), _heard(14)], 15) == "ARA"
    assert _states([_heard(0), _heard(7, area=False), _heard(10)], 15) == "AAA"
    failed = _heard(7, {}, outcome=Outcome.UNREACHABLE)
    assert _states([_heard(0), failed, _heard(10)], 15) == "AAA"
    assert _states([_heard(0), failed], 15) == "ADD"


def test_a_quiet_sky_is_empty_only_while_somebody_was_heard_within_the_hour() -> None:
    quiet = [_heard(m, FAR) for m in range(5, 200, 5)]
    found = _states([_heard(0), *quiet], 200)
    hour = int(EMPTY_WITHIN / SLOT)
    assert found == "A" + "E" * hour + "R" * (40 - 1 - hour)
    assert _states([*quiet, _heard(200)], 200)[-1] == "E"


def test_of_several_feeds_the_best_wins() -> None:
    jammed = _heard(1, unplaced=9)
    deaf = _heard(1, FAR, feed="two")
    assert _states([jammed, deaf], 5) == "J"
    assert _states([jammed, deaf, _heard(2, feed="three")], 5) == "A"
    assert _states([deaf], 5) == "R"


def test_a_feed_does_not_bridge_anothers_gap() -> None:
    assert _states([_heard(0), _heard(10, feed="two")], 15) == "ADA"


def test_coverage_adds_up() -> None:
    hearings = [_heard(0), _heard(5), _heard(10, FAR), _heard(15, unplaced=9)]
    found = coverage(slots_of(hearings), OVDA, BEGIN, BEGIN + 25 * MINUTE)
    assert found.share == pytest.approx(0.4)
    assert found.seconds == {
        State.ALIVE: 600,
        State.JAMMED: 300,
        State.EMPTY: 300,
        State.REGIONALLY_DEAD: 0,
        State.DEAD: 300,
    }


def test_parts_of_slots_weigh_as_parts() -> None:
    found = coverage(slots_of([_heard(0)]), OVDA, BEGIN + 4 * MINUTE, BEGIN + 8 * MINUTE)
    assert found.share == pytest.approx(0.25)
    assert coverage([], OVDA, BEGIN, BEGIN).share == 0.0


def test_how_low_is_asked_near_the_field_only() -> None:
    hearings = [_heard(0, {_cell(60, 1000): 1, _cell(10, 9000): 1}), _heard(6, {_cell(5, 3000): 1})]
    slots = slots_of(hearings)
    assert coverage(slots, OVDA, BEGIN, BEGIN + 5 * MINUTE).lowest_band == band_of(9000)
    assert coverage(slots, OVDA, BEGIN, BEGIN + 10 * MINUTE).lowest_band == band_of(3000)
    assert coverage([], OVDA, BEGIN, BEGIN + 10 * MINUTE).lowest_band is None


def test_days_are_local_and_make_the_whole() -> None:
    begin = datetime(2026, 10, 23, 21, 0, tzinfo=UTC)
    end = begin + timedelta(hours=24 + 25 + 24)
    hearings = [
        replace(_heard(0), at=begin + timedelta(minutes=m))
        for m in range(0, 73 * 60, 9)
        if m < 2000
    ]
    slots = slots_of(hearings)
    rows = coverage_by_day(slots, OVDA, begin, end, "Asia/Jerusalem")
    assert [row.day.isoformat() for row in rows] == ["2026-10-24", "2026-10-25", "2026-10-26"]
    assert [sum(row.coverage.seconds.values()) / 3600 for row in rows] == [24, 25, 24]
    whole = coverage(slots, OVDA, begin, end)
    for state in State:
        assert sum(row.coverage.seconds[state] for row in rows) == pytest.approx(
            whole.seconds[state]
        )


def test_a_place_is_seen_as_well_as_its_worst_airfield() -> None:
    far = replace(RAMON, lat_deg=40.0)
    slots = slots_of([_heard(0)])
    end = BEGIN + SLOT
    assert coverage_of_place(slots, [OVDA, RAMON], BEGIN, end).share == 1.0
    assert coverage_of_place(slots, [OVDA, far], BEGIN, end).share == 0.0
    with pytest.raises(ValueError, match="empty"):
        coverage_of_place(slots, [], BEGIN, end)


HEARINGS = st.lists(
    st.builds(
        _heard,
        st.floats(-90, 150),
        st.sampled_from([NEAR, FAR, {}, {_cell(10, 1000): 1}]),
        feed=st.sampled_from(["one", "two"]),
        area=st.booleans(),
        outcome=st.sampled_from(list(Outcome)),
        unplaced=st.integers(0, 12),
    ),
    max_size=25,
)


@given(HEARINGS, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(
    hearings: list[PollCoverage], shuffler: random.Random
) -> None:
    expected = _states(hearings)
    again = hearings + hearings
    shuffler.shuffle(again)
    assert _states(again) == expected
    slots = slots_of(hearings)
    shuffler.shuffle(slots)
    found = states(slots, OVDA, BEGIN, BEGIN + 30 * MINUTE)
    assert "".join(state.name[0] for _, state in found) == expected


@given(HEARINGS, HEARINGS)
def test_another_feed_never_makes_it_worse(
    few: list[PollCoverage], more: list[PollCoverage]
) -> None:
    others = [replace(each, feed="three") for each in more]
    before = states(slots_of(few), OVDA, BEGIN, BEGIN + 30 * MINUTE)
    after = states(slots_of([*few, *others]), OVDA, BEGIN, BEGIN + 30 * MINUTE)
    for (_, old), (_, new) in zip(before, after, strict=True):
        assert new.rank <= old.rank


@given(HEARINGS)
def test_alive_needs_an_answer_by_place_and_somebody_near_within_reach(
    hearings: list[PollCoverage],
) -> None:
    alive = [each for each in hearings if each.outcome.alive]
    answers = [each.at for each in alive if each.area]
    near = [each.at for each in alive if each.cells in (NEAR, {_cell(10, 1000): 1})]
    reach = ANSWER_REACH + SLOT + MINUTE
    for at, state in states(slots_of(hearings), OVDA, BEGIN, BEGIN + 60 * MINUTE):
        if state is State.ALIVE:
            assert any(at - reach <= proof <= at + reach for proof in answers)
            assert any(at - reach <= proof <= at + reach for proof in near)


@given(HEARINGS, st.integers(0, 50), st.integers(1, 100))
def test_coverage_is_the_whole_time(hearings: list[PollCoverage], start: int, length: int) -> None:
    begin, end = BEGIN + start * MINUTE, BEGIN + (start + length) * MINUTE
    found = coverage(slots_of(hearings), OVDA, begin, end)
    assert sum(found.seconds.values()) == pytest.approx(length * 60)
    assert 0.0 <= found.share <= 1.0


@given(HEARINGS)
def test_what_lies_beyond_the_margin_changes_nothing(hearings: list[PollCoverage]) -> None:
    begin, end = BEGIN, BEGIN + 15 * MINUTE
    slots: list[CoverageSlot] = slots_of(hearings)
    around = [each for each in slots if begin - MARGIN <= each.begins_at < end + MARGIN]
    assert states(around, OVDA, begin, end) == states(slots, OVDA, begin, end)

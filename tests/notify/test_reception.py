"""When is silence a fault? When no feed answers, or the sky is empty for longer than usual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.model.coverage import SLOT, CoverageSlot, slot_begin
from collector.notify.reception import (
    empty_stretches,
    is_over,
    last_answer_at,
    longest_gap,
)

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def slots(line: str, feed: str = "a") -> list[CoverageSlot]:
    """One slot a letter: `x` with an aircraft, `o` with an empty answer, `-` without any."""
    return [
        CoverageSlot(
            feed=feed,
            begins_at=NOON + number * SLOT,
            alive_minutes=0 if letter == "-" else 0b101,
            area_minutes=0 if letter == "-" else 0b100,
            cells={(1, 2, 3): 1} if letter == "x" else {},
        )
        for number, letter in enumerate(line)
    ]


def in_slots(line: str) -> list[int]:
    return [int(each / SLOT) for each in empty_stretches(slots(line))]


def test_an_empty_stretch_ends_with_an_aircraft_or_a_time_without_answers() -> None:
    assert in_slots("xxx")[-1] == 0
    assert max(in_slots("xoooox")) == 3
    assert in_slots("xoooo")[-1] == 3
    assert in_slots("oo--oo")[-1] == 5, "two slots without a poll are usual"
    assert in_slots("oooo------oo")[-1] == 1
    assert in_slots("")[-1] == 0


@given(st.text("xo-", max_size=60), st.integers(0, 60))
def test_no_stretch_is_longer_than_the_time_nor_negative(line: str, cut: int) -> None:
    found = empty_stretches(slots(line))
    assert all(timedelta() <= each <= len(line) * SLOT for each in found)
    other = [*slots(line[cut:], "b"), *slots(line)]
    assert max(empty_stretches(reversed(slots(line)))) == max(found)
    assert len(other) >= len(line)


def test_the_last_answer_is_told_to_the_minute() -> None:
    assert last_answer_at(slots("o"), by_place=True) == NOON + timedelta(minutes=2)
    only_fleet = [CoverageSlot(feed="a", begins_at=NOON, alive_minutes=0b10)]
    assert last_answer_at(only_fleet, by_place=True) is None
    assert last_answer_at(only_fleet, by_place=False) == NOON + timedelta(minutes=1)


def test_time_counts_from_the_start_or_from_the_last_reply() -> None:
    assert not is_over(None, NOON, NOON + HOUR, HOUR)
    assert is_over(None, NOON, NOON + 1.1 * HOUR, HOUR)
    assert not is_over(NOON + HOUR, NOON, NOON + 1.5 * HOUR, HOUR)


@given(st.integers(1, 120), st.integers(4, 40))
def test_polls_far_apart_show_an_empty_sky_as_well(minutes: int, polls: int) -> None:
    every = timedelta(minutes=minutes)
    times = {slot_begin(NOON + number * every) for number in range(polls)}
    empty = [CoverageSlot(feed="a", begins_at=at, alive_minutes=1, area_minutes=1) for at in times]
    (_, *found) = empty_stretches(empty, longest_gap(every + timedelta(minutes=10)))
    assert found == [max(times) - min(times)]

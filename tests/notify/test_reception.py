"""When is silence a fault? When no feed answers, or the sky is empty for longer than usual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.model.coverage import SLOT, slot_begin
from collector.notify.empty_sky import empty_stretches, longest_gap
from collector.notify.reception import is_over

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def received(line: str) -> dict[datetime, bool]:
    """One slot a letter: `x` with an aircraft, `o` with an empty answer, `-` without any."""
    return {
        NOON + number * SLOT: letter == "x" for number, letter in enumerate(line) if letter != "-"
    }


def in_slots(line: str) -> list[int]:
    return [int(each / SLOT) for each in empty_stretches(received(line))]


def test_an_empty_stretch_ends_with_an_aircraft_or_a_time_without_answers() -> None:
    assert in_slots("xxx")[-1] == 0
    assert max(in_slots("xoooox")) == 3
    assert in_slots("xoooo")[-1] == 3
    assert in_slots("oo--oo")[-1] == 5, "two slots without a poll are usual"
    assert in_slots("oooo------oo")[-1] == 1
    assert in_slots("")[-1] == 0


@given(st.text("xo-", max_size=60))
def test_no_stretch_is_longer_than_the_time_nor_negative(line: str) -> None:
    found = empty_stretches(received(line))
    assert all(timedelta() <= each <= len(line) * SLOT for each in found)
    backwards = dict(reversed(received(line).items()))
    assert empty_stretches(backwards) == found


def test_time_counts_from_the_start_or_from_the_last_reply() -> None:
    assert not is_over(None, NOON, NOON + HOUR, HOUR)
    assert is_over(None, NOON, NOON + 1.1 * HOUR, HOUR)
    assert not is_over(NOON + HOUR, NOON, NOON + 1.5 * HOUR, HOUR)


@given(st.integers(1, 120), st.integers(4, 40))
def test_polls_far_apart_show_an_empty_sky_as_well(minutes: int, polls: int) -> None:
    every = timedelta(minutes=minutes)
    times = {slot_begin(NOON + number * every) for number in range(polls)}
    (_, *found) = empty_stretches(
        dict.fromkeys(times, False), longest_gap(every + timedelta(minutes=10))
    )
    assert found == [max(times) - min(times)]

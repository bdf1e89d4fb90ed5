"""Is it known in which hours nobody asked?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.asked import LONG_PAUSE, hours_asked, hours_between, long_pauses
from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Outcome

BEGIN = datetime(2026, 11, 15, 22, tzinfo=UTC)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def polls(*times: datetime, outcome: Outcome = Outcome.HEARD) -> list[PollCoverage]:
    return [PollCoverage(feed="adsblol", at=at, outcome=outcome, area=True) for at in times]


def test_only_hours_with_a_poll_were_asked_and_failures_count() -> None:
    day = [BEGIN + n * 4 * MINUTE for n in range(19 * 15)]
    slots = slots_of(polls(*day))
    assert hours_asked(slots, BEGIN, BEGIN + WEEK) == 19
    assert hours_between(BEGIN, BEGIN + WEEK) == 168
    assert long_pauses(slots, BEGIN, BEGIN + WEEK) == [(day[-1], BEGIN + WEEK)]
    failed = slots_of(polls(*day, outcome=Outcome.UNREACHABLE))
    assert hours_asked(failed, BEGIN, BEGIN + WEEK) == 19, "it was asked, and did not answer"
    assert long_pauses([], BEGIN, BEGIN + WEEK) == [(BEGIN, BEGIN + WEEK)]
    assert long_pauses([], BEGIN, BEGIN) == []


@given(st.lists(st.integers(0, 7 * 24 * 60 - 1), max_size=30))
def test_pauses_hold_no_poll_and_nothing_else_is_long(minutes: list[int]) -> None:
    times = sorted(BEGIN + n * MINUTE for n in set(minutes))
    found = long_pauses(slots_of(polls(*times)), BEGIN, BEGIN + WEEK)
    for first, last in found:
        assert last - first >= LONG_PAUSE
        assert not any(first < at < last for at in times)
    edges = [BEGIN, *times, BEGIN + WEEK]
    longest = max(b - a for a, b in pairwise(edges))
    assert bool(found) == (longest >= LONG_PAUSE)

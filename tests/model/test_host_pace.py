"""Does the pace settle just above what a host allows, whatever that is, and follow its changes?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.errors import RateLimited
from collector.feeds import back_off
from collector.model.host_pace import LONGEST_PAUSE, HostPace
from collector.model.reply import Area, Ask
from collector.polling.turns import Turns

BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
SPACING = timedelta(seconds=2)
SECOND = timedelta(seconds=1)


@dataclass
class Host:
    """A host that admits one request in `every`; the rest of the world is the poller's rules."""

    every: timedelta
    counts_refused: bool
    now: datetime = BEGIN
    asked_at: datetime = BEGIN - timedelta(days=1)
    reckoned_from: datetime = BEGIN - timedelta(days=1)
    refused: list[bool] = field(default_factory=list)

    def admits(self) -> bool:
        """One more request, now."""
        good = self.now - self.reckoned_from >= self.every
        if good or self.counts_refused:
            self.reckoned_from = self.now
        self.asked_at = self.now
        self.refused.append(not good)
        return good


def rounds_of(host: Host, asks: int, interval: timedelta, requests: int) -> list[list[int]]:
    """Poll in rounds as the poller does; return for each round which asks were answered."""
    pace, turns, in_a_row, began_at = HostPace(), Turns(), 0, BEGIN - interval
    all_asks: list[Ask] = [Area(0.0, float(number), 1.0) for number in range(asks)]
    rounds: list[list[int]] = []
    while len(host.refused) < requests:
        if not turns.waiting:
            turns = turns.new_round(all_asks)
            began_at = host.now = max(host.now, began_at + interval)
            rounds.append([])
        ask = turns.waiting[0]
        host.now = max(host.now, host.asked_at + max(SPACING, pace.pause))
        if host.admits():
            pace, in_a_row = pace.after_answer(SPACING), 0
            turns = turns.after(ask)
            rounds[-1].append(all_asks.index(ask))
        else:
            pace, in_a_row = pace.after_limit(SPACING), in_a_row + 1
            turns = turns.after(ask, limited=True)
            host.now = back_off(RateLimited("429"), in_a_row, host.now).until
    return rounds[:-1]


@settings(max_examples=30)
@given(
    st.floats(1.0, 120.0),
    st.booleans(),
    st.integers(1, 6),
    st.sampled_from([30, 60, 300]),
)
@example(3.5, False, 2, 60)
@example(120.0, True, 2, 60)
@example(61.0, True, 6, 30)
def test_every_request_is_answered_again_and_again(
    every_s: float, counts_refused: bool, asks: int, interval_s: int
) -> None:
    host = Host(every_s * SECOND, counts_refused)
    rounds = rounds_of(host, asks, interval_s * SECOND, 600)
    for number in range(asks):
        answered_in = [at for at, answered in enumerate(rounds) if number in answered]
        gaps = [b - a for a, b in itertools.pairwise([-1, *answered_in, len(rounds)])]
        assert max(gaps) <= 3, "unanswered in more than two rounds in a row"
        assert len(answered_in) >= len(rounds) - 3
    learned = host.refused[100:]
    assert sum(learned) / len(learned) <= 0.012
    assert sum(host.refused[:100]) <= 14


def settled(pace: HostPace, every: timedelta, requests: int) -> HostPace:
    """The pace after so many requests to a host that admits one in `every`."""
    for _ in range(requests):
        good = pace.limited or max(SPACING, pace.pause) >= every  # the host had its rest
        pace = pace.after_answer(SPACING) if good else pace.after_limit(SPACING)
    return pace


@given(st.floats(2.1, 120.0))
def test_the_learned_pause_is_near_the_limit_and_follows_it(every_s: float) -> None:
    every = every_s * SECOND
    pace = settled(HostPace(), every, 400)
    assert every * 0.9 <= pace.pause <= every * 2.1
    generous = settled(pace, SECOND, 800)
    assert generous == HostPace(), "nothing is left of a limit that is gone"


@given(st.lists(st.booleans(), max_size=300), st.floats(0, 10))
def test_a_pause_is_bounded_whatever_the_answers(answers: list[bool], spacing_s: float) -> None:
    pace, spacing = HostPace(), spacing_s * SECOND
    for good in answers:
        pace = pace.after_answer(spacing) if good else pace.after_limit(spacing)
        assert timedelta() <= pace.pause <= LONGEST_PAUSE
        assert timedelta() <= pace.refused <= LONGEST_PAUSE


@pytest.mark.parametrize("hours", [1, 24])
def test_an_outage_that_answers_429_is_no_lesson(hours: int) -> None:
    pace = HostPace()
    for _ in range(hours * 4):
        pace = pace.after_limit(SPACING)
    assert pace.pause == 2 * SPACING


@pytest.mark.parametrize(
    ("pause_s", "eased_s", "refused_s"),
    [
        (126.0, 123.48, 100.0),  # far above the pause that was refused: by 2 %
        (125.0, 124.875, 100.0),  # near it: by 1 in 1,000
        (100.0, 99.9, 100.0),
        (95.0, 94.905, 100.0),
        (90.0, 89.91, 0.0),  # below: the host has become more generous, and that is forgotten
        (89.0, 87.22, 0.0),
    ],
)
def test_the_pause_is_eased_slowly_near_the_limit_and_quickly_elsewhere(
    pause_s: float, eased_s: float, refused_s: float
) -> None:
    eased = HostPace(pause_s * SECOND, 100 * SECOND, limited=True).after_answer(SPACING)
    assert eased == HostPace(eased_s * SECOND, refused_s * SECOND)


def test_a_pause_that_came_down_to_the_feeds_own_is_forgotten() -> None:
    pace = HostPace(100 * SECOND, 10 * SECOND)
    assert pace.after_answer(98 * SECOND) == HostPace()
    assert pace.after_answer(97 * SECOND).pause == 98 * SECOND

"""Does the collector back off as long as a feed's answer asks, and is the operator needed?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import (
    Challenged,
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Stale,
    Unreachable,
)
from collector.feeds import back_off, outcome_of
from collector.model.reply import Outcome

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("error", "in_a_row", "span", "tell"),
    [
        (Refused("403"), 1, timedelta(hours=24), True),
        (Refused("403"), 5, timedelta(hours=24), True),
        (Challenged("403"), 1, minutes(10), False),
        (Challenged("403"), 5, minutes(60), False),
        (Challenged("403"), 6, minutes(60), True),
        (PaymentRequired("402"), 1, timedelta(hours=2.5), True),
        (RateLimited("429"), 1, minutes(1), False),
        (RateLimited("429"), 2, minutes(2), False),
        (RateLimited("429"), 5, minutes(15), False),
        (RateLimited("429"), 10_000, minutes(15), False),
        (RateLimited("429", minutes(40)), 1, minutes(40), False),
        (RateLimited("429", timedelta(seconds=5)), 3, minutes(4), False),
        (RateLimited("429", timedelta(days=30)), 1, timedelta(hours=48), False),
        (Unreachable("down"), 1, minutes(0.5), False),
        (Unreachable("down"), 3, minutes(2), False),
        (Malformed("html"), 99, minutes(10), False),
        (Stale("again"), 7, timedelta(), False),
        (FeedError("other"), 1, minutes(0.5), False),
    ],
)
def test_how_long(error: FeedError, in_a_row: int, span: timedelta, tell: bool) -> None:
    parking = back_off(error, in_a_row, NOW)
    assert parking.until - NOW == span
    assert parking.operator_must_act is tell


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unreachable(""), Outcome.UNREACHABLE),
        (RateLimited(""), Outcome.RATE_LIMITED),
        (Refused(""), Outcome.REFUSED),
        (Challenged(""), Outcome.REFUSED),
        (PaymentRequired(""), Outcome.PAYMENT_REQUIRED),
        (Malformed(""), Outcome.MALFORMED),
        (Stale(""), Outcome.STALE),
        (FeedError(""), Outcome.UNREACHABLE),
    ],
)
def test_every_failure_has_its_label(error: FeedError, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome
    assert not outcome.alive
    assert back_off(error, 1, NOW).outcome is outcome


@given(st.sampled_from([Unreachable("x"), Malformed("x"), RateLimited("x")]), st.integers(0, 10**6))
def test_the_pause_grows_and_stays_bounded(error: FeedError, in_a_row: int) -> None:
    one, more = (back_off(error, count, NOW).until for count in (in_a_row, in_a_row + 1))
    assert NOW < one <= more <= NOW + minutes(15)

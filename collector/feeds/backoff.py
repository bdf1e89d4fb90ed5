"""After a failure, how long is a feed left alone, and must a person hear of it? Pure (step 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.errors import (
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Stale,
)
from collector.feeds.budget import day_end
from collector.model.reply import Outcome

REFUSED_FOR = timedelta(hours=24)
"""401 and 403 don't pass by themselves; asking on only prolongs them."""
LIMITED_FIRST, LIMITED_LAST = timedelta(seconds=60), timedelta(minutes=15)
"""429: adsb.lol let users in again after a minute; doubled each time in a row."""
FAILED_FIRST, FAILED_LAST = timedelta(seconds=30), timedelta(minutes=10)
"""Unreachable or malformed; doubled each time in a row."""
LONGEST = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Backoff:
    """`until` is when the feed may be asked again; `tell` whether an operator must act."""

    outcome: Outcome
    until: datetime
    tell: bool


def outcome_of(error: FeedError) -> Outcome:
    """The label of a failure, shared by logs, health, recording and coverage."""
    labels = (
        (Stale, Outcome.STALE),
        (Malformed, Outcome.MALFORMED),
        (RateLimited, Outcome.RATE_LIMITED),
        (Refused, Outcome.REFUSED),
        (PaymentRequired, Outcome.PAYMENT_REQUIRED),
    )
    return next((label for kind, label in labels if isinstance(error, kind)), Outcome.UNREACHABLE)


def back_off(error: FeedError, in_a_row: int, now: datetime) -> Backoff:
    """What follows from the `in_a_row`-th failure with this outcome, one after another.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> [(back_off(RateLimited("429"), n, at).until - at).total_seconds() for n in (1, 2, 9)]
    [60.0, 120.0, 900.0]
    """
    outcome = outcome_of(error)
    match error:
        case Stale():
            span = timedelta()
        case Refused():
            span = REFUSED_FOR
        case PaymentRequired():
            span = day_end(now) - now
        case RateLimited():
            span = max(
                _doubled(LIMITED_FIRST, LIMITED_LAST, in_a_row), error.retry_after or timedelta()
            )
        case _:
            span = _doubled(FAILED_FIRST, FAILED_LAST, in_a_row)
    tell = isinstance(error, Refused | PaymentRequired)
    return Backoff(outcome, now + min(LONGEST, span), tell)


def _doubled(first: timedelta, last: timedelta, in_a_row: int) -> timedelta:
    return min(last, first * (1 << min(16, max(0, in_a_row - 1))))

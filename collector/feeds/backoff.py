"""How long is a feed not asked after a failure? The kind of failure decides. Pure.

The pauses are explained to operators in docs/feeds.md#when-a-feed-fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.errors import (
    Challenged,
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
"""401 and 403 do not pass by themselves, and further requests only prolong them."""
LIMITED_FIRST, LIMITED_LAST = timedelta(seconds=60), timedelta(minutes=15)
"""After a 429, doubled each time in a row; adsb.lol answers users again after a minute."""
FAILED_FIRST, FAILED_LAST = timedelta(seconds=30), timedelta(minutes=10)
"""After an unreachable feed or a malformed reply, doubled each time in a row."""
CHALLENGED_FIRST, CHALLENGED_LAST = timedelta(minutes=10), timedelta(hours=1)
"""After a page that tests browsers, doubled each time in a row: it usually passes soon."""
CHALLENGES_BEFORE_NOTICE = 6
"""So many failures in a row, about four hours: then the page will hardly pass by itself."""
LONGEST_BACKOFF = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Backoff:
    """The outcome of a failed poll, and what follows from it."""

    outcome: Outcome
    until: datetime
    """When the feed may be asked again."""
    operator_must_act: bool
    """Whether the failure stays until an operator does something."""


def outcome_of(error: FeedError) -> Outcome:
    """Return the label of a failure, which logs, health, recordings and coverage share."""
    labels = (
        (Stale, Outcome.STALE),
        (Malformed, Outcome.MALFORMED),
        (RateLimited, Outcome.RATE_LIMITED),
        (Refused | Challenged, Outcome.REFUSED),
        (PaymentRequired, Outcome.PAYMENT_REQUIRED),
    )
    return next((label for kind, label in labels if isinstance(error, kind)), Outcome.UNREACHABLE)


def back_off(error: FeedError, in_a_row: int, now: datetime) -> Backoff:
    """Return what follows from the `in_a_row`-th failure with this outcome since the last answer.

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
        case Challenged():
            span = _doubled(CHALLENGED_FIRST, CHALLENGED_LAST, in_a_row)
        case PaymentRequired():
            span = day_end(now) - now
        case RateLimited():
            span = max(
                _doubled(LIMITED_FIRST, LIMITED_LAST, in_a_row), error.retry_after or timedelta()
            )
        case _:
            span = _doubled(FAILED_FIRST, FAILED_LAST, in_a_row)
    needs_operator = isinstance(error, Refused | PaymentRequired) or (
        isinstance(error, Challenged) and in_a_row >= CHALLENGES_BEFORE_NOTICE
    )
    return Backoff(outcome, now + min(LONGEST_BACKOFF, span), needs_operator)


def _doubled(first: timedelta, last: timedelta, in_a_row: int) -> timedelta:
    return min(last, first * (1 << min(16, max(0, in_a_row - 1))))

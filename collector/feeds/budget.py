"""How often may a feed be asked so that its day's budget is never exceeded? Pure (step 1).

A budget is counted in the feed's own units (requests; for OpenSky, credits) per UTC day.
`RequestBudget` counts what has been spent and refuses to spend more; `interval` plans ahead so that
the budget lasts all day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from collector.errors import RateLimited

LEAN_INTERVAL = timedelta(minutes=15)
"""However busy the hours before, for the rest of the day at least one round per so long is
kept: a stay at the field lasts 20 minutes or more."""


def day_end(now: datetime) -> datetime:
    """The next UTC midnight, when budgets begin anew."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), UTC)


def interval(
    *, left: int | None, cost: int, wanted: timedelta, now: datetime, urgent: bool = False
) -> timedelta:
    """Time until the next round, at least `wanted`.

    Usually what is left is spread evenly over the rest of the UTC day. `urgent` (an aircraft is
    inbound) takes from the hours to come, down to a round per LEAN_INTERVAL.

    Args:
        left: units left today; None where there is no budget.
        cost: units of one round, all its asks together.

    >>> at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> interval(left=240, cost=2, wanted=timedelta(minutes=1), now=at)
    datetime.timedelta(seconds=360)
    >>> interval(left=240, cost=2, wanted=timedelta(minutes=1), now=at, urgent=True)
    datetime.timedelta(seconds=60)
    """
    if left is None or cost <= 0:
        return wanted
    rest = day_end(now) - now
    if left < cost:
        return max(wanted, rest)
    if urgent and left - cost >= math.ceil(rest / LEAN_INTERVAL) * cost:
        return wanted
    return max(wanted, rest / (left // cost))


@dataclass(slots=True)
class RequestBudget:
    """What a feed has spent today. Not thread-safe: one feed is polled by one thread at a time."""

    per_day: int | None
    _day: date | None = None
    _spent: int = 0
    _said_left: int | None = None

    def resume(self, spent: int, now: datetime) -> None:
        """Take over what an earlier run spent today, as the database knows it."""
        self._turn(now)
        self._spent = max(self._spent, spent)

    def spent(self, now: datetime) -> int:
        """Units spent in the present UTC day, retries included."""
        self._turn(now)
        return self._spent

    def left(self, now: datetime) -> int | None:
        """Units left today by our count or by the feed's, whichever is less; None: no limit."""
        self._turn(now)
        ours = None if self.per_day is None else max(0, self.per_day - self._spent)
        known = [count for count in (ours, self._said_left) if count is not None]
        return min(known, default=None)

    def told(self, left: int, now: datetime) -> None:
        """The feed says what it will still give today (`X-Rate-Limit-Remaining`)."""
        self._turn(now)
        self._said_left = max(0, left)

    def pay(self, cost: int, now: datetime) -> None:
        """Spend `cost` units. Raises RateLimited, until the next UTC day, if that is too much."""
        left = self.left(now)
        if left is not None and cost > left:
            raise RateLimited(
                f"the day's budget has {left} left and this costs {cost}; asked again after "
                "midnight UTC, or raise daily_requests if the feed's terms allow it",
                day_end(now) - now,
            )
        self._spent += cost
        if self._said_left is not None:
            self._said_left -= cost

    def _turn(self, now: datetime) -> None:
        day = now.astimezone(UTC).date()
        # A clock set back over midnight must not hand out that day's budget a second time; one
        # that ran ahead for longer must not keep us from asking until its day has come.
        if self._day is None or day > self._day or day < self._day - timedelta(days=1):
            self._day, self._spent, self._said_left = day, 0, None

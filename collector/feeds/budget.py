"""How often may a feed be asked so that its request budget is never exceeded? Pure.

The budget is counted in the feed's own units (requests; for OpenSky, credits) per UTC day.
`RequestBudget` counts what has been spent and refuses to spend more. `interval` plans ahead so that
the budget lasts all day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from collector.errors import RateLimited

LEAN_INTERVAL = timedelta(minutes=15)
"""However busy the day was, the budget keeps one round per this interval for the rest of it: a stay
at an airfield lasts 20 minutes or more."""


def day_end(now: datetime) -> datetime:
    """Return the next UTC midnight, when budgets start again."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), UTC)


def interval(
    *, left: int | None, cost: int, wanted: timedelta, now: datetime, urgent: bool = False
) -> timedelta:
    """Return the time until the next round, at least `wanted`.

    Usually the units left are spread evenly over the rest of the UTC day. `urgent` (an aircraft is
    inbound) borrows from the hours to come, down to one round per LEAN_INTERVAL.

    Args:
        left: units left today; None if there is no budget.
        cost: units of one round, with all its polls.

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
    """The units a feed has spent today. Not thread-safe: one thread at a time polls a feed."""

    per_day: int | None
    _day: date | None = None
    _spent: int = 0
    _feeds_count: int | None = None

    def resume(self, spent: int, now: datetime) -> None:
        """Add what an earlier run spent today, as stored in the database."""
        self._begin_day(now)
        self._spent = max(self._spent, spent)

    def spent(self, now: datetime) -> int:
        """Return the units spent in the present UTC day, including retries."""
        self._begin_day(now)
        return self._spent

    def left(self, now: datetime) -> int | None:
        """Return the units left today by our count or the feed's, the smaller; None: no limit."""
        self._begin_day(now)
        ours = None if self.per_day is None else max(0, self.per_day - self._spent)
        counts = [count for count in (ours, self._feeds_count) if count is not None]
        return min(counts, default=None)

    def limit_to(self, left: int, now: datetime) -> None:
        """Accept the feed's own count of the units left today (`X-Rate-Limit-Remaining`)."""
        self._begin_day(now)
        self._feeds_count = max(0, left)

    def pay(self, cost: int, now: datetime) -> None:
        """Spend `cost` units. Raises RateLimited, until the next UTC day, beyond the budget."""
        left = self.left(now)
        if left is not None and cost > left:
            raise RateLimited(
                f"the day's request budget has {left} left and this request costs {cost}: polls "
                "go on after midnight UTC; raise daily_requests if the feed's terms allow it",
                day_end(now) - now,
            )
        self._spent += cost
        if self._feeds_count is not None:
            self._feeds_count -= cost

    def _begin_day(self, now: datetime) -> None:
        day = now.astimezone(UTC).date()
        # A clock set back over midnight must not hand out that day's budget a second time; one
        # that ran ahead for longer must not keep us from asking until its day has come.
        if self._day is None or day > self._day or day < self._day - timedelta(days=1):
            self._day, self._spent, self._feeds_count = day, 0, None

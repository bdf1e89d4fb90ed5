"""When did an aircraft arrive that nobody heard arriving? An `UnheardArrival` holds what was heard,
and the chance of each time that follows from it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_SILENCE = timedelta(days=4)
"""No visit is inferred over more than this of nothing: docs/landing-rules.md#arrivals-that-nobody-
heard. A longer silence may hide several visits, and the arrival is told as not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnheardArrival:
    """The silence in which an aircraft arrived, and how likely each time in it is."""

    earliest: datetime
    """The last report that shows it elsewhere, and the least flight from there."""
    latest: datetime
    """The first report of the stay, or the latest touchdown that leaves time for a stay."""
    direct_until: datetime | None
    """The aircraft was heard in flight before: until when it lands here if it flew here directly.
    None: it was heard on the ground elsewhere, or about to land there."""
    there_until: datetime
    """Up to here it was surely there."""
    left_by: datetime | None
    """By this time it had left; None: nothing shows that it did."""
    times: tuple[datetime, ...]
    """At the nth of these times the chance that it had landed reaches n / (their number - 1)."""
    stays: str = ""
    """The stays from which the chances were learned: `37 stays to 2026-11-22`; empty if the fleet
    has too few of them."""

    @property
    def known(self) -> bool:
        """Whether the silence is short enough to be that of one visit."""
        return self.latest - self.earliest <= LONGEST_SILENCE

    def chance_between(self, begin: datetime, end: datetime) -> float:
        """Return the chance, 0 … 1, that the touchdown lies in [begin, end).

        >>> at = datetime(2026, 11, 22)
        >>> arrival = UnheardArrival(
        ...     earliest=at, latest=at.replace(hour=10), direct_until=None,
        ...     there_until=at.replace(hour=10), left_by=None, times=(at, at.replace(hour=10)),
        ... )
        >>> arrival.chance_between(at.replace(hour=2), at.replace(hour=5))
        0.3
        """
        return self._chance_before(end) - self._chance_before(begin)

    def _chance_before(self, at: datetime) -> float:
        """Return the chance that it had landed before a time."""
        times, steps = self.times, len(self.times) - 1
        if at <= times[0]:
            return 0.0
        if at >= times[-1]:
            return 1.0
        number = bisect_right(times, at) - 1
        begin, end = times[number], times[number + 1]
        return (number + (at - begin) / (end - begin)) / steps

"""When was a feed asked at all? Answers prove nothing about the hours in which nobody asked.

A collector that runs asks a feed every few minutes, whether the feed answers or not, and every poll
leaves its minute in a slot. So hours without any poll are hours in which the collector did not run,
or in which it was not to ask: its feeds had refused it, or its request budget was spent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from collector.model.coverage import CoverageSlot

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LONG_PAUSE = 3 * HOUR
"""A pause between two polls from which on a reader should know it first. Polls are minutes apart,
and a restart takes minutes as well; a landing and the time around it take about as long as this."""


def hours_asked(slots: Iterable[CoverageSlot], begin: datetime, end: datetime) -> int:
    """Return in how many hours of [begin, end), counted from `begin`, there was a poll."""
    return len({(at - begin) // HOUR for at in _asked_at(slots, begin, end)})


def hours_between(begin: datetime, end: datetime) -> int:
    """Return how many hours [begin, end) has, a part of an hour included.

    >>> from datetime import UTC
    >>> hours_between(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 16, 2, 1, tzinfo=UTC))
    3
    """
    return max(0, -((begin - end) // HOUR))


def long_pauses(
    slots: Iterable[CoverageSlot], begin: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the times in [begin, end), in order, in which no feed was asked for `LONG_PAUSE`."""
    times = [begin, *sorted(_asked_at(slots, begin, end)), end]
    return [(last, first) for last, first in pairwise(times) if first - last >= LONG_PAUSE]


def _asked_at(slots: Iterable[CoverageSlot], begin: datetime, end: datetime) -> set[datetime]:
    """Return the minutes in which a poll was answered or failed."""
    return {
        at
        for slot in slots
        for minute in range((slot.alive_minutes | slot.failed_minutes).bit_length())
        if (slot.alive_minutes | slot.failed_minutes) >> minute & 1
        and begin <= (at := slot.begins_at + minute * MINUTE) < end
    }

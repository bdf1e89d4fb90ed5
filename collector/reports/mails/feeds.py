"""When were the feeds asked, and how did they answer? Each has a line; long pauses come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.reports import formatting

_PAUSES_SHOWN = 3
"""So many of the longest times are named; the days below show the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How one feed did in the week."""

    name: str
    polls: int
    answered: int
    last_answer_at: datetime | None = None
    remark: str = ""
    """What is wrong with the feed now, such as a refusal; may quote the feed."""
    hours_asked: int = 0
    """In how many hours of the week there was a poll."""
    hours: int = 168
    """How many hours the week has had."""
    archive: bool = False
    """An archive was read and no poll made; `answered` counts the minutes with aircraft in it."""


def pauses_sentence(
    pauses: Sequence[tuple[datetime, datetime]], begin: datetime, end: datetime, zone: str
) -> str:
    """Return when no feed was asked for long, as a sentence; empty if there was no such time.

    `begin` and `end` are those of the week, as far as it has gone by.
    """
    if not pauses:
        return ""
    what = "The collector did not run, or asked no feed,"
    if list(pauses) == [(begin, end)]:
        return f"{what} at any time of this week."
    longest = sorted(pauses, key=lambda each: each[0] - each[1])[:_PAUSES_SHOWN]
    spans = [
        f"from {formatting.moment(first, zone)} to {formatting.moment(last, zone)}"
        for first, last in sorted(longest)
    ]
    if len(spans) == 1:
        return f"{what} {spans[0]}."
    total = sum((last - first for first, last in pauses), timedelta())
    more = "; and at other times" if len(pauses) > len(spans) else ""
    return f"{what} for {formatting.duration(total)} in all: {'; '.join(spans)}{more}."


def feed_line(feed: FeedHealth, zone: str) -> str:
    """Return `asked in 168 of 168 hours; 8,266 of 10,080 polls answered, the last on Mon …`.

    What is wrong with the feed now follows. The hours say for how much of the week it was asked.
    """
    text = "not polled."
    if feed.archive:
        text = f"read from an archive; aircraft were heard nearby in {feed.answered:,} minutes."
    elif feed.polls:
        last = feed.last_answer_at
        when = f", the last on {formatting.moment(last, zone)}" if last else ""
        asked = f"asked in {feed.hours_asked} of {feed.hours} hours"
        text = f"{asked}; {feed.answered:,} of {feed.polls:,} polls answered{when}."
    return f"{text} {feed.remark}" if feed.remark else text

"""What stands first in a digest? The watch with the most news, and of the others how many had
landings, could not be seen, or had none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from collector.model import Airfield
from collector.reports import formatting, seen
from collector.reports.mails.alert import usual_words
from collector.reports.mails.watch_week import PlaceWeek, WatchWeek
from collector.reports.titles import week_title, whose_and_where
from collector.weeks import week_bounds

_KINDS = ("with landings", "with perhaps a landing", "could not see", "none seen")
"""What a week may say at the first place of a watch; a reader wants to know of the first ones."""


def by_news(weeks: Sequence[WatchWeek]) -> list[WatchWeek]:
    """Return the watches in the order in which a digest tells them.

    First those with an alert, then by what is said of their first place: landings, perhaps a
    landing, could not see, none seen. The order of the configuration decides among equals.
    """
    return sorted(weeks, key=_rank)


def _rank(week: WatchWeek) -> tuple[bool, int, bool]:
    quiet = all(each.alert == "ok" for each in week.places)
    elsewhere = any(each.count.at_most for each in week.places)
    return quiet, _KINDS.index(_kind(week)), not elsewhere


def _kind(week: WatchWeek) -> str:
    told = week.places[0].seen
    if told.least:
        return "with landings"
    if told.most:
        return "with perhaps a landing"
    return "could not see" if told.blind else "none seen"


def subject(weeks: Sequence[WatchWeek], key: str, airfields: Sequence[Airfield]) -> str:
    """Return whose landings, how many, in which week, what is usual, and how much could be seen.

    `Silk Way Il-76s at Ovda: 2 landings, week 6 of 2026 (usual: 0–1; saw 82% of the week)`

    A digest of two watches names both. Of three and more it names the one with the most news, and
    counts the others by what is said of them: `(3 more watches: 1 could not see, 2 none seen)`.
    """
    lead, *others = by_news(weeks)
    week = week_title(key)
    first = f"{headline(lead, key, airfields)}: {seen.landings_words(lead.places[0].seen)}"
    if not others:
        return f"{first}, {week}{_remark(lead.places[0])}"
    if len(others) == 1:
        other = headline(others[0], key, airfields)
        return f"{first}; {other}: {seen.landings_words(others[0].places[0].seen)}, {week}"
    kinds = Counter(_kind(each) for each in others)
    parts = ", ".join(f"{kinds[kind]} {kind}" for kind in _KINDS if kinds[kind])
    return f"{first}, {week} ({len(others)} more watches: {parts})"


def headline(week: WatchWeek, key: str, airfields: Sequence[Airfield]) -> str:
    """Return whose landings at which place a watch leads with."""
    begin, _ = week_bounds(key, week.watch.zone)
    return whose_and_where(week.watch, week.places[0].place, airfields, begin.date())


def _remark(lead: PlaceWeek) -> str:
    """Return what stands behind a count in the subject: what is usual, and how much was seen."""
    usual, share = usual_words(lead.usual), lead.seen.sight.seen
    saw = f"saw {formatting.percent(share)} of the week"
    if not lead.seen.blind:
        return f" (usual: {usual})" if lead.seen.in_part else f" (usual: {usual}; {saw})"
    if lead.seen.sight.only_high:
        return " (aircraft were heard mostly in cruise or far off)"
    return f" ({saw})" if share > 0 else ""

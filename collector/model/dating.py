"""In which weeks may a landing lie? In one, or in several if nobody heard it arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.model.landing import Detection, Revision
from collector.model.unheard import UnheardArrival
from collector.weeks import week_bounds, week_of, weeks_between

KNOWN_FROM = 0.9
"""Chance. A landing that nobody heard arrive counts in a week, or any other time, that it lies in
with this chance; else it widens the counts of all that it may lie in
(docs/landing-rules.md#arrivals-that-nobody-heard)."""

POSSIBLE_FROM = 0.05
"""Chance. A week with less is not named: an editor would still call one in twenty open."""


def weeks_of_landing(detection: Detection, zone: str) -> dict[str, float]:
    """Return the weeks that the touchdown may lie in with their chances, 0 … 1, in order of time.

    A week that is known with `KNOWN_FROM` stands alone.
    """
    return weeks_of_touchdown(detection.touchdown_at, detection.unheard, zone)


def weeks_of_touchdown(
    touchdown_at: datetime, unheard: UnheardArrival | None, zone: str
) -> dict[str, float]:
    """Return the same for a touchdown without its landing."""
    if unheard is None:
        return {week_of(touchdown_at, zone): 1.0}
    keys = weeks_between(week_of(unheard.times[0], zone), week_of(unheard.times[-1], zone))
    chances = {key: unheard.chance_between(*week_bounds(key, zone)) for key in keys}
    known = {key: chance for key, chance in chances.items() if chance >= KNOWN_FROM}
    return known or {key: chance for key, chance in chances.items() if chance >= POSSIBLE_FROM}


def weeks_before(revision: Revision, zone: str) -> dict[str, float]:
    """Return the same for the touchdown before a change; empty if the change left it as it was."""
    if revision.touchdown_before is None:
        return {}
    return weeks_of_touchdown(revision.touchdown_before, revision.unheard_before, zone)


def known_week(detection: Detection, zone: str) -> str | None:
    """Return the week of the touchdown, None if it may lie in several."""
    weeks = list(weeks_of_landing(detection, zone))
    return weeks[0] if len(weeks) == 1 else None


def week_words(weeks: Iterable[str]) -> str:
    """Return the week, or the several weeks, that a touchdown may lie in.

    >>> week_words(["2026-W47", "2026-W48"]), week_words(["2026-W45", "2026-W46", "2026-W47"])
    ('2026-W47 or 2026-W48', '2026-W45 to 2026-W47')
    """
    keys = list(weeks)
    return " or ".join(keys) if len(keys) <= 2 else f"{keys[0]} to {keys[-1]}"

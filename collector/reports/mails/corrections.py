"""What changed in weeks that were reported before? Each change is a line, many finds are summed up.

Reading an archive may bring dozens of landings of earlier weeks; a line for each would bury the
week that the digest is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from collector.model import Airfield, Landing, Revision
from collector.model.dating import week_words, weeks_of_landing
from collector.reports import formatting
from collector.reports.landing.summary import (
    aircraft,
    change_words,
    kind_words,
    weeks_changed,
)
from collector.reports.landing.times import touchdown_words
from collector.reports.titles import airfield_title

FOUND = "found"
MOST_FINDS = 5
"""Up to so many finds have a line each; more finds have one line for each airfield."""


def correction(
    revision: Revision, landing: Landing, zone: str, airfields: Sequence[Airfield]
) -> str:
    """Return one change of a landing: when, which landing, what changed and why."""
    when = formatting.moment(revision.at, zone)
    day = landing.detection.touchdown_at.date()
    where = "an undetermined airfield"
    if landing.airfield is not None:
        where = airfield_title(landing.airfield, airfields, day)
    touchdown = formatting.moment(landing.detection.touchdown_at, zone)
    if landing.detection.unheard is not None:
        touchdown = touchdown_words(landing.detection, zone)
    return (
        f"{when}: the landing of {aircraft(landing)} at {where} on {touchdown} was "
        f"{change_words(revision, airfields, day)}"
        f"{weeks_changed(revision, weeks_of_landing(landing.detection, zone), zone)}."
    )


def correction_lines(
    changes: Sequence[tuple[Revision, Landing]], zone: str, airfields: Sequence[Airfield]
) -> list[str]:
    """Return one line for each change, in the order given.

    What new rules changed in stored landings is left out: `judged_again_lines` has it. If there are
    more than `MOST_FINDS` finds, they come first, summed up by airfield and by local week of
    `zone`. A landing that was found and withdrawn since appears as withdrawn only.
    """
    return _lines([change for change in changes if not change[0].judged_again], zone, airfields)


def judged_again_lines(
    changes: Sequence[tuple[Revision, Landing]], zone: str, airfields: Sequence[Airfield]
) -> list[str]:
    """Return the changes that new rules made: how many of each kind, then a line for each."""
    again = [change for change in changes if change[0].judged_again]
    if not again:
        return []
    versions = ", ".join(sorted({revision.rules_version for revision, _ in again}))
    first = f"Stored landings were judged again by rules {versions}: {change_counts(again)}."
    return [first, *_lines(again, zone, airfields)]


def change_counts(changes: Sequence[tuple[Revision, Landing]]) -> str:
    """Return how many changes there are of each kind: `2 withdrawn, 1 moved`, or `none`."""
    counts = Counter(kind_words(revision) for revision, _ in changes)
    return (
        ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
        or "no landing changed"
    )


def _lines(
    changes: Sequence[tuple[Revision, Landing]], zone: str, airfields: Sequence[Airfield]
) -> list[str]:
    finds = [landing for revision, landing in changes if revision.change == FOUND]
    if len(finds) <= MOST_FINDS:
        return [correction(*each, zone, airfields) for each in changes]
    others = [correction(*each, zone, airfields) for each in changes if each[0].change != FOUND]
    return [*_by_airfield(finds, zone, airfields), *others]


def _by_airfield(finds: Sequence[Landing], zone: str, airfields: Sequence[Airfield]) -> list[str]:
    weeks: dict[str, Counter[str]] = {}
    for landing in (each for each in finds if each.stands):
        where = "undetermined airfield"
        if landing.airfield is not None:
            day = landing.detection.touchdown_at.date()
            where = airfield_title(landing.airfield, airfields, day)
        week = week_words(weeks_of_landing(landing.detection, zone))
        weeks.setdefault(where, Counter())[week] += 1
    return [
        f"Found late at {where}: {formatting.landings(count.total(), count.total())} in "
        + ", ".join(f"{week} ({number})" for week, number in sorted(count.items()))
        + ". `collector landings --all` lists them with their grades."
        for where, count in sorted(weeks.items())
    ]

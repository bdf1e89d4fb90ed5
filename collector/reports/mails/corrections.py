"""What changed in weeks that were reported before? Each change is a line, many finds are summed up.

Reading an archive may bring dozens of landings of earlier weeks; a line for each would bury the
week that the digest is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from collector.model import Landing, Revision
from collector.reports import formatting
from collector.reports.mails.alert import correction
from collector.weeks import week_of

FOUND = "found"
MOST_FINDS = 5
"""Up to so many finds have a line each; more finds have one line for each airfield."""


def correction_lines(changes: Sequence[tuple[Revision, Landing]], zone: str) -> list[str]:
    """Return one line for each change, in the order given.

    If there are more than `MOST_FINDS` finds, they come first, summed up by airfield and by local
    week of `zone`. A landing that was found and withdrawn since appears as withdrawn only.
    """
    finds = [landing for revision, landing in changes if revision.change == FOUND]
    if len(finds) <= MOST_FINDS:
        return [correction(*each, zone) for each in changes]
    others = [correction(*each, zone) for each in changes if each[0].change != FOUND]
    return [*_by_airfield(finds, zone), *others]


def _by_airfield(finds: Sequence[Landing], zone: str) -> list[str]:
    weeks: dict[str, Counter[str]] = {}
    for landing in (each for each in finds if each.stands):
        where = landing.airfield or "undetermined airfield"
        week = week_of(landing.detection.touchdown_at, zone)
        weeks.setdefault(where, Counter())[week] += 1
    return [
        f"Found late at {where}: {formatting.landings(count.total(), count.total())} in "
        + ", ".join(f"{week} ({number})" for week, number in sorted(count.items()))
        + ". `collector landings --all` lists them with their grades."
        for where, count in sorted(weeks.items())
    ]

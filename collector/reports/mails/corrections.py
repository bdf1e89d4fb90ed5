"""What changed in weeks that were told already, in lines? Many finds at once are told by the week.

An archive that is read brings dozens of landings of earlier weeks; a line each would bury the week
that the digest is about.
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
"""So many finds have a line each; from more on there is one for each airfield."""


def correction_lines(changes: Sequence[tuple[Revision, Landing]], zone: str) -> list[str]:
    """A line each, in the order given, or the finds by airfield and week, in local weeks of `zone`,
    before all other changes. What was found and taken back since is told by the latter alone."""
    finds = [landing for revision, landing in changes if revision.change == FOUND]
    if len(finds) <= MOST_FINDS:
        return [correction(*each, zone) for each in changes]
    others = [correction(*each, zone) for each in changes if each[0].change != FOUND]
    return [*_by_airfield(finds, zone), *others]


def _by_airfield(finds: Sequence[Landing], zone: str) -> list[str]:
    weeks: dict[str, Counter[str]] = {}
    for landing in (one for one in finds if one.stands):
        where = landing.airfield or "undetermined airfield"
        week = week_of(landing.detection.touchdown_at, zone)
        weeks.setdefault(where, Counter())[week] += 1
    return [
        f"Found late at {where}: {formatting.landings(count.total(), count.total())} in "
        + ", ".join(f"{week} ({number})" for week, number in sorted(count.items()))
        + ". Their grades: collector landings --all"
        for where, count in sorted(weeks.items())
    ]

"""Of which days is a digest, in which zones, and as of when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.model import Airfield, Landing, Watch
from collector.reports import formatting
from collector.reports.landing.summary import local_zone
from collector.reports.titles import whose
from collector.weeks import week_bounds

CORRECTED_SINCE = "Corrections since the last digest"
CHANGED_SINCE = "What changed since the digest of that week"


def period_words(
    week: str, watches: Sequence[Watch], landings: Sequence[Landing], airfields: Sequence[Airfield]
) -> str:
    """Return the days of the week, in which zones they are counted, and whose times are shown."""
    names: dict[str, list[str]] = {}
    for watch in watches:
        names.setdefault(watch.zone, []).append(whose(watch))
    first = watches[0].zone
    days = formatting.period(*week_bounds(week, first), first)
    zones = [f"{zone} for {', '.join(each)}" for zone, each in names.items()]
    counted = first if len(zones) == 1 else " and ".join(zones)
    fields = {local_zone(landing.detection, airfields, first) for landing in landings}
    if len(fields | set(names)) == 1:
        return f"{days}, {counted}."
    return (
        f"{days}, {counted}. The time of a landing is local to its airfield, any other to the "
        "watch or to the first one; UTC stands beside each."
    )


def known_words(written_at: datetime, due_at: datetime | None, zone: str) -> str:
    """Return as of when a digest is; with `due_at`, also when that of its week was due."""
    known = f"As known on {formatting.moment(written_at, zone)}."
    if due_at is None:
        return known
    return (
        f"{known} The digest of that week was due on {formatting.moment(due_at, zone)}; what "
        "changed since then stands below."
    )

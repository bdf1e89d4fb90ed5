"""Which landings of a watch were known at an earlier time, and how? Read from their histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.landings.as_of import known_at, stops_before
from collector.model import Landing
from collector.store import Store, landings, reviews, stops


@dataclass(frozen=True, slots=True)
class KnownThen:
    """The landings as they were known."""

    landings: tuple[Landing, ...]
    """By touchdown and id."""
    inexact: int
    """How many of them have changes since that do not tell all of what was before."""
    found_since: int
    """Landings before that time that were found only afterwards."""


def landings_known_at(
    store: Store,
    at: datetime,
    *,
    watch: str | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
) -> KnownThen:
    """Return the landings that might lie in [begin, end) by what was known at `at`.

    Withdrawn ones are included; each is as its history tells it. Raises StoreError.
    """
    stored = landings.find(store, watch=watch, include_retracted=True)
    later = defaultdict(list)
    for revision in landings.revisions_after(store, at):
        later[revision.landing_id].append(revision)
    verdicts = reviews.histories(store)
    found, found_since = [], 0
    for landing in stored:
        known = known_at(landing, later[landing.id], verdicts.get(landing.id, ()), at)
        if known is not None:
            found.append(known)
        elif not landing.retracted and landing.detection.touchdown_span[1] < at:
            found_since += _may_lie_in(landing, begin, end)
    changes = stops.first_changes_after(store, at)
    found = [
        replace(
            known,
            landing=replace(
                known.landing,
                stops=stops_before(known.landing.stops, changes.get(known.landing.id, {})),
            ),
        )
        for known in found
    ]
    inside = [known for known in found if _may_lie_in(known.landing, begin, end)]
    inside.sort(key=lambda known: (known.landing.detection.touchdown_at, known.landing.id))
    return KnownThen(
        tuple(known.landing for known in inside),
        sum(not known.exact for known in inside),
        found_since,
    )


def as_of_note(at: datetime, known: Sequence[KnownThen]) -> str:
    """Return what a listing of the past cannot restore, in sentences."""
    inexact = sum(each.inexact for each in known)
    unsure = ""
    if inexact:
        verb = "was" if inexact == 1 else "were"
        unsure = (
            f"; {inexact} of them {verb} moved or restored since, and the grade before that was "
            "not written down"
        )
    found_since = sum(each.found_since for each in known)
    late = ""
    if found_since:
        verb = "landing was" if found_since == 1 else "landings were"
        late = (
            f": {found_since} {verb} found only since, in weeks of which less may have been seen "
            "then"
        )
    return (
        f"as known at {at:%Y-%m-%d %H:%M} UTC, from the landings' histories{unsure}. "
        "Evidence, rules and configuration are those of today. How much could be seen is that of "
        f"today as well, with every recording and archive that was read since{late}"
    )


def _may_lie_in(landing: Landing, begin: datetime | None, end: datetime | None) -> bool:
    first, last = landing.detection.touchdown_span
    return (end is None or first < end) and (begin is None or last >= begin)

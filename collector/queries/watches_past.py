"""What must be known before the past of a configured watch is believed?

A landing counts for the watches that it was stored with. If one is renamed in the configuration,
weeks that had landings would be said to have none. And a watch that is new followed nobody before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collector.model import Watch
from collector.store import Store, coverage_slots, landing_list


def warnings(store: Store, watches: Sequence[Watch]) -> list[str]:
    """Return a sentence for each watch that only stored landings know, and for each that is younger
    than the stored coverage. `watches` know when they were followed (`queries.followed`).

    Raises StoreError.
    """
    found = landing_list.numbers_without_watch(store, [watch.name for watch in watches])
    gone = [
        f"watch {watch} is not configured any more, so that {number} stored "
        f"{'landing counts' if number == 1 else 'landings count'} for nothing; if it was renamed, "
        "give it its name back (`title` is what mails and pages call it), or replay the recordings"
        for watch, number in found.items()
    ]
    return [*gone, *_younger(store, watches)]


def _younger(store: Store, watches: Sequence[Watch]) -> Iterator[str]:
    first_slot = coverage_slots.first_slot_at(store)
    for watch in watches:
        spans = watch.places[0].followed
        if spans is None or first_slot is None:
            continue
        if not spans:
            yield f"watch {watch.name} is followed from the next start of the collector on"
        elif (begin := spans[0][0]) is not None and begin > first_slot:
            yield (
                f"watch {watch.name} is followed since {begin:%Y-%m-%d} only, so that weeks before "
                "could not be seen for it; replay the recordings to look for its aircraft in them"
            )

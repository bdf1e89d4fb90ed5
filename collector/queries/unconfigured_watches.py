"""Do stored landings count for nothing, since their watch is no longer configured?

A landing counts for the watches that it was stored with. If one is renamed in the configuration,
weeks that had landings would be said to have none, so the operator is asked to look.
"""

from __future__ import annotations

from collections.abc import Collection

from collector.store import Store, landing_list


def warnings(store: Store, configured: Collection[str]) -> list[str]:
    """Return a sentence for each watch that only stored landings know. Raises StoreError."""
    found = landing_list.numbers_without_watch(store, configured)
    return [
        f"watch {watch} is not configured any more, so that {number} stored "
        f"{'landing counts' if number == 1 else 'landings count'} for nothing; if it was renamed, "
        "give it its name back (`title` is what mails and pages call it), or replay the recordings"
        for watch, number in found.items()
    ]

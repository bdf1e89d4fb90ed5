"""Which id does a new landing get, and which one may a mistyped id mean?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches

from collector.store.database import Store

_MAX_COMPARED_IDS = 2000
"""So many of the newest ids are compared with a mistyped one whose aircraft has no landing."""


def similar_ids(store: Store, landing_id: str, number: int = 3) -> list[str]:
    """Return the ids most similar to one that may be mistyped, best first. Raises StoreError."""
    same = store.execute("SELECT id FROM landings WHERE icao24 = ?", (landing_id[:6].lower(),))
    rows = same or store.execute(
        "SELECT id FROM landings ORDER BY touchdown_at DESC LIMIT ?", (_MAX_COMPARED_IDS,)
    )
    return get_close_matches(landing_id, [row["id"] for row in rows], number, 0.5)


def next_id(store: Store, icao24: str, day: date, *, after: int = 0) -> str:
    """Return the next free id for an aircraft and day (UTC), with an ordinal above `after`.

    Raises StoreError.
    """
    prefix = f"{icao24}-{day.isoformat()}-"
    # "." is the character after "-": the range holds exactly the ids with this prefix.
    highest = store.execute(
        "SELECT max(CAST(substr(id, ?) AS INTEGER)) AS ordinal FROM landings "
        "WHERE id > ? AND id < ?",
        (len(prefix) + 1, prefix, prefix[:-1] + "."),
    )[0]["ordinal"]
    return f"{prefix}{max(highest or 0, after) + 1}"


def id_allocator(store: Store) -> Callable[[str, date], str]:
    """Return a `next_id` that gives no id twice, for several landings before any is saved."""
    given: dict[tuple[str, date], int] = {}

    def allocate(icao24: str, day: date) -> str:
        landing_id = next_id(store, icao24, day, after=given.get((icao24, day), 0))
        given[icao24, day] = int(landing_id.rpartition("-")[2])
        return landing_id

    return allocate

"""How long did aircraft of each watch stay, as far as both ends were heard? And what was learned
from that?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from collector.landings.stay_lengths import StayLengths
from collector.model import Landing
from collector.model.imported import IMPORTED_FEEDS
from collector.store import meta
from collector.store.database import Store
from collector.store.encoding import from_json, moment, to_json
from collector.store.landing_rows import LANDING_SELECT, landing_of

LEARNED = "stay_lengths"
"""Key of the stored lengths by watch."""


def heard_stays(store: Store) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return touchdown and departure of the stays of each watch that were heard at both ends.

    They are landings that the watch counts, by departure; the ± of both ends is at most a quarter
    of the stay. Other trackers' exports, which may hold estimated positions, teach nothing.
    Raises StoreError.
    """
    rows = store.execute(
        "SELECT w.watch, l.touchdown_at, l.departed_at FROM landings AS l "
        "JOIN landing_watches AS w ON w.landing_id = l.id "
        "LEFT JOIN standing_reviews AS r ON r.landing_id = l.id "
        "WHERE w.counted AND w.doubt = '' AND NOT l.retracted "
        "AND l.latest_at IS NULL AND l.airfield IS NOT NULL "
        "AND l.grade <> 'possible' AND coalesce(r.verdict, '') <> 'rejected' "
        "AND 4 * (l.uncertainty_s + l.departed_uncertainty_s) <= "
        "86400 * (julianday(l.departed_at) - julianday(l.touchdown_at)) "
        "AND NOT EXISTS (SELECT 1 FROM json_each(l.feeds_json) WHERE value IN "
        f"({', '.join('?' * len(IMPORTED_FEEDS))})) ORDER BY l.departed_at, l.id",
        IMPORTED_FEEDS,
    )
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in rows:
        stay = moment(row["touchdown_at"]), moment(row["departed_at"])
        found.setdefault(row["watch"], []).append(stay)
    return found


def learned(store: Store) -> dict[str, StayLengths]:
    """Return the lengths that were learned, by watch. Raises StoreError."""
    text = meta.get_value(store, LEARNED)
    return from_json(text, dict[str, StayLengths]) if text else {}


def store_learned(store: Store, lengths: Mapping[str, StayLengths]) -> bool:
    """Store the lengths of each watch; return whether they changed. Raises StoreError."""
    text = to_json(dict(sorted(lengths.items()))) if lengths else None
    if text == meta.get_value(store, LEARNED):
        return False
    meta.set_value(store, LEARNED, text)
    return True


def lengths_for(store: Store, watches: Iterable[str]) -> StayLengths | None:
    """Return the lengths of that of these watches of which most stays were heard; None if too few
    were heard of each. Raises StoreError."""
    known = learned(store)
    names = [name for name in sorted(watches) if name in known]
    return known[max(names, key=lambda name: known[name].stays)] if names else None


def unheard_landings(store: Store) -> list[Landing]:
    """Return all landings that nobody heard arrive, by touchdown. Raises StoreError."""
    rows = store.execute(
        f"{LANDING_SELECT} WHERE l.latest_at IS NOT NULL ORDER BY l.touchdown_at, l.id"
    )
    return [landing_of(row) for row in rows]

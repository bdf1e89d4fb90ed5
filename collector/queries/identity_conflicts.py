"""Which identity conflicts concern the aircraft of a landing, or of some watches? Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collector.landings.identity_conflicts import Conflict
from collector.model import Landing, Watch
from collector.store import Store, aircraft, identity_conflicts

AROUND = timedelta(days=2)
"""Conflicts up to this long before or after a landing are shown with it."""


def around(store: Store, landing: Landing) -> list[Conflict]:
    """Return the conflicts of a landing's aircraft near its touchdown. Raises StoreError."""
    at = landing.detection.touchdown_at
    return identity_conflicts.find(store, at - AROUND, at + AROUND, landing.detection.icao24)


def of_watches(
    store: Store, watches: Iterable[Watch], begin: datetime, end: datetime
) -> list[Conflict]:
    """Return the conflicts in [begin, end) of aircraft on these watches. Raises StoreError."""
    names = {watch.name for watch in watches}
    return [
        conflict
        for conflict in identity_conflicts.find(store, begin, end)
        if any(match.watch in names for match in aircraft.matches(store, conflict.icao24))
    ]

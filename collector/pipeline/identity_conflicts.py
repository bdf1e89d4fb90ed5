"""What speaks against a watched address being its airframe? Looked for whenever it is heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from collector.landings.identity_conflicts import (
    Conflict,
    ConflictKind,
    Mark,
    other_marks,
    two_places,
)
from collector.model import Aircraft, Landing, Watch
from collector.pipeline.windows import Window
from collector.store import Store, aircraft, identity_conflicts

log = structlog.get_logger(__name__)

NEAR = timedelta(days=2)
"""A conflict this long before or after a landing is told with it."""


def note(
    store: Store, icao24: str, seen: Window, listed: Aircraft | None, now: datetime
) -> list[Conflict]:
    """Store what the window and the names of this aircraft show; gives what is new.

    Raises StoreError.
    """
    marks = [
        Mark(name.value, name.first_seen_at, name.last_seen_at)
        for name in aircraft.names(store, icao24)
        if name.kind == "registration"
    ]
    others = other_marks(icao24, listed, marks)
    places = two_places(seen.observations)
    span = (seen.begin, seen.end)
    new = [
        *identity_conflicts.put(
            store, icao24, ConflictKind.REGISTRATION, others, span=None, now=now
        ),
        *identity_conflicts.put(store, icao24, ConflictKind.TWO_PLACES, places, span=span, now=now),
    ]
    for one in new:
        log.info("conflict", icao24=icao24, kind=one.kind.value, detail=one.detail)
    return new


def around(store: Store, landing: Landing) -> list[Conflict]:
    """What was in conflict about the aircraft near the time of a landing. Raises StoreError."""
    at = landing.detection.touchdown_at
    return identity_conflicts.find(store, at - NEAR, at + NEAR, landing.detection.icao24)


def of_watches(
    store: Store, watches: Iterable[Watch], begin: datetime, end: datetime
) -> list[Conflict]:
    """What was in conflict about these watches' aircraft in a time. Raises StoreError."""
    names = {watch.name for watch in watches}
    return [
        one
        for one in identity_conflicts.find(store, begin, end)
        if any(match.watch in names for match in aircraft.matches(store, one.icao24))
    ]

"""What speaks against a watched address being its airframe? Looked for whenever it is heard."""

from __future__ import annotations

from datetime import datetime

import structlog

from collector.landings.identity_conflicts import (
    Conflict,
    ConflictKind,
    Mark,
    other_marks,
    two_places,
)
from collector.model import Aircraft
from collector.pipeline.windows import Window
from collector.store import Store, aircraft, identity_conflicts

log = structlog.get_logger(__name__)


def store_conflicts(
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
        *identity_conflicts.store_conflicts(
            store, icao24, ConflictKind.REGISTRATION, others, span=None, now=now
        ),
        *identity_conflicts.store_conflicts(
            store, icao24, ConflictKind.TWO_PLACES, places, span=span, now=now
        ),
    ]
    for one in new:
        log.info("conflict", icao24=icao24, kind=one.kind.value, detail=one.detail)
    return new

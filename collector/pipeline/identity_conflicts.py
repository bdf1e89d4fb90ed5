"""What speaks against a watched address being its airframe? Looked for whenever it is heard."""

from __future__ import annotations

from datetime import datetime

import structlog

from collector.landings.identity_conflicts import (
    Conflict,
    ConflictKind,
    SeenRegistration,
    position_conflicts,
    registration_conflicts,
)
from collector.model import Aircraft
from collector.pipeline.windows import Window
from collector.store import Store, aircraft, identity_conflicts

log = structlog.get_logger(__name__)


def note(
    store: Store, icao24: str, seen: Window, listed: Aircraft | None, now: datetime
) -> list[Conflict]:
    """Store what the window and the names of this aircraft show; gives what is new.

    Raises StoreError.
    """
    marks = [
        SeenRegistration(name.value, name.first_seen_at, name.last_seen_at)
        for name in aircraft.names(store, icao24)
        if name.kind == "registration"
    ]
    others = registration_conflicts(icao24, listed, marks)
    places = position_conflicts(seen.observations)
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

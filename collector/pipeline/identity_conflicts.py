"""Which reports do not fit the airframe that is known for a watched address?

Each derivation of a watched aircraft compares its reports with the fleet file and stores what
contradicts it.
"""

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
from collector.pipeline.track_windows import Window
from collector.store import Store, aircraft, identity_conflicts

log = structlog.get_logger(__name__)


def store_conflicts(
    store: Store, icao24: str, reports: Window, listed: Aircraft | None, now: datetime
) -> list[Conflict]:
    """Store the identity conflicts of an aircraft's window and names; return the new ones.

    `listed` is the airframe that a fleet file gives for the address, None if no file lists it.
    Raises StoreError.
    """
    marks = [
        SeenRegistration(name.value, name.first_seen_at, name.last_seen_at)
        for name in aircraft.names(store, icao24)
        if name.kind == "registration"
    ]
    others = registration_conflicts(icao24, listed, marks)
    places = position_conflicts(reports.observations)
    span = (reports.begin, reports.end)
    new = [
        *identity_conflicts.store_conflicts(
            store, icao24, ConflictKind.REGISTRATION, others, span=None, now=now
        ),
        *identity_conflicts.store_conflicts(
            store, icao24, ConflictKind.TWO_PLACES, places, span=span, now=now
        ),
    ]
    for conflict in new:
        log.info(
            "identity conflict found",
            icao24=icao24,
            kind=conflict.kind.value,
            detail=conflict.detail,
        )
    return new

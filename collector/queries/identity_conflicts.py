"""What was found in conflict about the aircraft of a landing, or of some watches?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from collector.landings.identity_conflicts import (
    Conflict,
)
from collector.model import Landing, Watch
from collector.store import Store, aircraft, identity_conflicts

log = structlog.get_logger(__name__)


NEAR = timedelta(days=2)
"""A conflict this long before or after a landing is told with it."""


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

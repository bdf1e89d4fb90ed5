"""Which time is closed, since what its landings were derived from was pruned?

Landings of closed time stay as they are, and nothing that was derived there is derived again. Rows
of watched aircraft and everything that landings rest on are never pruned (`store.kept_spans`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from collector.model import Landing
from collector.store import meta
from collector.store.database import Store
from collector.store.encoding import moment, stamp
from collector.store.observations import BUCKET_S
from collector.watches.visitors import VISITORS

_CLOSED, _PRUNED = "closed-until", "pruned-until"
DAY = timedelta(days=1)

_STRANGERS = """
DELETE FROM observations WHERE slot < ? AND icao24 IN (
    SELECT icao24 FROM aircraft AS a
    WHERE NOT EXISTS (SELECT 1 FROM matches WHERE icao24 = a.icao24 AND watch <> ?)
    AND NOT EXISTS (SELECT 1 FROM landings AS l JOIN reviews AS r ON r.landing_id = l.id
        WHERE l.icao24 = a.icao24))
"""
"""Aircraft that a person reviewed a landing of count as watched."""


@dataclass(frozen=True, slots=True)
class DayToPrune:
    """The time that the next step prunes."""

    begin: datetime
    end: datetime


def closed_until(store: Store) -> datetime | None:
    """Return when closed time ends, None if none is closed. Raises StoreError."""
    value = meta.get_value(store, _CLOSED)
    return None if value is None else moment(value)


def is_closed(store: Store, landing: Landing) -> bool:
    """Return whether a landing lies in closed time. Raises StoreError."""
    until = closed_until(store)
    return until is not None and landing.detection.touchdown_at < until


def close(store: Store, until: datetime) -> datetime:
    """Close the time before `until`; return until when it is closed now.

    What is closed is never opened again. Raises StoreError.
    """
    with store.transaction():
        before = closed_until(store)
        if before is None or before < until:
            meta.set_value(store, _CLOSED, stamp(until))
            return until
        return before


def day_to_prune(store: Store, until: datetime) -> DayToPrune | None:
    """Return the first day before `until` that is not pruned yet, None if all are.

    Raises StoreError.
    """
    value = meta.get_value(store, _PRUNED)
    if value is not None:
        begin = moment(value)
    else:
        oldest = store.execute("SELECT min(begins_at) AS at FROM slots")[0]["at"]
        first = until - DAY if oldest is None else moment(oldest)
        begin = min(datetime.combine(first.date(), time(), UTC), until - DAY)
    return DayToPrune(begin, min(begin + DAY, until)) if begin < until else None


def mark_pruned(store: Store, until: datetime | None) -> None:
    """Store until when days are pruned; None: begin with the first one again. Raises StoreError."""
    meta.set_value(store, _PRUNED, None if until is None else stamp(until))


def delete_strangers(store: Store, before: datetime) -> int:
    """Delete the reports before a time of aircraft that no watch ever wanted.

    Return their number. Raises StoreError.
    """
    with store.transaction():
        store.execute(_STRANGERS, (int(before.timestamp() // BUCKET_S), VISITORS))
        return int(store.execute("SELECT changes()")[0][0])


def shrink(store: Store) -> None:
    """Write the database file anew without its free pages.

    Needs as much free disk space as the file is large. Other processes can read meanwhile; their
    writes wait. Raises StoreError.
    """
    store.execute("VACUUM")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")

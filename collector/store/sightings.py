"""Which landings did people and publications report? Each row once, however often it is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from collector.model.sighting import Kind, Sighting, Unit, period
from collector.store.database import Store
from collector.store.encoding import stamp, storable

_COLUMNS = (
    "key",
    "kind",
    "period",
    "first_day",
    "last_day",
    "unit",
    "direction",
    "airfield",
    "place",
    "icao24",
    "registration",
    "callsign",
    "operator",
    "counted",
    "confidence",
    "note",
    "source",
    "first_known_at",
)
_STORE = (
    f"INSERT INTO sightings ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (key) DO UPDATE SET confidence = excluded.confidence, note = excluded.note, "
    "counted = excluded.counted WHERE (confidence, note, counted) "
    "IS NOT (excluded.confidence, excluded.note, excluded.counted)"
)


def store_sightings(store: Store, rows: Mapping[str, Sighting], now: datetime) -> tuple[int, int]:
    """Store rows by their keys (`model.sighting.keyed`), in one transaction.

    A stored row takes the new note, confidence and `counted`. Returns how many rows are new and how
    many changed. Raises StoreError.
    """
    with store.transaction():
        before, new = _total(store), 0
        changes = 0
        for key, row in rows.items():
            store.execute(_STORE, _values(key, row, now))
            changes += store.execute("SELECT changes() AS n")[0]["n"]
        new = _total(store) - before
        return new, changes - new


def delete_sightings(store: Store) -> int:
    """Delete every row and return their number. Raises StoreError."""
    with store.transaction():
        before = _total(store)
        store.execute("DELETE FROM sightings")
        return before


def load(store: Store) -> dict[str, Sighting]:
    """Return every row by its key, in order of day and key. Raises StoreError."""
    rows = store.execute("SELECT * FROM sightings ORDER BY coalesce(first_day, last_day), key")
    return {row["key"]: _sighting(row) for row in rows}


def _total(store: Store) -> int:
    number: int = store.execute("SELECT count(*) AS n FROM sightings")[0]["n"]
    return number


def _values(key: str, row: Sighting, now: datetime) -> tuple[object, ...]:
    """One row, in the order of `_COLUMNS`."""
    first, last = row.period.first, row.period.last
    return (
        key,
        row.kind.value,
        row.period.written,
        None if first is None else first.isoformat(),
        None if last is None else last.isoformat(),
        row.unit.value,
        row.direction,
        row.airfield,
        storable(row.place),
        row.icao24,
        storable(row.registration),
        storable(row.callsign),
        storable(row.operator),
        row.counted,
        storable(row.confidence),
        storable(row.note),
        storable(row.source),
        stamp(now),
    )


def _sighting(row: sqlite3.Row) -> Sighting:
    return Sighting(
        kind=Kind(row["kind"]),
        period=period(row["period"]),
        unit=Unit(row["unit"]),
        direction=row["direction"],
        airfield=row["airfield"],
        place=row["place"],
        icao24=row["icao24"],
        registration=row["registration"],
        callsign=row["callsign"],
        operator=row["operator"],
        counted=bool(row["counted"]),
        confidence=row["confidence"],
        note=row["note"],
        source=row["source"],
    )

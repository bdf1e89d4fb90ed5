"""Which arrivals do other sources state? Each once, replaced as a whole by what came with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from collector.model import Arrival
from collector.store.database import Store
from collector.store.encoding import finite, moment, moment_or_none, stamp, stamp_or_none, storable

_ADD = """
INSERT INTO arrivals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET departed_at = excluded.departed_at, origin = excluded.origin,
    callsign = excluded.callsign, registration = excluded.registration,
    horizontal_m = excluded.horizontal_m, vertical_m = excluded.vertical_m,
    place = excluded.place, asked = excluded.asked
"""


def store_arrivals(store: Store, found: Iterable[Arrival], asked: str, now: datetime) -> int:
    """Store what came with one ask; how many there were. A repeat changes nothing.

    Raises StoreError.
    """
    count = 0
    with store.transaction():
        for each in found:
            store.execute(_ADD, (*_values(each), asked, stamp(now)))
            count += 1
    return count


def delete_arrivals(store: Store, asked: str) -> None:
    """Drop what came with one ask before: it is asked anew. Raises StoreError."""
    store.execute("DELETE FROM arrivals WHERE asked = ?", (asked,))


def find(
    store: Store,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    icao24: str | None = None,
) -> list[Arrival]:
    """Those with `begin <= arrived_at < end`, by time. Raises StoreError."""
    conditions, values = ["TRUE"], []
    for condition, value in (
        ("arrived_at >= ?", stamp_or_none(begin)),
        ("arrived_at < ?", stamp_or_none(end)),
        ("icao24 = ?", icao24),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    rows = store.execute(
        f"SELECT * FROM arrivals WHERE {' AND '.join(conditions)} "
        "ORDER BY arrived_at, icao24, source, airfield",
        values,
    )
    return [_arrival(row) for row in rows]


def _values(one: Arrival) -> tuple[object, ...]:
    return (
        one.source,
        one.icao24,
        stamp(one.arrived_at),
        one.airfield,
        stamp_or_none(one.departed_at),
        storable(one.origin),
        storable(one.callsign),
        storable(one.registration),
        finite(one.horizontal_m),
        finite(one.vertical_m),
        storable(one.place) or "",
    )


def _arrival(row: sqlite3.Row) -> Arrival:
    return Arrival(
        source=row["source"],
        icao24=row["icao24"],
        airfield=row["airfield"],
        arrived_at=moment(row["arrived_at"]),
        departed_at=moment_or_none(row["departed_at"]),
        origin=row["origin"],
        callsign=row["callsign"],
        registration=row["registration"],
        horizontal_m=row["horizontal_m"],
        vertical_m=row["vertical_m"],
        place=row["place"],
    )

"""Which arrivals do other sources state? Each is stored once, with the request that gave it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from collector.model import Arrival
from collector.store.database import Store
from collector.store.encoding import finite, moment, moment_or_none, stamp, stamp_or_none, storable

_STORE = """
INSERT INTO arrivals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET departed_at = excluded.departed_at, origin = excluded.origin,
    callsign = excluded.callsign, registration = excluded.registration,
    horizontal_m = excluded.horizontal_m, vertical_m = excluded.vertical_m,
    place = excluded.place, asked = excluded.asked
"""


def store_arrivals(store: Store, arrivals: Iterable[Arrival], request: str, now: datetime) -> int:
    """Store the arrivals of one request; return their number. A repeat changes nothing.

    Raises StoreError.
    """
    count = 0
    with store.transaction():
        for arrival in arrivals:
            store.execute(_STORE, (*_values(arrival), request, stamp(now)))
            count += 1
    return count


def delete_arrivals(store: Store, request: str) -> None:
    """Delete the arrivals of an earlier request, before it is made again. Raises StoreError."""
    store.execute("DELETE FROM arrivals WHERE asked = ?", (request,))


def find(
    store: Store,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    icao24: str | None = None,
) -> list[Arrival]:
    """Return the arrivals with `begin <= arrived_at < end`, by time. Raises StoreError."""
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


def _values(arrival: Arrival) -> tuple[object, ...]:
    return (
        arrival.source,
        arrival.icao24,
        stamp(arrival.arrived_at),
        arrival.airfield,
        stamp_or_none(arrival.departed_at),
        storable(arrival.origin),
        storable(arrival.callsign),
        storable(arrival.registration),
        finite(arrival.horizontal_m),
        finite(arrival.vertical_m),
        storable(arrival.place) or "",
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

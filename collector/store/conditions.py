"""Which conditions of the collector are open, and since when? Each opens and closes once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something wrong with the collector: no reception, a feed that refuses us, a clock off …"""

    kind: str
    subject: str
    began_at: datetime
    detail: str
    ended_at: datetime | None = None


def open_condition(store: Store, kind: str, subject: str, at: datetime, detail: str) -> bool:
    """Open a condition; return False if it is open already. Raises StoreError."""
    return bool(
        store.execute(
            "INSERT INTO conditions (kind, subject, began_at, detail) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING 1",
            (kind, subject, stamp(at), storable(detail)),
        )
    )


def close_condition(store: Store, kind: str, subject: str, at: datetime) -> Condition | None:
    """Close a condition and return it; None if it was not open. Raises StoreError."""
    rows = store.execute(
        "UPDATE conditions SET ended_at = ? "
        "WHERE kind = ? AND subject = ? AND ended_at IS NULL RETURNING *",
        (stamp(at), kind, subject),
    )
    return _condition(rows[0]) if rows else None


def current(store: Store, kind: str, subject: str) -> Condition | None:
    """Return the open condition of a kind and subject, None if there is none. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conditions WHERE kind = ? AND subject = ? AND ended_at IS NULL",
        (kind, subject),
    )
    return _condition(rows[0]) if rows else None


def open_conditions(store: Store) -> list[Condition]:
    """Return the open conditions, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conditions WHERE ended_at IS NULL ORDER BY began_at, kind, subject"
    )
    return [_condition(row) for row in rows]


def listing(store: Store, limit: int = 20) -> list[Condition]:
    """Return the last conditions, open or closed, newest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conditions ORDER BY began_at DESC, kind, subject LIMIT ?", (limit,)
    )
    return [_condition(row) for row in rows]


def _condition(row: sqlite3.Row) -> Condition:
    return Condition(
        kind=row["kind"],
        subject=row["subject"],
        began_at=moment(row["began_at"]),
        detail=row["detail"],
        ended_at=moment_or_none(row["ended_at"]),
    )

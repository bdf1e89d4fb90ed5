"""What is wrong at present, and since when? Begun once, ended once, so that each is told once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something operators are told of: blind, a feed that refuses us, a clock that is off …"""

    kind: str
    subject: str
    began_at: datetime
    detail: str
    ended_at: datetime | None = None


def open_condition(store: Store, kind: str, subject: str, at: datetime, detail: str) -> bool:
    """It is so; True if it was not known to be so. Raises StoreError."""
    return bool(
        store.execute(
            "INSERT INTO conditions (kind, subject, began_at, detail) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING 1",
            (kind, subject, stamp(at), storable(detail)),
        )
    )


def close_condition(store: Store, kind: str, subject: str, at: datetime) -> Condition | None:
    """It is not so; gives what ended just now, None if it was not so before. Raises StoreError."""
    rows = store.execute(
        "UPDATE conditions SET ended_at = ? "
        "WHERE kind = ? AND subject = ? AND ended_at IS NULL RETURNING *",
        (stamp(at), kind, subject),
    )
    return _condition(rows[0]) if rows else None


def current(store: Store, kind: str, subject: str) -> Condition | None:
    """The one of that kind and subject that holds now, None if none. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conditions WHERE kind = ? AND subject = ? AND ended_at IS NULL",
        (kind, subject),
    )
    return _condition(rows[0]) if rows else None


def open_conditions(store: Store) -> list[Condition]:
    """Everything that holds now, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conditions WHERE ended_at IS NULL ORDER BY began_at, kind, subject"
    )
    return [_condition(row) for row in rows]


def listing(store: Store, limit: int = 20) -> list[Condition]:
    """What held lately or still does, newest first. Raises StoreError."""
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

"""Which reports do not fit the airframe of their address? Each conflict is one row, and kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from collector.landings.identity_conflicts import Conflict, ConflictKind
from collector.store.database import Store
from collector.store.encoding import moment, stamp, storable


def store_conflicts(
    store: Store,
    icao24: str,
    kind: ConflictKind,
    found: Iterable[Conflict],
    *,
    span: tuple[datetime, datetime] | None,
    now: datetime,
) -> list[Conflict]:
    """Replace the stored conflicts of an aircraft and kind that overlap `span` (None: all).

    A conflict that began before the span and continues in it keeps its beginning. Returns the new
    conflicts: those that no stored one overlaps. Raises StoreError.
    """
    with store.transaction():
        before = _overlapping(store, icao24, kind, span)
        first_known = {stored.begins_at: at for stored, at in before}
        new = []
        for conflict in found:
            same = [stored for stored, _ in before if _is_same(stored, conflict)]
            first = min((first_known[stored.begins_at] for stored in same), default=now)
            if not same:
                new.append(conflict)
            begins = [stored.begins_at for stored in same if span and stored.begins_at < span[0]]
            kept = replace(conflict, begins_at=min([*begins, conflict.begins_at]))
            if all(stored != kept for stored in same):
                for stored in same:
                    _delete(store, stored)
                _insert(store, kept, first)
            before = [(stored, at) for stored, at in before if stored not in same]
        for stored, _ in before:
            if span is None or (span[0] <= stored.begins_at and stored.ends_at <= span[1]):
                _delete(store, stored)
        return new


def find(store: Store, begin: datetime, end: datetime, icao24: str | None = None) -> list[Conflict]:
    """Return the conflicts that overlap `[begin, end]`, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM conflicts WHERE ends_at >= ? AND begins_at <= ? AND icao24 = coalesce(?, "
        "icao24) ORDER BY begins_at, icao24, kind, subject",
        (stamp(begin), stamp(end), icao24),
    )
    return [_conflict(row) for row in rows]


def _overlapping(
    store: Store, icao24: str, kind: ConflictKind, span: tuple[datetime, datetime] | None
) -> list[tuple[Conflict, datetime]]:
    begin, end = ("", "9") if span is None else (stamp(span[0]), stamp(span[1]))
    rows = store.execute(
        "SELECT * FROM conflicts WHERE icao24 = ? AND kind = ? AND ends_at >= ? "
        "AND begins_at <= ? ORDER BY begins_at, subject",
        (icao24, kind.value, begin, end),
    )
    return [(_conflict(row), moment(row["first_known_at"])) for row in rows]


def _is_same(a: Conflict, b: Conflict) -> bool:
    """Return whether two conflicts have the same subject and overlap in time."""
    return a.subject == b.subject and a.begins_at <= b.ends_at and b.begins_at <= a.ends_at


def _delete(store: Store, conflict: Conflict) -> None:
    store.execute(
        "DELETE FROM conflicts WHERE icao24 = ? AND kind = ? AND subject = ? AND begins_at = ?",
        (conflict.icao24, conflict.kind.value, conflict.subject, stamp(conflict.begins_at)),
    )


def _insert(store: Store, conflict: Conflict, first_known_at: datetime) -> None:
    store.execute(
        "INSERT INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            conflict.icao24,
            conflict.kind.value,
            storable(conflict.subject),
            stamp(conflict.begins_at),
            stamp(conflict.ends_at),
            storable(conflict.detail),
            stamp(first_known_at),
        ),
    )


def _conflict(row: sqlite3.Row) -> Conflict:
    return Conflict(
        icao24=row["icao24"],
        kind=ConflictKind(row["kind"]),
        subject=row["subject"],
        begins_at=moment(row["begins_at"]),
        ends_at=moment(row["ends_at"]),
        detail=row["detail"],
    )

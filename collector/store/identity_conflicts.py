"""What was seen of watched addresses that does not fit the airframe? Each begun once, and kept."""

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
    """Make the stored ones of an aircraft and kind that overlap `span` (None: all) be `found`.

    One that began before the span and goes on in it keeps its beginning. Gives those that nothing
    stored overlapped: they are new. Raises StoreError.
    """
    with store.transaction():
        before = _overlapping(store, icao24, kind, span)
        known = {one.begins_at: at for one, at in before}
        new = []
        for conflict in found:
            same = [each for each, _ in before if _one(each, conflict)]
            first = min((known[each.begins_at] for each in same), default=now)
            if not same:
                new.append(conflict)
            begins = [each.begins_at for each in same if span and each.begins_at < span[0]]
            kept = replace(conflict, begins_at=min([*begins, conflict.begins_at]))
            if all(each != kept for each in same):
                for each in same:
                    _delete(store, each)
                _insert(store, kept, first)
            before = [(each, at) for each, at in before if each not in same]
        for each, _ in before:
            if span is None or (span[0] <= each.begins_at and each.ends_at <= span[1]):
                _delete(store, each)
        return new


def find(store: Store, begin: datetime, end: datetime, icao24: str | None = None) -> list[Conflict]:
    """Those that were so at any time in `[begin, end]`, oldest first. Raises StoreError."""
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


def _one(a: Conflict, b: Conflict) -> bool:
    """Whether both tell of the same: one subject, and times that overlap."""
    return a.subject == b.subject and a.begins_at <= b.ends_at and b.begins_at <= a.ends_at


def _delete(store: Store, one: Conflict) -> None:
    store.execute(
        "DELETE FROM conflicts WHERE icao24 = ? AND kind = ? AND subject = ? AND begins_at = ?",
        (one.icao24, one.kind.value, one.subject, stamp(one.begins_at)),
    )


def _insert(store: Store, one: Conflict, first_known_at: datetime) -> None:
    store.execute(
        "INSERT INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            one.icao24,
            one.kind.value,
            storable(one.subject),
            stamp(one.begins_at),
            stamp(one.ends_at),
            storable(one.detail),
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

"""Which coverage was learned for which week? Each value is stored when it is first needed.

A value stays until an archive adds reports of the days from which it was learned. Then
`pipeline.learned_coverage.invalidate_learned` deletes it, and queues the landings that rest on it
to be derived again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from collector.coverage.learned import Learned, LearnedFeed
from collector.store.database import Store
from collector.store.encoding import from_json, moment, stamp, to_json


@dataclass(frozen=True, slots=True)
class _StoredPart:
    """The part of a value that has no column of its own."""

    days: int
    feeds: tuple[LearnedFeed, ...]


def made_at(store: Store, version: str) -> datetime | None:
    """Return when the value of that version was made, None if it was not. Raises StoreError."""
    rows = store.execute("SELECT made_at FROM learned WHERE version = ?", (version,))
    return moment(rows[0]["made_at"]) if rows else None


def get(store: Store, version: str) -> Learned | None:
    """Return the value of that version, None if there is none. Raises StoreError."""
    rows = store.execute("SELECT * FROM learned WHERE version = ?", (version,))
    return _learned(rows[0]) if rows else None


def latest(store: Store, day: date) -> Learned | None:
    """Return the newest value learned only from days before `day`, None if there is none.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM learned WHERE last_day < ? ORDER BY last_day DESC LIMIT 1",
        (day.isoformat(),),
    )
    return _learned(rows[0]) if rows else None


def store_value(store: Store, value: Learned, now: datetime) -> None:
    """Store a value. Raises StoreError, also if there is one of that version."""
    store.execute(
        "INSERT INTO learned VALUES (?, ?, ?, ?, ?)",
        (
            value.version,
            stamp(now),
            value.first_day.isoformat(),
            value.last_day.isoformat(),
            to_json(_StoredPart(value.days, value.feeds)),
        ),
    )


def delete_values(store: Store, versions: Iterable[str]) -> None:
    """Delete values, so that they are learned again when next needed. Raises StoreError."""
    for version in versions:
        store.execute("DELETE FROM learned WHERE version = ?", (version,))


def _learned(row: sqlite3.Row) -> Learned:
    stored = from_json(row["value_json"], _StoredPart)
    return Learned(
        version=row["version"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        days=stored.days,
        feeds=stored.feeds,
    )

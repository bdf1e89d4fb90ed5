"""What was learned of coverage, for which week? Each value is made when it is first needed.

A value stays as it is until an archive tells more of the days that it was learned from. Then
`pipeline.learned_coverage.invalidate_learned` deletes it and queues what rests on it to be derived
again.
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
class _Kept:
    """The part of a value that no column holds."""

    days: int
    feeds: tuple[LearnedFeed, ...]


def made_at(store: Store, version: str) -> datetime | None:
    """When the value of that version was made; None: not yet. Raises StoreError."""
    rows = store.execute("SELECT made_at FROM learned WHERE version = ?", (version,))
    return moment(rows[0]["made_at"]) if rows else None


def get(store: Store, version: str) -> Learned | None:
    """The value of that version, None if it was never made. Raises StoreError."""
    rows = store.execute("SELECT * FROM learned WHERE version = ?", (version,))
    return _learned(rows[0]) if rows else None


def latest(store: Store, day: date) -> Learned | None:
    """The newest value that was learned from days before `day` only. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM learned WHERE last_day < ? ORDER BY last_day DESC LIMIT 1",
        (day.isoformat(),),
    )
    return _learned(rows[0]) if rows else None


def store_value(store: Store, value: Learned, now: datetime) -> None:
    """Keep a value. Raises StoreError, also if there is one of that version."""
    store.execute(
        "INSERT INTO learned VALUES (?, ?, ?, ?, ?)",
        (
            value.version,
            stamp(now),
            value.first_day.isoformat(),
            value.last_day.isoformat(),
            to_json(_Kept(value.days, value.feeds)),
        ),
    )


def delete_values(store: Store, versions: Iterable[str]) -> None:
    """These values are to be made anew when next needed. Raises StoreError."""
    for version in versions:
        store.execute("DELETE FROM learned WHERE version = ?", (version,))


def _learned(row: sqlite3.Row) -> Learned:
    held = from_json(row["value_json"], _Kept)
    return Learned(
        version=row["version"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        days=held.days,
        feeds=held.feeds,
    )

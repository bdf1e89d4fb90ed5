"""Which spans must be derived, after reading archives or recordings, and which touchdowns changed?

Both are stored in the transaction of their cause, so that a run that is killed loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.store.database import Store
from collector.store.encoding import moment, stamp

EVERY_AIRCRAFT = ""
"""In place of an address: every aircraft that was reported then."""


@dataclass(frozen=True, slots=True, order=True)
class DueSpan:
    """The reports of one aircraft (or of `EVERY_AIRCRAFT`) between two times, both included."""

    icao24: str
    first_at: datetime
    last_at: datetime


def queue_spans(store: Store, due: Iterable[DueSpan]) -> None:
    """Queue spans, besides those that are due already. Raises StoreError."""
    for span in due:
        store.execute("INSERT OR IGNORE INTO backfill_due VALUES (?, ?, ?)", _row(span))


def due_spans(store: Store) -> list[DueSpan]:
    """Return every span that is due, by address and time. Raises StoreError."""
    rows = store.execute("SELECT * FROM backfill_due ORDER BY icao24, first_at, last_at")
    return [DueSpan(row["icao24"], moment(row["first_at"]), moment(row["last_at"])) for row in rows]


def next_span(store: Store) -> DueSpan | None:
    """Return the span to be derived next, None if none is due. Raises StoreError."""
    rows = store.execute("SELECT * FROM backfill_due ORDER BY icao24, first_at, last_at LIMIT 1")
    for row in rows:
        return DueSpan(row["icao24"], moment(row["first_at"]), moment(row["last_at"]))
    return None


def replace_spans(store: Store, due: Iterable[DueSpan]) -> None:
    """Replace the whole queue by these spans. Raises StoreError."""
    with store.transaction():
        store.execute("DELETE FROM backfill_due")
        queue_spans(store, due)


def finish_span(store: Store, done: DueSpan, rest: DueSpan | None) -> None:
    """Remove a span that was derived, and queue the rest of it (None: no rest).

    Raises StoreError.
    """
    with store.transaction():
        store.execute(
            "DELETE FROM backfill_due WHERE icao24 = ? AND first_at = ? AND last_at = ?",
            _row(done),
        )
        queue_spans(store, () if rest is None else (rest,))


def finish_spans_within(store: Store, icao24: str, first_at: datetime, last_at: datetime) -> None:
    """Remove every span of an aircraft that lies within a time that was derived as a whole.

    Raises StoreError.
    """
    store.execute(
        "DELETE FROM backfill_due WHERE icao24 = ? AND first_at >= ? AND last_at <= ?",
        _row(DueSpan(icao24, first_at, last_at)),
    )


def store_touchdowns(store: Store, touchdowns_by_watch: Mapping[str, Iterable[datetime]]) -> None:
    """Store the touchdowns of changed landings, now and before the change, by watch.

    Raises StoreError.
    """
    for watch, moments in touchdowns_by_watch.items():
        for at in moments:
            store.execute(
                "INSERT OR IGNORE INTO backfill_touched VALUES (?, ?)", (watch, stamp(at))
            )


def touchdowns(store: Store) -> dict[str, list[datetime]]:
    """Return the touchdowns for which the rules must be evaluated, by watch. Raises StoreError."""
    found: dict[str, list[datetime]] = {}
    for row in store.execute("SELECT * FROM backfill_touched ORDER BY watch, touchdown_at"):
        found.setdefault(row["watch"], []).append(moment(row["touchdown_at"]))
    return found


def clear_touchdowns(store: Store) -> None:
    """Delete the stored touchdowns, once the rules are evaluated for them. Raises StoreError."""
    store.execute("DELETE FROM backfill_touched")


def _row(due: DueSpan) -> tuple[str, str, str]:
    return due.icao24, stamp(due.first_at), stamp(due.last_at)

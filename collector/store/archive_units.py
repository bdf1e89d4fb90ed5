"""Which units of archives were read, by which search, and which days do they cover?

A unit is `read` once all its reports and its coverage are stored, and `done` once the landings that
follow are derived and the rules evaluated. Each state is stored in the transaction of what it
claims, so that a run that is killed continues where it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.store.database import Store
from collector.store.encoding import stamp, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRead:
    """One unit that was read to its end."""

    key: str
    """Identifies the content."""
    kind: str
    """The command that read it: `traces` …"""
    feed: str
    name: str
    fingerprint: str
    """Identifies the search: the watches, airfields and rules by which the unit was read."""
    begun_at: datetime
    size_bytes: int
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Traces that the search for any aircraft passed over without reading them."""
    reports: int = 0
    slots: int = 0
    """Five-minute slots in which an aircraft near an airfield was received."""
    skipped: int = 0
    problem: str | None = None
    """The first part that could not be read, and why."""
    days: frozenset[date] = field(default=frozenset())
    """UTC days that the unit covers."""
    followed: int = 0
    """How many of the stored matches the search knew (`followed.last_number`)."""


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit as an earlier run, or an earlier part of this one, stored it."""

    name: str
    fingerprint: str
    done: bool
    skipped: int
    problem: str | None
    followed: int = 0


def store_unit(store: Store, unit: UnitRead) -> None:
    """Store a unit as read, in place of its earlier state. Raises StoreError."""
    with store.transaction():
        store.execute("DELETE FROM backfill_units WHERE key = ?", (storable(unit.key),))
        store.execute(
            "INSERT INTO backfill_units VALUES "
            "(?, ?, ?, ?, 'read', ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                storable(unit.key),
                unit.kind,
                unit.feed,
                storable(unit.name),
                unit.fingerprint,
                stamp(unit.begun_at),
                unit.size_bytes,
                unit.traces,
                unit.sampled,
                unit.passed,
                unit.reports,
                unit.slots,
                unit.skipped,
                storable(unit.problem),
                unit.followed,
            ),
        )
        for day in unit.days:
            store.execute(
                "INSERT INTO backfill_days VALUES (?, ?)", (day.isoformat(), storable(unit.key))
            )


def stored_units(store: Store, keys: Iterable[str]) -> dict[str, StoredUnit]:
    """Return those of these units that are stored, by key. Raises StoreError."""
    found = {}
    for key in keys:
        for row in store.execute(
            "SELECT name, fingerprint, state, skipped, problem, followed FROM backfill_units "
            "WHERE key = ?",
            (storable(key),),
        ):
            done = row["state"] == "done"
            found[key] = StoredUnit(
                row["name"],
                row["fingerprint"],
                done,
                row["skipped"],
                row["problem"],
                row["followed"],
            )
    return found


def days_of(store: Store, key: str) -> list[date]:
    """Return the UTC days that a stored unit covers, in order. Raises StoreError."""
    rows = store.execute(
        "SELECT day FROM backfill_days WHERE unit = ? ORDER BY day", (storable(key),)
    )
    return [date.fromisoformat(row["day"]) for row in rows]


def store_followed(store: Store, keys: Iterable[str], number: int) -> None:
    """Store that these units were also read for all aircraft followed up to that number.

    Raises StoreError.
    """
    store.execute_many(
        "UPDATE backfill_units SET followed = max(followed, ?) WHERE key = ?",
        ((number, storable(key)) for key in keys),
    )


def days_read(store: Store) -> list[date]:
    """Return the UTC days of all units that are read and not done yet. Raises StoreError."""
    rows = store.execute(
        "SELECT DISTINCT d.day FROM backfill_days AS d JOIN backfill_units AS u ON u.key = d.unit "
        "WHERE u.state = 'read' ORDER BY d.day"
    )
    return [date.fromisoformat(row["day"]) for row in rows]


def finish_units(store: Store, at: datetime) -> int:
    """Mark every unit that is read as done; return their number. Raises StoreError."""
    rows = store.execute(
        "UPDATE backfill_units SET state = 'done', done_at = ? WHERE state = 'read' RETURNING 1",
        (stamp(at),),
    )
    return len(rows)


def has_unfinished(store: Store) -> bool:
    """Return whether there are units whose landings are not derived yet. Raises StoreError."""
    return bool(store.execute("SELECT 1 FROM backfill_units WHERE state = 'read' LIMIT 1"))


def days(store: Store, first: date, last: date) -> frozenset[date]:
    """Return the days from `first` to `last` that units which are done cover. Raises StoreError."""
    rows = store.execute(
        "SELECT DISTINCT d.day FROM backfill_days AS d JOIN backfill_units AS u ON u.key = d.unit "
        "WHERE u.state = 'done' AND d.day BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat()),
    )
    return frozenset(date.fromisoformat(row["day"]) for row in rows)


def feeds(store: Store) -> frozenset[str]:
    """Return the feed names under which reports from archives are stored. Raises StoreError."""
    rows = store.execute("SELECT DISTINCT feed FROM backfill_units")
    return frozenset(row["feed"] for row in rows)

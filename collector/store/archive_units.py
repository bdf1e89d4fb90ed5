"""Which units of archives were read, by which search, and of which days do they tell?

A unit is `read` once all its reports and hearings are stored, and `done` once the landings that
follow are derived and the rules were asked. Both are stored with what they say, in one
transaction: a run that is killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.store.database import Store
from collector.store.encoding import stamp, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRead:
    """One unit, wholly read."""

    key: str
    """Identity of the content."""
    kind: str
    """The command that read it: `traces` …"""
    feed: str
    name: str
    fingerprint: str
    """Of what was looked for, and by which rules."""
    begun_at: datetime
    size_bytes: int
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Passed over by the search for any aircraft: unread."""
    reports: int = 0
    heard: int = 0
    """Five minutes in which it proves that somebody was heard near."""
    skipped: int = 0
    problem: str | None = None
    """The first thing that could not be read."""
    days: frozenset[date] = field(default=frozenset())
    """UTC days it tells of."""


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """What an earlier run, or an earlier part of this one, made of a unit."""

    name: str
    fingerprint: str
    done: bool
    skipped: int
    problem: str | None


def store_unit(store: Store, unit: UnitRead) -> None:
    """The unit is read; what was known of it before is replaced. Raises StoreError."""
    with store.transaction():
        store.execute("DELETE FROM backfill_units WHERE key = ?", (storable(unit.key),))
        store.execute(
            "INSERT INTO backfill_units VALUES "
            "(?, ?, ?, ?, 'read', ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                unit.heard,
                unit.skipped,
                storable(unit.problem),
            ),
        )
        for day in unit.days:
            store.execute(
                "INSERT INTO backfill_days VALUES (?, ?)", (day.isoformat(), storable(unit.key))
            )


def stored_units(store: Store, keys: Iterable[str]) -> dict[str, StoredUnit]:
    """What is known of these units, by key. Raises StoreError."""
    found = {}
    for key in keys:
        for row in store.execute(
            "SELECT name, fingerprint, state, skipped, problem FROM backfill_units WHERE key = ?",
            (storable(key),),
        ):
            done = row["state"] == "done"
            found[key] = StoredUnit(
                row["name"], row["fingerprint"], done, row["skipped"], row["problem"]
            )
    return found


def finish_units(store: Store, at: datetime) -> int:
    """Every unit that is read is done now; how many these are. Raises StoreError."""
    rows = store.execute(
        "UPDATE backfill_units SET state = 'done', done_at = ? WHERE state = 'read' RETURNING 1",
        (stamp(at),),
    )
    return len(rows)


def has_unfinished(store: Store) -> bool:
    """Whether units were read whose landings are not derived yet. Raises StoreError."""
    return bool(store.execute("SELECT 1 FROM backfill_units WHERE state = 'read' LIMIT 1"))


def days(store: Store, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` that units which are done tell of. Raises StoreError."""
    rows = store.execute(
        "SELECT DISTINCT d.day FROM backfill_days AS d JOIN backfill_units AS u ON u.key = d.unit "
        "WHERE u.state = 'done' AND d.day BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat()),
    )
    return frozenset(date.fromisoformat(row["day"]) for row in rows)


def feeds(store: Store) -> frozenset[str]:
    """The names under which reports from archives are stored. Raises StoreError."""
    rows = store.execute("SELECT DISTINCT feed FROM backfill_units")
    return frozenset(row["feed"] for row in rows)

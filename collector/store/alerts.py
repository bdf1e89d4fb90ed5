"""What is the state of each alert, and which rules are muted? One row a rule and window."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from collector.alerts.lifecycle import AlertState, Ending, Status
from collector.store.database import Store
from collector.store.encoding import (
    from_json,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    to_json,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A rule that sends no mails until a time; the newest mute of a rule is in force."""

    watch: str
    rule: str | None
    """None: every rule of the watch."""
    muted_at: datetime
    until_at: datetime
    note: str


def load_states(
    store: Store,
    watch: str | None = None,
    rule: str | None = None,
    status: Status | None = None,
) -> list[AlertState]:
    """Return every state, or those of one watch, rule or status, oldest window first.

    Raises StoreError.
    """
    filters = {"watch": watch, "rule": rule, "status": status}
    given = {column: value for column, value in filters.items() if value is not None}
    conditions = " AND ".join(["TRUE", *(f"{column} = :{column}" for column in given)])
    rows = store.execute(
        f"SELECT * FROM alert_states WHERE {conditions} ORDER BY begin_at, watch, rule, window",
        given,
    )
    return [_state(row) for row in rows]


def save_state(store: Store, state: AlertState) -> None:
    """Store a state; the note of its acknowledgement stays. Raises StoreError."""
    store.execute(
        "INSERT INTO alert_states (watch, rule, window, status, count, at_most, level, begin_at, "
        "end_at, since_at, changed_at, told_json, reached_at, ended_because, acknowledged_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "status = excluded.status, count = excluded.count, at_most = excluded.at_most, "
        "level = excluded.level, begin_at = excluded.begin_at, end_at = excluded.end_at, "
        "since_at = excluded.since_at, changed_at = excluded.changed_at, "
        "told_json = excluded.told_json, reached_at = excluded.reached_at, "
        "ended_because = excluded.ended_because, acknowledged_at = excluded.acknowledged_at",
        (
            state.watch,
            state.rule,
            state.window,
            state.status.value,
            state.count,
            state.at_most,
            state.level,
            stamp(state.begin),
            stamp(state.end),
            stamp(state.since_at),
            stamp(state.changed_at),
            to_json(state.told),
            stamp_or_none(state.reached_at),
            state.ended_because,
            stamp_or_none(state.acknowledged_at),
        ),
    )


def acknowledge(
    store: Store, watch: str, rule: str, window: str, at: datetime, *, note: str = ""
) -> bool:
    """Store that a person acknowledged an alert; return False if there is no such state.

    Raises StoreError.
    """
    return bool(
        store.execute(
            "UPDATE alert_states SET acknowledged_at = ?, acknowledged_note = ? "
            "WHERE watch = ? AND rule = ? AND window = ? RETURNING 1",
            (stamp(at), note, watch, rule, window),
        )
    )


def mute(
    store: Store, watch: str, rule: str | None, until: datetime, note: str, *, at: datetime
) -> None:
    """Mute a rule (None: all rules of the watch) until a time, in place of any mute that it had.

    Raises StoreError.
    """
    store.execute(
        "INSERT INTO mutes (watch, rule, muted_at, until_at, note) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET muted_at = excluded.muted_at, until_at = excluded.until_at, "
        "note = excluded.note",
        (watch, rule or "", stamp(at), stamp(until), note),
    )


def unmute(store: Store, watch: str, rule: str | None) -> bool:
    """End the mute of a rule (None: of the whole watch); return False if there is no such mute.

    Raises StoreError.
    """
    return bool(
        store.execute(
            "DELETE FROM mutes WHERE watch = ? AND rule = ? RETURNING 1", (watch, rule or "")
        )
    )


def mutes(store: Store, now: datetime) -> list[Mute]:
    """Return the mutes in force at `now`, by watch and rule. Raises StoreError."""
    return [
        Mute(
            watch=row["watch"],
            rule=row["rule"] or None,
            muted_at=moment(row["muted_at"]),
            until_at=moment(row["until_at"]),
            note=row["note"],
        )
        for row in store.execute(
            "SELECT * FROM mutes WHERE until_at > ? ORDER BY watch, rule", (stamp(now),)
        )
    ]


def mute_of(store: Store, watch: str, rule: str, now: datetime) -> Mute | None:
    """Return the mute of one rule in force at `now`, None if it is not muted. Raises StoreError."""
    return next(
        (mute for mute in mutes(store, now) if mute.watch == watch and mute.rule in (None, rule)),
        None,
    )


def _state(row: sqlite3.Row) -> AlertState:
    return AlertState(
        watch=row["watch"],
        rule=row["rule"],
        window=row["window"],
        status=Status(row["status"]),
        count=row["count"],
        at_most=row["at_most"],
        level=row["level"],
        begin=moment(row["begin_at"]),
        end=moment(row["end_at"]),
        since_at=moment(row["since_at"]),
        changed_at=moment(row["changed_at"]),
        told=from_json(row["told_json"], tuple[str, ...]),
        reached_at=moment_or_none(row["reached_at"]),
        ended_because=Ending(row["ended_because"]) if row["ended_because"] else None,
        acknowledged_at=moment_or_none(row["acknowledged_at"]),
    )

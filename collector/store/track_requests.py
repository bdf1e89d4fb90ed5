"""Which full tracks are owed, and what became of those that were? Each noted once, and kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from collector.model import Landing
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, stamp_or_none, storable

NEAR_VISIT = timedelta(minutes=30)
"""A silence so near to a visit is that visit's: what is fetched moves both ends."""
LONGEST_SILENCE = timedelta(days=7)
"""No silence is longer: derivations look back six days at most (`windows.FURTHEST`)."""
MAX_DUE = 500
"""So many are looked at at once: a fleet owes a handful, most of them of a feed that must wait."""


def store_requests(store: Store, fetches: Iterable[TrackRequest]) -> None:
    """Store fetches as they are now; of one aircraft, silence, reason and feed there is one.

    Raises StoreError.
    """
    with store.transaction():
        for one in fetches:
            values = _values(one)
            store.execute(
                f"INSERT OR REPLACE INTO fetches VALUES ({', '.join('?' * len(values))})", values
            )


def overlapping(store: Store, icao24: str, begin: datetime, end: datetime) -> list[TrackRequest]:
    """Those of an aircraft whose silence, as known when they were owed, has a part in
    `[begin, end]`; oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM fetches WHERE icao24 = ? AND begins_at BETWEEN ? AND ? "
        "AND coalesce(ends_at, owed_at) >= ? ORDER BY begins_at, why, feed",
        (icao24, stamp(begin - LONGEST_SILENCE), stamp(end), stamp(begin)),
    )
    return [_request(row) for row in rows]


def requests_around(store: Store, landing: Landing) -> list[TrackRequest]:
    """What was owed for the silence of a landing, and what became of it. Raises StoreError."""
    visit = landing.detection
    return overlapping(
        store, visit.icao24, visit.visit_from - NEAR_VISIT, visit.visit_until + NEAR_VISIT
    )


def due(store: Store, now: datetime) -> list[TrackRequest]:
    """Those that are owed and may be asked for, the longest due first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM fetches WHERE state = 'owed' AND due_at <= ? "
        "ORDER BY due_at, icao24, begins_at, why, feed LIMIT ?",
        (stamp(now), MAX_DUE),
    )
    return [_request(row) for row in rows]


def refused_at(store: Store, feed: str) -> datetime | None:
    """When a feed last refused a trace; None if it never did. Raises StoreError."""
    rows = store.execute(
        "SELECT max(refused_at) AS at FROM fetches WHERE feed = ? AND refused_at IS NOT NULL",
        (feed,),
    )
    return moment_or_none(rows[0]["at"])


def counts(store: Store, since: datetime) -> dict[TrackRequestState, int]:
    """How many that came to be owed since then stand in each state. Raises StoreError."""
    rows = store.execute(
        "SELECT state, count(*) AS n FROM fetches WHERE owed_at >= ? GROUP BY state",
        (stamp(since),),
    )
    found = {row["state"]: row["n"] for row in rows}
    return {state: found.get(state.value, 0) for state in TrackRequestState}


def _values(one: TrackRequest) -> tuple[object, ...]:
    return (
        one.icao24,
        one.feed,
        one.reason.value,
        stamp(one.begins_at),
        stamp_or_none(one.ends_at),
        stamp(one.owed_at),
        stamp(one.due_at),
        one.tries,
        one.state.value,
        stamp_or_none(one.ended_at),
        one.points,
        stamp_or_none(one.first_at),
        stamp_or_none(one.last_at),
        storable(one.url),
        storable(one.detail) or "",
        stamp_or_none(one.refused_at),
    )


def _request(row: sqlite3.Row) -> TrackRequest:
    return TrackRequest(
        icao24=row["icao24"],
        feed=row["feed"],
        reason=RequestReason(row["why"]),
        begins_at=moment(row["begins_at"]),
        ends_at=moment_or_none(row["ends_at"]),
        owed_at=moment(row["owed_at"]),
        due_at=moment(row["due_at"]),
        tries=row["tries"],
        state=TrackRequestState(row["state"]),
        ended_at=moment_or_none(row["ended_at"]),
        points=row["points"],
        first_at=moment_or_none(row["first_at"]),
        last_at=moment_or_none(row["last_at"]),
        url=row["url"],
        detail=row["detail"],
        refused_at=moment_or_none(row["refused_at"]),
    )

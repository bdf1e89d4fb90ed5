"""Which full tracks were requested, and how did each request end? One row each, and kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from collector.model import Landing
from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, stamp_or_none, storable

NEAR_VISIT = timedelta(minutes=30)
"""A silence so near to a visit belongs to it: a fetched track moves the ends of both."""
LONGEST_FETCHED_SILENCE = timedelta(days=7)
"""A silence that began longer ago is of no use to a landing: the longest stay that the rules
recognise is 4 days."""
MAX_DUE = 500
"""Requests read at once: a fleet has a handful, most of them of a feed that must wait."""


def store_requests(store: Store, requests: Iterable[TrackRequest]) -> None:
    """Store requests; there is one for each aircraft, silence, reason and feed.

    Raises StoreError.
    """
    with store.transaction():
        for request in requests:
            values = _values(request)
            store.execute(
                f"INSERT OR REPLACE INTO fetches VALUES ({', '.join('?' * len(values))})", values
            )


def overlapping(store: Store, icao24: str, begin: datetime, end: datetime) -> list[TrackRequest]:
    """Return the requests of an aircraft whose silence overlaps `[begin, end]`, oldest first.

    The silence is the one known when the track was requested. Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM fetches WHERE icao24 = ? AND begins_at BETWEEN ? AND ? "
        "AND coalesce(ends_at, owed_at) >= ? ORDER BY begins_at, why, feed",
        (icao24, stamp(begin - LONGEST_FETCHED_SILENCE), stamp(end), stamp(begin)),
    )
    return [_request(row) for row in rows]


def requests_around(store: Store, landing: Landing) -> list[TrackRequest]:
    """Return the requests for the silences of a landing's visit. Raises StoreError."""
    visit = landing.detection
    return overlapping(
        store, visit.icao24, visit.visit_from - NEAR_VISIT, visit.visit_until + NEAR_VISIT
    )


def due(store: Store, now: datetime) -> list[TrackRequest]:
    """Return the requests that are due, the longest due first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM fetches WHERE state = 'owed' AND due_at <= ? "
        "ORDER BY due_at, icao24, begins_at, why, feed LIMIT ?",
        (stamp(now), MAX_DUE),
    )
    return [_request(row) for row in rows]


def refused_at(store: Store, feed: str) -> datetime | None:
    """Return when a feed last refused a full track, None if it never did. Raises StoreError."""
    rows = store.execute(
        "SELECT max(refused_at) AS at FROM fetches WHERE feed = ? AND refused_at IS NOT NULL",
        (feed,),
    )
    return moment_or_none(rows[0]["at"])


def counts(store: Store, since: datetime) -> dict[TrackRequestState, int]:
    """Return how many requests made since then are in each state. Raises StoreError."""
    rows = store.execute(
        "SELECT state, count(*) AS n FROM fetches WHERE owed_at >= ? GROUP BY state",
        (stamp(since),),
    )
    found = {row["state"]: row["n"] for row in rows}
    return {state: found.get(state.value, 0) for state in TrackRequestState}


def _values(request: TrackRequest) -> tuple[object, ...]:
    return (
        request.icao24,
        request.feed,
        request.reason.value,
        stamp(request.begins_at),
        stamp_or_none(request.ends_at),
        stamp(request.owed_at),
        stamp(request.due_at),
        request.tries,
        request.state.value,
        stamp_or_none(request.ended_at),
        request.points,
        stamp_or_none(request.first_at),
        stamp_or_none(request.last_at),
        storable(request.url),
        storable(request.detail) or "",
        stamp_or_none(request.refused_at),
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

"""How does each feed answer? Its last polls, its backing off, and today's use of its budget."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collector.model.reply import Outcome
from collector.store import meta
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable

POLLS_KEPT_FOR = timedelta(days=3)
"""Older polls are deleted; their coverage and spending stay."""


LONGEST_BACKOFF = timedelta(hours=48)
"""Longer than any backing off: a later end was set by a clock that ran ahead."""


_LATE_AFTER = "late_after_s"
"""Key of the time, in seconds, after which the daemon misses the next reply."""


def store_late_after(store: Store, late_after: timedelta) -> None:
    """Store how long after a reply the next one is late. Raises StoreError."""
    text = f"{late_after.total_seconds():.0f}"
    if meta.get_value(store, _LATE_AFTER) != text:
        meta.set_value(store, _LATE_AFTER, text)


def late_after(store: Store) -> timedelta:
    """Return how long after a reply the next one is late, as the daemon stored it; at first zero.

    Raises StoreError.
    """
    return timedelta(seconds=float(meta.get_value(store, _LATE_AFTER) or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """The present state of one feed."""

    feed: str
    last_poll_at: datetime | None = None
    last_outcome: Outcome | None = None
    last_detail: str | None = None
    last_ok_at: datetime | None = None
    last_failure: str | None = None
    """The outcome and detail of the last failure."""
    failing_since_at: datetime | None = None
    """Time of the first of the failures in a row; None while the feed answers."""
    failures: int = 0
    """Number of failures in a row."""
    parked_until: datetime | None = None
    parked_why: str | None = None

    def is_backing_off(self, now: datetime) -> bool:
        """Return whether the feed must not be asked at `now`."""
        until = self.parked_until
        return until is not None and now < until <= now + LONGEST_BACKOFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of one feed."""

    feed: str
    at: datetime
    outcome: Outcome
    detail: str
    requests: int
    cost: int


_POLLED = """
INSERT INTO feeds (feed, last_poll_at, last_outcome, last_detail, last_ok_at, last_failure_at,
    last_failure, failing_since_at, failures)
VALUES (:feed, :at, :outcome, :detail, iif(:ok, :at, NULL), iif(:ok, NULL, :at),
    iif(:ok, NULL, :failure), iif(:ok, NULL, :at), iif(:ok, 0, 1))
ON CONFLICT (feed) DO UPDATE SET
    last_poll_at = :at, last_outcome = :outcome, last_detail = :detail,
    last_ok_at = iif(:ok, :at, last_ok_at),
    last_failure_at = iif(:ok, last_failure_at, :at),
    last_failure = iif(:ok, last_failure, :failure),
    failing_since_at = iif(:ok, NULL, coalesce(failing_since_at, :at)),
    failures = iif(:ok, 0, failures + 1)
"""


def store_poll(
    store: Store,
    feed: str,
    at: datetime,
    outcome: Outcome,
    detail: str = "",
    *,
    requests: int = 1,
    cost: int = 1,
) -> None:
    """Store one poll: its outcome, and what it took from the day's budget.

    Raises StoreError.
    """
    detail = storable(detail) or ""
    with store.transaction():
        store.execute(
            _POLLED,
            {
                "feed": feed,
                "at": stamp(at),
                "outcome": outcome.value,
                "detail": detail,
                "ok": outcome.alive,
                "failure": f"{outcome.value}: {detail}" if detail else outcome.value,
            },
        )
        store.execute(
            "INSERT INTO polls (feed, at, outcome, detail, requests, cost) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (feed, stamp(at), outcome.value, detail, requests, cost),
        )
        store.execute(
            "DELETE FROM polls WHERE feed = ? AND at < ?", (feed, stamp(at - POLLS_KEPT_FOR))
        )
        store.execute(
            "INSERT INTO spending VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "requests = requests + excluded.requests, cost = cost + excluded.cost",
            (feed, _day(at), requests, cost),
        )


def state(store: Store, feed: str) -> FeedState:
    """Return one feed; a feed that was never polled has only its name. Raises StoreError."""
    rows = store.execute("SELECT * FROM feeds WHERE feed = ?", (feed,))
    return _state(rows[0]) if rows else FeedState(feed=feed)


def last_ok_at(store: Store) -> datetime | None:
    """Return when a feed, of today or of then, last gave a reply; None if none ever did.

    Raises StoreError.
    """
    return moment_or_none(store.execute("SELECT max(last_ok_at) AS at FROM feeds")[0]["at"])


def states(store: Store) -> list[FeedState]:
    """Return every feed that was ever polled or backed off, by name. Raises StoreError."""
    return [_state(row) for row in store.execute("SELECT * FROM feeds ORDER BY feed")]


def failures_with(store: Store, feed: str, outcome: Outcome) -> int:
    """Return how many polls have had this outcome since the feed last answered, as far as kept.

    Raises StoreError.
    """
    answers = [each.value for each in Outcome if each.alive]
    rows = store.execute(
        "SELECT count(*) AS failed FROM polls WHERE feed = ? AND outcome = ? AND number > coalesce("
        "(SELECT max(number) FROM polls WHERE feed = ? AND outcome IN "
        f"({', '.join('?' * len(answers))})), 0)",
        (feed, outcome.value, feed, *answers),
    )
    return int(rows[0]["failed"])


def polls(store: Store, feed: str | None = None, limit: int = 20) -> list[Poll]:
    """Return the last polls of one feed or of all, newest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM polls "
        + ("" if feed is None else "WHERE feed = ? ")
        + "ORDER BY at DESC, number DESC LIMIT ?",
        (limit,) if feed is None else (feed, limit),
    )
    return [
        Poll(
            feed=row["feed"],
            at=moment(row["at"]),
            outcome=Outcome(row["outcome"]),
            detail=row["detail"],
            requests=row["requests"],
            cost=row["cost"],
        )
        for row in rows
    ]


def recent_polls(store: Store, since: datetime) -> dict[tuple[str, Outcome], int]:
    """Return how many polls of each feed since then had which outcome, as far as kept.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT feed, outcome, count(*) AS polls FROM polls WHERE at >= ? GROUP BY feed, outcome",
        (stamp(since),),
    )
    return {(row["feed"], Outcome(row["outcome"])): row["polls"] for row in rows}


def last_heard(store: Store) -> dict[str, datetime]:
    """Return when each feed last gave a reply with an aircraft, as far as polls are kept.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT feed, max(at) AS at FROM polls WHERE outcome = ? GROUP BY feed",
        (Outcome.HEARD.value,),
    )
    return {row["feed"]: moment(row["at"]) for row in rows}


def requests_made(store: Store) -> dict[str, int]:
    """Return how many requests were ever made to each feed. Raises StoreError."""
    rows = store.execute("SELECT feed, sum(requests) AS requests FROM spending GROUP BY feed")
    return {row["feed"]: row["requests"] for row in rows}


def spending(store: Store, feed: str, day: date | datetime) -> int:
    """Return what was spent of a feed's budget on that day (UTC), in the budget's unit.

    Raises StoreError.
    """
    rows = store.execute("SELECT cost FROM spending WHERE feed = ? AND day = ?", (feed, _day(day)))
    return rows[0]["cost"] if rows else 0


def store_spending(store: Store, feed: str, at: datetime, cost: int) -> None:
    """Store what a request takes from the day's budget, before it is made.

    `store_poll` then adds only what the request took besides. Raises StoreError.
    """
    store.execute(
        "INSERT INTO spending VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET "
        "cost = cost + excluded.cost",
        (feed, _day(at), cost),
    )


def back_off(store: Store, feed: str, until: datetime, why: str) -> None:
    """Store that a feed is not asked before `until`, also after a restart. Raises StoreError."""
    store.execute(
        "INSERT INTO feeds (feed, failures, parked_until, parked_why) VALUES (?, 0, ?, ?) "
        "ON CONFLICT DO UPDATE SET parked_until = excluded.parked_until, "
        "parked_why = excluded.parked_why",
        (feed, stamp(until), storable(why)),
    )


def end_back_off(store: Store, feed: str) -> None:
    """Store that a feed may be asked again. Raises StoreError."""
    store.execute("UPDATE feeds SET parked_until = NULL, parked_why = NULL WHERE feed = ?", (feed,))


def _day(at: date | datetime) -> str:
    return (at.astimezone(UTC).date() if isinstance(at, datetime) else at).isoformat()


def _state(row: sqlite3.Row) -> FeedState:
    return FeedState(
        feed=row["feed"],
        last_poll_at=moment_or_none(row["last_poll_at"]),
        last_outcome=None if row["last_outcome"] is None else Outcome(row["last_outcome"]),
        last_detail=row["last_detail"],
        last_ok_at=moment_or_none(row["last_ok_at"]),
        last_failure=row["last_failure"],
        failing_since_at=moment_or_none(row["failing_since_at"]),
        failures=row["failures"],
        parked_until=moment_or_none(row["parked_until"]),
        parked_why=row["parked_why"],
    )

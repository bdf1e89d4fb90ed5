"""Which mails wait to be sent, and which were sent? Each at least once, and each key once for ever.

The sender calls `due`, then for each mail `claim`, sends it, and calls `mark_sent` (or
`mark_retry`, or `mark_failed`). A claim only moves the row ahead in time, so that two senders do
not send the same mail at once, and a mail that kills its sender does not keep the others waiting.
No mail counts as sent before the server accepted it: after a crash in between it still waits.
A dropped mail is kept with its key and is sent only after `retry`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable

LONGEST_WAIT = timedelta(hours=2)
"""Longer than any pause between two attempts: a later time was set by a clock that ran ahead."""
LEASE = timedelta(minutes=10)
"""How far a claim moves a mail ahead: longer than sending takes (RFC 5321 §4.5.3.2 allows
ten minutes after the last byte). A crash while sending delays the mail by so much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One mail of the outbox and its state."""

    owed: Owed
    state: str
    """`owed`: it waits to be sent; `sent`; `failed`: a person must see to it, then `retry`;
    `dropped`: it is not sent, and `last_error` says why."""
    attempts: int
    """Attempts begun so far."""
    next_at: datetime
    sent_at: datetime | None
    message_id: str | None
    """The Message-ID under which it was sent."""
    last_error: str | None

    @property
    def key(self) -> str:
        """The notice's key."""
        return self.owed.key


def owe(store: Store, notice: Owed, dropped: str = "") -> bool:
    """Queue a mail; return False, and change nothing, if its key was ever used before.

    `dropped` says why the mail is only kept and not sent; empty: it is sent. Call it in the
    transaction that stores the cause of the mail. Raises StoreError.
    """
    at = stamp(notice.created_at)
    return bool(
        store.execute(
            "INSERT INTO outbox (key, recipient, address, subject, text, html, created_at, state, "
            "attempts, next_at, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) "
            "ON CONFLICT (key) DO NOTHING RETURNING 1",
            (
                storable(notice.key),
                notice.recipient.name,
                notice.recipient.address,
                storable(notice.message.subject),
                storable(notice.message.text),
                storable(notice.message.html),
                at,
                "dropped" if dropped else "owed",
                at,
                dropped or None,
            ),
        )
    )


def has_notice(store: Store, key: str) -> bool:
    """Return whether a mail of that key was ever queued. Raises StoreError."""
    return bool(store.execute("SELECT 1 FROM outbox WHERE key = ?", (key,)))


def was_mailed(store: Store, prefix: str) -> bool:
    """Return whether any mail whose key begins with `prefix` was sent or is to be sent.

    Raises StoreError.
    """
    first = storable(prefix) or ""
    return bool(
        store.execute(
            "SELECT 1 FROM outbox WHERE key >= ? AND key < ? AND state <> 'dropped' LIMIT 1",
            (first, first + "\U0010ffff"),
        )
    )


def due(store: Store, now: datetime, limit: int | None = None) -> list[OutboxItem]:
    """Return the mails to be sent now, those that waited longest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM outbox WHERE state = 'owed' AND next_at <= ? "
        "UNION ALL SELECT * FROM outbox WHERE state = 'owed' AND next_at > ? "
        "ORDER BY next_at, created_at, key LIMIT ?",
        (stamp(now), stamp(now + LONGEST_WAIT), -1 if limit is None else limit),
    )
    return [_item(row) for row in rows]


def claim(
    store: Store, item: OutboxItem, now: datetime, lease: timedelta = LEASE
) -> OutboxItem | None:
    """Claim a mail before sending it; return None if another sender has claimed it.

    Until `now + lease` the mail is not due for other senders. Raises StoreError.
    """
    rows = store.execute(
        "UPDATE outbox SET attempts = attempts + 1, next_at = ? "
        "WHERE key = ? AND state = 'owed' AND attempts = ? AND next_at = ? RETURNING *",
        (stamp(now + lease), item.key, item.attempts, stamp(item.next_at)),
    )
    return _item(rows[0]) if rows else None


def mark_sent(store: Store, key: str, at: datetime, message_id: str | None = None) -> bool:
    """Store that the server accepted a mail; return False if no such mail waits.

    It may have been dropped while it was sent. Raises StoreError.
    """
    return bool(
        store.execute(
            "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, last_error = NULL "
            "WHERE key = ? AND state IN ('owed', 'dropped') RETURNING 1",
            (stamp(at), message_id, key),
        )
    )


def mark_retry(store: Store, key: str, next_at: datetime, error: str) -> bool:
    """Store that a mail was not sent and is tried again at `next_at`.

    Returns False if no such mail waits. Raises StoreError.
    """
    return _update(store, key, "next_at = ?, last_error = ?", stamp(next_at), storable(error))


def mark_failed(store: Store, key: str, error: str) -> bool:
    """Store that a mail has no such recipient; return False if no such mail waits.

    Raises StoreError.
    """
    return _update(store, key, "state = 'failed', last_error = ?", storable(error))


def retry(store: Store, key: str, now: datetime) -> bool:
    """Let a mail that was not sent be due at once; return False if it was sent or is unknown.

    Raises StoreError.
    """
    return bool(
        store.execute(
            "UPDATE outbox SET state = 'owed', next_at = ? "
            "WHERE key = ? AND state <> 'sent' RETURNING 1",
            (stamp(now), key),
        )
    )


def drop(store: Store, key: str, reason: str) -> bool:
    """Drop a mail that waits or failed, for `reason`; return False if there is no such mail.

    Raises StoreError.
    """
    return bool(
        store.execute(
            "UPDATE outbox SET state = 'dropped', last_error = ? "
            "WHERE key = ? AND state IN ('owed', 'failed') RETURNING 1",
            (storable(reason), key),
        )
    )


def waiting_since(store: Store, before: datetime) -> tuple[int, datetime | None]:
    """Return how many waiting mails were created before a time, and when the oldest one was.

    Raises StoreError.
    """
    (row,) = store.execute(
        "SELECT count(*) AS mails, min(created_at) AS oldest FROM outbox "
        "WHERE state = 'owed' AND created_at < ?",
        (stamp(before),),
    )
    return row["mails"], moment_or_none(row["oldest"])


def get(store: Store, key: str) -> OutboxItem | None:
    """Return one mail, None if there is none of that key. Raises StoreError."""
    rows = store.execute("SELECT * FROM outbox WHERE key = ?", (key,))
    return _item(rows[0]) if rows else None


def has_stuck(store: Store, address: str, tries: int) -> bool:
    """Return whether a mail to an address waits after at least so many tries. Raises StoreError."""
    return bool(
        store.execute(
            "SELECT 1 FROM outbox WHERE state = 'owed' AND address = ? AND attempts >= ? LIMIT 1",
            (address, tries),
        )
    )


def readdress(store: Store, key: str, address: str) -> bool:
    """Store the corrected address of a mail; return False if no such mail waits.

    Raises StoreError.
    """
    return _update(store, key, "address = ?", address)


def listing(store: Store, state: str | None = None, limit: int | None = None) -> list[OutboxItem]:
    """Return all mails, or those in one state, newest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM outbox WHERE :state IS NULL OR state = :state "
        "ORDER BY created_at DESC, key LIMIT :limit",
        {"state": state, "limit": -1 if limit is None else limit},
    )
    return [_item(row) for row in rows]


def unsent(store: Store) -> dict[str, int]:
    """Return how many mails wait and how many failed, by state. Raises StoreError."""
    # The states are literals so that SQLite uses the partial indexes: sent mails are not read.
    rows = store.execute(
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'owed') AS owed, "
        "(SELECT count(*) FROM outbox WHERE state = 'failed') AS failed"
    )
    return {state: rows[0][state] for state in ("owed", "failed")}


def _update(store: Store, key: str, changes: str, *values: str | None) -> bool:
    return bool(
        store.execute(
            f"UPDATE outbox SET {changes} WHERE key = ? AND state = 'owed' RETURNING 1",
            (*values, key),
        )
    )


def _item(row: sqlite3.Row) -> OutboxItem:
    return OutboxItem(
        owed=Owed(
            key=row["key"],
            recipient=Recipient(row["recipient"], row["address"]),
            message=Message(row["subject"], row["text"], row["html"]),
            created_at=moment(row["created_at"]),
        ),
        state=row["state"],
        attempts=row["attempts"],
        next_at=moment(row["next_at"]),
        sent_at=moment_or_none(row["sent_at"]),
        message_id=row["message_id"],
        last_error=row["last_error"],
    )

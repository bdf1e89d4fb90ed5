"""Which mails wait to be sent, and which were sent? Each at least once, and each key once for ever.

The sender calls `due`, then for each mail `claim`, sends it, and calls `mark_sent` (or
`mark_retry`, or `mark_failed`). A claim only moves the row ahead in time, so that two senders do
not send the same mail at once, and a mail that kills its sender does not keep the others waiting.
No mail counts as sent before the server accepted it: after a crash in between it still waits.
A dropped mail is kept with its key and is sent only after `retry`. Notices that leave in one mail
share its fate, which is that of the mail's own row (`mail_groups`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.model.notice import Grouping, Owed
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable, to_json
from collector.store.outbox_items import OutboxItem, item_of

LONGEST_WAIT = timedelta(hours=2)
"""Longer than any pause between two attempts: a later time was set by a clock that ran ahead."""
LEASE = timedelta(minutes=10)
"""How far a claim moves a mail ahead: longer than sending takes (RFC 5321 §4.5.3.2 allows
ten minutes after the last byte). A crash while sending delays the mail by so much."""

NEVER_MAILED = "the alert itself was not mailed"
"""Why a correction is dropped. If the alert is sent after all, so is the correction."""
_LAST = "\U0010ffff"
"""Sorts after every other character: the end of the keys that begin alike."""


def owe(store: Store, notice: Owed, dropped: str = "") -> bool:
    """Queue a mail; return False, and change nothing, if its key was ever used before.

    `dropped` says why the mail is only kept and not sent; empty: it is sent. Call it in the
    transaction that stores the cause of the mail. Raises StoreError.
    """
    at = stamp(notice.created_at)
    return bool(
        store.execute(
            "INSERT INTO outbox (key, recipient, address, subject, text, html, created_at, state, "
            "attempts, next_at, last_error, watch, thread, part_json, follows_json, pictures_json) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?) "
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
                *(_grouping_columns(notice.grouping)),
                to_json(notice.follows) if notice.follows else None,
                to_json(notice.message.illustrations) if notice.message.illustrations else None,
            ),
        )
    )


def has_notice(store: Store, key: str) -> bool:
    """Return whether a mail of that key was ever queued. Raises StoreError."""
    return bool(store.execute("SELECT 1 FROM outbox WHERE key = ?", (key,)))


def created_at(store: Store, key: str) -> datetime | None:
    """Return when the mail of that key was queued; None if it never was. Raises StoreError."""
    rows = store.execute("SELECT created_at FROM outbox WHERE key = ?", (key,))
    return moment(rows[0]["created_at"]) if rows else None


def has_notices(store: Store, prefix: str) -> bool:
    """Return whether a mail whose key begins with `prefix` was ever queued. Raises StoreError."""
    first = storable(prefix) or ""
    return bool(
        store.execute(
            "SELECT 1 FROM outbox WHERE key >= ? AND key < ? LIMIT 1", (first, first + _LAST)
        )
    )


def was_mailed(store: Store, prefix: str) -> bool:
    """Return whether any mail whose key begins with `prefix` was sent or is to be sent.

    Raises StoreError.
    """
    first = storable(prefix) or ""
    return bool(
        store.execute(
            "SELECT 1 FROM outbox WHERE key >= ? AND key < ? AND state <> 'dropped' LIMIT 1",
            (first, first + _LAST),
        )
    )


def due(store: Store, now: datetime, limit: int | None = None) -> list[OutboxItem]:
    """Return the mails to be sent now, those that waited longest first.

    Notices that leave in one mail are not among them; that mail is. Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM outbox WHERE state = 'owed' AND next_at <= ? AND part_json IS NULL "
        "UNION ALL SELECT * FROM outbox "
        "WHERE state = 'owed' AND next_at > ? AND part_json IS NULL "
        "ORDER BY next_at, created_at, key LIMIT ?",
        (stamp(now), stamp(now + LONGEST_WAIT), -1 if limit is None else limit),
    )
    return [item_of(row) for row in rows]


def claim(
    store: Store, item: OutboxItem, now: datetime, lease: timedelta = LEASE
) -> OutboxItem | None:
    """Claim a mail before sending it; return None if another sender has claimed it.

    Until `now + lease` the mail is not due for other senders. Raises StoreError.
    """
    with store.transaction():
        rows = store.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_at = ? "
            "WHERE key = ? AND state = 'owed' AND attempts = ? AND next_at = ? RETURNING *",
            (stamp(now + lease), item.key, item.attempts, stamp(item.next_at)),
        )
        if rows:
            store.execute(
                "UPDATE outbox SET attempts = ?, next_at = ? WHERE group_key = ?",
                (rows[0]["attempts"], rows[0]["next_at"], item.key),
            )
    return item_of(rows[0]) if rows else None


def mark_sent(store: Store, key: str, at: datetime, message_id: str | None = None) -> bool:
    """Store that the server accepted a mail; return False if no such mail waits.

    It may have been dropped while it was sent. Raises StoreError.
    """
    return bool(
        store.execute(
            "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, last_error = NULL "
            f"WHERE {_MAIL} AND state IN ('owed', 'dropped') RETURNING 1",
            (stamp(at), message_id, key, key),
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

    Of notices that leave in one mail, each stands for that mail. What was dropped because that mail
    had not been sent is due as well. Raises StoreError.
    """
    mail = mail_of(store, key)
    retried = store.execute(
        "UPDATE outbox SET state = 'owed', next_at = ? "
        f"WHERE {_MAIL} AND state <> 'sent' RETURNING recipient, watch, thread",
        (stamp(now), mail, mail),
    )
    for row in retried:
        store.execute(
            "UPDATE outbox SET state = 'owed', next_at = ?, last_error = NULL WHERE state = "
            "'dropped' AND last_error = ? AND recipient = ? AND watch = ? AND thread = ?",
            (stamp(now), NEVER_MAILED, row["recipient"], row["watch"], row["thread"]),
        )
    return bool(retried)


def drop(store: Store, key: str, reason: str) -> bool:
    """Drop a mail that waits or failed, for `reason`; return False if there is no such mail.

    Of notices that leave in one mail, each stands for that mail; once it is dropped, all are.
    Raises StoreError.
    """
    mail = mail_of(store, key)
    dropped = store.execute(
        "UPDATE outbox SET state = 'dropped', last_error = ? "
        f"WHERE {_MAIL} AND state IN ('owed', 'failed') RETURNING 1",
        (storable(reason), mail, mail),
    )
    item = get(store, key) if key != mail else None
    return bool(dropped) or (item is not None and item.state == "dropped")


def mail_of(store: Store, key: str) -> str:
    """Return the key of the mail with which a notice leaves: its own, or that of its group.

    Raises StoreError.
    """
    rows = store.execute("SELECT group_key FROM outbox WHERE key = ?", (key,))
    return (rows[0]["group_key"] if rows else None) or key


def waiting_since(store: Store, before: datetime) -> tuple[int, datetime | None]:
    """Return how many waiting mails were created before a time, and when the oldest one was.

    Raises StoreError.
    """
    (row,) = store.execute(
        "SELECT count(*) AS mails, min(created_at) AS oldest FROM outbox "
        "WHERE state = 'owed' AND created_at < ? AND group_key IS NULL",
        (stamp(before),),
    )
    return row["mails"], moment_or_none(row["oldest"])


def get(store: Store, key: str) -> OutboxItem | None:
    """Return one mail, None if there is none of that key. Raises StoreError."""
    rows = store.execute("SELECT * FROM outbox WHERE key = ?", (key,))
    return item_of(rows[0]) if rows else None


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


def listing(
    store: Store, state: str | None = None, limit: int | None = None, *, bound: bool = True
) -> list[OutboxItem]:
    """Return all mails, or those in one state, newest first, with the notices that leave with them.

    With `bound` False such notices are left out: each row is a mail. Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM outbox WHERE (:state IS NULL OR state = :state) "
        "AND (:bound OR group_key IS NULL) ORDER BY created_at DESC, key LIMIT :limit",
        {"state": state, "bound": bound, "limit": -1 if limit is None else limit},
    )
    return [item_of(row) for row in rows]


def keys(store: Store) -> set[str]:
    """Return the key of every mail and of every notice in one. Raises StoreError."""
    return {row["key"] for row in store.execute("SELECT key FROM outbox")}


def unsent(store: Store) -> dict[str, int]:
    """Return how many mails wait and how many failed, by state. Raises StoreError.

    A notice that is not yet bound to a mail counts as one.
    """
    # The states are literals so that SQLite uses the partial indexes: sent mails are not read.
    rows = store.execute(
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'owed' AND group_key IS NULL) AS owed, "
        "(SELECT count(*) FROM outbox WHERE state = 'failed' AND group_key IS NULL) AS failed"
    )
    return {state: rows[0][state] for state in ("owed", "failed")}


_MAIL = "(key = ? OR group_key = ?)"
"""The row of a mail, and those of the notices that leave with it."""


def _update(store: Store, key: str, changes: str, *values: str | None) -> bool:
    return bool(
        store.execute(
            f"UPDATE outbox SET {changes} WHERE {_MAIL} AND state = 'owed' RETURNING 1",
            (*values, key, key),
        )
    )


def _grouping_columns(grouping: Grouping | None) -> tuple[str | None, ...]:
    if grouping is None:
        return None, None, None
    return grouping.watch, grouping.thread, storable(grouping.part)

"""Which notices leave as one mail? Those of one recipient, watch and moment, bound in one
transaction before the first attempt.

Each notice is stored with its cause, under its own key (`outbox.owe`). A mail that is bound is
never changed: what comes later leaves with the next one. After a crash before that the notices
still wait to be bound; after a crash later the same mail is sent, under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.model.notice import Owed
from collector.store import outbox
from collector.store.database import Store
from collector.store.encoding import stamp, storable, to_json
from collector.store.outbox_items import OutboxItem, item_of


def unbound(store: Store) -> list[OutboxItem]:
    """Return the notices that wait to be bound to a mail, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM outbox WHERE state = 'owed' AND part_json IS NOT NULL AND group_key IS NULL "
        "ORDER BY created_at, key"
    )
    return [item_of(row) for row in rows]


def moment_after(store: Store, prefix: str, now: datetime) -> datetime:
    """Return `now`, or the first microsecond after it that no notice has whose key begins with
    `prefix`.

    Notices about one window are told in the order of their times, and two may arise at one moment:
    a landing is found, and rejected by what else is known then. Raises StoreError.
    """
    key = storable(prefix) or ""
    while store.execute(
        "SELECT 1 FROM outbox WHERE substr(key, 1, length(?1)) = ?1 AND created_at = ?2",
        (key, stamp(now)),
    ):
        now += timedelta(microseconds=1)
    return now


def bind(store: Store, mail: Owed, notices: Sequence[OutboxItem]) -> str | None:
    """Store a mail and bind these notices to it; return the key under which it is stored.

    If the key of `mail` was used before, a number is added to it. Returns None, and changes
    nothing, if one of the notices does not wait to be bound any more. Raises StoreError.
    """
    with store.transaction():
        waiting = {item.key for item in unbound(store)}
        if not waiting.issuperset(item.key for item in notices):
            return None
        key, number = mail.key, 2
        while outbox.has_notice(store, key):
            key, number = f"{mail.key}:{number}", number + 1
        outbox.owe(store, replace(mail, key=key))
        for item in notices:
            store.execute("UPDATE outbox SET group_key = ? WHERE key = ?", (key, item.key))
    return key


def mails_of_threads(store: Store, recipient: str, watch: str, threads: Iterable[str]) -> list[str]:
    """Return the keys of the mails to a recipient about these windows of a watch, oldest first.

    Dropped mails are left out: nobody has them. Raises StoreError.
    """
    rows = store.execute(
        "SELECT mail.key AS key FROM outbox AS mail WHERE mail.state <> 'dropped' AND mail.key IN ("
        "SELECT coalesce(group_key, key) FROM outbox WHERE watch = ? AND recipient = ? "
        "AND thread IN (SELECT value FROM json_each(?)) AND (group_key IS NOT NULL OR "
        "state = 'sent')) ORDER BY mail.created_at, mail.key",
        (watch, recipient, to_json(tuple(threads))),
    )
    return [row["key"] for row in rows]

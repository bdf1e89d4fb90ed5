"""What is stored of one mail of the outbox, or of one notice in it? An `OutboxItem` is its row."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from collector.model import Recipient
from collector.model.notice import Grouping, Illustration, Message, Owed
from collector.store.encoding import from_json, moment, moment_or_none


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
    group: str | None = None
    """The key of the mail that it leaves with; None: it is a mail, or waits to be bound to one."""

    @property
    def key(self) -> str:
        """The notice's key."""
        return self.owed.key


def item_of(row: sqlite3.Row) -> OutboxItem:
    """Return a mail from its row."""
    grouped = row["part_json"] is not None
    return OutboxItem(
        owed=Owed(
            key=row["key"],
            recipient=Recipient(row["recipient"], row["address"]),
            message=Message(
                row["subject"],
                row["text"],
                row["html"],
                from_json(row["pictures_json"] or "[]", tuple[Illustration, ...]),
            ),
            created_at=moment(row["created_at"]),
            grouping=Grouping(row["watch"], row["thread"], row["part_json"]) if grouped else None,
            follows=from_json(row["follows_json"] or "[]", tuple[str, ...]),
        ),
        group=row["group_key"],
        state=row["state"],
        attempts=row["attempts"],
        next_at=moment(row["next_at"]),
        sent_at=moment_or_none(row["sent_at"]),
        message_id=row["message_id"],
        last_error=row["last_error"],
    )

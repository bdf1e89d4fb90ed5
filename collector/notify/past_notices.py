"""How does somebody learn of notices that were not mailed? By one summary, on request."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from collector.model.notice import Message, Owed
from collector.reports.mails import past_notices
from collector.reports.mails.past_notices import PastNotice
from collector.store import Store, outbox
from collector.store.outbox_items import OutboxItem

SUMMARY = "past:"
"""The keys of summaries begin with it: no summary sums up an earlier one."""


def dropped(store: Store) -> list[OutboxItem]:
    """Return the mails that were dropped, without earlier summaries. Raises StoreError."""
    items = outbox.listing(store, "dropped")
    # A mail with several notices is left out: the notices themselves are listed.
    return [item for item in items if not item.key.startswith((SUMMARY, "alerts:"))]


def summary(items: Sequence[OutboxItem], zone: str) -> Message | None:
    """Return one mail about these dropped mails, the last one of each alert; None if none are."""
    if not items:
        return None
    last: dict[str, PastNotice] = {}
    for item in sorted(items, key=lambda item: (item.owed.created_at, item.key)):
        last[_subject_of(item.key)] = (item.owed.created_at, item.owed.message.subject)
    return past_notices.render(list(last.values()), zone)


def _subject_of(key: str) -> str:
    """Return what the notice is about: for an alert its window, whatever the reason and recipient.

    The form of the keys stands at `Owed`.
    """
    return key.rsplit(":", 3)[0] if key.startswith("alert:") else key


def owe_summaries(store: Store, zone: str, now: datetime) -> list[str]:
    """Queue a summary of the dropped mails to each of their recipients; return whose are new.

    The same summary is queued once. Raises StoreError.
    """
    queued = []
    with store.transaction():
        unmailed = dropped(store)
        for recipient in dict.fromkeys(item.owed.recipient for item in unmailed):
            items = [item for item in unmailed if item.owed.recipient == recipient]
            message = summary(items, zone)
            keys = "\n".join(sorted(item.key for item in items))
            key = f"{SUMMARY}{hashlib.sha256(keys.encode()).hexdigest()[:16]}:{recipient.name}"
            if message is not None and outbox.owe(
                store, Owed(key=key, recipient=recipient, message=message, created_at=now)
            ):
                queued.append(recipient.name)
    return queued

"""When was the last digest written? What is stored after it is dated after it.

A change is dated by the moment at which its work began, and stored when that work ends. If a digest
is written in between, it cannot tell the change, and the next one tells only what is dated since.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.store import meta
from collector.store.database import Store
from collector.store.encoding import moment, stamp

LONGEST_WORK = timedelta(days=1)
"""No work lasts longer. A replay dates what it finds by the recording's clock, perhaps years
before the last digest, and a digest that a wrong clock dated far ahead changes no date."""

_INSTANT = timedelta(microseconds=1)
_CLOSENESS = 1e-6
"""Seconds become microseconds: what a replay finds within a day keeps its order, and two equal
changes of a landing stay two lines of its history."""
_KEY = "digest-written"


def store_digest_time(store: Store, at: datetime) -> None:
    """Note that a digest is written at `at`, in the transaction that stores it.

    Raises StoreError.
    """
    meta.set_value(store, _KEY, stamp(at))


def date_of_change(store: Store, at: datetime) -> datetime:
    """Return when a change is dated whose work began at `at`, in the transaction that stores it:
    after a digest that was written meanwhile, by a tenth of a second at most. Raises StoreError."""
    written = meta.get_value(store, _KEY)
    if written is None:
        return at
    written_at = moment(written)
    if not at <= written_at <= at + LONGEST_WORK:
        return at
    return written_at + _INSTANT + (at + LONGEST_WORK - written_at) * _CLOSENESS

"""Which roots did an outside clock stamp? Rows are only added."""

from __future__ import annotations

from collector.model.seal import Root
from collector.store.database import Store
from collector.store.encoding import moment, stamp
from collector.timestamps import Stamp


def store_stamp(store: Store, root: Root, one: Stamp) -> None:
    """Store a stamp of a root; an earlier one of the same authority stays. Raises StoreError."""
    store.execute(
        "INSERT INTO stamps VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (root.number, one.authority, stamp(one.stamped_at), one.response, one.certificates),
    )


def stamps_of(store: Store, root: Root) -> list[Stamp]:
    """Return the stamps of a root, by the authority's name. Raises StoreError."""
    rows = store.execute("SELECT * FROM stamps WHERE root = ? ORDER BY authority", (root.number,))
    return [
        Stamp(row["authority"], moment(row["stamped_at"]), row["response"], row["certificates"])
        for row in rows
    ]


def unstamped(store: Store, authority: str, limit: int) -> list[Root]:
    """Return up to `limit` roots that an authority has not stamped, newest first.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM roots WHERE number NOT IN (SELECT root FROM stamps WHERE authority = ?) "
        "ORDER BY number DESC LIMIT ?",
        (authority, limit),
    )
    return [Root(row["number"], moment(row["made_at"]), row["sha256"]) for row in rows]

"""Which replies were sealed under which root? Rows are only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from collector.model.seal import HASH_BYTES, Root, Sealed
from collector.store.database import Store
from collector.store.encoding import moment, stamp


def last_root(store: Store) -> Root | None:
    """Return the newest root, None if there is none. Raises StoreError."""
    rows = store.execute("SELECT * FROM roots ORDER BY number DESC LIMIT 1")
    return _root(rows[0]) if rows else None


def roots(store: Store) -> list[Root]:
    """Return every root, oldest first. Raises StoreError."""
    return [_root(row) for row in store.execute("SELECT * FROM roots ORDER BY number")]


def store_root(store: Store, root: Root, leaves: Sequence[Sealed]) -> None:
    """Store a root with the leaves that are new under it, in order. Raises StoreError."""
    with store.transaction():
        store.execute(
            "INSERT INTO roots VALUES (?, ?, ?)", (root.number, stamp(root.made_at), root.sha256)
        )
        for number, leaf in enumerate(leaves, 1):
            store.execute(
                "INSERT INTO sealed VALUES (?, ?, ?, ?, ?)",
                (root.number, number, leaf.landing_id, leaf.salt.hex(), b"".join(leaf.records)),
            )


def leaves_of(store: Store, root: Root) -> list[Sealed]:
    """Return the leaves of a root but the first, in order. Raises StoreError."""
    rows = store.execute("SELECT * FROM sealed WHERE root = ? ORDER BY leaf", (root.number,))
    return [_sealed(row) for row in rows]


def root_before(store: Store, root: Root) -> Root | None:
    """Return the root before another, None if it is the first. Raises StoreError."""
    rows = store.execute("SELECT * FROM roots WHERE number = ?", (root.number - 1,))
    return _root(rows[0]) if rows else None


def root_of_landing(store: Store, landing_id: str) -> Root | None:
    """Return the newest root under which a landing was sealed, None if none. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM roots WHERE number = (SELECT max(root) FROM sealed WHERE landing_id = ?)",
        (landing_id,),
    )
    return _root(rows[0]) if rows else None


def sealed_at(store: Store) -> dict[str, datetime]:
    """Return when each landing was sealed last. Raises StoreError."""
    rows = store.execute(
        "SELECT landing_id, max(made_at) AS at FROM sealed JOIN roots ON root = number "
        "GROUP BY landing_id"
    )
    return {row["landing_id"]: moment(row["at"]) for row in rows}


def _root(row: sqlite3.Row) -> Root:
    return Root(row["number"], moment(row["made_at"]), row["sha256"])


def _sealed(row: sqlite3.Row) -> Sealed:
    records = row["records"]
    pieces = range(0, len(records), HASH_BYTES)
    return Sealed(
        row["landing_id"],
        bytes.fromhex(row["salt"]),
        tuple(records[begin : begin + HASH_BYTES] for begin in pieces),
    )

"""Which numbers were cited, and how did they change since? Rows are only added."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime

from collector.model.citation import Citation, CitationChange, CitedCount
from collector.store.database import Store
from collector.store.digest_times import date_of_change
from collector.store.encoding import from_json, moment, stamp, storable, to_json


def store_citation(store: Store, citation: Citation) -> Citation:
    """Store a citation under the next free id of its day and return it so. Raises StoreError."""
    with store.transaction():
        day = f"cite-{citation.cited_at.astimezone(UTC):%Y-%m-%d}-"
        rows = store.execute("SELECT id FROM citations WHERE id GLOB ?", (f"{day}*",))
        number = max((int(row["id"].rpartition("-")[2]) for row in rows), default=0) + 1
        named = replace(citation, id=f"{day}{number}")
        store.execute(
            "INSERT INTO citations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                named.id,
                named.watch,
                named.place,
                named.first.isoformat(),
                named.last.isoformat(),
                stamp(named.cited_at),
                storable(named.text),
                named.sha256,
                to_json(named.known),
            ),
        )
    return named


def citations(store: Store, watch: str | None = None) -> list[Citation]:
    """Return every citation, or those of one watch, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM citations WHERE coalesce(watch = ?, TRUE) ORDER BY cited_at, id", (watch,)
    )
    return [_citation(row) for row in rows]


def last_known(store: Store, citation: Citation) -> tuple[int, CitedCount]:
    """Return how many changes of a citation are stored, and how it was known at the last of them.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT number, known_json FROM citation_changes WHERE citation_id = ? "
        "ORDER BY number DESC LIMIT 1",
        (citation.id,),
    )
    if not rows:
        return 0, citation.known
    return rows[0]["number"], from_json(rows[0]["known_json"], CitedCount)


def store_change(store: Store, citation: Citation, at: datetime, known: CitedCount) -> int:
    """Store how a citation is known from `at` on; return the number of the change.

    Call it in the transaction that queues the mail about it. Raises StoreError.
    """
    rows = store.execute(
        "INSERT INTO citation_changes SELECT :id, count(*) + 1, :at, :known FROM citation_changes "
        "WHERE citation_id = :id RETURNING number",
        {"id": citation.id, "at": stamp(date_of_change(store, at)), "known": to_json(known)},
    )
    number: int = rows[0]["number"]
    return number


def changes(store: Store, watch: str, since: datetime, until: datetime) -> list[CitationChange]:
    """Return the changes of a watch's citations with `since <= at < until`, oldest first.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT c.*, h.at, h.known_json AS known_then FROM citation_changes AS h "
        "JOIN citations AS c ON c.id = h.citation_id "
        "WHERE c.watch = ? AND h.at >= ? AND h.at < ? ORDER BY h.at, c.id, h.number",
        (watch, stamp(since), stamp(until)),
    )
    return [
        CitationChange(_citation(row), moment(row["at"]), from_json(row["known_then"], CitedCount))
        for row in rows
    ]


def _citation(row: sqlite3.Row) -> Citation:
    return Citation(
        id=row["id"],
        watch=row["watch"],
        place=row["place"],
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        cited_at=moment(row["cited_at"]),
        text=row["text"],
        sha256=row["sha256"],
        known=from_json(row["known_json"], CitedCount),
    )

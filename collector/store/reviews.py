"""Which verdicts did people give on each landing? Rows are only added; the last one is in force.

Deriving landings again does not change them, so that a verdict outlives every new derivation of its
landing.
"""

from __future__ import annotations

import sqlite3

from collector.model.review import Review
from collector.store.database import Store
from collector.store.encoding import from_json, moment, stamp, storable

OF_LANDING = (
    "SELECT json_group_array(json_array(at, by, verdict, note, airfield)) FROM "
    "(SELECT * FROM reviews WHERE landing_id = l.id ORDER BY number)"
)
"""Every review of the landing `l`, oldest first, as JSON."""


def store_review(store: Store, landing_id: str, review: Review) -> None:
    """Store a review of an existing landing, in one transaction. Raises StoreError."""
    with store.transaction():
        store.execute(
            "INSERT INTO reviews (landing_id, number, at, by, verdict, note, airfield) "
            "SELECT :id, count(*) + 1, :at, :by, :verdict, :note, :airfield FROM reviews "
            "WHERE landing_id = :id",
            {
                "id": landing_id,
                "at": stamp(review.at),
                "by": storable(review.by),
                "verdict": review.verdict,
                "note": storable(review.note),
                "airfield": review.airfield,
            },
        )
        store.execute("UPDATE landings SET review = ? WHERE id = ?", (review.verdict, landing_id))


def history(store: Store, landing_id: str) -> list[Review]:
    """Return every review of one landing, oldest first. Raises StoreError."""
    return [
        _review(row)
        for row in store.execute(
            "SELECT * FROM reviews WHERE landing_id = ? ORDER BY number", (landing_id,)
        )
    ]


def latest(store: Store, limit: int) -> list[tuple[str, Review]]:
    """Return the last reviews of any landing with its id, the newest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM reviews ORDER BY at DESC, landing_id, number DESC LIMIT ?", (limit,)
    )
    return [(row["landing_id"], _review(row)) for row in rows]


def histories(store: Store) -> dict[str, list[Review]]:
    """Return the reviews of every landing that has any, by its id, oldest first.

    Raises StoreError.
    """
    found: dict[str, list[Review]] = {}
    for row in store.execute("SELECT * FROM reviews ORDER BY landing_id, number"):
        found.setdefault(row["landing_id"], []).append(_review(row))
    return found


def reviews_of(column: str) -> list[Review]:
    """Return the reviews, oldest first, from the JSON that `OF_LANDING` gives."""
    if column == "[]":
        return []  # as of almost every landing, and a page reads hundreds
    rows = from_json(column, list[tuple[str, str, str | None, str, str | None]])
    return [
        Review(at=moment(at), by=by, verdict=verdict, note=note, airfield=airfield)
        for at, by, verdict, note, airfield in rows
    ]


def _review(row: sqlite3.Row) -> Review:
    return Review(
        at=moment(row["at"]),
        by=row["by"],
        verdict=row["verdict"],
        note=row["note"],
        airfield=row["airfield"],
    )

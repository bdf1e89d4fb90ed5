"""What did persons say about each landing? Rows are only ever added; the last one holds.

Deriving landings again never touches them, so a verdict outlives whatever the machine comes to
think of its landing.
"""

from __future__ import annotations

import sqlite3

from collector.model.review import Review
from collector.store.database import Store
from collector.store.encoding import from_json, moment, stamp, storable

LATEST = (
    "SELECT json_array(at, by, verdict, note, airfield) FROM reviews "
    "WHERE landing_id = l.id ORDER BY number DESC LIMIT 1"
)
"""What holds of the landing `l`, as JSON."""


def store_review(store: Store, landing_id: str, review: Review) -> None:
    """Store a verdict on a landing that is there, in one transaction. Raises StoreError."""
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
    """Everything that was said about one landing, oldest first. Raises StoreError."""
    return [
        _review(row)
        for row in store.execute(
            "SELECT * FROM reviews WHERE landing_id = ? ORDER BY number", (landing_id,)
        )
    ]


def standing_review(latest: str | None) -> Review | None:
    """The verdict that holds, from what `LATEST` gives; None if there is none (any more)."""
    if latest is None:
        return None
    at, by, verdict, note, airfield = from_json(
        latest, tuple[str, str, str | None, str, str | None]
    )
    if verdict is None:
        return None
    return Review(at=moment(at), by=by, verdict=verdict, note=note, airfield=airfield)


def _review(row: sqlite3.Row) -> Review:
    return Review(
        at=moment(row["at"]),
        by=row["by"],
        verdict=row["verdict"],
        note=row["note"],
        airfield=row["airfield"],
    )

"""Which reports come from other trackers' exports? They are read apart from those received."""

from __future__ import annotations

from datetime import datetime

from collector.model import Observation
from collector.model.imported import IMPORTED_FEEDS
from collector.store.database import Store
from collector.store.observations import observation_of_row, slot_of


def imported_between(
    store: Store, icao24: str, begin: datetime, end: datetime
) -> list[Observation]:
    """Return the imported reports of one aircraft with `begin <= at <= end`, by time.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM observations WHERE icao24 = ? AND slot BETWEEN ? AND ? "
        f"AND feed IN ({', '.join('?' * len(IMPORTED_FEEDS))}) ORDER BY at, feed, place",
        (icao24, slot_of(begin), slot_of(end), *IMPORTED_FEEDS),
    )
    found = (observation_of_row(row) for row in rows)
    return [report for report in found if begin <= report.at <= end]

"""Which names did an aircraft have around a landing? Those in received reports, or in exports."""

from __future__ import annotations

from datetime import datetime

from collector.model.imported import is_imported
from collector.store.database import Store
from collector.store.encoding import moment
from collector.store.observations import slot_of
from collector.watches.holding import ReportedNames


def names_between(
    store: Store, icao24: str, begin: datetime, end: datetime, *, imported: bool = False
) -> list[ReportedNames]:
    """Return the names in the received reports of one aircraft with `begin <= at <= end`, by time.

    With `imported`, those in the reports of other trackers' exports. Raises StoreError.
    """
    rows = store.execute(
        "SELECT at, feed, callsign, registration, type_code, operator, on_ground FROM observations "
        "WHERE icao24 = ? AND slot BETWEEN ? AND ? ORDER BY at, feed, place",
        (icao24, slot_of(begin), slot_of(end)),
    )
    found = (
        ReportedNames(
            icao24,
            moment(row["at"]),
            row["callsign"],
            row["registration"],
            row["type_code"],
            row["operator"],
            on_ground=bool(row["on_ground"]),
        )
        for row in rows
        if is_imported(row["feed"]) is imported
    )
    return [names for names in found if begin <= names.at <= end]

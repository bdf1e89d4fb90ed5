"""Which small things must survive a restart? Values by name, and the watches' time zones."""

from __future__ import annotations

from collections.abc import Mapping

from collector.store.database import Store
from collector.store.encoding import moment
from collector.weeks import week_of


def get_value(store: Store, key: str) -> str | None:
    """The value last set, None if none was. Raises StoreError."""
    rows = store.execute("SELECT value FROM meta WHERE key = ?", (key,))
    return rows[0]["value"] if rows else None


def set_value(store: Store, key: str, value: str | None) -> None:
    """Set a value, or forget it (None). Raises StoreError."""
    if value is None:
        store.execute("DELETE FROM meta WHERE key = ?", (key,))
        return
    store.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (key, value),
    )


def set_zones(store: Store, zones: Mapping[str, str]) -> None:
    """Say in which zone each watch counts its weeks; landings already stored follow.

    Call it at each start. Raises StoreError.
    """
    with store.transaction():
        known = {row["name"]: row["zone"] for row in store.execute("SELECT * FROM watches")}
        for watch, zone in zones.items():
            if known.get(watch) == zone:
                continue
            store.execute(
                "INSERT INTO watches VALUES (?, ?) ON CONFLICT DO UPDATE SET zone = excluded.zone",
                (watch, zone),
            )
            for row in store.execute(
                "SELECT w.landing_id, w.number, l.touchdown_at FROM landing_watches AS w "
                "JOIN landings AS l ON l.id = w.landing_id WHERE w.watch = ?",
                (watch,),
            ):
                store.execute(
                    "UPDATE landing_watches SET week = ? WHERE landing_id = ? AND number = ?",
                    (week_of(moment(row["touchdown_at"]), zone), row["landing_id"], row["number"]),
                )


def zones(store: Store) -> dict[str, str]:
    """The zone of each watch, as last said. Raises StoreError."""
    return {row["name"]: row["zone"] for row in store.execute("SELECT * FROM watches")}

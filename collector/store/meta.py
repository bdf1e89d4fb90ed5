"""Which small values must survive a restart? Texts by key, and the watches' time zones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from collector.model.dating import week_words, weeks_of_touchdown
from collector.model.unheard import UnheardArrival
from collector.store.database import Store
from collector.store.encoding import from_json_or_none, moment


def get_value(store: Store, key: str) -> str | None:
    """Return the value of a key, None if there is none. Raises StoreError."""
    rows = store.execute("SELECT value FROM meta WHERE key = ?", (key,))
    return rows[0]["value"] if rows else None


def set_value(store: Store, key: str, value: str | None) -> None:
    """Set the value of a key, or delete it (None). Raises StoreError."""
    if value is None:
        store.execute("DELETE FROM meta WHERE key = ?", (key,))
        return
    store.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (key, value),
    )


def delete_values(store: Store, keys: Collection[str]) -> None:
    """Delete the values of these keys, as far as there are any. Raises StoreError."""
    marks = ", ".join("?" * len(keys))
    store.execute(f"DELETE FROM meta WHERE key IN ({marks})", tuple(keys))


def set_zones(store: Store, zones: Mapping[str, str]) -> None:
    """Store the time zone in which each watch counts its weeks, and recount stored landings.

    Call it at each start. Raises StoreError.
    """
    with store.transaction():
        stored = {row["name"]: row["zone"] for row in store.execute("SELECT * FROM watches")}
        for watch, zone in zones.items():
            if stored.get(watch) == zone:
                continue
            store.execute(
                "INSERT INTO watches VALUES (?, ?) ON CONFLICT DO UPDATE SET zone = excluded.zone",
                (watch, zone),
            )
            for row in store.execute(
                "SELECT w.landing_id, w.number, l.touchdown_at, l.unheard_json "
                "FROM landing_watches AS w JOIN landings AS l ON l.id = w.landing_id "
                "WHERE w.watch = ?",
                (watch,),
            ):
                unheard = from_json_or_none(row["unheard_json"], UnheardArrival)
                weeks = weeks_of_touchdown(moment(row["touchdown_at"]), unheard, zone)
                store.execute(
                    "UPDATE landing_watches SET week = ? WHERE landing_id = ? AND number = ?",
                    (week_words(weeks), row["landing_id"], row["number"]),
                )


def zones(store: Store) -> dict[str, str]:
    """Return the time zone of each watch. Raises StoreError."""
    return {row["name"]: row["zone"] for row in store.execute("SELECT * FROM watches")}

"""Which stops were seen before and after each landing, how did they change, and which are due to be
derived again?"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.model import Landing
from collector.model.stop import Side, Stop, StopRevision
from collector.store.database import Store
from collector.store.digest_times import date_of_change
from collector.store.encoding import moment, stamp, stamp_or_none, storable, to_json
from collector.store.landing_rows import LANDING_SELECT, landing_of

BETWEEN_CODES = " or "


@dataclass(frozen=True, slots=True)
class DueStops:
    """New reports of one aircraft, from the first to the last, since its stops were derived."""

    icao24: str
    first_at: datetime
    last_at: datetime


def queue(store: Store, icao24: str, first_at: datetime, last_at: datetime) -> None:
    """Note that an aircraft has new reports of that time, in the caller's transaction.

    Raises StoreError.
    """
    store.execute(
        "INSERT INTO stops_due VALUES (?, ?, ?) ON CONFLICT (icao24) DO UPDATE SET "
        "first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)",
        (icao24, stamp(first_at), stamp(last_at)),
    )


def due(store: Store) -> list[DueStops]:
    """Return every aircraft with new reports, by address. Raises StoreError."""
    return [
        DueStops(row["icao24"], moment(row["first_at"]), moment(row["last_at"]))
        for row in store.execute("SELECT * FROM stops_due ORDER BY icao24")
    ]


def take_due(store: Store, icao24: str) -> DueStops | None:
    """Remove an aircraft from those with new reports, and return it; None if it has none.

    Call it in the transaction that derives its stops. Raises StoreError.
    """
    rows = store.execute("DELETE FROM stops_due WHERE icao24 = ? RETURNING *", (icao24,))
    for row in rows:
        return DueStops(row["icao24"], moment(row["first_at"]), moment(row["last_at"]))
    return None


def without_stops(store: Store, rules_version: str, limit: int) -> list[Landing]:
    """Return so many landings of watched aircraft whose stops were not derived by these rules, the
    latest first.

    Raises StoreError.
    """
    rows = store.execute(
        f"{LANDING_SELECT} WHERE NOT l.unlisted AND NOT EXISTS "
        "(SELECT 1 FROM stops WHERE landing_id = l.id AND rules_version = ?) "
        "ORDER BY l.touchdown_at DESC, l.id LIMIT ?",
        (rules_version, limit),
    )
    return [landing_of(row) for row in rows]


def save(
    store: Store,
    landing_id: str,
    stop: Stop,
    revision: StopRevision | None,
    *,
    at: datetime,
    rules_version: str,
) -> None:
    """Store a stop derived `at` that time, with the line of its history if there is one.

    Raises StoreError.
    """
    with store.transaction():
        store.execute(
            "INSERT OR REPLACE INTO stops VALUES (?, ?, ?, ?, ?, ?)",
            (
                landing_id,
                stop.side.value,
                BETWEEN_CODES.join(stop.codes),
                storable(to_json(stop)),
                stamp(at),
                rules_version,
            ),
        )
        if revision is None:
            return
        store.execute(
            "INSERT INTO stop_revisions SELECT ?1, ?2, (SELECT count(*) + 1 FROM stop_revisions "
            "WHERE landing_id = ?1 AND side = ?2), ?3, ?4, ?5, ?6, ?7, ?8",
            (
                landing_id,
                revision.side.value,
                stamp(date_of_change(store, revision.at)),
                revision.change,
                BETWEEN_CODES.join(revision.before),
                BETWEEN_CODES.join(revision.after),
                revision.rules_version,
                stamp_or_none(store.known_at(revision.at)),
            ),
        )


def mark_all_outdated(store: Store) -> None:
    """Mark the stops of every landing as outdated: they are derived anew, and stay until then.

    Raises StoreError.
    """
    store.execute("UPDATE stops SET rules_version = ''")


def history(store: Store, landing_id: str) -> Sequence[StopRevision]:
    """Return every change of the stops of one landing, oldest first. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM stop_revisions WHERE landing_id = ? ORDER BY at, side DESC, number",
        (landing_id,),
    )
    return [_revision(row) for row in rows]


def first_changes_after(store: Store, at: datetime) -> dict[str, dict[Side, StopRevision]]:
    """Return the first change of each stop that became known here after a time, by landing and
    side. Raises StoreError."""
    found: dict[str, dict[Side, StopRevision]] = {}
    for row in store.execute(
        "SELECT * FROM stop_revisions WHERE coalesce(known_at, at) > ? ORDER BY at, number",
        (stamp(at),),
    ):
        revision = _revision(row)
        found.setdefault(revision.landing_id, {}).setdefault(revision.side, revision)
    return found


def _revision(row: sqlite3.Row) -> StopRevision:
    return StopRevision(
        landing_id=row["landing_id"],
        side=Side(row["side"]),
        at=moment(row["at"]),
        change=row["change"],
        before=_codes(row["codes_before"]),
        after=_codes(row["codes_after"]),
        rules_version=row["rules_version"],
    )


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN_CODES)) if text else ()

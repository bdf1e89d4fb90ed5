"""Which coverage did each feed prove in each five minutes? One row each, joined on arrival."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from collector.model.coverage import Cell, CoverageSlot, PollCoverage, join, slot_begin, slots_of
from collector.store.database import Store
from collector.store.encoding import moment, pack_cells, stamp, unpack_cells
from collector.weeks import local_midnight


def merge_polls(store: Store, polls: Iterable[PollCoverage]) -> None:
    """Join polls into their slots, in one transaction; order and repeats do not matter.

    Raises StoreError.
    """
    merge_slots(store, slots_of(polls))


def merge_slots(store: Store, slots: Iterable[CoverageSlot]) -> list[CoverageSlot]:
    """Join slots into the stored ones; return those that changed, as stored now.

    Raises StoreError.
    """
    changed = []
    with store.transaction():
        for slot in slots:
            rows = store.execute(
                "SELECT * FROM slots WHERE begins_at = ? AND feed = ?",
                (stamp(slot.begins_at), slot.feed),
            )
            stored = _slot(rows[0]) if rows else None
            joined = slot if stored is None else join(stored, slot)
            if joined != stored:
                _write(store, joined)
                changed.append(joined)
    return changed


def replace_cells(store: Store, slots: Iterable[CoverageSlot]) -> None:
    """Store the cells of these slots in place of those stored. Raises StoreError."""
    store.execute_many(
        "UPDATE slots SET cells = ? WHERE begins_at = ? AND feed = ?",
        [(pack_cells(slot.cells), stamp(slot.begins_at), slot.feed) for slot in slots],
    )


def slots_between(
    store: Store, begin: datetime, end: datetime, feed: str | None = None
) -> list[CoverageSlot]:
    """Return all slots that overlap `[begin, end)`, by time and feed. Raises StoreError."""
    rows = store.execute(
        "SELECT * FROM slots WHERE begins_at >= ? AND begins_at < ? "
        + ("" if feed is None else "AND feed = ? ")
        + "ORDER BY begins_at, feed",
        (stamp(slot_begin(begin)), stamp(end), *(() if feed is None else (feed,))),
    )
    return [_slot(row) for row in rows]


def answered_live(store: Store, archives: Collection[str], begin: datetime, end: datetime) -> bool:
    """Return whether a feed other than `archives` answered in `[begin, end)`. Raises StoreError."""
    marks = ", ".join("?" * len(archives))
    rows = store.execute(
        "SELECT 1 FROM slots WHERE begins_at >= ? AND begins_at < ? AND alive_minutes <> 0 "
        f"AND feed NOT IN ({marks}) LIMIT 1",
        (stamp(slot_begin(begin)), stamp(end), *sorted(archives)),
    )
    return bool(rows)


def last_answer_at(
    store: Store, feeds: Collection[str], begin: datetime, end: datetime, *, by_place: bool
) -> datetime | None:
    """Return the last minute in `[begin, end)` in which one of these feeds answered, None if none.

    With `by_place` only answers about a place (or about everything) count. Raises StoreError.
    """
    minutes = "area_minutes" if by_place else "alive_minutes"
    rows = store.execute(
        f"SELECT begins_at, {minutes} AS minutes FROM slots "
        f"WHERE begins_at >= ? AND begins_at < ? AND {minutes} <> 0 "
        f"AND feed IN ({', '.join('?' * len(feeds))}) ORDER BY begins_at DESC LIMIT ?",
        (stamp(slot_begin(begin)), stamp(end), *sorted(feeds), len(feeds)),
    )
    return max(
        (
            moment(row["begins_at"]) + timedelta(minutes=row["minutes"].bit_length() - 1)
            for row in rows
        ),
        default=None,
    )


def received_by_slot(
    store: Store, feeds: Collection[str], begin: datetime, end: datetime
) -> dict[datetime, bool]:
    """Return the beginnings of all slots of `[begin, end)` in which one of these feeds was asked by
    place and answered, in order, each with whether any aircraft was received.

    Does not unpack the cells, as a week of them takes longer than a poll. Raises StoreError.
    """
    rows = store.execute(
        "SELECT begins_at, max(cells <> '') AS received FROM slots "
        "WHERE begins_at >= ? AND begins_at < ? AND area_minutes <> 0 "
        f"AND feed IN ({', '.join('?' * len(feeds))}) GROUP BY begins_at ORDER BY begins_at",
        (stamp(slot_begin(begin)), stamp(end), *sorted(feeds)),
    )
    return {moment(row["begins_at"]): bool(row["received"]) for row in rows}


def received_beside(
    store: Store, feed: str, others: Collection[str], begin: datetime, end: datetime
) -> dict[datetime, bool]:
    """Return the beginnings of the slots of `[begin, end)` in which one of `others` received an
    aircraft and `feed` was asked by place and answered, each with whether it received one, too.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT begins_at, cells <> '' AS received FROM slots AS s "
        "WHERE begins_at >= ? AND begins_at < ? AND feed = ? AND area_minutes <> 0 AND EXISTS "
        "(SELECT 1 FROM slots AS o WHERE o.begins_at = s.begins_at AND o.cells <> '' "
        f"AND o.feed IN ({', '.join('?' * len(others))})) ORDER BY begins_at",
        (stamp(slot_begin(begin)), stamp(end), feed, *sorted(others)),
    )
    return {moment(row["begins_at"]): bool(row["received"]) for row in rows}


def days_answered(store: Store, begin: date, end: date) -> frozenset[date]:
    """Return the UTC days from `begin` to `end`, both included, on which any feed answered.

    Reads one row a day, since rows are many and long. Raises StoreError.
    """
    found, last = [], stamp(local_midnight(end + timedelta(days=1), "UTC"))
    at = local_midnight(begin, "UTC")
    while rows := store.execute(
        "SELECT begins_at FROM slots WHERE begins_at >= ? AND begins_at < ? "
        "AND alive_minutes <> 0 ORDER BY begins_at LIMIT 1",
        (stamp(at), last),
    ):
        day = moment(rows[0]["begins_at"]).date()
        found.append(day)
        at = local_midnight(day + timedelta(days=1), "UTC")
    return frozenset(found)


def feeds_between(store: Store, begin: datetime, end: datetime) -> frozenset[str]:
    """Return the feeds that answered at any time in [begin, end). Raises StoreError."""
    rows = store.execute(
        "SELECT DISTINCT feed FROM slots WHERE alive_minutes <> 0 "
        "AND begins_at >= ? AND begins_at < ?",
        (stamp(begin), stamp(end)),
    )
    return frozenset(row["feed"] for row in rows)


def first_slot_at(store: Store) -> datetime | None:
    """Return when the oldest slot begins, None if there is none. Raises StoreError."""
    oldest = store.execute("SELECT min(begins_at) AS at FROM slots")[0]["at"]
    return None if oldest is None else moment(oldest)


def first_record_at(store: Store) -> datetime | None:
    """Return the time of the oldest slot, report or landing, None if there is none.

    Raises StoreError.
    """
    oldest = store.execute(
        "SELECT min(at) AS at FROM (SELECT min(begins_at) AS at FROM slots "
        "UNION ALL SELECT min(first_seen_at) FROM aircraft "
        "UNION ALL SELECT min(touchdown_at) FROM landings)"
    )[0]["at"]
    return None if oldest is None else moment(oldest)


def _write(store: Store, slot: CoverageSlot) -> None:
    store.execute(
        "INSERT INTO slots VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "alive_minutes = excluded.alive_minutes, area_minutes = excluded.area_minutes, "
        "failed_minutes = excluded.failed_minutes, aircraft = excluded.aircraft, "
        "unplaced = excluded.unplaced, cells = excluded.cells",
        (
            stamp(slot.begins_at),
            slot.feed,
            slot.alive_minutes,
            slot.area_minutes,
            slot.failed_minutes,
            slot.aircraft,
            slot.unplaced,
            pack_cells(slot.cells),
        ),
    )


@lru_cache(maxsize=512)  # the slots of the last hours are read again at each poll
def _cells(text: str) -> Mapping[Cell, int]:
    return unpack_cells(text)


def _slot(row: sqlite3.Row) -> CoverageSlot:
    return CoverageSlot(
        feed=row["feed"],
        begins_at=moment(row["begins_at"]),
        alive_minutes=row["alive_minutes"],
        area_minutes=row["area_minutes"],
        failed_minutes=row["failed_minutes"],
        aircraft=row["aircraft"],
        unplaced=row["unplaced"],
        cells=dict(_cells(row["cells"])),
    )

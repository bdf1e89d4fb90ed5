"""What was said of each finished week, and when did that change? Rows are only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from collector.model.week_statement import WeekChange, WeekStatement
from collector.store.database import Store
from collector.store.digest_times import date_of_change
from collector.store.encoding import from_json, moment, stamp, to_json

_CHANGES = """SELECT c.place, c.week, c.at, c.statement_json, b.statement_json AS before_json
    FROM week_statements AS c JOIN week_statements AS b USING (watch, place, week)
    WHERE c.number > 0 AND b.number = c.number - 1 AND c.watch = ?"""


def last_statements(store: Store, watch: str) -> dict[tuple[str, str], WeekStatement]:
    """Return the last statement of each place and week of a watch. Raises StoreError."""
    rows = store.execute(
        "SELECT place, week, statement_json, max(number) FROM week_statements WHERE watch = ? "
        "GROUP BY place, week",
        (watch,),
    )
    return {
        (row["place"], row["week"]): from_json(row["statement_json"], WeekStatement) for row in rows
    }


def store_statements(
    store: Store,
    watch: str,
    statements: Iterable[tuple[str, str, WeekStatement]],
    at: datetime,
) -> None:
    """Store what holds from `at` on, each with its place and week, in the caller's transaction.

    Raises StoreError.
    """
    at = date_of_change(store, at)
    store.execute_many(
        "INSERT INTO week_statements SELECT ?1, ?2, ?3, count(*), ?4, ?5 FROM week_statements "
        "WHERE watch = ?1 AND place = ?2 AND week = ?3",
        [
            (watch, place, week, stamp(at), to_json(statement))
            for place, week, statement in statements
        ],
    )


def changes_between(store: Store, watch: str, since: datetime, until: datetime) -> list[WeekChange]:
    """Return the changes of a watch's weeks with `since <= at < until`, oldest first.

    Raises StoreError.
    """
    rows = store.execute(
        f"{_CHANGES} AND c.at >= ? AND c.at < ? ORDER BY c.at, c.week, c.place, c.number",
        (watch, stamp(since), stamp(until)),
    )
    return [_change(row) for row in rows]


def last_changes(store: Store, watch: str, limit: int) -> list[WeekChange]:
    """Return up to `limit` changes of a watch's weeks, newest first. Raises StoreError."""
    rows = store.execute(
        f"{_CHANGES} ORDER BY c.at DESC, c.week DESC, c.place, c.number LIMIT ?", (watch, limit)
    )
    return [_change(row) for row in rows]


def _change(row: sqlite3.Row) -> WeekChange:
    return WeekChange(
        place=row["place"],
        week=row["week"],
        at=moment(row["at"]),
        before=from_json(row["before_json"], WeekStatement),
        after=from_json(row["statement_json"], WeekStatement),
    )

"""Which landings are stored, and how did each of them change?

No landing is deleted: a withdrawn one stays with its history, and its id is not used again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.model import Landing, Revision
from collector.model.dating import week_words, weeks_of_landing
from collector.store import meta, stops
from collector.store.database import Store
from collector.store.digest_times import date_of_change
from collector.store.encoding import stamp, stamp_or_none, storable, to_json
from collector.store.landing_rows import (
    COLUMNS,
    COUNTED_SELECT,
    LANDING_SELECT,
    landing_of,
    landing_values,
    revision_of,
)
from collector.watches.visitors import VISITORS

_SAVE = (
    f"INSERT INTO landings ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    "ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in COLUMNS[1:])
)


def save(store: Store, landing: Landing, revision: Revision | None) -> None:
    """Store a landing and the line of its history (None: no line), in one transaction.

    The stops around it are due to be derived again. A line is added once, and dated after every
    digest that lacks it. Only `reviews.store_review` writes verdicts. Raises StoreError.
    """
    with store.transaction():
        store.execute(_SAVE, landing_values(landing))
        _save_watches(store, landing)
        visit = landing.detection
        stops.queue(store, visit.icao24, visit.visit_from, visit.visit_until)
        if revision is None:
            return
        unheard = revision.unheard_before
        store.execute(
            "INSERT INTO revisions SELECT :id, (SELECT count(*) + 1 FROM revisions WHERE "
            "landing_id = :id), :at, :change, :reason, :rules, :touchdown, :unheard, "
            ":before, :known "
            "WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE landing_id = :id AND at = :at "
            "AND change = :change AND reason = :reason)",
            {
                "id": landing.id,
                "at": stamp(date_of_change(store, revision.at)),
                "change": revision.change,
                "reason": storable(revision.reason),
                "rules": revision.rules_version,
                "touchdown": stamp_or_none(revision.touchdown_before),
                "unheard": None if unheard is None else to_json(unheard),
                "before": None if revision.before is None else to_json(revision.before),
                "known": stamp_or_none(store.known_at(revision.at)),
            },
        )


def get(store: Store, landing_id: str) -> Landing | None:
    """Return one landing, None if there is none of that id. Raises StoreError."""
    rows = store.execute(f"{LANDING_SELECT} WHERE l.id = ?", (landing_id,))
    return landing_of(rows[0]) if rows else None


def find(
    store: Store,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    icao24: str | None = None,
    watch: str | None = None,
    include_retracted: bool = False,
    newest: int | None = None,
    bare: bool = False,
) -> list[Landing]:
    """Return landings that may lie in [begin, end), by touchdown and id.

    That are those with `begin <= touchdown_at < end`, and those that nobody heard arrive if any of
    their possible touchdowns lies there. `newest` limits them to so many of the last ones. Unlisted
    visitors need their own `watch`. Those read `bare`, to be counted, lack stops,
    and evidence if an airfield is named; these take most of the time. Raises StoreError.
    """
    conditions = []
    values: list[str] = []
    if icao24 is not None:
        conditions.append("l.icao24 = ?")
        values.append(icao24)
    conditions.append(f"l.unlisted = {int(watch == VISITORS)}")
    if watch is not None and watch != VISITORS:
        conditions.append(
            # "+" keeps SQLite from the index by watch, which it would read whole for each row.
            "EXISTS (SELECT 1 FROM landing_watches WHERE landing_id = l.id AND +watch = ?)"
        )
        values.append(watch)
    if not include_retracted:
        conditions.append("NOT l.retracted")
    dated, times = _dated(begin, end)
    select = COUNTED_SELECT if bare else LANDING_SELECT
    rows = store.execute(
        f"{select} WHERE {' AND '.join([*conditions, *dated])} "
        "ORDER BY l.touchdown_at DESC, l.id DESC LIMIT ?",
        (*values, *times, -1 if newest is None else newest),
    )
    found = [landing_of(row) for row in reversed(rows)]
    others = _unheard_elsewhere(store, select, (conditions, values), begin, end) if dated else []
    if not others:
        return found
    found = sorted((*found, *others), key=lambda each: (each.detection.touchdown_at, each.id))
    return found if newest is None else found[len(found) - min(newest, len(found)) :]


def _dated(begin: datetime | None, end: datetime | None) -> tuple[list[str], list[str]]:
    """Return the conditions for touchdowns in [begin, end), and their values."""
    found = [
        (condition, stamp(at))
        for condition, at in (("l.touchdown_at >= ?", begin), ("l.touchdown_at < ?", end))
        if at is not None
    ]
    return [condition for condition, _ in found], [at for _, at in found]


def _unheard_elsewhere(
    store: Store,
    select: str,
    asked: tuple[Sequence[str], Sequence[str]],
    begin: datetime | None,
    end: datetime | None,
) -> list[Landing]:
    """Return the landings whose touchdown is put outside of [begin, end), but may lie in it."""
    conditions, values = asked
    first, last = stamp_or_none(begin) or "", stamp_or_none(end) or "~"
    rows = store.execute(
        f"{select} INDEXED BY landings_unheard WHERE {' AND '.join(conditions)} "
        "AND l.latest_at >= ? AND l.earliest_at < ? "
        "AND NOT (l.touchdown_at >= ? AND l.touchdown_at < ?)",
        (*values, first, last, first, last),
    )
    return [landing_of(row) for row in rows]


def overlapping(store: Store, icao24: str, begin: datetime, end: datetime) -> list[Landing]:
    """Return every landing of one aircraft whose visit or touchdown overlaps `[begin, end]`.

    Withdrawn landings are included: a new derivation of that span is reconciled with all of them.
    Raises StoreError.
    """
    rows = store.execute(
        f"{LANDING_SELECT} WHERE l.id IN (SELECT id FROM landings WHERE icao24 = :icao24 "
        "AND visit_until >= :begin AND visit_from <= :end UNION SELECT id FROM landings "
        "WHERE icao24 = :icao24 AND touchdown_at BETWEEN :begin AND :end) "
        "ORDER BY l.touchdown_at, l.id",
        {"icao24": icao24, "begin": stamp(begin), "end": stamp(end)},
    )
    return [landing_of(row) for row in rows]


def history(store: Store, landing_id: str) -> list[Revision]:
    """Return every change of one landing, oldest first. Raises StoreError."""
    return [
        revision_of(row)
        for row in store.execute(
            "SELECT * FROM revisions WHERE landing_id = ? ORDER BY number", (landing_id,)
        )
    ]


def revisions_after(store: Store, at: datetime) -> list[Revision]:
    """Return every change of any landing that became known here after `at`, oldest first of each
    landing.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM revisions WHERE coalesce(known_at, at) > ? ORDER BY landing_id, number",
        (stamp(at),),
    )
    return [revision_of(row) for row in rows]


def revisions(
    store: Store, since: datetime, until: datetime, watch: str
) -> list[tuple[Revision, Landing]]:
    """Return the changes made with `since <= at < until` to landings of a watch, oldest first.

    Each comes with its landing as it is stored now. Raises StoreError.
    """
    rows = store.execute(
        "SELECT * FROM revisions AS r WHERE at >= ? AND at < ? AND EXISTS (SELECT 1 FROM "
        "landing_watches WHERE landing_id = r.landing_id AND +watch = ?) "
        "ORDER BY at, landing_id, number",
        (stamp(since), stamp(until), watch),
    )
    ids = {row["landing_id"] for row in rows}
    known = {
        row["id"]: landing_of(row)
        for row in store.execute(
            f"{LANDING_SELECT} WHERE l.id IN (SELECT value FROM json_each(?))",
            (to_json(sorted(ids)),),
        )
    }
    return [(revision_of(row), known[row["landing_id"]]) for row in rows]


def _save_watches(store: Store, landing: Landing) -> None:
    zones = meta.zones(store)
    store.execute("DELETE FROM landing_watches WHERE landing_id = ?", (landing.id,))
    for number, match in enumerate(landing.watches, 1):
        zone = zones.get(match.watch, "UTC")
        week = week_words(weeks_of_landing(landing.detection, zone))
        line = (match.watch, match.matched_by, match.counted, week, storable(match.doubt))
        sql = "INSERT INTO landing_watches VALUES (?, ?, ?, ?, ?, ?, ?)"
        store.execute(sql, (landing.id, number, *line))

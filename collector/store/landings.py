"""Which landings are stored, and how did each of them change?

No landing is deleted: a withdrawn one stays with its history, and its id is not used again.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from collector.model import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Revision,
    WatchMatch,
)
from collector.store import meta, reviews
from collector.store.database import Store
from collector.store.encoding import (
    from_json,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    storable,
    to_json,
)
from collector.watches.visitors import VISITORS, unlisted
from collector.weeks import week_of

_COLUMNS = (
    "id",
    "icao24",
    "registration",
    "type_code",
    "callsign",
    "airfield",
    "candidates_json",
    "touchdown_at",
    "uncertainty_s",
    "departed_at",
    "runway",
    "grade",
    "probability",
    "evidence_json",
    "feeds_json",
    "visit_from",
    "visit_until",
    "first_known_at",
    "revised_at",
    "retracted",
    "unlisted",
)
_SAVE = (
    f"INSERT INTO landings ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
)
_SELECT = (
    "SELECT l.*, (SELECT json_group_array(json_array(watch, matched_by, counted, doubt)) FROM "
    "(SELECT * FROM landing_watches WHERE landing_id = l.id ORDER BY number)) AS watches_json, "
    f"({reviews.LATEST}) AS review_json "
    "FROM landings AS l"
)


def save(store: Store, landing: Landing, revision: Revision | None) -> None:
    """Store a landing and the line of its history (None: no line), in one transaction.

    A line is added once. Only `reviews.store_review` writes verdicts. Raises StoreError.
    """
    with store.transaction():
        store.execute(_SAVE, _values(landing))
        _save_watches(store, landing)
        if revision is None:
            return
        store.execute(
            "INSERT INTO revisions SELECT :id, (SELECT count(*) + 1 FROM revisions WHERE "
            "landing_id = :id), :at, :change, :reason, :rules, :before WHERE NOT EXISTS (SELECT 1 "
            "FROM revisions WHERE landing_id = :id AND at = :at AND change = :change "
            "AND reason = :reason)",
            {
                "id": landing.id,
                "at": stamp(revision.at),
                "change": revision.change,
                "reason": storable(revision.reason),
                "rules": revision.rules_version,
                "before": stamp_or_none(revision.touchdown_before),
            },
        )


def get(store: Store, landing_id: str) -> Landing | None:
    """Return one landing, None if there is none of that id. Raises StoreError."""
    rows = store.execute(f"{_SELECT} WHERE l.id = ?", (landing_id,))
    return _landing(rows[0]) if rows else None


def find(
    store: Store,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    icao24: str | None = None,
    watch: str | None = None,
    include_retracted: bool = False,
    newest: int | None = None,
) -> list[Landing]:
    """Return landings with `begin <= touchdown_at < end`, by touchdown and id.

    `newest` limits them to so many of the last ones. Unlisted visitors need their own `watch`.
    Raises StoreError.
    """
    conditions = []
    values: list[str] = []
    if begin is not None:
        conditions.append("l.touchdown_at >= ?")
        values.append(stamp(begin))
    if end is not None:
        conditions.append("l.touchdown_at < ?")
        values.append(stamp(end))
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
    rows = store.execute(
        f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY l.touchdown_at DESC, l.id DESC "
        "LIMIT ?",
        (*values, -1 if newest is None else newest),
    )
    return [_landing(row) for row in reversed(rows)]


def overlapping(store: Store, icao24: str, begin: datetime, end: datetime) -> list[Landing]:
    """Return every landing of one aircraft whose visit or touchdown overlaps `[begin, end]`.

    Withdrawn landings are included: a new derivation of that span is reconciled with all of them.
    Raises StoreError.
    """
    rows = store.execute(
        f"{_SELECT} WHERE l.id IN (SELECT id FROM landings WHERE icao24 = :icao24 "
        "AND visit_until >= :begin AND visit_from <= :end UNION SELECT id FROM landings "
        "WHERE icao24 = :icao24 AND touchdown_at BETWEEN :begin AND :end) "
        "ORDER BY l.touchdown_at, l.id",
        {"icao24": icao24, "begin": stamp(begin), "end": stamp(end)},
    )
    return [_landing(row) for row in rows]


def history(store: Store, landing_id: str) -> list[Revision]:
    """Return every change of one landing, oldest first. Raises StoreError."""
    return [
        _revision(row)
        for row in store.execute(
            "SELECT * FROM revisions WHERE landing_id = ? ORDER BY number", (landing_id,)
        )
    ]


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
        row["id"]: _landing(row)
        for row in store.execute(
            f"{_SELECT} WHERE l.id IN (SELECT value FROM json_each(?))", (to_json(sorted(ids)),)
        )
    }
    return [(_revision(row), known[row["landing_id"]]) for row in rows]


def _save_watches(store: Store, landing: Landing) -> None:
    zones = meta.zones(store)
    store.execute("DELETE FROM landing_watches WHERE landing_id = ?", (landing.id,))
    for number, match in enumerate(landing.watches, 1):
        week = week_of(landing.detection.touchdown_at, zones.get(match.watch, "UTC"))
        line = (match.watch, match.matched_by, match.counted, week, storable(match.doubt))
        sql = "INSERT INTO landing_watches VALUES (?, ?, ?, ?, ?, ?, ?)"
        store.execute(sql, (landing.id, number, *line))


def _values(landing: Landing) -> tuple[object, ...]:
    """One row, in the order of `_COLUMNS`."""
    detection = landing.detection
    return (
        landing.id,
        detection.icao24,
        storable(landing.registration),
        storable(landing.type_code),
        storable(detection.callsign),
        detection.airfield,
        to_json(detection.candidates),
        stamp(detection.touchdown_at),
        detection.uncertainty_s,
        stamp_or_none(detection.departed_at),
        detection.runway,
        detection.grade.value,
        detection.probability,
        to_json(detection.evidence),
        to_json(detection.feeds),
        stamp(detection.visit_from),
        stamp(detection.visit_until),
        stamp(landing.first_known_at),
        stamp(landing.revised_at),
        landing.retracted,
        unlisted(landing.watches),
    )


def _landing(row: sqlite3.Row) -> Landing:
    reviewed = reviews.standing_review(row["review_json"])
    return Landing(
        id=row["id"],
        detection=Detection(
            icao24=row["icao24"],
            airfield=row["airfield"],
            candidates=from_json(row["candidates_json"], tuple[Candidate, ...]),
            touchdown_at=moment(row["touchdown_at"]),
            uncertainty_s=row["uncertainty_s"],
            departed_at=moment_or_none(row["departed_at"]),
            runway=row["runway"],
            grade=Grade(row["grade"]),
            probability=row["probability"],
            callsign=row["callsign"],
            evidence=from_json(row["evidence_json"], tuple[Evidence, ...]),
            feeds=from_json(row["feeds_json"], tuple[str, ...]),
            visit_from=moment(row["visit_from"]),
            visit_until=moment(row["visit_until"]),
        ),
        registration=row["registration"],
        type_code=row["type_code"],
        watches=tuple(
            WatchMatch(watch, matched_by, bool(counted), doubt)
            for watch, matched_by, counted, doubt in from_json(
                row["watches_json"], list[tuple[str, str, int, str]]
            )
        ),
        first_known_at=moment(row["first_known_at"]),
        revised_at=moment(row["revised_at"]),
        retracted=bool(row["retracted"]),
        review=reviewed.verdict if reviewed else None,
        reviewed=reviewed,
    )


def _revision(row: sqlite3.Row) -> Revision:
    return Revision(
        landing_id=row["landing_id"],
        at=moment(row["at"]),
        change=row["change"],
        reason=row["reason"],
        rules_version=row["rules_version"],
        touchdown_before=moment_or_none(row["touchdown_before"]),
    )

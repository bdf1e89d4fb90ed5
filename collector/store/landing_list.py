"""Which landings fit what a reader asked for? A page of them at a time, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.alerts.counts import CANDIDATE_FROM
from collector.model import Landing
from collector.store.database import Store
from collector.store.encoding import stamp, to_json
from collector.store.landing_rows import LANDING_SELECT, landing_of
from collector.watches.visitors import VISITORS


class Standing(StrEnum):
    """What a listing says first of a landing: its grade, unless something outranks it."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNDETERMINED = "undetermined"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


def standing_of(landing: Landing) -> Standing:
    """Return the standing of a landing, as `_STANDING` selects it."""
    if landing.review is not None:
        return Standing.REVIEWED
    if landing.retracted:
        return Standing.WITHDRAWN
    return Standing.UNDETERMINED if landing.airfield is None else Standing(landing.grade.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. None, or no airfield, means any."""

    watch: str | None = None
    airfields: tuple[str, ...] = ()
    """ICAO codes: landings that were, or may have been, at any of them."""
    standing: Standing | None = None
    begin: datetime | None = None
    """Landings that may lie in [begin, end); give both or neither."""
    end: datetime | None = None
    icao24: str | None = None


_STANDING = """CASE WHEN l.review IS NOT NULL THEN 'reviewed' WHEN l.retracted THEN 'withdrawn'
    WHEN l.airfield IS NULL THEN 'undetermined'
    WHEN EXISTS (SELECT 1 FROM landing_watches WHERE landing_id = l.id) AND NOT EXISTS
        (SELECT 1 FROM landing_watches WHERE landing_id = l.id AND doubt = '') THEN 'possible'
    ELSE l.grade END"""
_AT = f"""(l.airfield IN (SELECT value FROM json_each(:airfields))
    OR l.airfield IS NULL AND EXISTS (SELECT 1 FROM json_each(l.candidates_json)
        WHERE value ->> 'airfield' IN (SELECT value FROM json_each(:airfields))
        AND value ->> 'probability' >= {CANDIDATE_FROM})
    OR EXISTS (SELECT 1 FROM reviews WHERE landing_id = l.id
        AND airfield IN (SELECT value FROM json_each(:airfields))))"""
_WHEN = """(l.touchdown_at >= :begin AND l.touchdown_at < :end
    OR l.latest_at >= :begin AND l.earliest_at < :end)"""
_OF_WATCH = (
    # "+" keeps SQLite from the index by watch, which it would read whole for each row.
    "EXISTS (SELECT 1 FROM landing_watches WHERE landing_id = l.id AND +watch = :watch)"
)


def page_of(store: Store, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Landing]:
    """Return up to `limit` fitting landings of watched aircraft, newest first, after `offset`.

    Raises StoreError.
    """
    conditions, values = _conditions(wanted)
    rows = store.execute(
        f"{LANDING_SELECT} WHERE {conditions} "
        "ORDER BY l.touchdown_at DESC, l.id DESC LIMIT :limit OFFSET :offset",
        {**values, "limit": limit, "offset": offset},
    )
    return [landing_of(row) for row in rows]


def number_of(store: Store, wanted: Wanted) -> int:
    """Return how many landings of watched aircraft fit. Raises StoreError."""
    conditions, values = _conditions(wanted)
    (row,) = store.execute(
        f"SELECT count(*) AS number FROM landings AS l WHERE {conditions}", values
    )
    number: int = row["number"]
    return number


def numbers_by_standing(store: Store) -> dict[tuple[str, Standing], int]:
    """Return how many landings each watch wants of each standing. Raises StoreError."""
    rows = store.execute(
        f"SELECT w.watch AS watch, {_STANDING} AS standing, count(*) AS number FROM "
        "(SELECT DISTINCT landing_id, watch FROM landing_watches WHERE watch <> ?) AS w "
        "JOIN landings AS l ON l.id = w.landing_id GROUP BY 1, 2",
        (VISITORS,),
    )
    return {(row["watch"], Standing(row["standing"])): row["number"] for row in rows}


def numbers_without_watch(store: Store, configured: Collection[str]) -> dict[str, int]:
    """Return how many landings each other watch has that none of these `configured` ones has.

    Withdrawn ones are left out. Raises StoreError.
    """
    rows = store.execute(
        "SELECT w.watch AS watch, count(DISTINCT l.id) AS number FROM landing_watches AS w "
        "JOIN landings AS l ON l.id = w.landing_id WHERE l.unlisted = 0 "
        f"AND {_STANDING} <> ? AND NOT EXISTS (SELECT 1 FROM landing_watches "
        "WHERE landing_id = l.id AND watch IN (SELECT value FROM json_each(?))) "
        "GROUP BY 1 ORDER BY 1",
        (Standing.WITHDRAWN.value, to_json([*configured, VISITORS])),
    )
    return {row["watch"]: row["number"] for row in rows}


def _conditions(wanted: Wanted) -> tuple[str, dict[str, str | int]]:
    conditions = ["l.unlisted = 0"]
    values: dict[str, str | int] = {}
    if wanted.watch is not None:
        conditions.append(_OF_WATCH)
        values["watch"] = wanted.watch
    if wanted.airfields:
        conditions.append(_AT)
        values["airfields"] = to_json(wanted.airfields)
    if wanted.standing is not None:
        conditions.append(f"{_STANDING} = :standing")
        values["standing"] = wanted.standing.value
    if wanted.begin is not None and wanted.end is not None:
        conditions.append(_WHEN)
        values |= {"begin": stamp(wanted.begin), "end": stamp(wanted.end)}
    if wanted.icao24 is not None:
        conditions.append("l.icao24 = :icao24")
        values["icao24"] = wanted.icao24
    return " AND ".join(conditions), values

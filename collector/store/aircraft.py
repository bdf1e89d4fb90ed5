"""Under which names, and when, was each watched aircraft reported? Spans of time for each name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.model import Observation, WatchMatch
from collector.store.database import Store
from collector.store.encoding import moment, moment_or_none, stamp, storable, to_json
from collector.watches.visitors import VISITORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One aircraft as it was reported; each name is the last one, None if there never was one."""

    icao24: str
    registration: str | None
    type_code: str | None
    callsign: str | None
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name that an aircraft had for a time: `kind` is callsign, registration or type_code."""

    kind: str
    value: str
    first_seen_at: datetime
    last_seen_at: datetime


_KINDS = ("callsign", "registration", "type_code")
_WIDEN = (
    "first_seen_at = min(first_seen_at, excluded.first_seen_at), "
    "last_seen_at = max(last_seen_at, excluded.last_seen_at) "
    "WHERE excluded.first_seen_at < first_seen_at OR excluded.last_seen_at > last_seen_at"
)

_Spans = dict[tuple[object, ...], tuple[str, str]]
"""First and last time of each key, as `stamp` writes them: text that sorts as the times do."""


def store_names(
    store: Store, reports: Sequence[tuple[Observation, Sequence[WatchMatch]]]
) -> set[str]:
    """Store names and matches of reports, in the transaction of `observations.store_reports`.

    Returns the addresses that a watch matched for the first time, or by another entry than before.
    Raises StoreError.
    """
    aircraft: _Spans = {}
    names: _Spans = {}
    matched: _Spans = {}
    for observation, watch_matches in reports:
        icao24, at = observation.icao24, stamp(observation.at)
        _widen(aircraft, (icao24,), at)
        for kind in _KINDS:
            value = storable(getattr(observation, kind))
            if value:
                _widen(names, (icao24, kind, value), at)
        for match in watch_matches:
            _widen(matched, (icao24, match.watch, match.matched_by, match.counted), at)
    _merge(store, "aircraft", ("icao24",), aircraft)
    _merge(store, "identities", ("icao24", "kind", "value"), names)
    stored = _match_keys(store, sorted({str(key[0]) for key in matched}))
    _merge(store, "matches", ("icao24", "watch", "matched_by", "counted"), matched)
    return {str(key[0]) for key in matched if key not in stored}


def identity(store: Store, icao24: str) -> Identity | None:
    """Return one aircraft, None if it was never reported. Raises StoreError."""
    found = identities(store, (icao24,))
    return found[0] if found else None


def identities(store: Store, only: Iterable[str] | None = None) -> list[Identity]:
    """Return every aircraft that a watch ever matched, or those of `only`, by address.

    Raises StoreError.
    """
    columns = ", ".join(
        f"(SELECT value FROM identities AS i WHERE i.icao24 = a.icao24 AND i.kind = '{kind}' "
        f"ORDER BY last_seen_at DESC, value LIMIT 1) AS {kind}"
        for kind in _KINDS
    )
    rows = [
        row
        for icao24 in (("",) if only is None else sorted(set(only)))
        for row in store.execute(
            f"SELECT a.*, {columns} FROM aircraft AS a "
            + ("ORDER BY icao24" if only is None else "WHERE a.icao24 = ?"),
            () if only is None else (icao24,),
        )
    ]
    return [
        Identity(
            icao24=row["icao24"],
            registration=row["registration"],
            type_code=row["type_code"],
            callsign=row["callsign"],
            first_seen_at=moment(row["first_seen_at"]),
            last_seen_at=moment(row["last_seen_at"]),
        )
        for row in rows
    ]


def matched_between(store: Store, watch: str, begin: datetime, end: datetime) -> list[str]:
    """Return the addresses that a watch matched between two times, in order. Raises StoreError."""
    rows = store.execute(
        "SELECT DISTINCT icao24 FROM matches WHERE watch = ? AND last_seen_at >= ? "
        "AND first_seen_at <= ? ORDER BY icao24",
        (watch, stamp(begin), stamp(end)),
    )
    return [row["icao24"] for row in rows]


def next_matched(store: Store, after: str) -> str | None:
    """Return the first aircraft that a watch matched, by its address, after this one; None if there
    is none. Unlisted visitors are left out. Raises StoreError."""
    rows = store.execute(
        "SELECT min(icao24) AS icao24 FROM matches WHERE icao24 > ? AND watch <> ?",
        (after, VISITORS),
    )
    found: str | None = rows[0]["icao24"]
    return found


def seen_between(store: Store, begin: datetime, end: datetime) -> list[str]:
    """Return the addresses that may have been reported between two times, in order.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT icao24 FROM aircraft WHERE last_seen_at >= ? AND first_seen_at <= ? "
        "ORDER BY icao24",
        (stamp(begin), stamp(end)),
    )
    return [row["icao24"] for row in rows]


def first_seen_at(store: Store) -> datetime | None:
    """Return when the first aircraft was reported, None if none was. Raises StoreError."""
    return moment_or_none(store.execute("SELECT min(first_seen_at) AS at FROM aircraft")[0]["at"])


def names(store: Store, icao24: str) -> list[Name]:
    """Return every name of one aircraft, by kind and time. Raises StoreError."""
    return [
        Name(
            kind=row["kind"],
            value=row["value"],
            first_seen_at=moment(row["first_seen_at"]),
            last_seen_at=moment(row["last_seen_at"]),
        )
        for row in store.execute(
            "SELECT * FROM identities WHERE icao24 = ? ORDER BY kind, first_seen_at, value",
            (icao24,),
        )
    ]


def matches(
    store: Store, icao24: str, begin: datetime | None = None, end: datetime | None = None
) -> tuple[WatchMatch, ...]:
    """Return by which watches and entries an aircraft was matched, at any time or between two.

    Raises StoreError.
    """
    rows = store.execute(
        "SELECT watch, matched_by, counted FROM matches WHERE icao24 = ? "
        "AND last_seen_at >= ? AND first_seen_at <= ? ORDER BY watch, matched_by, counted",
        (
            icao24,
            "" if begin is None else stamp(begin),
            "9" if end is None else stamp(end),
        ),
    )
    return tuple(WatchMatch(row["watch"], row["matched_by"], bool(row["counted"])) for row in rows)


def _widen(spans: _Spans, key: tuple[object, ...], at: str) -> None:
    first, last = spans.get(key, (at, at))
    spans[key] = (min(first, at), max(last, at))


def _merge(store: Store, table: str, key: Sequence[str], spans: _Spans) -> None:
    columns = (*key, "first_seen_at", "last_seen_at")
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {_WIDEN}"
    )
    store.execute_many(sql, ((*values, *span) for values, span in spans.items()))


def _match_keys(store: Store, addresses: Sequence[str]) -> set[tuple[object, ...]]:
    """Return the keys of all stored matches of these aircraft."""
    return {
        (row["icao24"], row["watch"], row["matched_by"], bool(row["counted"]))
        for row in store.execute(
            "SELECT m.* FROM json_each(?) AS one CROSS JOIN matches AS m ON m.icao24 = one.value",
            (to_json(addresses),),
        )
    }

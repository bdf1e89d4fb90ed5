"""Which reports were received? Each is stored once, whatever the order of arrival.

The stored set is a join semilattice: a report's key is a function of the report alone, and of
several reports with one key the smallest stays. The same reports in any order, delivered twice, or
split over any transactions therefore leave the same table.

Repeated positions have derived times that differ by 0.2 s in the median and 3.7 s at most (measured
on recorded feeds), so that a key holds the position and an eight-second bucket of time. A repeat in
the next bucket is stored, and left out when read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from collector.model import Observation, Source, WatchMatch
from collector.model.imported import IMPORTED_FEEDS
from collector.store import aircraft
from collector.store.database import Store
from collector.store.encoding import (
    finite,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    storable,
    whole,
)
from collector.watches.visitors import VISITORS

BUCKET_S = 8
REPEAT_WITHIN = timedelta(seconds=4)
"""The same position of the same feed so soon after another is a repeat. Of three neighbouring
buckets only two can hold reports so close, so that a parked aircraft is never left out for good."""

RECEIVED = f"AND feed NOT IN ({', '.join(map(repr, IMPORTED_FEEDS))})"
_KEY = ("icao24", "slot", "feed", "place")
_ORDER = (
    # The earliest reception first: an altitude received soon after a position fits it best.
    "heard_at",
    "at",
    "position_at",
    "lat_deg",
    "lon_deg",
    "baro_altitude_ft",
    "geom_altitude_ft",
    "on_ground",
    "ground_speed_kt",
    "track_deg",
    "vertical_rate_fpm",
    "callsign",
    "registration",
    "type_code",
    "squawk",
    "source",
    "adsb_version",
    "nic",
    "nac_p",
    "sil",
    "nav_qnh_hpa",
    "gps_lost",
    "crowded",
    "operator",
)
_COLUMNS = _KEY + _ORDER


def _rank(table: str) -> str:
    # A mark against a position stays: a trace that repeats the position does not have the mark.
    marks = [f"1 - {table}.crowded", f"1 - {table}.gps_lost"]
    # NULLs do not compare; an empty BLOB does, with everything, and is never stored.
    values = [f"coalesce({table}.{column}, x'')" for column in _ORDER]
    return "(" + ", ".join([*marks, *values]) + ")"


_STORE = f"""
INSERT INTO observations ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in _ORDER)}
WHERE {_rank("excluded")} < {_rank("observations")}
RETURNING 1
"""


def store_reports(
    store: Store, rows: Iterable[tuple[Observation, Sequence[WatchMatch]]]
) -> set[str]:
    """Store reports with the matches of their aircraft, in one transaction.

    Returns the addresses of which anything stored changed; a repeat changes nothing. Raises
    StoreError.
    """
    reports = list(rows)
    changed = set()
    with store.transaction():
        for observation, _ in reports:
            if store.execute(_STORE, _values(observation)):
                changed.add(observation.icao24)
        return changed | aircraft.store_names(store, reports)


def reports_between(store: Store, icao24: str, begin: datetime, end: datetime) -> list[Observation]:
    """Return the reports of one aircraft with `begin <= at <= end`, by time, without repeats.

    Raises StoreError.
    """
    rows = store.execute(
        f"SELECT * FROM observations WHERE icao24 = ? AND slot BETWEEN ? AND ? {RECEIVED} "
        "ORDER BY at, feed, place",
        (icao24, slot_of(begin - REPEAT_WITHIN), slot_of(end)),
    )
    kept = []
    last: dict[tuple[str, str], datetime] = {}
    for row in rows:
        at = moment(row["at"])
        key = (row["feed"], row["place"])
        observation = observation_of_row(row)
        repeat = _placed(observation) and at - last.get(key, _LONG_AGO) < REPEAT_WITHIN
        last[key] = at
        if begin <= at <= end and not repeat:
            kept.append(observation)
    return kept


def last_before(store: Store, icao24: str, at: datetime) -> datetime | None:
    """Return the time of the last report before `at`, None if there is none. Raises StoreError."""
    rows = store.execute(
        f"SELECT at FROM observations WHERE icao24 = ? AND slot <= ? AND at < ? {RECEIVED} "
        "ORDER BY slot DESC, at DESC LIMIT 1",
        (icao24, slot_of(at), stamp(at)),
    )
    return moment(rows[0]["at"]) if rows else None


def first_after(store: Store, icao24: str, at: datetime) -> datetime | None:
    """Return the time of the first report after `at`, None if there is none. Raises StoreError."""
    rows = store.execute(
        f"SELECT at FROM observations WHERE icao24 = ? AND slot >= ? AND at > ? {RECEIVED} "
        "ORDER BY slot, at LIMIT 1",
        (icao24, slot_of(at), stamp(at)),
    )
    return moment(rows[0]["at"]) if rows else None


def nth_after(store: Store, icao24: str, first: datetime, number: int) -> datetime | None:
    """Return the time of the report so many after the one at `first`, None if there are fewer.

    Raises StoreError.
    """
    rows = store.execute(
        f"SELECT at FROM observations WHERE icao24 = ? AND slot >= ? AND at >= ? {RECEIVED} "
        "ORDER BY slot, at LIMIT 1 OFFSET ?",
        (icao24, slot_of(first), stamp(first), number),
    )
    return moment(rows[0]["at"]) if rows else None


def latest_reports(store: Store, since: datetime) -> list[Observation]:
    """Return the last report of each watched aircraft that was seen `since` or later, by address.

    Of equally late reports it is that of the feed whose name comes first. Unlisted visitors are
    left out. Of aircraft that were seen earlier no report is read. Raises StoreError.
    """
    rows = store.execute(
        "SELECT o.* FROM aircraft AS a CROSS JOIN observations AS o ON o.icao24 = a.icao24 "
        f"AND o.slot = (SELECT max(slot) FROM observations WHERE icao24 = a.icao24 {RECEIVED}) "
        "WHERE a.last_seen_at >= :since AND ("
        "NOT EXISTS (SELECT 1 FROM matches WHERE icao24 = a.icao24 AND watch = :visitors) "
        "OR EXISTS (SELECT 1 FROM matches WHERE icao24 = a.icao24 AND watch <> :visitors)) "
        "ORDER BY o.icao24, o.at DESC, o.feed, o.place",
        {"visitors": VISITORS, "since": stamp(since)},
    )
    newest: dict[str, sqlite3.Row] = {}
    for row in rows:
        newest.setdefault(row["icao24"], row)
    return [observation_of_row(row) for row in newest.values()]


def recent_reports(store: Store, since: datetime) -> dict[str, int]:
    """Return how many reports since then are stored, by feed. Raises StoreError.

    Of aircraft that were seen earlier no report is read.
    """
    rows = store.execute(
        "SELECT o.feed AS feed, count(*) AS reports FROM aircraft AS a "
        "CROSS JOIN observations AS o ON o.icao24 = a.icao24 AND o.slot >= ? "
        "WHERE a.last_seen_at >= ? GROUP BY o.feed",
        (slot_of(since), stamp(since)),
    )
    return {row["feed"]: row["reports"] for row in rows}


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def slot_of(at: datetime) -> int:
    """Return the bucket of a time, as in the key."""
    return int(at.timestamp() // BUCKET_S)


def _placed(observation: Observation) -> bool:
    """Return whether a report has a usable position."""
    return (
        observation.fresh
        and finite(observation.lat_deg) is not None
        and finite(observation.lon_deg) is not None
    )


def _place(observation: Observation) -> str:
    """Return the part of the key that separates two reports of one feed in one bucket."""
    if _placed(observation):
        lat, lon = round(observation.lat_deg or 0.0, 5), round(observation.lon_deg or 0.0, 5)
        return f"{lat + 0.0:.5f},{lon + 0.0:.5f}"  # adding zero turns -0.0 into it
    altitude = finite(observation.baro_altitude_ft)
    if altitude is None:
        altitude = finite(observation.geom_altitude_ft)
    return "-" if altitude is None else f"{round(altitude)} ft"


def _values(observation: Observation) -> tuple[object, ...]:
    """One row, in the order of `_COLUMNS`."""
    at, position_at = observation.at, observation.position_at
    at_text = stamp(at)
    return (
        observation.icao24,
        slot_of(at),
        observation.feed,
        _place(observation),
        stamp(observation.heard_at),
        at_text,
        at_text if position_at is at else stamp_or_none(position_at),
        finite(observation.lat_deg),
        finite(observation.lon_deg),
        finite(observation.baro_altitude_ft),
        finite(observation.geom_altitude_ft),
        observation.on_ground,
        finite(observation.ground_speed_kt),
        finite(observation.track_deg),
        finite(observation.vertical_rate_fpm),
        storable(observation.callsign),
        storable(observation.registration),
        storable(observation.type_code),
        storable(observation.squawk),
        observation.source.value,
        whole(observation.adsb_version),
        whole(observation.nic),
        whole(observation.nac_p),
        whole(observation.sil),
        finite(observation.nav_qnh_hpa),
        observation.gps_lost,
        observation.crowded,
        storable(observation.operator),
    )


def observation_of_row(row: sqlite3.Row) -> Observation:
    """Return the report of one row of the table."""
    heard_at = moment(row["heard_at"])
    same = row["position_at"] == row["heard_at"]
    return Observation(
        icao24=row["icao24"],
        feed=row["feed"],
        heard_at=heard_at,
        position_at=heard_at if same else moment_or_none(row["position_at"]),
        lat_deg=row["lat_deg"],
        lon_deg=row["lon_deg"],
        baro_altitude_ft=row["baro_altitude_ft"],
        geom_altitude_ft=row["geom_altitude_ft"],
        on_ground=None if row["on_ground"] is None else bool(row["on_ground"]),
        ground_speed_kt=row["ground_speed_kt"],
        track_deg=row["track_deg"],
        vertical_rate_fpm=row["vertical_rate_fpm"],
        callsign=row["callsign"],
        registration=row["registration"],
        type_code=row["type_code"],
        squawk=row["squawk"],
        source=Source(row["source"]),
        adsb_version=row["adsb_version"],
        nic=row["nic"],
        nac_p=row["nac_p"],
        sil=row["sil"],
        nav_qnh_hpa=row["nav_qnh_hpa"],
        gps_lost=bool(row["gps_lost"]),
        crowded=bool(row["crowded"]),
        operator=row["operator"],
    )

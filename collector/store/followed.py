"""Which addresses are followed, since when, and what was reported of them before?

The hours in which reports matched a watch by anything but the address are a set that only grows, so
that any order of arrival leaves the same table. Reports of aircraft that nobody asked for are kept
for two hours, in case a watch matches the aircraft later on its approach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from collector.model import Observation, WatchMatch
from collector.store.database import Store
from collector.store.encoding import from_json, stamp, storable, to_json
from collector.watches.following import (
    FOLLOWED_AFTER,
    HOUR,
    NOBODY,
    Followed,
    hour_begin,
    hours_around,
    hours_matched,
)

STRANGERS_KEPT = timedelta(hours=2)
"""An approach from cruise takes 25 minutes, with holding an hour; before that, whatever name the
aircraft had says little about the landing."""

OF_THIS_TIME = timedelta(days=1)
"""Kept reports older than this were received in a recording's time, not in the daemon's."""


def store_hours(
    store: Store, reports: Iterable[tuple[Observation, Sequence[WatchMatch]]]
) -> set[str]:
    """Store the hours in which these reports make addresses followed, in the caller's transaction.

    Returns the addresses that were not followed at these times before. Raises StoreError.
    """
    found = {
        icao24: hours - _stored_hours(store, icao24, hours)
        for icao24, hours in hours_matched(reports).items()
    }
    fresh = set()
    for icao24, hours in sorted(found.items()):
        if not hours:
            continue
        before = followed_between(
            store, hour_begin(min(hours)), hour_begin(max(hours)) + HOUR, only=(icao24,)
        )
        if not all(before.holds(icao24, hour_begin(hour)) for hour in hours):
            fresh.add(icao24)
        for hour in sorted(hours):
            store.execute("INSERT INTO followed (icao24, hour) VALUES (?, ?)", (icao24, hour))
    return fresh


def followed_between(
    store: Store, first: datetime, last: datetime, only: Iterable[str] | None = None
) -> Followed:
    """Return the addresses that are followed at any time between two, or those of `only`.

    Raises StoreError.
    """
    among = "" if only is None else "icao24 IN (SELECT value FROM json_each(?)) AND "
    named = () if only is None else (to_json(sorted(only)),)
    rows = store.execute(
        f"SELECT icao24, hour FROM followed WHERE {among}hour BETWEEN ? AND ?",
        (*named, *hours_around(first, last)),
    )
    return _followed((row["icao24"], row["hour"]) for row in rows)


def all_followed(store: Store, above: int = 0) -> Followed:
    """Return every address that is followed because of hours stored after the number `above`.

    Raises StoreError.
    """
    rows = store.execute("SELECT icao24, hour FROM followed WHERE number > ?", (above,))
    return _followed((row["icao24"], row["hour"]) for row in rows)


def last_number(store: Store) -> int:
    """Return the number of the hour that was stored last; 0 if there is none. Raises StoreError."""
    (row,) = store.execute("SELECT coalesce(max(number), 0) AS number FROM followed")
    number: int = row["number"]
    return number


def latest_followed(store: Store, now: datetime) -> list[str]:
    """Return the addresses that matched in the days before `now`, the latest match first.

    Raises StoreError.
    """
    first, last = hours_around(now, now)
    rows = store.execute(
        "SELECT icao24, max(hour) AS latest FROM followed WHERE hour BETWEEN ? AND ? "
        "GROUP BY icao24 ORDER BY latest DESC, icao24",
        (first, last),
    )
    return [
        row["icao24"] for row in rows if hour_begin(row["latest"]) + HOUR + FOLLOWED_AFTER > now
    ]


def store_strangers(store: Store, reports: Sequence[Observation], at: datetime) -> None:
    """Store the reports of one reply, received `at`, that nobody asked for. Raises StoreError."""
    if reports:
        store.execute(
            "INSERT OR REPLACE INTO strangers VALUES (?, ?, ?)",
            (stamp(at), reports[0].feed, storable(to_json(reports))),
        )


def forget_strangers(store: Store, now: datetime, *, of_another_time: bool) -> None:
    """Delete such reports of more than two hours ago. Raises StoreError.

    Those of more than a day ago may be of a replay that runs beside the daemon: they are deleted
    only with `of_another_time`, once at a start.
    """
    oldest = "" if of_another_time else stamp(now - OF_THIS_TIME)
    store.execute(
        "DELETE FROM strangers WHERE at BETWEEN ? AND ?", (oldest, stamp(now - STRANGERS_KEPT))
    )


def strangers_of(store: Store, addresses: set[str]) -> list[Observation]:
    """Return the kept reports of these aircraft, by time. Raises StoreError."""
    if not addresses:
        return []
    found = [
        observation
        for row in store.execute("SELECT reports FROM strangers ORDER BY at, feed")
        for observation in from_json(row["reports"], tuple[Observation, ...])
        if observation.icao24 in addresses
    ]
    return sorted(found, key=lambda observation: observation.at)


def _stored_hours(store: Store, icao24: str, hours: set[int]) -> set[int]:
    rows = store.execute(
        "SELECT hour FROM followed WHERE icao24 = ? AND hour BETWEEN ? AND ?",
        (icao24, min(hours), max(hours)),
    )
    return {row["hour"] for row in rows}


def _followed(rows: Iterable[tuple[str, int]]) -> Followed:
    hours: dict[str, set[int]] = {}
    for icao24, hour in rows:
        hours.setdefault(icao24, set()).add(hour)
    return NOBODY.and_hours(hours)

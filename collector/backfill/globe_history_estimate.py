"""How many requests, bytes and hours would fetching these days take? No server is asked.

The estimate rests on the days that were fetched before. Until there is one, a day is assumed to
have the usual size, and the time is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean

from collector.archives.releases import bad_days, years_of
from collector.archives.tar1090 import SPACING, Shelf, final
from collector.backfill.globe_history import DAMAGED, DONE, PER_AIRCRAFT, READ, SOURCE, addresses
from collector.backfill.scope import request_scope
from collector.backfill.search import Search
from collector.backfill.session import requests_in_scope
from collector.settings import Settings
from collector.store import Store, archive_requests

USUAL_DAY_BYTES = 3_000_000_000
"""Size of one day of adsb.lol (docs/feed-formats.md#day-archives)."""
USUAL_PARTS = 2
USUAL_TRACE_BYTES = 65_000
"""Size of a genuine gzipped trace of a whole day in the air, with 2,500 points."""
DAYS_MEASURED = 10
"""How many of the last days fetched the estimate rests on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The estimate; `units` are days."""

    units: int
    read_before: int
    size_bytes: int
    requests: int
    lasts: timedelta | None
    """None if nothing was fetched yet."""
    measured_on: int
    """How many days fetched before it rests on."""


def plan_whole_days(
    settings: Settings,
    store: Store | None,
    days: Sequence[date],
    now: datetime,
    *,
    search: Search,
    again: bool = False,
    partial: bool = False,
) -> Plan:
    """Return the estimate for whole days; `store` None means no database yet. Raises StoreError."""
    asks = archive_requests.requests_of(store, SOURCE) if store is not None else {}
    before = requests_in_scope(asks, request_scope(settings, *search.more))
    settled = DONE if partial else (*DONE, DAMAGED)
    done = {day for day, last in before.items() if last.outcome in settled and not again}
    bad = {} if partial else bad_days()
    due = [
        day for day in days if day.isoformat() not in done and day not in bad and final(day, now)
    ]
    fetched = [request.detail for request in asks.values() if request.outcome == READ]
    last = fetched[-DAYS_MEASURED:]
    sizes = [sum(part["bytes"] for part in day["received"]) for day in last]
    size_bytes = fmean(sizes) if sizes else USUAL_DAY_BYTES
    lists = {year for day in due for year in years_of(day)}
    seconds = fmean(day["seconds"] for day in last) * len(due) if last else None
    return Plan(
        units=len(days),
        read_before=sum(day.isoformat() in done for day in days),
        size_bytes=round(size_bytes * len(due)),
        requests=USUAL_PARTS * len(due) + len(lists),
        lasts=None if seconds is None else timedelta(seconds=seconds),
        measured_on=len(last),
    )


def plan_per_aircraft(
    settings: Settings,
    store: Store | None,
    days: Sequence[date],
    now: datetime,
    *,
    folder: Path,
    url: str,
    also: Sequence[str] = (),
    again: bool = False,
) -> Plan:
    """Return the estimate for single traces, which are kept in `folder`. Raises StoreError.

    Most of the time is pauses between requests.
    """
    asks = archive_requests.requests_of(store, PER_AIRCRAFT) if store is not None else {}
    before = requests_in_scope(asks, request_scope(settings, url, tuple(sorted(also))))
    done = {day for day, last in before.items() if last.outcome in DONE and not again}
    due = [day for day in days if day.isoformat() not in done and final(day, now)]
    shelf = Shelf(url, folder / PER_AIRCRAFT)
    requests = sum(
        not shelf.is_answered(icao24, day)
        for day in due
        for icao24 in addresses(settings, day, also)
    )
    return Plan(
        units=len(days),
        read_before=sum(day.isoformat() in done for day in days),
        size_bytes=requests * USUAL_TRACE_BYTES,
        requests=requests,
        lasts=requests * SPACING,
        measured_on=0,
    )

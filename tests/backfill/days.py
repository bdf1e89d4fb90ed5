"""Days in a fake archive, and what the tests of globe history look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from collector.backfill.globe_history import (
    SOURCE,
)
from collector.backfill.session import Session
from collector.store import Store, archive_requests
from tests.support.adsblol_days import day_tar, put_lists, visit_trace
from tests.support.fake_feed import FakeFeed
from tests.support.sky import Visit
from tests.support.station import Station

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
DAY = AT.date()
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TRACE = visit_trace(Visit(lands_at=AT))
TAR = day_tar([TRACE])
SPAN = ("--from", "2026-11-18", "--to", "2026-11-18")


Direct = Callable[[dict[int, Sequence[str]]], tuple[Session, Store]]


def station_of(folder: Path, feed: FakeFeed, lists: dict[int, Sequence[str]]) -> Station:
    url = put_lists(feed, lists)
    extra = f'\n[archives]\nreleases_url = "{url}"\nhistory_url = "{feed.url}/map/"\n'
    return Station(folder, extra=extra)


def fetched(station: Station) -> list[str]:
    """Whatever lies in the archives' folder, but for the lock."""
    folder = station.folder / "var" / "archives"
    return sorted(one.name for one in folder.rglob("*") if one.is_file() and one.suffix != ".lock")


def noted(station: Station, source: str = SOURCE) -> dict[str, archive_requests.ArchiveRequest]:
    with Store.open(station.database, read_only=True) as store:
        return archive_requests.requests_of(store, source)

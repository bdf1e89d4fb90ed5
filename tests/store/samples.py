"""Values that the tests of the store write."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector.model import (
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Observation,
    Recipient,
    Revision,
    WatchMatch,
)
from collector.model.notice import Message, Owed
from collector.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A Sunday."""
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SILKWAY = WatchMatch("silkway", "fleet silkway", True)


@contextmanager
def copied(template: Path) -> Iterator[Store]:
    """A copy of a database, open: far quicker than a new one for each example."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collector.sqlite"
        shutil.copy(template, path)
        with Store.open(path) as store:
            yield store


def observation(at: datetime = NOON, **changes: Any) -> Observation:
    """Near Ovda, low."""
    values: dict[str, Any] = {
        "icao24": "600865",
        "feed": "adsblol",
        "heard_at": at + SECOND,
        "position_at": at,
        "lat_deg": 29.99,
        "lon_deg": 34.95,
        "baro_altitude_ft": 3000.0,
        "callsign": "AZQ4721",
        "registration": "4K-AZ101",
        "type_code": "IL76",
    }
    return Observation(**(values | changes))


def detection(at: datetime = NOON, **changes: Any) -> Detection:
    values: dict[str, Any] = {
        "icao24": "600865",
        "airfield": "LLOV",
        "candidates": (Candidate("LLOV", 0.9), Candidate("LLER", 0.1)),
        "touchdown_at": at,
        "uncertainty_s": 90.0,
        "departed_at": at + 2 * HOUR,
        "runway": "20L",
        "grade": Grade.PROBABLE,
        "probability": 0.9,
        "callsign": "AZQ4721",
        "evidence": (
            Evidence(at - MINUTE, "low-approach", "Low and descending", airfield="LLOV"),
            Evidence(at + HOUR, "silence", "Silent", speaks="neutral", feeds=("adsblol",)),
        ),
        "feeds": ("adsblol", "opensky"),
        "visit_from": at - MINUTE,
        "visit_until": at + 2 * HOUR,
    }
    return Detection(**(values | changes))


def landing(at: datetime = NOON, ordinal: int = 1, **changes: Any) -> Landing:
    """A landing at `at`; changes of its detection are given as `detection=`."""
    values: dict[str, Any] = {
        "id": f"600865-{at.date()}-{ordinal}",
        "detection": detection(at),
        "registration": "4K-AZ101",
        "type_code": "IL76",
        "watches": (SILKWAY,),
        "first_known_at": at + HOUR,
        "revised_at": at + HOUR,
    }
    return Landing(**(values | changes))


def revision(of: Landing, at: datetime = NOON, change: str = "found") -> Revision:
    return Revision(of.id, at, change, f"{change} by test", "rules-1")


def owed(key: str = "digest:2026-W47:ops", at: datetime = NOON) -> Owed:
    return Owed(
        key=key,
        recipient=Recipient("ops", "ops@example.org"),
        message=Message("Two landings", "Two landings at Ovda.", "<p>Two landings at Ovda.</p>"),
        created_at=at,
    )


def content(store: Store, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in these tables, comparable."""
    return {
        table: sorted((tuple(row) for row in store.execute(f"SELECT * FROM {table}")), key=repr)
        for table in tables
    }

"""A station with one landing, and logs left as they were, for every test of commands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from tests.cli.runner import call
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """One landing on a Wednesday, replayed."""
    folder = tmp_path_factory.mktemp("station")
    sky = Sky((Visit(lands_at=AT),))
    replies = sky.replies(
        AT - timedelta(minutes=10), AT + timedelta(minutes=10), timedelta(seconds=20)
    )
    station = Station(folder)
    call(station, "replay", *(str(path) for path in record(folder / "recorded", list(replies))))
    return station


@pytest.fixture(autouse=True)
def _logs_stay() -> Iterator[None]:
    """Commands that work for a while take over the root logger."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()

"""What one reply after another leads to, by the pipeline alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.settings import load
from collector.store import Store, landings
from collector.wiring import Line, line
from tests.support.sky import IL76, Sky, Visit

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Line]:
    """The line of the embedded defaults."""
    settings = load(None, environ={"COLLECTOR_DATA": str(tmp_path)})
    store = Store.open(settings.database)
    yield line(settings, store)
    store.close()


def test_the_default_watch_names_the_airframe_that_a_feed_does_not(shipped: Line) -> None:
    """The feed sends no registration and no type; the fleet file knows both."""
    sky = Sky((Visit(lands_at=FRIDAY),))
    end = FRIDAY + timedelta(minutes=20)
    for reply in sky.replies(FRIDAY - timedelta(minutes=30), end, timedelta(seconds=30)):
        body = reply.body.replace(b'"r": "4K-AZ101", "t": "IL76", ', b"")
        shipped.pipeline.take(replace(reply, body=body))
    (landing,) = landings.find(shipped.store, icao24=IL76)
    assert (landing.registration, landing.type_code) == ("4K-AZ101", "IL76")
    assert landing.watches[0].matched_by == "fleet silkway"
    assert landing.watches[0].counted


def test_taking_the_same_replies_again_changes_nothing(shipped: Line) -> None:
    sky = Sky((Visit(lands_at=FRIDAY),))
    span = FRIDAY - timedelta(minutes=30), FRIDAY + timedelta(minutes=20)
    replies = list(sky.replies(*span, timedelta(seconds=30)))
    for reply in replies:
        shipped.pipeline.take(reply)
    before = landings.find(shipped.store)
    told = [landings.history(shipped.store, landing.id) for landing in before]
    for reply in replies:
        assert shipped.pipeline.take(replace(reply)).changes == ()
    assert landings.find(shipped.store) == before
    assert [landings.history(shipped.store, landing.id) for landing in before] == told

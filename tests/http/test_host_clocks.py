"""Does an answer show how far our clock is off, also one that a cache kept?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collector.http import Http
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed


@pytest.fixture
def server() -> Iterator[FakeFeed]:
    with FakeFeed() as feed:
        yield feed


@pytest.fixture
def http() -> Iterator[Http]:
    one = Http(contact=None, clock=ManualClock(datetime(2026, 11, 22, 12, tzinfo=UTC)), version="1")
    yield one
    one.close()


def test_a_clock_that_is_off_shows(server: FakeFeed, http: Http) -> None:
    server.on("/*", Answer(b"{}", headers={"Date": "Sun, 22 Nov 2026 12:10:00 GMT"}))
    http.get(server.url)
    assert timedelta(minutes=10) in http.host_clocks.offsets().values()


def test_an_answer_from_a_cache_puts_our_clock_not_in_doubt(server: FakeFeed, http: Http) -> None:
    kept = {"Date": "Sat, 21 Nov 2026 12:00:00 GMT", "Age": "86400"}
    server.on("/*", Answer(b"{}", headers=kept))
    http.get(server.url)
    assert set(http.host_clocks.offsets().values()) == {timedelta()}

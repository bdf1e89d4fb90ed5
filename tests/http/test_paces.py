"""Does the client keep to the pace that a host's answers taught, and hand locks over in order?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collector.errors import RateLimited, Unreachable
from collector.http import Http
from collector.http.fair_lock import FairLock
from collector.model.host_pace import HostPace
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SPACING = timedelta(seconds=2)


@pytest.fixture
def server() -> Iterator[FakeFeed]:
    with FakeFeed() as feed:
        feed.on("/*", Answer(b"{}"))
        yield feed


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def http(clock: ManualClock) -> Iterator[Http]:
    one = Http(contact=None, clock=clock, version="1")
    yield one
    one.close()


def host_of(server: FakeFeed) -> str:
    return server.url.removeprefix("http://")


def test_a_429_lengthens_the_pause_of_every_request_to_that_host(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    server.on("/*", Answer(b"", 429), Answer(b"{}"))
    with pytest.raises(RateLimited):
        http.get(server.url, spacing=SPACING, teaches=True)
    assert http.lanes.paces()[host_of(server)].pause == 2 * SPACING
    before = clock.now()
    http.get(server.url, spacing=SPACING)
    assert clock.now() - before == 2 * SPACING


def test_only_requests_that_teach_change_the_pace(server: FakeFeed, http: Http) -> None:
    server.on("/*", Answer(b"", 429))
    with pytest.raises(RateLimited):
        http.get(server.url, spacing=SPACING)
    assert http.lanes.paces() == {}


@pytest.mark.parametrize("status", [403, 500, 503])
def test_only_429_teaches(server: FakeFeed, http: Http, status: int) -> None:
    server.on("/*", Answer(b"", status, {"Retry-After": "600"}))
    with pytest.raises((RateLimited, Unreachable)):
        http.get(server.url, spacing=SPACING, teaches=True)
    assert http.lanes.paces() == {}


def test_a_limit_that_was_waited_out_teaches_as_well(server: FakeFeed, http: Http) -> None:
    server.on("/*", Answer(b"", 429, {"Retry-After": "7"}), Answer(b"{}"))
    http.get(server.url, spacing=SPACING, teaches=True)
    assert SPACING < http.lanes.paces()[host_of(server)].pause < 2 * SPACING


def test_no_retry_waits_for_a_long_pause(server: FakeFeed, http: Http, clock: ManualClock) -> None:
    http.lanes.resume({host_of(server): HostPace(timedelta(seconds=150))})
    server.on("/*", Answer(b"", 503))
    for waited in (timedelta(), timedelta(seconds=150)):
        before = clock.now()
        with pytest.raises(Unreachable):
            http.get(server.url, spacing=SPACING)
        assert clock.now() - before == waited, "the pause before it, and no other"
    assert len(server.requests) == 2


def test_a_lock_is_handed_over_in_the_order_of_asking() -> None:
    lock, order, begun = FairLock(), [], threading.Semaphore(0)

    def take(number: int) -> None:
        begun.release()
        with lock:
            order.append(number)

    threads = []
    with lock:
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,), daemon=True)
            thread.start()
            begun.acquire()
            while len(lock._queue) <= number:
                time.sleep(0.001)
            threads.append(thread)
    # Whoever gives it up and asks again at once comes after those who wait.
    with lock:
        order.append(99)
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4, 99]


def test_a_lock_is_free_after_an_error() -> None:
    lock = FairLock()
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with lock:
        pass

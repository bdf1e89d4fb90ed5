"""Does the client queue, pause, retry and stop as it promises, over real connections?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collector.clock import SystemClock
from collector.errors import FeedError, Interrupted, Malformed, RateLimited, Refused, Unreachable
from collector.http import Http
from collector.http.host_lane import HostLane
from collector.http.request import MAX_REMEMBERED, Request, Validators
from collector.secret import Secret
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed, Fault, Seen

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


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
    one = Http(contact=None, clock=clock, version="1", timeout=timedelta(seconds=5))
    yield one
    one.close()


def test_one_request_a_host_is_in_flight(server: FakeFeed, http: Http) -> None:
    entered = threading.Barrier(2, timeout=5)

    def slowly(_: Seen) -> Answer:
        # If a second request came in meanwhile, both would meet here.
        try:
            entered.wait(0.05)
        except threading.BrokenBarrierError:
            entered.reset()
        return Answer(b"{}")

    server.on("/slow", slowly)
    threads = [
        threading.Thread(target=http.get, args=(f"{server.url}/slow",), daemon=True)
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(server.requests) == 4
    assert server.most_in_flight == 1


def test_hosts_do_not_wait_for_each_other(server: FakeFeed, http: Http) -> None:
    server.on("/hang", Answer(fault=Fault.HANG))
    failed = threading.Event()

    def hang() -> None:
        with pytest.raises(Unreachable):
            http.get(f"{server.url}/hang")
        failed.set()

    thread = threading.Thread(target=hang, daemon=True)
    thread.start()
    with FakeFeed() as other:
        other.on("/*", Answer(b"{}"))
        assert http.get(other.url).status == 200
    assert not failed.is_set()
    http.close()
    thread.join(5)
    assert failed.is_set()


def test_spacing_counts_from_the_end_of_the_last_request(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    spacing = timedelta(seconds=2)
    http.get(server.url, spacing=spacing)
    assert clock.now() == NOW
    http.get(server.url, spacing=spacing)
    assert clock.now() == NOW + spacing
    clock.wait(timedelta(seconds=1.5))
    http.get(server.url, spacing=spacing)
    assert clock.now() == NOW + 2 * spacing
    clock.wait(timedelta(seconds=60))
    http.get(server.url, spacing=spacing)
    assert clock.now() == NOW + 2 * spacing + timedelta(seconds=60)


def test_a_clock_set_back_does_not_stop_the_polls(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    http.get(server.url, spacing=timedelta(seconds=2))
    clock.move_to(NOW - timedelta(hours=5))
    http.get(server.url, spacing=timedelta(seconds=2))
    assert clock.now() == NOW - timedelta(hours=5) + timedelta(seconds=2)


def test_retries_back_off_with_jitter_within_patience(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    server.on("/*", Answer(b"", 503))
    waits = set()
    for _ in range(4):
        before = clock.now()
        with pytest.raises(Unreachable):
            http.get(server.url)
        waits.add(clock.now() - before)
    assert len(server.requests) == 12
    assert all(timedelta(seconds=3) <= wait <= timedelta(seconds=5) for wait in waits)
    assert len(waits) > 1


def test_time_lost_in_slow_answers_counts_against_patience(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    def slowly(_: Seen) -> Answer:
        clock.wait(timedelta(seconds=19))
        return Answer(b"", 503)

    server.on("/*", slowly)
    with pytest.raises(Unreachable):
        http.get(server.url)
    assert len(server.requests) == 1


def test_a_stop_ends_the_wait_before_a_retry(server: FakeFeed) -> None:
    clock = SystemClock()
    http = Http(contact=None, clock=clock, version="1")

    def refuse(_: Seen) -> Answer:
        threading.Timer(0.05, clock.stop).start()
        return Answer(b"", 429, {"Retry-After": "15"})

    server.on("/*", refuse)
    begun = time.monotonic()
    with pytest.raises(Interrupted, match="stopping"):
        http.get(server.url)
    assert time.monotonic() - begun < 12
    http.close()


def test_closing_breaks_a_hanging_request(server: FakeFeed, http: Http) -> None:
    def hang(_: Seen) -> Answer:
        threading.Timer(0.05, http.close).start()
        return Answer(fault=Fault.HANG)

    server.on("/*", hang)
    begun = time.monotonic()
    with pytest.raises(Interrupted, match="ended early"):
        http.get(server.url, timeout=timedelta(seconds=30))
    assert time.monotonic() - begun < 12
    with pytest.raises(Interrupted, match="stopping"):
        http.get(server.url)
    assert len(server.requests) == 1


def test_an_endless_error_page_is_not_read(server: FakeFeed, http: Http) -> None:
    server.on("/*", Answer(b"sorry " * 100_000, 403))
    with pytest.raises(Refused) as caught:
        http.get(server.url)
    assert "sorry" not in str(caught.value)


def test_a_connection_made_after_the_alarm_is_cut_at_once() -> None:
    class Stream:
        def get_extra_info(self, name: str) -> object:
            return near if name == "socket" else None

    near, far = socket.socketpair()
    with near, far:
        lane = HostLane()
        lane.sever()
        lane.watch("connection.connect_tcp.started", {})
        lane.watch("connection.connect_tcp.complete", {"return_value": Stream()})
        far.settimeout(5)
        assert far.recv(1) == b""


def test_tolerated_statuses_come_back(server: FakeFeed, http: Http) -> None:
    server.on("/*", Answer(b"no such flight", 404))
    response = http.get(server.url, tolerate=(404,))
    assert (response.status, response.body) == (404, b"no such flight")
    with pytest.raises(Malformed):
        http.get(server.url)


def test_a_form_is_posted_and_its_secret_never_shown(server: FakeFeed, http: Http) -> None:
    server.on("/token", Answer(b"your secret hunter2hunter2 is wrong", 400))
    with pytest.raises(Refused) as caught:
        http.post_form(
            f"{server.url}/token", {"who": "me", "pw": Secret("hunter2hunter2")}, refusals=(400,)
        )
    assert "hunter2" not in str(caught.value)
    assert "is wrong" in str(caught.value)
    assert server.requests[0].method == "POST"
    assert server.requests[0].body == b"who=me&pw=hunter2hunter2"


@pytest.mark.parametrize(
    "value", ["line\nbreak-hunter2", "nul\0hunter2", "ünicode-hunter2", "hunter2\r\nX-Evil: 1"]
)
def test_a_header_that_cannot_be_sent_is_not_quoted(
    server: FakeFeed, http: Http, value: str
) -> None:
    with pytest.raises(FeedError) as caught:
        http.get(server.url, headers={"X-Key": Secret(value)})
    error = caught.value
    assert "hunter2" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize(
    "url",
    ["", "nowhere", "http://", "ftp://127.0.0.1/", "http://[::1", "http://\x00/"],
)
def test_what_is_no_url_is_malformed(http: Http, url: str) -> None:
    with pytest.raises((Malformed, Unreachable)):
        http.get(url)


def test_credentials_in_a_url_are_not_in_the_reply(server: FakeFeed, http: Http) -> None:
    url = server.url.replace("http://", "http://me:hunter2@")
    response = http.get(f"{url}/x?token=hunter2&a=1")
    assert "hunter2" not in response.url
    assert response.url == f"{server.url}/x?a=1"


def test_paying_can_stop_a_request(server: FakeFeed, http: Http) -> None:
    def pay() -> None:
        raise RateLimited("the purse is empty")

    with pytest.raises(RateLimited, match="purse"):
        http.get(server.url, pay=pay)
    assert not server.requests


def test_only_conditional_requests_are_conditional(server: FakeFeed, http: Http) -> None:
    stamp = "Sun, 22 Nov 2026 12:00:00 GMT"
    server.on("/*", Answer(b"{}", headers={"ETag": '"a"', "Last-Modified": stamp}))
    http.get(server.url, conditional=True)
    http.get(server.url)
    assert "if-none-match" not in server.requests[-1].headers
    http.get(server.url, conditional=True)
    assert server.requests[-1].headers["if-none-match"] == '"a"'
    assert server.requests[-1].headers["if-modified-since"] == stamp


def test_the_memory_of_validators_is_bounded() -> None:
    validators = Validators()

    def request(number: int) -> Request:
        return Request(
            url=f"http://host/{number}",
            headers={},
            spacing=timedelta(),
            timeout=timedelta(),
            max_bytes=1,
            conditional=True,
        )

    for number in range(MAX_REMEMBERED + 10):
        validators.remember(request(number), {"etag": "x"})
    assert validators.headers_for(request(0)) == {}
    assert validators.headers_for(request(MAX_REMEMBERED + 9)) == {"If-None-Match": "x"}
    validators.remember(request(MAX_REMEMBERED + 9), {})
    assert validators.headers_for(request(MAX_REMEMBERED + 9)) == {}


def test_a_message_names_a_long_address_shortened(server: FakeFeed, http: Http) -> None:
    server.on("/v2/hex/*", Answer(status=404))
    fleet = ",".join(["600865"] * 27)
    with pytest.raises(Malformed) as caught:
        http.get(f"{server.url}/v2/hex/{fleet}")
    said = str(caught.value)
    assert "…" in said.partition(": ")[0]
    assert len(said) < 200
    assert said.endswith("check the feed's address")

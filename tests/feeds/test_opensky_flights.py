"""Is OpenSky's flight table asked by its rules, and is every answer read correctly?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from collector.errors import ConfigError, Malformed, RateLimited, Refused
from collector.feeds.config import FeedSettings, Secret
from collector.feeds.opensky_flights import PRICE, FlightTable, ready, usable
from collector.http import Http
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.opensky import flight, put_token
from tests.support.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 18)


@pytest.fixture
def server() -> Iterator[FakeFeed]:
    with FakeFeed() as feed:
        put_token(feed)
        yield feed


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def http(clock: ManualClock) -> Iterator[Http]:
    one = Http(contact=None, clock=clock, version="1")
    yield one
    one.close()


def settings(server: FakeFeed | None = None, **more: object) -> FeedSettings:
    known: dict[str, object] = {
        "name": "opensky",
        "kind": "opensky",
        "consent": "agreement of today",
        "client_id": Secret("me"),
        "client_secret": Secret("hush"),
    }
    if server is not None:
        known |= {"url": f"{server.url}/api", "token_url": f"{server.url}/token"}
    return FeedSettings(**(known | more))  # type: ignore[arg-type]


def test_one_day_is_asked_for_with_a_token(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    server.on("/api/flights/arrival", Answer(json.dumps([flight(DAY)]).encode()))
    spent: list[int] = []
    table = FlightTable(settings(server), http, clock, spent.append)
    (one,) = table.arrivals("llov", DAY)
    assert (one.source, one.icao24, one.airfield) == ("opensky-flights", "600865", "LLOV")
    assert one.arrived_at == datetime(2026, 11, 18, 10, 2, tzinfo=UTC)
    assert (one.horizontal_m, one.vertical_m) == (3700, 120)
    assert (one.origin, one.callsign) == ("UBBB", "AZQ4801")
    token, asked = server.requests
    assert token.path == "/token"
    assert asked.headers["authorization"] == "Bearer t1"
    query = {key: value[0] for key, value in parse_qs(urlsplit(asked.path).query).items()}
    begin = int(datetime(2026, 11, 18, tzinfo=UTC).timestamp())
    assert query == {"airport": "LLOV", "begin": str(begin), "end": str(begin + 86_399)}
    assert spent == [PRICE]
    server.on("/api/flights/aircraft", Answer(json.dumps([flight(DAY)]).encode()))
    (same,) = table.of_aircraft("600865", DAY)
    assert replace(same, place=one.place) == one
    assert "aircraft?icao24=600865" in same.place


def test_nobody_is_a_404_with_nothing_in_it(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    table = FlightTable(settings(server), http, clock)
    server.on("/api/flights/arrival", Answer(b"", 404))
    assert table.arrivals("LLOV", DAY) == []
    server.on("/api/flights/arrival", Answer(b"[]"))
    assert table.arrivals("LLOV", DAY) == []
    for body in (b"<html>not here", b"<html>"):
        server.on("/api/flights/arrival", Answer(body, 404))
        with pytest.raises(Malformed):
            table.arrivals("LLOV", DAY)
    for body in (b"", b"null", b"{}", b"[{", b"<html>"):
        server.on("/api/flights/arrival", Answer(body))
        with pytest.raises(Malformed):
            table.arrivals("LLOV", DAY)


def test_a_token_that_ended_is_renewed_once(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    server.on("/api/flights/arrival", Answer(b"", 401), Answer(b"[]"))
    spent: list[int] = []
    table = FlightTable(settings(server), http, clock, spent.append)
    assert table.arrivals("LLOV", DAY) == []
    assert [one.path for one in server.requests if one.path == "/token"] == ["/token"] * 2
    assert spent == [PRICE] * 2
    server.on("/api/flights/arrival", Answer(b"", 401))
    with pytest.raises(Refused):
        table.arrivals("LLOV", DAY)


def test_refusals_and_limits_are_told_as_such(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    table = FlightTable(settings(server), http, clock)
    server.on("/api/flights/arrival", Answer(b"You cannot access historical flights", 403))
    with pytest.raises(Refused, match="cannot access historical"):
        table.arrivals("LLOV", DAY)
    wish = {"X-Rate-Limit-Retry-After-Seconds": "3000"}
    server.on("/api/flights/arrival", Answer(b"", 429, wish))
    with pytest.raises(RateLimited) as limited:
        table.arrivals("LLOV", DAY)
    assert limited.value.retry_after == timedelta(seconds=3000)


def test_credits_are_never_overspent(server: FakeFeed, http: Http, clock: ManualClock) -> None:
    server.on("/api/flights/arrival", Answer(b"[]"))
    table = FlightTable(settings(server, daily_requests=65), http, clock)
    table.arrivals("LLOV", DAY)
    table.arrivals("LLER", DAY)
    with pytest.raises(RateLimited, match="5 left"):
        table.arrivals("LLBG", DAY)
    assert table.budget.left(clock.now()) == 5
    left = {"X-Rate-Limit-Remaining": "31"}
    server.on("/api/flights/arrival", Answer(b"[]", headers=left))
    table = FlightTable(settings(server), http, clock)
    table.arrivals("LLOV", DAY)
    assert table.budget.left(clock.now()) == 31


def test_an_odd_flight_is_told_and_the_others_are_kept(
    server: FakeFeed, http: Http, clock: ManualClock
) -> None:
    rows = [
        flight(DAY),
        flight(DAY, icao24="\x1b[2J"),
        flight(DAY, lastSeen="soon"),
        flight(DAY, lastSeen=12),
        flight(DAY, estArrivalAirport=None),
        flight(DAY, estArrivalAirportHorizDistance=None, more=[1]),
        7,
    ]
    server.on("/api/flights/arrival", Answer(json.dumps(rows).encode()))
    told: list[str] = []
    found = FlightTable(settings(server), http, clock).arrivals("LLOV", DAY, told.append)
    assert [one.horizontal_m for one in found] == [3700, None]
    assert [one.partition(", flight ")[2][0] for one in told] == ["2", "3", "4", "7"]
    assert "\x1b" not in "".join(told)


@pytest.mark.parametrize(
    ("feed", "where"),
    [
        (None, "feeds.opensky"),
        (settings(consent=None), "feeds.opensky.consent"),
        (settings(client_id=None, client_secret=None), "feeds.opensky.client_id"),
        (settings(client_secret=None), "feeds.opensky.client_secret"),
    ],
)
def test_without_agreement_or_account_nothing_is_asked(
    feed: FeedSettings | None, where: str
) -> None:
    with pytest.raises(ConfigError) as error:
        usable(feed)
    assert any(where in one.where for one in error.value.mistakes)


def test_a_day_is_ready_when_the_nightly_batch_is_done() -> None:
    assert not ready(DAY, datetime(2026, 11, 19, 5, 59, tzinfo=UTC))
    assert ready(DAY, datetime(2026, 11, 19, 6, 0, tzinfo=UTC))


@needs_shared
def test_genuine_answers_are_read(server: FakeFeed, http: Http, clock: ManualClock) -> None:
    for name, count in (("flights_aircraft", 1), ("flights_departure_LFPG", 2)):
        body = (SHARED / "data/feeds/opensky" / f"{name}.json").read_bytes()
        server.on("/api/flights/arrival", Answer(body))
        told: list[str] = []
        table = FlightTable(settings(server), http, clock)
        assert len(table.arrivals("LFPO", DAY, told.append)) == count
        assert told == []

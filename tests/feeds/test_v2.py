"""Is each v2 network polled on its own paths, with its own limits?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.feeds import FeedSettings
from collector.feeds.v2 import V2Feed, chunks
from collector.http import Http
from collector.model.reply import Area, Everything, Fleet
from collector.secret import Secret
from tests.feeds.rigs import API_KEY, NOW, SORTS, Rig, make
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer

BY_NAME = {sort.name: sort for sort in SORTS}
PATHS = {
    "adsblol": ("/v2/hex/600865,600866", "/v2/point/29.9403/34.9358/120"),
    "adsbfi": ("/v2/hex/600865,600866", "/v3/lat/29.9403/lon/34.9358/dist/120"),
    "airplaneslive": ("/v2/hex/600865,600866", "/v2/point/29.9403/34.9358/120"),
    "adsbexchange": ("/v2/icao/600865,600866", "/v2/lat/29.9403/lon/34.9358/dist/120"),
}


@pytest.fixture(params=PATHS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    one = make(BY_NAME[request.param], tmp_path)
    yield one
    one.close()


def test_the_paths_are_the_networks_own(rig: Rig) -> None:
    assert rig.server is not None
    rig.server.on("/*", lambda _: Answer(rig.sort.good(rig.clock.now())))
    asks = rig.feed.asks(["600865", "600866"], [Area(29.94031, 34.93577, 119.2)])
    assert [rig.feed.cost(ask) for ask in asks] == [1, 1]
    for ask in asks:
        assert rig.feed.fetch(ask).ask == ask
    assert tuple(seen.path for seen in rig.server.requests) == PATHS[rig.sort.name]


def test_a_key_goes_into_its_header_only(rig: Rig) -> None:
    assert rig.server is not None
    rig.answers(rig.good())
    reply = rig.feed.fetch(rig.ask)
    keyed = "api_key" in rig.sort.extra
    (seen,) = rig.server.requests
    assert (seen.headers.get("x-api-key") == API_KEY) is keyed
    assert API_KEY not in repr(reply)


def test_the_ask_of_a_reply_is_what_was_really_asked(rig: Rig) -> None:
    (ask,) = rig.feed.asks([], [Area(29.123456, 34.999999, 1000)])
    assert ask == Area(29.1235, 35.0, 250)
    rig.answers(rig.good())
    assert rig.feed.fetch(Area(29.123456, 34.999999, 1000)).ask == ask


def test_an_ask_it_never_gave_is_a_programming_mistake(rig: Rig) -> None:
    with pytest.raises(ValueError, match="fleet or an area"):
        rig.feed.fetch(Everything())


@given(
    st.lists(st.one_of(st.from_regex(r"~?[0-9A-Fa-f]{6}", fullmatch=True), st.text(max_size=8))),
    st.integers(1, 7),
)
def test_lists_are_split_without_loss_or_repetition(addresses: list[str], size: int) -> None:
    asks = chunks(addresses, size)
    flat = [address for ask in asks for address in ask.icao24]
    genuine = {a.lower() for a in addresses if re.fullmatch(r"[0-9a-f]{6}", a.lower())}
    assert len(flat) == len(set(flat))
    assert set(flat) == genuine
    assert all(1 <= len(ask.icao24) <= size for ask in asks)


def test_long_fleets_are_asked_in_parts(tmp_path: Path) -> None:
    fleet = [f"{number:06x}" for number in range(250)]
    for name, most in (("adsblol", 100), ("adsbexchange", 10)):
        one = make(BY_NAME[name], tmp_path)
        asks = one.feed.asks(fleet, [])
        assert max(len(ask.icao24) for ask in asks if isinstance(ask, Fleet)) == most
        assert len(asks) == -(-250 // most)
        one.close()


def test_a_rapidapi_key_comes_with_its_host(tmp_path: Path) -> None:
    rig = make(BY_NAME["adsbexchange"], tmp_path)
    assert rig.server is not None
    clock = ManualClock(NOW)
    http = Http(contact=None, clock=clock, version="1")
    settings = FeedSettings(
        name="x",
        kind="adsbexchange",
        url=rig.server.url,
        api_key=Secret("k"),
        header="x-rapidapi-key",
    )
    rig.answers(rig.good())
    V2Feed(settings, http, clock).fetch(rig.ask)
    headers = rig.server.requests[0].headers
    assert (headers["x-rapidapi-key"], headers["x-rapidapi-host"]) == ("k", "127.0.0.1")
    http.close()
    rig.close()

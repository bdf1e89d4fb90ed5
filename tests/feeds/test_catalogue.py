"""Is every mistake in a feed's settings found before the first poll?"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from collector.errors import ConfigError
from collector.feeds import KINDS, FeedSettings, build, mistakes
from collector.http import Http
from collector.secret import Secret
from tests.support.clock import ManualClock

CLOCK = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
FINE = {
    "adsblol": FeedSettings(name="a", kind="adsblol"),
    "adsbfi": FeedSettings(name="a", kind="adsbfi", consent="personal use"),
    "airplaneslive": FeedSettings(name="a", kind="airplaneslive", consent="mail of 1 Nov"),
    "adsbexchange": FeedSettings(
        name="a", kind="adsbexchange", consent="contract 7", api_key=Secret("k")
    ),
    "opensky": FeedSettings(name="a", kind="opensky", consent="agreement of 2026-10-01"),
    "readsb": FeedSettings(name="a", kind="readsb", url="/run/readsb/aircraft.json"),
}


def keys(settings: FeedSettings) -> list[str]:
    return [mistake.where.rpartition(".")[2] for mistake in mistakes(settings)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_built(kind: str) -> None:
    assert mistakes(FINE[kind]) == []
    http = Http(contact=None, clock=CLOCK, version="1")
    feed = build(FINE[kind], http, CLOCK)
    assert feed.name == "a"
    assert feed.terms is KINDS[kind].terms
    http.close()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].terms.needs_consent])
@pytest.mark.parametrize("consent", [None, "", "  \n"])
def test_without_consent_nothing_is_built(kind: str, consent: str | None) -> None:
    settings = replace(FINE[kind], consent=consent)
    http = Http(contact=None, clock=CLOCK, version="1")
    with pytest.raises(ConfigError) as caught:
        build(settings, http, CLOCK)
    assert [mistake.where for mistake in caught.value.mistakes] == ["feeds.a.consent"]
    assert KINDS[kind].terms.url in caught.value.mistakes[0].what
    http.close()


def test_only_what_needs_no_consent_is_on_by_default() -> None:
    free = {kind for kind in KINDS if not KINDS[kind].terms.needs_consent}
    assert free == {"adsblol", "readsb"}


@pytest.mark.parametrize(
    ("kind", "change", "wrong"),
    [
        ("adsblol", {"kind": "adsb.one"}, ["kind"]),
        ("adsblol", {"client_id": Secret("x")}, ["client_id", "client_secret"]),
        ("adsblol", {"header": "x-key"}, ["header"]),
        ("adsblol", {"daily_requests": 0}, ["daily_requests"]),
        ("adsblol", {"url": "ftp://host"}, ["url"]),
        ("adsblol", {"url": "api.adsb.lol"}, ["url"]),
        ("adsblol", {"url": "http://[::1"}, ["url"]),
        ("adsblol", {"url": "https://host:99999"}, ["url"]),
        ("adsblol", {"url": "https://me:pw@host/"}, ["url"]),
        ("adsblol", {"url": "/run/readsb/aircraft.json"}, ["url"]),
        ("adsbexchange", {"api_key": None}, ["api_key"]),
        ("adsbexchange", {"url": "http://host/"}, ["url"]),
        ("adsbexchange", {"header": "x key: 1"}, ["header"]),
        ("adsbexchange", {"api_key": Secret("line\nbreak")}, ["api_key"]),
        ("adsbexchange", {"api_key": Secret("ünicode")}, ["api_key"]),
        ("opensky", {"client_id": Secret("x")}, ["client_secret"]),
        ("opensky", {"client_secret": Secret("x")}, ["client_id"]),
        ("opensky", {"token_url": "http://host/token"}, ["token_url"]),
        ("readsb", {"url": None}, ["url"]),
        ("readsb", {"url": "run/aircraft.json"}, ["url"]),
        ("readsb", {"url": "unix:run/api.sock"}, ["url"]),
        ("readsb", {"url": "file://run/aircraft.json"}, ["url"]),
        ("readsb", {"url": "http://pi/", "api_key": Secret("k")}, ["url"]),
        ("readsb", {"url": "", "daily_requests": -1}, ["url", "daily_requests"]),
    ],
)
def test_mistakes_are_found(kind: str, change: dict[str, object], wrong: list[str]) -> None:
    settings = replace(FINE[kind], **change)  # type: ignore[arg-type]
    assert sorted(keys(settings)) == sorted(wrong)


@pytest.mark.parametrize(
    "url",
    [
        "http://pi.lan/tar1090/",
        "http://127.0.0.1:8080/data/aircraft.json",
        "unix:/run/readsb/api.sock",
        "unix:///run/readsb/api.sock",
        "file:///run/readsb/aircraft.json",
        "/run/readsb",
    ],
)
def test_all_addresses_of_a_receiver_are_known(url: str) -> None:
    assert keys(replace(FINE["readsb"], url=url)) == []


def test_a_basic_login_of_a_receiver_may_be_given() -> None:
    key = Secret("Basic dXNlcjpwYXNz")
    settings = replace(FINE["readsb"], url="https://pi.lan/", header="Authorization", api_key=key)
    assert keys(settings) == []


def test_no_mistake_quotes_a_secret_or_steers_a_terminal() -> None:
    names = [field.name for field in fields(FeedSettings)]
    assert {"api_key", "client_id", "client_secret"} <= set(names)
    settings = FeedSettings(
        name="\x1b[2J",
        kind="opensky",
        api_key=Secret("hunter2 \n"),
        client_id=Secret("hunter2 \n"),
        url="https://me:hunter2@host",
    )
    for mistake in mistakes(settings):
        assert "hunter2" not in str(mistake)
        assert str(mistake).isprintable()
    assert "hunter2 " not in repr(settings)

"""Is a feed recognised by the documented shapes of its URLs, and by its host?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.http import etiquette
from collector.model.reply import Area, Ask, Everything, Fleet, Format
from collector.recording import recognise, without_credentials

TWO = Fleet(("600865", "600866"))
NOT_BY_PLACE = Fleet(())


@pytest.mark.parametrize(
    ("url", "feed", "ask"),
    [
        ("https://api.adsb.lol/v2/hex/600865,600866", "adsblol", TWO),
        ("https://api.adsb.lol/v2/icao/600865,600866", "adsblol", TWO),
        ("https://api.adsb.lol/v2/hex/600865%2C600866", "adsblol", TWO),
        ("https://api.adsb.lol/v2/point/29.94/34.93/100", "adsblol", Area(29.94, 34.93, 100)),
        (
            "https://api.adsb.lol/v2/lat/29.94/lon/34.93/dist/100",
            "adsblol",
            Area(29.94, 34.93, 100),
        ),
        ("https://api.adsb.lol/v2/closest/29.94/34.93/100", "adsblol", NOT_BY_PLACE),
        ("https://api.adsb.lol/v2/callsign/AZQ4801", "adsblol", NOT_BY_PLACE),
        ("https://api.adsb.lol/v2/mil", "adsblol", NOT_BY_PLACE),
        ("https://opendata.adsb.fi/api/v2/icao/600865,600866", "adsbfi", TWO),
        (
            "https://opendata.adsb.fi/api/v3/lat/-29.94/lon/-34.93/dist/250",
            "adsbfi",
            Area(-29.94, -34.93, 250),
        ),
        ("https://api.airplanes.live/v2/point/30/35/250/", "airplaneslive", Area(30, 35, 250)),
        (
            "https://gateway.adsbexchange.com/api/aircraft/v2/lat/30/lon/35/dist/100/",
            "adsbexchange",
            Area(30, 35, 100),
        ),
        ("https://gateway.adsbexchange.com/api/aircraft/v2/all", "adsbexchange", Everything()),
        (
            "https://adsbexchange-com1.p.rapidapi.com/v2/lat/30/lon/35/dist/25/",
            "adsbexchange",
            Area(30, 35, 25),
        ),
        ("http://192.168.1.7/tar1090/data/aircraft.json", "192.168.1.7", Everything()),
        ("http://192.168.1.7/skyaware/data/history_12.json", "192.168.1.7", Everything()),
        ("file:///run/readsb/aircraft.json", "local", Everything()),
        ("http://pi:8042/?circle=30.5,35.5,100&jv2", "pi", Area(30.5, 35.5, 100)),
        ("http://pi/re-api/?box=28,32,33,37", "pi", Area(30, 35, 120)),
        ("unix:///run/readsb/api.sock?find_hex=600865,600866&jv2", "local", TWO),
        ("http://pi/re-api/?all&jv2", "pi", Everything()),
        ("http://pi/re-api/?all_with_pos&filter_mil", "pi", NOT_BY_PLACE),
        ("http://pi/re-api/?closest=30,35,100", "pi", NOT_BY_PLACE),
    ],
)
def test_v2_readsb_and_local_urls(url: str, feed: str, ask: Ask) -> None:
    assert recognise(url, {}) == (feed, Format.READSB, ask)


@pytest.mark.parametrize(
    ("query", "ask"),
    [
        ("", Everything()),
        ("?lamin=28&lomin=33&lamax=32&lomax=37", Area(30, 35, 120)),
        ("?icao24=600865&icao24=600866&time=0", TWO),
        ("?lamin=x&lomin=33&lamax=32&lomax=37", None),
    ],
)
def test_opensky_urls(query: str, ask: Ask | None) -> None:
    found = recognise(f"https://opensky-network.org/api/states/all{query}", {})
    assert found == (None if ask is None else ("opensky", Format.OPENSKY_STATES, ask))


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://adsb.lol/data/traces/65/trace_full_600865.json", "adsblol"),
        ("https://adsb.lol/globe_history/2026/11/22/traces/65/trace_full_600865.json", "adsblol"),
        ("http://pi/tar1090/data/traces/65/trace_recent_600865.json", "pi"),
    ],
)
def test_traces(url: str, feed: str) -> None:
    assert recognise(url, {}) == (feed, Format.TRACE, Fleet(("600865",)))


def test_the_configuration_says_whose_a_host_is() -> None:
    hosts = {"pi": "roof", "pi:8042": "cellar", "/run/readsb/aircraft.json": "mine"}
    hosts["api.adsb.lol"] = "lol"

    def feed(url: str) -> str | None:
        found = recognise(url, hosts)
        return None if found is None else found[0]

    assert feed("http://pi/data/aircraft.json") == "roof"
    assert feed("http://PI:8042/?all") == "cellar"
    assert feed("file:///run/readsb/aircraft.json") == "mine"
    assert feed("https://api.adsb.lol/v2/mil") == "lol"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.adsb.lol/api/0/routeset",
        "https://example.org/index.html",
        "https://opensky-network.org/api/tracks?icao24=600865",
        "http://[half/v2/mil",
        "http://pi:99999999/v2/mil",
        "http://pi/?circle=here",
        "",
    ],
)
def test_other_urls_are_no_feed(url: str) -> None:
    assert recognise(url, {}) is None


@pytest.mark.parametrize(
    "url",
    [
        "urn:collector:poll:adsblol",
        "file:///run/readsb/aircraft.json",
        "unix:///run/readsb/api.sock?circle=30,35,100&jv2",
        "https://api.adsb.lol/v2/hex/600865,600866",
    ],
)
def test_a_url_without_credentials_stays_as_it_is(url: str) -> None:
    assert without_credentials(url) == url


@pytest.mark.parametrize("name", ["api_key", "X-Token", "session_id", "api%5Fkey", "PASSWORD"])
@pytest.mark.parametrize("separator", ["&", ";"])
def test_no_secret_field_stays_in_a_url_wherever_it_stands(name: str, separator: str) -> None:
    for url in (
        f"https://h/v2/all?{name}=s3cret{separator}x=1",
        f"https://h/v2/all?x=1{separator}{name}=s3cret",
    ):
        assert without_credentials(url) == etiquette.shown_url(url) == "https://h/v2/all?x=1"


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z@:?&=/#]{0,30}", fullmatch=True))
def test_no_url_is_too_strange(url: str) -> None:
    recognise(url, {})
    plain = without_credentials(url)
    assert plain.isascii()
    assert plain == without_credentials(plain)
    assert not set(plain) & set(' \r\n\t<>"')

"""Is a full track asked for where its feed keeps it, with its key and budget, and believed only if
it is that track?"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.decode import decode
from collector.errors import ConfigError, Malformed, RateLimited, Refused, Unreachable
from collector.feeds import FeedSettings, build, tracks
from collector.feeds.base import Adapter
from collector.feeds.catalogue import mistakes
from collector.feeds.tracks import FULL, RECENT, TRACK, TrackSource, track_source
from collector.http import Http
from collector.model.reply import Fleet, Format
from collector.recording.urls import recognise
from collector.secret import Secret
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEGIN = NOW - timedelta(hours=1)
HEX = "600865"
KEY = Secret("k3y")


def trace(*offsets_s: float, icao: str = HEX, begin: datetime = BEGIN) -> bytes:
    """A trace with a point at each offset."""
    points = [[s, 30.0, 35.0, 4000, 200.0, 200.0, 0, -600, None] for s in offsets_s]
    head = {"icao": icao, "r": "4K-AZ101", "t": "IL76", "timestamp": begin.timestamp()}
    return json.dumps(head | {"trace": points}).encode()


@contextmanager
def source(**settings: Any) -> Iterator[tuple[TrackSource, Adapter]]:
    """Where a feed with these settings has its traces, at noon."""
    clock = ManualClock(NOW)
    http = Http(contact=None, clock=clock, version="0")
    try:
        said = FeedSettings(**({"name": "roof", "kind": "readsb"} | settings))
        feed = build(said, http, clock)
        assert isinstance(feed, Adapter)
        found = track_source(said, feed)
        assert found is not None
        yield found, feed
    finally:
        http.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/tar1090/", "/tar1090/data/traces/65/"),
        ("/tar1090/data/aircraft.json", "/tar1090/data/traces/65/"),
        ("/data", "/data/traces/65/"),
    ],
)
def test_a_receivers_traces_stand_beside_its_aircraft(url: str, path: str) -> None:
    with FakeFeed() as server, source(url=server.url + url, traces=True) as (where, feed):
        zipped = gzip.compress(trace(0.0, 5.0))
        server.on(f"{path}trace_full_600865.json", Answer(zipped))
        server.on(f"{path}trace_recent_600865.json", Answer(trace(7.0), compress=True))
        full, recent = where.ask(FULL, HEX, NOW), where.ask(RECENT, HEX, NOW)
        assert full is not None
        assert recent is not None
        assert full.times == (BEGIN, BEGIN + timedelta(seconds=5))
        assert recent.times == (BEGIN + timedelta(seconds=7),)
        assert (full.reply.feed, full.reply.format) == ("roof", Format.TRACE)
        assert full.reply.ask == Fleet((HEX,))
        assert where.ask(FULL, "600866", NOW) is None
        assert feed.budget.spent(NOW) == 3
        assert server.requests[0].headers["user-agent"].startswith("collector/")
        hosts = {"127.0.0.1": "roof"}
        assert recognise(full.reply.url, hosts) == ("roof", Format.TRACE, Fleet((HEX,)))


def test_a_key_goes_to_its_own_host_only() -> None:
    with FakeFeed() as api, FakeFeed() as other:
        for server in (api, other):
            server.on("/*", Answer(status=404))
        said: dict[str, Any] = {"kind": "adsbexchange", "consent": "contract", "api_key": KEY}
        with source(url=api.url, traces=True, **said) as (where, _):
            assert where.ask(FULL, HEX, NOW) is None
        with source(url=api.url, traces=f"{other.url}/data/traces/", **said) as (where, _):
            assert where.ask(FULL, HEX, NOW) is None
        assert api.requests[0].path == "/v2/traces/65/trace_full_600865.json"
        assert api.requests[0].headers["x-api-key"] == "k3y"
        assert other.requests[0].path == "/data/traces/65/trace_full_600865.json"
        assert "x-api-key" not in other.requests[0].headers


def test_files_of_a_receiver_on_this_machine(tmp_path: Path) -> None:
    folder = tmp_path / "traces" / "65"
    folder.mkdir(parents=True)
    (folder / "trace_full_600865.json").write_bytes(gzip.compress(trace(0.0)))
    (folder / "trace_recent_600865.json").mkdir()
    for said in ({"traces": True}, {"traces": str(tmp_path / "traces")}):
        with source(url=str(tmp_path / "aircraft.json"), **said) as (where, _):
            found = where.ask(FULL, HEX, NOW)
            assert found is not None
            assert found.reply.url == f"file://{folder}/trace_full_600865.json"
            assert where.ask(FULL, "600866", NOW) is None
            with pytest.raises((Malformed, Unreachable)):
                where.ask(RECENT, HEX, NOW)


WAYPOINTS = {
    "icao24": HEX,
    "callsign": "AZQ4601 ",
    "startTime": 1.0,
    "endTime": 2.0,
    "path": [
        [BEGIN.timestamp(), 30.1, 34.9, 1500.0, 201.0, False],
        [BEGIN.timestamp() + 60, 29.95, 34.94, None, 202.0, True],
        [BEGIN.timestamp() + 61, None, None, None, None, None],
        ["odd"],
    ],
}


def test_openskys_tracks_are_read_in_their_order_and_paid_for(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "kind": "opensky",
        "consent": "agreement",
        "client_id": Secret("id"),
        "client_secret": Secret("s"),
        "traces": True,
    }
    with FakeFeed() as server:
        server.on("/token", Answer(b'{"access_token": "t0ken"}'))
        server.on("/tracks/all", Answer(json.dumps(WAYPOINTS).encode()), Answer(status=404))
        with source(url=server.url, token_url=f"{server.url}/token", **said) as (where, feed):
            assert where.parts == (TRACK,)
            found = where.ask(TRACK, HEX, BEGIN)
            assert found is not None
            assert len(found.times) == 3
            assert server.requests[1].headers["authorization"] == "Bearer t0ken"
            query = server.requests[1].path.partition("?")[2]
            assert query == f"icao24=600865&time={BEGIN.timestamp():.0f}"
            assert feed.budget.spent(NOW) == 4
            assert where.ask(TRACK, HEX, BEGIN) is None
            known = recognise(found.reply.url, {"127.0.0.1": "opensky"})
            assert known == ("opensky", Format.OPENSKY_TRACK, Fleet((HEX,)))
    snapshot = decode(Format.OPENSKY_TRACK, found.reply.body, received_at=NOW)
    first, second, _ = (snapshot.observation(row, "opensky") for row in snapshot.rows)
    assert snapshot.bad_rows == 1
    assert (first.lat_deg, first.lon_deg, first.callsign) == (30.1, 34.9, "AZQ4601")
    assert first.baro_altitude_ft == pytest.approx(4921.26)
    assert (first.on_ground, second.on_ground) == (False, True)
    assert second.at == BEGIN + timedelta(seconds=60)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"icao": "600865", "timestamp": 1e999, "trace": []}',
        trace(0.0, icao="600866"),
        trace(0.0, icao="~600865"),
        trace(7200.0),
        trace(0.0, begin=NOW - timedelta(days=4)),
        trace(*range(11)),
        b'{"icao24": "600865", "path": [[1, 2, 3, 4, 5, true]]}',
        b'{"icao": "600865", "timestamp": 1, "trace": ' + b"[" * 50_000,
        b"\x1f\x8b" + b"\x00" * 50,
    ],
    ids=str,
)
def test_what_is_not_that_track_is_refused(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "MAX_POINTS", 10)
    with FakeFeed() as server, source(url=f"{server.url}/data", traces=True) as (where, _):
        server.on("/*", Answer(body))
        with pytest.raises(Malformed):
            where.ask(FULL, HEX, NOW)


def test_a_track_without_points_is_none_of_it() -> None:
    with FakeFeed() as server, source(url=f"{server.url}/data", traces=True) as (where, _):
        server.on("/*", Answer(trace()))
        found = where.ask(FULL, HEX, NOW)
        assert found is not None
        assert found.times == ()


def test_refusals_limits_and_an_empty_purse_are_told_apart() -> None:
    with FakeFeed() as server:
        said: dict[str, Any] = {"url": f"{server.url}/data", "traces": True, "daily_requests": 2}
        with source(**said) as (where, _):
            server.on("/*", Answer(status=403))
            with pytest.raises(Refused):
                where.ask(FULL, HEX, NOW)
            server.on("/*", Answer(status=429, headers={"Retry-After": "3600"}))
            with pytest.raises(RateLimited) as limited:
                where.ask(FULL, HEX, NOW)
            assert limited.value.retry_after == timedelta(hours=1)
            with pytest.raises(RateLimited, match="budget"):
                where.ask(FULL, HEX, NOW)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "adsblol", "traces": True}, "documents no place"),
        ({"kind": "adsbfi", "consent": "x", "traces": True}, "documents no place"),
        ({"url": "unix:/run/readsb/api.sock", "traces": True}, "has no traces"),
        ({"url": "http://pi.lan/re-api/", "traces": True}, "has no traces"),
        ({"kind": "opensky", "consent": "x", "traces": "https://x.example/"}, "fixed place"),
        ({"kind": "adsblol", "traces": "/run/readsb/traces"}, "write it like https"),
        ({"kind": "adsblol", "traces": "ftp://x.example/"}, "write it like https"),
        ({"kind": "adsblol", "traces": "https://me:pw@x.example/t"}, "password"),
        ({"kind": "adsblol", "traces": "https://x.example/t?key=1"}, "folder"),
        ({"kind": "adsblol", "traces": "https://x.example:port/t"}, "not a URL"),
        (
            {"kind": "adsblol", "traces": "https://globe.adsb.fi/data/traces"},
            "does not allow programs",
        ),
        ({"url": "http://pi.lan/", "traces": "run/readsb"}, "absolute path"),
    ],
    ids=str,
)
def test_a_wrong_place_is_said_before_it_is_asked(said: dict[str, Any], why: str) -> None:
    settings = FeedSettings(**({"name": "roof", "kind": "readsb"} | said))
    (mistake,) = mistakes(settings)
    assert mistake.where == "feeds.roof.traces"
    assert why in mistake.what
    http = Http(contact=None, clock=ManualClock(NOW), version="0")
    with pytest.raises(ConfigError):
        build(settings, http, ManualClock(NOW))
    http.close()


def test_nothing_is_asked_for_unless_it_is_wanted() -> None:
    http = Http(contact=None, clock=ManualClock(NOW), version="0")
    for wanted in (None, False):
        said = FeedSettings(name="roof", kind="readsb", url="http://pi.lan/", traces=wanted)
        feed = build(said, http, ManualClock(NOW))
        assert isinstance(feed, Adapter)
        assert track_source(said, feed) is None
    http.close()

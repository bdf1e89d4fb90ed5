"""Are single traces fetched from a map once, politely, and only from maps that allow it?"""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collector.archives.tar1090 import SPACING
from collector.backfill.globe_history import (
    PER_AIRCRAFT,
    read_per_aircraft,
)
from collector.errors import RateLimited
from collector.store import archive_requests, landings
from tests.backfill.days import AT, DAY, NOW, SPAN, TAR, TRACE, Direct, fetched, station_of
from tests.cli.runner import call, listed
from tests.support.adsblol_days import day_tar, put_day, visit_trace
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import IL76, Visit


def place(icao24: str, day: date) -> str:
    return f"/map/globe_history/{day:%Y/%m/%d}/traces/{icao24[-2:]}/trace_full_{icao24}.json"


@pytest.mark.parametrize("encoded", [True, False])
def test_one_trace_for_each_aircraft_and_day_is_asked_for_once(
    feed: FakeFeed, encoded: bool, direct: Direct
) -> None:
    body = Answer(gzip.decompress(TRACE[1]), compress=True) if encoded else Answer(TRACE[1])
    feed.on(place(IL76, DAY), body)
    run, store = direct({})
    url = f"{feed.url}/map/"
    days = [DAY - timedelta(days=1), DAY]
    for _ in range(2):
        read_per_aircraft(run, run.services.settings.archives, url, days, ["738001"])
    (landing,) = landings.find(store)
    assert landing.detection.feeds == ("tar1090-history",)
    assert len(feed.requests) == 4
    assert run.ended["nobody heard"] == run.ended["nobody heard before"] == 1
    assert run.ended["read"] == run.ended["read before"] == 1
    assert run.clock.now() - NOW >= 3 * SPACING
    run.again = True
    read_per_aircraft(run, run.services.settings.archives, url, days, ["738001"])
    assert len(feed.requests) == 4, "kept files, and what was not heard, are not asked for again"
    assert len(archive_requests.requests_of(store, PER_AIRCRAFT)) == 2


def test_those_of_also_are_the_sample_of_the_light_way(feed: FakeFeed, direct: Direct) -> None:
    other = "738001"
    feed.on(place(IL76, DAY), Answer(TRACE[1]))
    feed.on(place(other, DAY), Answer(visit_trace(Visit(lands_at=AT, icao24=other))[1]))
    run, store = direct({})
    read_per_aircraft(run, run.services.settings.archives, f"{feed.url}/map/", [DAY], [other])
    assert (run.traces, run.sampled) == (1, 1)
    assert {one.detection.icao24 for one in landings.find(store)} == {IL76}


def test_a_fetched_day_is_searched_as_any_other_archive(tmp_path: Path, feed: FakeFeed) -> None:
    """The sample proves hearing; whoever else lands is found if asked for."""
    other = visit_trace(Visit(lands_at=AT + timedelta(hours=3), icao24="3c0001"))
    named, _ = put_day(feed, DAY, day_tar([TRACE, other]))
    station = station_of(tmp_path, feed, {2026: [named]})
    words = ("backfill", "globe-history", *SPAN, "--jobs", "1")
    told = call(station, *words, "--sample", "1", "--sample-of", "3c0000-3c0fff").stderr
    assert "1 traces and 1 of the sample" in told
    assert listed(station, "visitors", "--from", "2026-11-18") == []
    assert "1 read;" in call(station, *words, "--sample", "0", "--any-aircraft").stderr
    (landed,) = listed(station, "visitors", "--from", "2026-11-18")
    assert landed["icao24"] == "3c0001"


def test_days_that_may_still_change_are_not_asked_for(feed: FakeFeed, direct: Direct) -> None:
    run, _ = direct({})
    assert isinstance(run.clock, ManualClock)
    run.clock.move_to(datetime(2026, 11, 19, 1, 59, tzinfo=UTC))
    read_per_aircraft(run, run.services.settings.archives, f"{feed.url}/map", [DAY])
    assert (feed.requests, run.ended) == ([], {"not yet": 1})
    run.clock.move_to(datetime(2026, 11, 19, 2, 0, tzinfo=UTC))
    read_per_aircraft(run, run.services.settings.archives, f"{feed.url}/map", [DAY])
    assert len(feed.requests) == 1


def test_a_server_that_wants_a_pause_gets_it(feed: FakeFeed, direct: Direct) -> None:
    slow = Answer(b"", 429, {"Retry-After": "600"})
    feed.on(place(IL76, DAY), slow, slow, Answer(TRACE[1]))
    run, store = direct({})
    read_per_aircraft(run, run.services.settings.archives, f"{feed.url}/map", [DAY])
    assert timedelta(minutes=20) <= run.clock.now() - NOW < timedelta(minutes=25)
    assert len(landings.find(store)) == 1
    feed.on(place(IL76, DAY + timedelta(days=1)), Answer(b"", 429, {"Retry-After": "7200"}))
    run.clock.wait(timedelta(days=2))
    with pytest.raises(RateLimited):
        read_per_aircraft(
            run, run.services.settings.archives, f"{feed.url}/map", [DAY + timedelta(days=1)]
        )


def test_the_light_way_by_command(tmp_path: Path, feed: FakeFeed) -> None:
    feed.on(place(IL76, DAY), Answer(TRACE[1]))
    station = station_of(tmp_path, feed, {})
    words = ("backfill", "globe-history", *SPAN, "--per-aircraft")
    assert "1 read" in call(station, *words).stderr
    assert len(listed(station, "landings")) == 1
    assert [one for one in fetched(station) if one.startswith("trace_full")]
    assert feed.requests[0].headers["user-agent"].startswith("collector/")
    feed.on(place("600866", DAY), Answer(b"<html>no", 200))
    assert "is not a trace" in call(station, *words, "--also", "600866", "--again", code=1).stderr


def test_maps_that_ask_not_to_be_read_are_never_asked(tmp_path: Path, feed: FakeFeed) -> None:
    station = station_of(tmp_path, feed, {})
    text = station.config.read_text()
    station.config.write_text(text.replace(f"{feed.url}/map/", "https://globe.adsb.fi/"))
    result = call(station, "backfill", "globe-history", *SPAN, "--per-aircraft", code=78)
    assert "globe.adsb.fi asks not to be read by programs" in result.stderr
    station.config.write_text(text.replace("history_url", "#history_url"))
    result = call(station, "backfill", "globe-history", *SPAN, "--per-aircraft", code=2)
    assert "archives.history_url" in result.stderr


def test_a_plan_asks_nobody_and_is_measured_on_what_was_fetched(
    tmp_path: Path, feed: FakeFeed
) -> None:
    named, _ = put_day(feed, DAY, TAR)
    station = station_of(tmp_path, feed, {2026: [named]})
    words = ("backfill", "globe-history", "--from", "2026-11-17", "--to", "2026-11-18", "--plan")
    (row,) = listed(station, *words)
    known = {"units": 2, "read_before": 0, "requests": 6, "seconds": None, "measured_on": 0}
    assert row == known | {"bytes": 6_000_000_000}
    assert not station.database.exists()
    assert feed.requests == []
    call(station, "backfill", "globe-history", *SPAN)
    (row,) = listed(station, *words)
    assert (row["read_before"], row["requests"], row["measured_on"]) == (1, 4, 1)
    assert row["bytes"] == len(TAR)
    assert row["seconds"] >= 0
    assert "2 days, 1 of them read before" in call(station, *words).stdout
    feed.on(place(IL76, DAY), Answer(TRACE[1]))
    assert listed(station, *words, "--per-aircraft", "--also", "738001")[0]["requests"] == 4
    call(station, "backfill", "globe-history", *SPAN, "--per-aircraft")
    (row,) = listed(station, *words, "--per-aircraft", "--also", "738001")
    assert (row["requests"], row["seconds"]) == (3, 6.0)


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "2026-11-18"],
        ["--from", "2026-11-18", "--to", "2026-11-17"],
        [*SPAN, "--also", "xyz"],
        [*SPAN, "--disk-budget", "0"],
        [*SPAN, "--per-aircraft", "--sample", "1"],
        [*SPAN, "--per-aircraft", "--sample-of", "all"],
    ],
)
def test_wrong_words_are_usage(tmp_path: Path, feed: FakeFeed, words: list[str]) -> None:
    call(station_of(tmp_path, feed, {}), "backfill", "globe-history", *words, code=2)

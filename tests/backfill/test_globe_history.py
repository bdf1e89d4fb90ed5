"""Do days come from archives into the landings, once, whatever happens on the way?"""

from __future__ import annotations

import gzip
import hashlib
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from collector.archives.tar1090 import SPACING
from collector.backfill import globe_history
from collector.backfill.disk_budget import DiskBudget
from collector.backfill.globe_history import (
    PER_AIRCRAFT,
    SOURCE,
    read_per_aircraft,
    read_whole_days,
)
from collector.backfill.session import Report, Session
from collector.clock import ManualClock
from collector.errors import ArchiveError, RateLimited
from collector.http import Http
from collector.lock import SingleInstance
from collector.services import build_services
from collector.settings import load
from collector.store import Store, archive_requests, landings, outbox
from tests.cli.runner import call, listed
from tests.support.adsblol_days import day_tar, put_day, put_lists, visit_trace
from tests.support.fake_feed import Answer, FakeFeed, Fault
from tests.support.files import ABRUPT
from tests.support.sky import IL76, Visit
from tests.support.station import Station, wait_for

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
DAY = AT.date()
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TRACE = visit_trace(Visit(lands_at=AT))
TAR = day_tar([TRACE])
SPAN = ("--from", "2026-11-18", "--to", "2026-11-18")


@pytest.fixture(autouse=True)
def _logs_stay() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def feed() -> Iterator[FakeFeed]:
    with FakeFeed() as one:
        yield one


Direct = Callable[[dict[int, Sequence[str]]], tuple[Session, Store]]


@pytest.fixture
def direct(tmp_path: Path, feed: FakeFeed) -> Iterator[Direct]:
    """A run under a clock of its own, so that pauses take no time."""
    with ExitStack() as stack:

        def begin(lists: dict[int, Sequence[str]]) -> tuple[Session, Store]:
            settings = load(station_of(tmp_path, feed, lists).config, environ={})
            settings.archives.folder.mkdir(parents=True)
            store = stack.enter_context(Store.open(settings.database))
            clock = ManualClock(NOW)
            http = Http(contact=None, clock=clock, version="1")
            stack.callback(http.close)
            return Session(build_services(settings, store), http, clock, Report()), store

        yield begin


def station_of(folder: Path, feed: FakeFeed, lists: dict[int, Sequence[str]]) -> Station:
    url = put_lists(feed, lists)
    extra = f'\n[archives]\nreleases_url = "{url}"\nhistory_url = "{feed.url}/map/"\n'
    return Station(folder, extra=extra)


def fetched(station: Station) -> list[str]:
    """Whatever lies in the archives' folder, but for the lock."""
    folder = station.folder / "var" / "archives"
    return sorted(one.name for one in folder.rglob("*") if one.is_file() and one.suffix != ".lock")


def noted(station: Station, source: str = SOURCE) -> dict[str, archive_requests.Asked]:
    with Store.open(station.database, read_only=True) as store:
        return archive_requests.of(store, source)


def test_a_day_is_fetched_read_and_deleted_and_not_asked_for_again(
    tmp_path: Path, feed: FakeFeed
) -> None:
    named, files = put_day(feed, DAY, TAR)
    station = station_of(tmp_path, feed, {2026: [named]})
    result = call(station, "backfill", "globe-history", *SPAN)
    assert result.stdout == ""
    assert "1 read" in result.stderr
    assert "ODbL 1.0" in result.stderr
    (row,) = listed(station, "landings")
    assert (row["icao24"], row["airfield"], row["callsign"]) == (IL76, "LLOV", "AZQ4801")
    assert row["feeds"] == ["globe-history"]
    with Store.open(station.database, read_only=True) as store:
        (owed,) = (one.owed for one in outbox.listing(store) if "crossed" in one.owed.key)
    assert "adsb.lol contributors, ODbL 1.0" in owed.message.text, (
        "whoever is owed is named in mails"
    )
    assert fetched(station) == []
    (note,) = noted(station).values()
    assert (note.outcome, note.detail["traces"], note.detail["folders"]) == ("read", 257, 256)
    sums = [hashlib.sha256(file.body).hexdigest() for file in files]
    assert [each["sha256"] for each in note.detail["received"]] == sums
    assert [each["url"] for each in note.detail["received"]] == named.split(",")
    before = len(feed.requests)
    assert "1 read before" in call(station, "backfill", "globe-history", *SPAN).stderr
    assert len(feed.requests) == before
    call(station, "backfill", "globe-history", *SPAN, "--again", "--keep")
    assert len(listed(station, "landings")) == 1
    assert len(fetched(station)) == 4  # two parts and their checksums
    call(station, "backfill", "globe-history", *SPAN)
    assert len(fetched(station)) == 4


def test_files_may_be_given_by_another_host_as_github_does(
    tmp_path: Path, feed: FakeFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, files = put_day(feed, DAY, TAR, parts=1)
    path = named.removeprefix(feed.url)
    elsewhere = feed.url.replace("127.0.0.1", "localhost") + "/asset"
    feed.on(path, Answer(status=302, headers={"Location": elsewhere}))
    feed.on("/asset", *files)
    station = station_of(tmp_path, feed, {2026: [named]})
    assert "redirects to" in call(station, "backfill", "globe-history", *SPAN, code=1).stderr
    monkeypatch.setattr(globe_history, "REDIRECTED_TO", ("localhost",))
    call(station, "backfill", "globe-history", *SPAN)
    assert len(listed(station, "landings")) == 1


def test_another_watch_asks_anew(tmp_path: Path, feed: FakeFeed) -> None:
    other = visit_trace(Visit(lands_at=AT + timedelta(hours=3), icao24="600866"))
    named, _ = put_day(feed, DAY, day_tar([TRACE, other]))
    station = station_of(tmp_path, feed, {2026: [named]})
    call(station, "backfill", "globe-history", *SPAN)
    station.config.write_text(
        station.config.read_text().replace('["600865"]', '["600865", "600866"]')
    )
    call(station, "backfill", "globe-history", *SPAN)
    assert {row["icao24"] for row in listed(station, "landings")} == {IL76, "600866"}


@pytest.mark.parametrize(
    "instead",
    [[ABRUPT, ABRUPT], [Answer(b"", 429, {"Retry-After": "0"})], [Answer(b"", 503)]],
    ids=["cut", "429", "503"],
)
def test_faults_on_the_way_change_nothing(
    feed: FakeFeed, instead: list[Answer | None], direct: Direct
) -> None:
    named, _ = put_day(feed, DAY, TAR, instead=instead)
    run, store = direct({2026: [named]})
    read_whole_days(run, run.services.settings.archives, [DAY])
    assert run.ended == {"read": 1}
    assert len(landings.find(store)) == 1


def test_the_next_years_list_is_looked_at_and_whole_days_come_first(
    feed: FakeFeed, direct: Direct
) -> None:
    day = date(2025, 12, 30)
    midnight = datetime(2025, 12, 30, 9, 0, tzinfo=UTC)
    mlat, _ = put_day(feed, day, day_tar([]), pod="mlatonly", parts=1)
    whole, _ = put_day(feed, day, day_tar([visit_trace(Visit(lands_at=midnight))]), parts=1)
    only, _ = put_day(feed, date(2025, 12, 31), day_tar([]), pod="mlatonly", parts=1)
    run, store = direct({2025: [mlat, only], 2026: [whole]})
    days = [day, date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 5), NOW.date()]
    told: list[str] = []
    run.report.day = told.append
    read_whole_days(run, run.services.settings.archives, days)
    assert run.ended == {"read": 1, "mlat-only": 1, "absent": 1, "bad": 1, "not yet": 1}
    assert len(landings.find(store)) == 1
    assert any(
        one.startswith("2026-05-05: known to be bad") and "globe_history_2026/issues/3" in one
        for one in told
    )
    assert [one.outcome for one in archive_requests.of(store, SOURCE).values()] == [
        *("read", "mlat-only", "absent", "bad", "not yet")
    ]
    run.partial = True
    read_whole_days(run, run.services.settings.archives, [date(2025, 12, 31)])
    assert run.ended["read in part"] == 1


@pytest.mark.parametrize(
    ("tar", "said"),
    [
        (TAR[: len(TAR) // 2], "cut off"),
        (TAR[:5120] + b"\x17" * 512 + TAR[5632:], "damaged at byte 5120"),
        (day_tar([TRACE], folders=200), "of 256 folders"),
    ],
    ids=["cut", "hole", "incomplete"],
)
def test_a_damaged_day_is_told_and_not_read_nor_fetched_twice(
    tmp_path: Path, feed: FakeFeed, tar: bytes, said: str
) -> None:
    named, files = put_day(feed, DAY, tar)
    station = station_of(tmp_path, feed, {2026: [named]})
    assert said in call(station, "backfill", "globe-history", *SPAN, code=1).stderr
    assert listed(station, "landings") == []
    assert fetched(station) == []
    assert [each.outcome for each in noted(station).values()] == ["damaged"]
    asks = len(files[0].ranges)
    assert said in call(station, "backfill", "globe-history", *SPAN, code=1).stderr
    assert len(files[0].ranges) == asks


def test_an_incomplete_day_can_be_read_as_far_as_it_goes(tmp_path: Path, feed: FakeFeed) -> None:
    named, _ = put_day(feed, DAY, day_tar([TRACE], folders=200))
    station = station_of(tmp_path, feed, {2026: [named]})
    words = ("backfill", "globe-history", *SPAN)
    assert "200 of 256 folders" in call(station, *words, code=1).stderr
    result = call(station, *words, "--partial")
    assert "read although it is incomplete" in result.stderr
    assert "1 read in part" in result.stderr
    assert len(listed(station, "landings")) == 1
    assert "1 read in part before" in call(station, *words).stderr


def test_what_a_list_names_but_nobody_has_is_told_and_the_next_day_read(
    tmp_path: Path, feed: FakeFeed
) -> None:
    named, _ = put_day(feed, DAY, TAR)
    gone, _ = put_day(feed, date(2026, 11, 17), TAR)
    feed.on("/download/v2026.11.17*", Answer(b"", 404))
    for path in gone.split(","):
        feed.on(path.removeprefix(feed.url), Answer(b"", 404))
    station = station_of(tmp_path, feed, {2026: [named, "nonsense", gone]})
    words = ("--from", "2026-11-17", "--to", "2026-11-18")
    result = call(station, "backfill", "globe-history", *words, code=1)
    assert "2026-11-17: " in result.stderr
    assert "404" in result.stderr
    assert "PREFERRED_RELEASES.txt, line 2: " in result.stderr
    assert "1 failed, 1 read" in result.stderr
    assert len(listed(station, "landings")) == 1


def test_a_full_budget_ends_the_run_before_anything_comes(tmp_path: Path, feed: FakeFeed) -> None:
    named, _ = put_day(feed, DAY, TAR)
    station = station_of(tmp_path, feed, {2026: [named]})
    words = ("backfill", "globe-history", *SPAN, "--disk-budget", "0.0001")
    result = call(station, *words, code=1)
    assert "exceed the budget of 0.0001 GB" in result.stderr
    assert "archives.disk_budget_gb" in result.stderr
    call(station, "backfill", "globe-history", *SPAN)
    assert len(listed(station, "landings")) == 1


def test_a_folder_counts_what_it_holds_already(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"x" * 1000)
    budget = DiskBudget(tmp_path, 3000 / 1e9)
    budget.require_small(900)
    budget.require_small(900)
    with pytest.raises(ArchiveError):
        budget.require_small(900)
    budget.require(1900)
    with pytest.raises(ArchiveError, match="exceed the budget"):
        budget.require(2100)


def test_a_second_run_stays_away(tmp_path: Path, feed: FakeFeed) -> None:
    station = station_of(tmp_path, feed, {})
    with SingleInstance(station.folder / "var" / "archives" / "fetching", busy="is busy"):
        result = call(station, "backfill", "globe-history", *SPAN, code=1)
    assert "is downloading into this folder" in result.stderr
    assert feed.requests == []


def test_a_killed_run_goes_on_with_the_rest(tmp_path: Path, feed: FakeFeed) -> None:
    named, files = put_day(feed, DAY, TAR, parts=2)
    first, second = named.split(",")
    feed.on(second.removeprefix(feed.url), Answer(files[1].body, fault=Fault.HANG))
    station = station_of(tmp_path, feed, {2026: [named]})
    words = ("backfill", "globe-history", *SPAN)
    with station.daemon(*words) as process:
        wait_for(lambda: any(second.endswith(one.path) for one in feed.requests), "the second part")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [one for one in fetched(station) if one.endswith(".aa")]
    feed.on(second.removeprefix(feed.url), files[1])
    call(station, *words)
    assert len(files[0].ranges) == 1
    assert len(listed(station, "landings")) == 1
    assert first.endswith(".aa")


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
    assert len(archive_requests.of(store, PER_AIRCRAFT)) == 2


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
    assert "no trace" in call(station, *words, "--also", "600866", "--again", code=1).stderr


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

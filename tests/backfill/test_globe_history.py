"""Do days come from archives into the landings, once, whatever happens on the way?"""

from __future__ import annotations

import hashlib
import signal
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collector.backfill import globe_history
from collector.backfill.disk_budget import DiskBudget
from collector.backfill.globe_history import (
    SOURCE,
    read_whole_days,
)
from collector.errors import ArchiveError
from collector.lock import SingleInstance
from collector.store import Store, archive_requests, landings, outbox
from tests.backfill.days import AT, DAY, NOW, SPAN, TAR, TRACE, Direct, fetched, noted, station_of
from tests.cli.runner import call, listed
from tests.support.adsblol_days import day_tar, put_day, visit_trace
from tests.support.fake_feed import Answer, FakeFeed, Fault
from tests.support.files import ABRUPT
from tests.support.sky import IL76, Visit
from tests.support.station import wait_for


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
    assert "adsb.lol contributors (ODbL 1.0)" in owed.message.text, (
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
        one.startswith("2026-05-05: the archive of this day is known to be bad")
        and "globe_history_2026/issues/3" in one
        for one in told
    )
    assert [one.outcome for one in archive_requests.requests_of(store, SOURCE).values()] == [
        *("read", "mlat-only", "absent", "bad", "not yet")
    ]
    run.partial = True
    read_whole_days(run, run.services.settings.archives, [date(2025, 12, 31)])
    assert run.ended["read in part"] == 1


@pytest.mark.parametrize(
    ("tar", "said"),
    [
        (TAR[: len(TAR) // 2], "cut off"),
        (TAR[:5120] + b"\x17" * 512 + TAR[5632:], "damaged: byte 5120 does not begin"),
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

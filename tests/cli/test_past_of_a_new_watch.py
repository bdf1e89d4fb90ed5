"""Is a week quiet for a watch that nobody had yet? Only others were looked for then."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.daemon import start
from collector.settings import load
from collector.store import Store, coverage_slots
from tests.cli.runner import call
from tests.support.published_station import covered_polls
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HEARD = timedelta(days=7)
WEEK = "2026-W47"
NEW = """
[[watch]]
name = "new"
places = ["LLOV"]
types = ["IL76"]
"""


def started(station: Station) -> Station:
    """A daemon of this configuration was started."""
    with start.daemon(load(station.config, environ={}), {}):
        pass
    return station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A daemon heard everything for a week, and a landing of nobody; then it got a new watch."""
    station = started(Station(tmp_path))
    with Store.open(station.database) as store:
        coverage_slots.merge_polls(store, covered_polls(MONDAY - HEARD, MONDAY + HEARD))
    station.config.write_text(station.config.read_text() + NEW)
    return station


def week(station: Station) -> dict[str, dict[str, Any]]:
    """What `weeks --json` says, by watch."""
    told = call(station, "weeks", "--from", WEEK, "--to", WEEK, "--json").stdout
    return {row["watch"]: row for row in json.loads(told)}


def test_a_week_before_a_watch_was_not_seen(station: Station) -> None:
    rows = week(started(station))
    assert (rows["w"]["count"], rows["w"]["not_seen"]) == (0, None)
    assert (rows["new"]["count"], rows["new"]["at_least"], rows["new"]["seen"]) == (None, 0, 0.0)
    assert rows["new"]["not_seen"]
    told = call(station, "digest", "--week", WEEK, "--watch", "new").stdout
    assert "could not see" in told
    assert "No landing" not in told
    words = ("report", "--from", WEEK, "--to", WEEK, "--json", "--out", str(station.folder / "out"))
    by_watch = {row["watch"]: row for row in json.loads(call(station, *words).stdout)}
    assert [one["told"] for one in by_watch["new"]["years"]] == ["could not have been heard"]
    assert [one["told"] for one in by_watch["w"]["years"]] == ["none found"]


@pytest.mark.parametrize(
    "words",
    [
        ("weeks",),
        ("digest", "--week", WEEK),
        ("report", "--from", WEEK, "--to", WEEK),
        ("export", "weeks", "--from", WEEK, "--to", WEEK),
    ],
    ids=lambda words: words[0],
)
def test_whoever_asks_for_weeks_is_told_which_watch_is_new(
    station: Station, words: tuple[str, ...]
) -> None:
    noted = " ".join(call(started(station), *words).stderr.split())
    assert "watch new is followed since" in noted
    assert "watch w is followed" not in noted


def test_the_watch_that_was_there_keeps_its_past_under_another_name(station: Station) -> None:
    before = week(started(station))["w"]
    station.config.write_text(station.config.read_text().replace('name = "w"', 'name = "cargo"'))
    after = week(started(station))["cargo"]
    assert (after["count"], after["seen"]) == (before["count"], before["seen"]) == (0, 1.0)


def test_a_replay_reads_the_past_for_the_new_watch(station: Station) -> None:
    started(station)
    lands_at = MONDAY + timedelta(days=2, hours=10)
    sky = Sky((Visit(lands_at=lands_at),))
    span = timedelta(minutes=40)
    replies = list(sky.replies(lands_at - span, lands_at + span, timedelta(seconds=30)))
    call(station, "replay", *map(str, record(station.folder / "recorded", replies)))
    row = week(station)["new"]
    assert row["seen"] == pytest.approx(80 / (7 * 24 * 60), rel=0.1)
    assert (row["count"], row["at_least"]) == (1, 1)


def test_a_database_of_an_older_version_keeps_its_past(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with Store.open(station.database) as store:
        coverage_slots.merge_polls(store, covered_polls(MONDAY - HEARD, MONDAY + HEARD))
    assert week(started(station))["w"]["seen"] == 1.0
    station.config.write_text(station.config.read_text() + NEW)
    assert week(started(station))["new"]["seen"] == 0.0

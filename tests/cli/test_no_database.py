"""Which commands create a database? Only those that have something to store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.recording.test_other_tools import foreign
from tests.support.archive import put, trace
from tests.support.sky import Sky
from tests.support.station import NOBODY, Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
EMPTY = "{empty}"
"""Stands for a folder with a file that no command can use."""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["review", "600865-2026-11-18-1", "--confirm", "--note", "seen"], "no database"),
        (["alerts", "mute", "w", "one", "--days", "3"], "no database"),
        (["alerts", "unmute", "w", "one"], "no database"),
        (["alerts", "ack", "w", "one", "2026-W47"], "no database"),
        (["outbox", "retry", "--all"], "no database"),
        (["outbox", "drop", "--all"], "no database"),
        (["outbox", "summary", "--send"], "no database"),
        (["digest", "--week", "2026-W40", "--send"], "no database"),
        (["db", "judge"], "no database"),
        (["db", "check"], "no database"),
        (["db", "backup", "copy.sqlite"], "no database"),
        (["replay", "/nothere"], "no such file or folder"),
        (["replay", EMPTY], "no *.warc"),
        (["backfill", "traces", "/nothere"], "no such file or folder"),
        (["backfill", "traces", EMPTY], "holds no trace_full_<hex>.json"),
        (["backfill", "traces", "/nothere", "--plan"], "no such file or folder"),
        (["backfill", "flightlist", "/nothere"], "no such file or folder"),
        (["backfill", "flightlist", EMPTY], "holds no .csv"),
        (["backfill", "flightlist", EMPTY + "/notes.txt"], "the columns are none, but must"),
        (["backfill", "sightings", "/nothere"], "No such file or directory"),
        (["backfill", "sightings", EMPTY], "holds no .csv file"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else "",
)
def test_a_command_without_anything_to_store_creates_none(
    tmp_path: Path, words: list[str], message: str
) -> None:
    station = Station(tmp_path, feed_url=NOBODY)
    put(tmp_path, "empty/notes.txt", b"none")
    words = [word.replace(EMPTY, str(tmp_path / "empty")) for word in words]
    assert message in call(station, *words, code=1).stderr
    assert not station.database.exists()


def test_a_recording_of_something_else_creates_none(tmp_path: Path) -> None:
    station = Station(tmp_path, feed_url=NOBODY)
    path = tmp_path / "other.warc.gz"
    foreign(path, b"<html>", [("Content-Type", "text/html")], url="https://example.org/")
    told = call(station, "replay", str(path)).stderr
    assert "no record there is a reply of a feed that is known" in told
    assert not station.database.exists()


def test_opensky_without_an_account_creates_none(tmp_path: Path) -> None:
    station = Station(tmp_path, feed_url=NOBODY)
    words = ["backfill", "opensky-flights", "--from", "2026-11-18", "--to", "2026-11-18"]
    assert "opensky" in call(station, *words, code=78).stderr
    assert not station.database.exists()


def test_an_unwanted_trace_creates_none_and_is_no_failure(tmp_path: Path) -> None:
    station = Station(tmp_path, feed_url=NOBODY)
    path = put(tmp_path, "trace_full_a00001.json", trace("a00001"))
    done = call(station, "backfill", "traces", str(path))
    assert "no traces of watched aircraft" in done.stderr
    assert not station.database.exists()


@pytest.mark.parametrize("what", ["migrate", "replay", "traces", "sightings"])
def test_a_command_with_something_to_store_creates_one(tmp_path: Path, what: str) -> None:
    station = Station(tmp_path, feed_url=NOBODY)
    if what == "migrate":
        call(station, "db", "migrate")
    elif what == "replay":
        replies = Sky().replies(AT, AT + timedelta(minutes=1), timedelta(seconds=20))
        call(station, "replay", *map(str, record(tmp_path / "recorded", list(replies))))
    elif what == "traces":
        path = put(tmp_path, "trace_full_600865.json", trace())
        call(station, "backfill", "traces", "--jobs", "1", str(path))
    else:
        call(station, "backfill", "sightings")
    assert station.database.exists()

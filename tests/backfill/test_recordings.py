"""Does a recording give the same landings and mails, however and how often it is replayed?"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model.reply import Reply
from collector.store import Store, landings
from tests.support.sky import IL76, Sky, Visit
from tests.support.station import Station, record

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def replies() -> list[Reply]:
    """Two landings on two days and the Monday after: heard for an hour around each."""
    visits = (
        Visit(lands_at=FRIDAY),
        Visit(lands_at=FRIDAY + timedelta(days=1), callsign="AZQ4803"),
    )
    sky = Sky(visits)
    heard: list[Reply] = []
    for at in (*(visit.lands_at for visit in visits), MONDAY):
        begin, end = at - timedelta(minutes=30), at + timedelta(minutes=40)
        heard += sky.replies(begin, end, timedelta(seconds=30))
    return heard


def outcome(station: Station) -> tuple[object, object]:
    mails = [(row["key"], row["subject"]) for row in station.json("outbox", "list")]
    return station.json("landings", "--all"), sorted(mails)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return record(tmp_path_factory.mktemp("recording"), replies(), files=4)


@pytest.fixture(scope="module")
def once(recording: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A station that has replayed it, which no test changes."""
    station = Station(tmp_path_factory.mktemp("once"))
    assert not station.run("replay", *recording).stdout
    return station


@pytest.fixture(scope="module")
def expected(once: Station) -> tuple[object, object]:
    return outcome(once)


def test_a_recording_becomes_landings_and_alerts_that_no_start_mails_one_by_one(
    once: Station,
) -> None:
    rows = once.json("landings")
    assert [(row["icao24"], row["airfield"], row["grade"], row["week"]) for row in rows] == [
        (IL76, "LLOV", "confirmed", "2026-W47"),
        (IL76, "LLOV", "confirmed", "2026-W47"),
    ]
    touchdown = datetime.fromisoformat(rows[0]["touchdown_at"])
    assert abs(touchdown - FRIDAY) < timedelta(seconds=45)
    mails = {row["key"]: row for row in once.json("outbox", "list")}
    assert set(mails) == {
        "alert:w:one:2026-W47:crossed:1:ops",
        "alert:w:one:2026-W47:rose:2:ops",
    }
    assert {row["state"] for row in mails.values()} == {"dropped"}
    assert {row["last_error"] for row in mails.values()} == {"over before the command began"}
    said = once.run("outbox", "summary").stdout
    assert said.startswith("1 notice that was not mailed\n"), "the last one of its alert"
    assert "w at Ovda: now at least 2 landings, week 47 of 2026" in " ".join(said.split())
    assert "2 landings" in once.run("digest", "--week", "2026-W47").stdout


def test_landings_are_found_at_quarters_of_an_hour_of_the_recording(once: Station) -> None:
    """Hours of reports are read once for many replies, and in time for what a day's end says."""
    with Store.open(once.database, read_only=True) as store:
        found = [landings.history(store, one.id)[0] for one in landings.find(store)]
    assert [revision.change for revision in found] == ["found", "found"]
    assert {(revision.at.minute % 15, revision.at.second) for revision in found} == {(0, 0)}
    late = [revision.at - FRIDAY for revision in found]
    assert timedelta() <= late[0] <= timedelta(minutes=15)


def test_a_second_replay_changes_nothing(
    recording: list[Path], once: Station, expected: tuple[object, object], tmp_path: Path
) -> None:
    shutil.copytree(once.folder / "var", tmp_path / "var")
    station = Station(tmp_path)
    assert outcome(station) == expected
    station.run("replay", *recording)
    assert outcome(station) == expected


def test_the_order_of_files_does_not_matter(
    recording: list[Path], expected: tuple[object, object], tmp_path: Path
) -> None:
    shuffled = list(recording)
    random.Random(7).shuffle(shuffled)
    assert shuffled != recording
    station = Station(tmp_path)
    station.run("replay", *shuffled)
    assert outcome(station) == expected


def test_files_replayed_one_by_one_backwards_give_the_same_landings_and_coverage(
    recording: list[Path], once: Station, expected: tuple[object, object], tmp_path: Path
) -> None:
    backwards = Station(tmp_path)
    for path in reversed(recording):
        backwards.run("replay", path)
    assert backwards.json("landings", "--all") == expected[0]
    coverage = [
        [row["coverage"] for row in each.json("weeks", "--from", "2026-W47", "--to", "2026-W47")]
        for each in (once, backwards)
    ]
    assert coverage[0] == coverage[1] != [0.0]


def test_a_killed_replay_is_finished_by_the_next(
    recording: list[Path], expected: tuple[object, object], tmp_path: Path
) -> None:
    station = Station(tmp_path)
    station.run("db", "migrate")
    for _ in range(3):
        nowhere = subprocess.DEVNULL
        process = station.start(["replay", *recording], nowhere, nowhere)
        time.sleep(0.7)  # anywhere in the middle will do
        process.send_signal(signal.SIGKILL)
        process.wait()
    station.run("replay", *recording)
    assert outcome(station) == expected


def test_a_torn_file_and_a_missing_one_are_named_and_passed_over(
    recording: list[Path], expected: tuple[object, object], tmp_path: Path
) -> None:
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(recording[0].read_bytes()[:5000])
    station = Station(tmp_path)
    done = station.run("replay", torn, tmp_path / "nowhere", *recording)
    assert "torn.warc.gz" in done.stderr
    assert "nowhere" in done.stderr
    assert outcome(station) == expected


def test_nothing_readable_is_a_failure(tmp_path: Path) -> None:
    station = Station(tmp_path)
    done = station.run("replay", tmp_path / "nowhere", check=False)
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr

"""Does a start on a full disk or beside another writer end with a message and its cure?"""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from collector.lock import SingleInstance, holder
from collector.store import Store
from tests.cli.runner import call
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import ROOT, Station


def limited(station: Station, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command that may make no file longer: writing fails as on a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "collector", "--config", str(station.config), *words],
        env={"PYTHONPATH": str(ROOT)},
        cwd=station.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )


def test_a_start_on_a_full_disk_is_a_message_and_a_temporary_failure(tmp_path: Path) -> None:
    station = Station(tmp_path)
    Store.open(station.database).close()
    done = limited(station, "run")
    assert done.returncode == 75
    assert "Traceback" not in done.stderr
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("collector: ")]
    assert f"database {station.database} cannot be read or written: its disk" in said
    assert "look at the system's log" in said
    assert list(station.recordings.glob("*")) == []


def test_a_new_database_is_mailed_as_its_disk_may_be_missing(tmp_path: Path) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        station = Station(tmp_path, smtp_port=port)
        call(station, "db", "migrate")
        call(station, "run", "--once")
        call(station, "run", "--once")
    assert [mail["Subject"] for mail in inbox.taken] == [
        "Condition: The collector runs on a new database"
    ]


def test_a_lock_file_needs_no_space_to_be_taken_again(tmp_path: Path) -> None:
    database = tmp_path / "collector.sqlite"
    with SingleInstance(database) as first:
        assert holder(database) is not None
        size = first.path.stat().st_size
    with SingleInstance(database) as again:
        assert again.path.stat().st_size == size


def test_a_start_beside_another_writer_is_a_temporary_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.store.database.BUSY_TIMEOUT", timedelta(milliseconds=20))
    station = Station(tmp_path)
    Store.open(station.database).close()
    other = sqlite3.connect(station.database, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        refused = call(station, "run", "--once", code=75)
    finally:
        other.close()
    assert "is locked by another process: end the other writer" in refused.stderr


def test_a_start_with_a_damaged_database_says_what_to_do(tmp_path: Path) -> None:
    station = Station(tmp_path)
    Store.open(station.database).close()
    with station.database.open("r+b") as file:
        file.truncate(8192)
    refused = call(station, "run", "--once", code=1)
    assert "is damaged: stop the collector, restore the newest backup" in refused.stderr

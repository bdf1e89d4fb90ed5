"""Does a backfill that is killed at any moment and repeated end like one without kills?"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.dump import dump
from tests.support.past import DAY, FIRST, archive, day_of, write_files
from tests.support.station import DEADLINE_S, Station, wait_for

LANDS = (True, False, True, True)
OPTIONS = ("--sample", "1")


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days in tars, a fifth as loose files, and one file that is no trace."""
    folder = tmp_path_factory.mktemp("past")
    archive(folder, LANDS, airliners=2)
    fifth = FIRST + len(LANDS) * DAY
    members = day_of(fifth, lands=True, airliners=2)
    members["traces/ff/trace_full_7380ff.json"] = b"{broken"
    write_files(folder / "loose", members, fifth)
    return folder


@pytest.fixture(scope="module")
def expected(
    past: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """What one undisturbed run leaves."""
    station = Station(tmp_path_factory.mktemp("undisturbed"))
    done = station.run("backfill", "traces", *OPTIONS, "--jobs", "1", past, check=False)
    assert done.returncode == 1, done.stderr
    found = dump(station.database)
    assert len(found["landings"]) == sum(LANDS) + 1
    assert found["alerts"]
    assert found["outbox"]
    assert len(found["units"]) == len(LANDS) + 4
    return found


def counted(database: Path, sql: str) -> int:
    """What a query counts now; 0 while there is no such table."""
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
        try:
            return int(connection.execute(sql).fetchone()[0])
        finally:
            connection.close()
    return 0


def moments(database: Path, chance: random.Random) -> list[Callable[[], bool]]:
    """When to kill: while it reads, and while it derives."""
    units = "SELECT count(*) FROM backfill_units"
    some = chance.randrange(1, len(LANDS) + 4)
    return [
        lambda: counted(database, units) >= some,
        lambda: counted(database, "SELECT count(*) FROM landings") >= 1,
    ]


def test_killed_and_begun_again_it_comes_to_the_same(
    tmp_path: Path, past: Path, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    station = Station(tmp_path)
    chance = random.Random(11)
    words = ("backfill", "traces", *OPTIONS, "--jobs", "2", str(past))
    ends = []
    for moment in moments(station.database, chance):
        with station.daemon(*words) as process:
            begun = time.monotonic()
            while not moment() and process.poll() is None and time.monotonic() - begun < DEADLINE_S:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.02)
            process.kill()
            ends.append(process.wait())
    assert -9 in ends, "it was killed while it worked"
    assert station.run("db", "check").returncode == 0
    done = station.run(*words, check=False)
    assert done.returncode == 1, "what could not be read stays known through kills"
    assert "1 could not be read, in trace_full_7380ff.json" in done.stderr
    found = dump(station.database)
    for table, rows in expected.items():
        assert found[table] == rows, table


def test_readers_end_with_a_parent_that_is_killed(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    words = ("backfill", "traces", *OPTIONS, "--jobs", "2", str(past))
    with station.daemon(*words) as process:
        wait_for(lambda: len(children(process.pid)) >= 3, "two readers and their tracker")
        readers = children(process.pid)
        process.kill()
        process.wait()
    wait_for(lambda: not any(runs(pid) for pid in readers), "the readers' end")


def test_a_reader_that_is_killed_is_told_and_the_rest_is_kept(tmp_path: Path, past: Path) -> None:
    station = Station(tmp_path)
    words = ("backfill", "traces", *OPTIONS, "--jobs", "2", str(past))
    with station.daemon(*words) as process:
        wait_for(lambda: len(children(process.pid)) >= 3, "two readers and their tracker")
        for pid in children(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert process.wait(timeout=DEADLINE_S) == 1
    assert "run the command again with fewer --jobs" in station.log
    assert station.run("db", "check").returncode == 0


def children(pid: int) -> list[int]:
    """The processes that it started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def runs(pid: int) -> bool:
    """Whether it does, and is no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False

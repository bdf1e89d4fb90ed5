"""Do several programs of ours work in one database, and come to the same if they are killed?

`python -m bench.faults.programs` tries three things, with real processes and a real `kill -9`:

1. every migration of every older database, killed at its statements: the file is as it was before
   or as it is after, and the next start makes the same of it;
2. `backfill` and `replay`, killed at random statements again and again, and then let to their end:
   the database is as if they had not been killed;
3. the daemon, a second daemon, `replay`, `backfill`, `serve`, `status` and `db backup` at once,
   each of them killed now and then: at the end no landing is lost, doubled or invented, the
   database is whole, and no second daemon ever ran.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from collector.store import Store
from collector.store.migrations import run
from tests.support.dump import dump
from tests.support.past import archive
from tests.support.sky import Sky, Visit
from tests.support.station import ROOT, Station, record

from .statements import Counter, command, exit_code_of, killed_at, traced
from .together import together

SCHEMAS = sorted((ROOT / "tests" / "store" / "schemas").glob("*.sql"))
SEED = 20261130
IN_A_ROW = 8
"""So often a command is killed before it may end."""
REPLAYED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LANDS = (True, False, True, True)
"""The days of the archive on which the aircraft lands."""


@dataclass
class Trials:
    """What one sort of trials came to."""

    name: str
    tried: int = 0
    kills: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"| {self.name} | {self.tried:,} | {self.kills:,} | {len(self.wrong)} |"


def migrations(folder: Path, every: int, schemas: Sequence[Path] = SCHEMAS) -> Trials:
    """Kill the migration of each older database at every `every`-th of its statements."""
    found = Trials("a migration, killed at its statements")
    for schema in schemas:
        old = folder / f"{schema.stem}.sqlite"
        connection = sqlite3.connect(old)
        connection.executescript(schema.read_text(encoding="utf-8"))
        connection.close()
        counter, whole = Counter(), folder / "whole.sqlite"
        shutil.copy(old, whole)
        with traced(counter):
            Store.open(whole).close()
        wanted, before = _content(whole), _content(old)
        for number in range(1, counter.seen + 1, every):
            path = folder / "killed.sqlite"
            _remove(path)
            shutil.copy(old, path)
            found.tried += 1
            found.kills += killed_at(number, partial(_open, path))
            if _content(path) not in (before, wanted):
                found.wrong.append(f"{schema.stem}, statement {number}: half migrated")
            Store.open(path).close()
            if _content(path) != wanted:
                found.wrong.append(f"{schema.stem}, statement {number}: another database")
        _remove(whole)
    return found


def _open(path: Path) -> None:
    Store.open(path).close()


def commands(folder: Path, kills: int) -> Iterator[Trials]:
    """Kill `backfill` and `replay` at random statements; yield what each came to."""
    rng, past, recorded = random.Random(SEED), folder / "past", folder / "recorded"
    archive(past, LANDS, airliners=2)
    minutes = timedelta(minutes=10)
    sky = Sky((Visit(lands_at=REPLAYED),))
    record(recorded, list(sky.replies(REPLAYED - minutes, REPLAYED + minutes, minutes / 30)))
    for name, words in {
        "a backfill, killed at random statements": ("backfill", "traces", "--sample=1", str(past)),
        "a replay, killed at random statements": ("replay", str(recorded)),
    }.items():
        yield _killed_commands(folder, name, words, rng, kills)


def _killed_commands(
    folder: Path, name: str, words: Sequence[str], rng: random.Random, kills: int
) -> Trials:
    found = Trials(name)
    whole = _station(folder / "whole")
    counter = folder / "count"
    work = command(whole.config, *words)

    def counted() -> None:
        statements = Counter()
        with traced(statements):
            try:
                work()
            finally:
                counter.write_text(str(statements.seen))

    usual = exit_code_of(counted)
    wanted, last = dump(whole.database), int(counter.read_text())
    if usual != 0 or not wanted["landings"]:
        found.wrong.append(f"undisturbed it ended with {usual}")
    while found.kills < kills and not found.wrong:
        station = _station(folder / "killed")
        work = command(station.config, *words)
        for _ in range(IN_A_ROW):
            found.tried += 1
            found.kills += killed_at(rng.randrange(1, last), work)
        if (code := exit_code_of(work)) != usual:
            found.wrong.append(f"after kills it ended with {code}")
        got = dump(station.database)
        found.wrong += [
            f"after kills: other {table}" for table in wanted if got[table] != wanted[table]
        ]
        shutil.rmtree(station.folder)
    shutil.rmtree(whole.folder)
    return found


def _station(folder: Path) -> Station:
    folder.mkdir()
    return Station(folder)


def _content(path: Path) -> list[str]:
    """Every table, index, view and row, but for when each migration ran."""
    connection = sqlite3.connect(path)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        lines = [line for line in connection.iterdump() if "_sqlite_migrations" not in line]
        return [f"version {version} of {run.LATEST}", *lines]
    finally:
        connection.close()


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run, print a table, and return the exit code: 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults.programs")
    parser.add_argument(
        "--only", choices=["migrations", "commands", "at-once"], help="one of three"
    )
    parser.add_argument(
        "--every", type=int, default=1, help="kill migrations at each n-th statement"
    )
    parser.add_argument("--kills", type=int, default=300, help="of each command")
    parser.add_argument("--seconds", type=float, default=300.0, help="of programs at once")
    arguments = parser.parse_args(words)
    begun = time.monotonic()
    print("| what was killed | tried | kills | wrong |\n|---|---|---|---|", flush=True)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="programs-") as name:
        parts: dict[str, Callable[[Path], Iterator[Trials]]] = {
            "migrations": lambda folder: iter([migrations(folder, arguments.every)]),
            "commands": lambda folder: commands(folder, arguments.kills),
            "at-once": lambda folder: iter([at_once(folder, arguments.seconds)]),
        }
        for part in [arguments.only] if arguments.only else parts:
            folder = Path(name) / part
            folder.mkdir()
            for found in parts[part](folder):
                print(found, flush=True)
                wrong += found.wrong
    print(f"\n{time.monotonic() - begun:.0f} s; wrong: {len(wrong)}")
    for line in wrong[:100]:
        print(f"* {line}")
    return 1 if wrong else 0


def at_once(folder: Path, seconds: float) -> Trials:
    """Let all programs work at once for so long; return what came of it."""
    tried, kills, wrong = together(folder, seconds, random.Random(SEED), LANDS, REPLAYED)
    return Trials("all programs at once, any of them killed", tried, kills, wrong)


if __name__ == "__main__":
    sys.exit(main())

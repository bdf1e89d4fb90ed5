"""Do several programs of ours work in one database, and come to the same if they are killed?

`python -m bench.faults.programs` tries three things, with real processes and a real `kill -9`:

1. every migration of every older database, killed at its statements: the file is as it was before
   or as it is after, and the next start makes the same of it;
2. `backfill` and `replay`, killed at random statements again and again, and then let to their end:
   the database is as if they had not been killed;
3. the daemon, a second daemon, `replay`, `backfill`, `serve`, `status` and `db backup` at once,
   each of them killed now and then: at the end no landing is lost, doubled or invented, the
   database is whole, and no second daemon ever ran.

Each part is done in units of some minutes at most, and each unit is told as it ends. What it came
to goes into `--into`; a run with the same file goes on with the rest.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
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
STEPWISE = ("replay", "revisions")
"""A replay that is killed may have found a landing as probable that the next one confirms. So says
its history then, rightly, and an undisturbed replay found it confirmed at once."""
TOGETHER_S = 120.0
"""So long all programs work at once in one database, before another one is begun."""
PARTS = ("migrations", "commands", "at-once")


@dataclass
class Trials:
    """What one sort of trials came to."""

    name: str
    tried: int = 0
    kills: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Trials) -> None:
        """Add what other trials of the same sort came to."""
        self.tried += other.tried
        self.kills += other.kills
        self.wrong += other.wrong

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


class Killed:
    """A command that is killed again and again, and what it makes undisturbed."""

    def __init__(self, folder: Path, words: Sequence[str]) -> None:
        self.folder, self.words = folder, words

    @cached_property
    def undisturbed(self) -> tuple[int, int, Mapping[str, Sequence[object]]]:
        """Its exit code, how many statements it has, and the database that it makes."""
        whole, counter = _station(self.folder / "whole"), self.folder / "count"
        work = command(whole.config, *self.words)

        def counted() -> None:
            statements = Counter()
            with traced(statements):
                try:
                    work()
                finally:
                    counter.write_text(str(statements.seen))

        code = exit_code_of(counted)
        return code, int(counter.read_text()), dump(whole.database)

    def tried(self, number: int) -> Trials:
        """Kill it so many times in a row, let it come to its end, and compare."""
        found, rng = (
            Trials(f"a {self.words[0]}, killed at random statements"),
            random.Random(f"{SEED} {number}"),
        )
        usual, last, wanted = self.undisturbed
        if usual != 0 or not wanted["landings"]:
            found.wrong.append(f"undisturbed it ended with {usual}")
        station = _station(self.folder / "killed")
        work = command(station.config, *self.words)
        for _ in range(IN_A_ROW):
            found.tried += 1
            found.kills += killed_at(rng.randrange(1, last), work)
        if (code := exit_code_of(work)) != usual:
            found.wrong.append(f"after kills it ended with {code}")
        got = dump(station.database)
        found.wrong += [
            f"after kills: other {table}"
            for table in wanted
            if got[table] != wanted[table] and (self.words[0], table) != STEPWISE
        ]
        shutil.rmtree(station.folder)
        return found


def commands(folder: Path) -> Iterator[Killed]:
    """Yield `backfill` and `replay`, with something to read."""
    past, recorded = folder / "past", folder / "recorded"
    archive(past, LANDS, airliners=2)
    minutes = timedelta(minutes=10)
    sky = Sky((Visit(lands_at=REPLAYED),))
    record(recorded, list(sky.replies(REPLAYED - minutes, REPLAYED + minutes, minutes / 30)))
    for words in (("backfill", "traces", "--sample=1", str(past)), ("replay", str(recorded))):
        (folder / words[0]).mkdir()
        yield Killed(folder / words[0], words)


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


def units(
    folder: Path, parts: Sequence[str], every: int, kills: int, seconds: float
) -> Iterator[tuple[str, Callable[[], Trials]]]:
    """Yield the units of the parts by name, those of each part in an order that never changes."""
    if "migrations" in parts:
        for schema in SCHEMAS:
            yield f"{schema.stem}, every {every}", partial(migrations, folder, every, [schema])
    if "commands" in parts:
        for killed in commands(folder):
            for number in range(-(-kills // IN_A_ROW)):
                yield f"{killed.words[0]} {number}", partial(killed.tried, number)
    if "at-once" in parts:
        for number in range(round(seconds / TOGETHER_S)):
            yield f"at once {number}", partial(at_once, folder / f"at-once-{number}", number)


def at_once(folder: Path, number: int) -> Trials:
    """Let all programs work at once in a database of their own; return what came of it."""
    folder.mkdir()
    rng = random.Random(f"{SEED} {number}")
    tried, kills, wrong = together(folder, TOGETHER_S, rng, LANDS, REPLAYED)
    return Trials("all programs at once, any of them killed", tried, kills, wrong)


def main(words: Sequence[str] | None = None) -> int:
    """Run, print what each unit came to and a table, and return 1 if anything is wrong, else 0."""
    arguments = _parser().parse_args(words)
    begun, into = time.monotonic(), arguments.into
    done = dict(_read(into)) if into is not None and into.exists() else {}
    with tempfile.TemporaryDirectory(prefix="programs-") as name:
        parts = [arguments.only] if arguments.only else PARTS
        asked = (arguments.every, arguments.kills, arguments.seconds)
        for unit, tried in units(Path(name), parts, *asked):
            if unit in done:
                continue
            since = time.monotonic()
            done[unit] = found = tried()
            said = (
                f"{found.kills} kills, {len(found.wrong)} wrong, {time.monotonic() - since:.0f} s"
            )
            print(f"{unit}: {said}", *found.wrong, sep="\n  ", flush=True)
            if into is not None:
                with into.open("a") as file:
                    file.write(json.dumps([unit, asdict(found)]) + "\n")
    sums: dict[str, Trials] = {}
    for found in done.values():
        sums.setdefault(found.name, Trials(found.name)).add(found)
    print("| what was killed | tried | kills | wrong |\n|---|---|---|---|")
    print(*sums.values(), sep="\n")
    wrong = sum(len(one.wrong) for one in sums.values())
    print(f"\n{time.monotonic() - begun:.0f} s; wrong: {wrong}")
    return 1 if wrong else 0


def _read(into: Path) -> Iterator[tuple[str, Trials]]:
    for line in into.read_text().splitlines():
        unit, found = json.loads(line)
        yield unit, Trials(**found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.faults.programs", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one of three")
    parser.add_argument(
        "--every", type=int, default=1, help="kill migrations at each n-th statement"
    )
    parser.add_argument("--kills", type=int, default=304, help="of each command")
    parser.add_argument("--seconds", type=float, default=600.0, help="of programs at once")
    parser.add_argument("--into", type=Path, help="where the counts of each unit are kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Does a backfill end the same if it is killed before or after a commit of every kind?

`test_kill.py` kills whole commands at random moments. Here nothing is left to chance: what an
undisturbed backfill commits is listed by the tables that each commit writes, and processes of our
own are killed right before and right after one commit of each kind. Between commits nothing
reaches the database, so there are no other moments.
"""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from collector.store import Store
from tests.backfill.rig import rig
from tests.support.dump import dump
from tests.support.flights import LLOV, hear, overflight, polls
from tests.support.past import DAY, FIRST, HOUR, IL76, arrival, trace, write_files, write_tar

END = FIRST + 12 * DAY
WRITES = re.compile(
    r"\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO) \"?(\w+)", re.IGNORECASE
)
Kind = frozenset[str]
STAGES: dict[str, tuple[set[str], set[str]]] = {
    "some reports": ({"observations", "backfill_due"}, {"slots", "backfill_units"}),
    "a portion": ({"observations", "slots", "learned"}, {"backfill_units"}),
    "a unit's last portion": ({"slots", "backfill_units"}, {"observations"}),
    "a unit at once": ({"observations", "slots", "backfill_units"}, set()),
    "stretches put together": ({"backfill_due"}, {"observations", "landings"}),
    "a landing, by what is learned with it": ({"landings", "learned", "backfill_touched"}, set()),
    "the rules asked, mails owed": ({"alert_states", "outbox", "backfill_units"}, {"landings"}),
}
"""Commits that must be among those tried: tables that they write, and such that they do not."""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some days in tars, and the Il-76's two last ones as loose files."""
    folder = tmp_path_factory.mktemp("past")
    for number in range(10):
        day = FIRST + number * DAY
        over = day + 10 * HOUR + HOUR / 4
        times = polls(over - HOUR / 4, over + HOUR / 4, 120.0)
        members = {}
        if number in (0, 8, 9):
            seen = arrival(day, 3_000.0)[:: 1 if number == 0 else 4]
            members[f"traces/65/trace_full_{IL76}.json"] = trace(seen, day)
        for icao24 in ("738000", "738001"):
            passing = hear(overflight(LLOV, over), times, icao24=icao24)
            members[f"traces/00/trace_full_{icao24}.json"] = trace(passing, day)
        if number < 8:
            write_tar(folder / f"{number}.tar", members, day)
        else:
            write_files(folder / f"{number}", members, day)
    return folder


def fill(folder: Path, past: Path) -> dict[str, list[tuple[object, ...]]]:
    with rig(folder, END) as one:
        one.fill([past])
        return dump(one.services.settings.database)


class Commits:
    """Lists the commits of this process by what they write, and ends it at one of them."""

    def __init__(self, patch: pytest.MonkeyPatch, dies_at: int = 0, *, before: bool = True) -> None:
        self.kinds: list[Kind] = []
        self._written: set[str] = set()
        self._dies_at, self._before = dies_at, before
        self._commit, self._execute = Database.commit, Store.execute
        patch.setattr("collector.backfill.reader.REPORTS_PER_PORTION", 1)
        patch.setattr("collector.backfill.writer.REPORTS_PER_TRANSACTION", 40)
        patch.setattr("collector.backfill.batches.BATCH_BYTES", 1)
        # Bound methods would not be given the database or store that they are called on.
        patch.setattr(Database, "commit", lambda database: self.commit(database))  # noqa: PLW0108
        patch.setattr(Store, "execute", lambda *words: self.execute(*words))  # noqa: PLW0108

    def execute(self, store: Store, sql: str, *values: Any) -> Any:
        if write := WRITES.match(sql):
            self._written.add(write[1])
        return self._execute(store, sql, *values)

    def commit(self, database: Database) -> None:
        self.kinds.append(frozenset(self._written))
        self._written.clear()
        dies = len(self.kinds) == self._dies_at
        if dies and self._before:
            os.kill(os.getpid(), signal.SIGKILL)
        self._commit(database)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)


def killed(folder: Path, past: Path, number: int, *, before: bool) -> bool:
    """Whether a process that backfills was killed at its commit of that number."""
    pid = os.fork()
    if pid == 0:  # nothing of pytest may go on in it
        with suppress(BaseException):
            Commits(pytest.MonkeyPatch(), number, before=before)
            fill(folder, past)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def test_killed_at_a_commit_of_every_kind_it_comes_to_the_same(
    tmp_path: Path, past: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.new_databases.COPIED", False)
    with monkeypatch.context() as patch:
        commits = Commits(patch)
        expected = fill(tmp_path / "undisturbed", past)
    assert len(expected["landings"]) == 3
    tried: dict[Kind, int] = {}
    for number, kind in enumerate(commits.kinds, 1):
        tried.setdefault(kind, number)
    for stage, (tables, others) in STAGES.items():
        assert any(tables <= kind and not others & kind for kind in tried), stage
    for kind, number in tried.items():
        for before in (True, False):
            folder = tmp_path / f"{number}-{before}"
            assert killed(folder, past, number, before=before), kind
            found = fill(folder, past)
            for table, rows in expected.items():
                assert found[table] == rows, (sorted(kind), before, table)

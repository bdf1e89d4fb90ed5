"""Is a change made as a whole or not at all when the process is killed in the middle of it?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from collector.store import Store, meta, outbox
from tests.store import victim

ROOT = Path(__file__).parents[2]


def _start(path: Path, mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.victim", str(path), mode],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _lines_until(process: subprocess.Popen[str], wanted: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(wanted)]


def _kill(process: subprocess.Popen[str]) -> list[str]:
    """Kill the process; return the rest of its output."""
    process.kill()
    said, _ = process.communicate()
    assert process.returncode == -9
    return said.split()


def _counts(store: Store) -> set[int]:
    """The number of polls in each table: one number if they agree."""
    number = int(meta.get_value(store, "written") or 0)
    polls = store.execute("SELECT count(*) FROM polls")[0][0]
    reports = store.execute("SELECT count(*) FROM observations")[0][0]
    spent = store.execute("SELECT coalesce(sum(cost), 0) FROM spending")[0][0]
    return {number, reports, polls, spent, len(outbox.listing(store))}


def test_killed_at_any_moment(path: Path) -> None:
    done = 0
    for round_number in range(4):
        process = _start(path, "loop")
        said = _lines_until(process, 7 + 5 * round_number) + _kill(process)
        with Store.open(path) as store:
            (number,) = _counts(store)
            assert store.check() == []
        assert number >= int(said[-1]) > done  # what it said was done is done
        done = number


def test_killed_inside_a_transaction(path: Path) -> None:
    with Store.open(path) as store:
        victim.write(store, 1)
    process = _start(path, "inside")
    assert _lines_until(process, 1) == ["inside"]
    assert path.with_name(path.name + "-wal").stat().st_size > 100_000
    _kill(process)
    with Store.open(path) as store:
        assert _counts(store) == {1}
        victim.write(store, 2)  # and its lock died with it
        assert _counts(store) == {2}
        assert store.check() == []

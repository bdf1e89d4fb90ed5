"""Are mutants drawn by lot, wrong in one place, and told to survive where no test looks?"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from mutants.drawing import drawn
from mutants.killing import put_in

from tests.bench_mutants import sample

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(sample.__file__)
MANY = 1000


def behaviour() -> list[object]:
    """What the sample gives for some numbers, or how it fails."""
    sample.Bounds.width.cache_clear()
    sample.doubled.cache_clear()
    found: list[object] = []
    for number in range(-1, 12):
        try:
            found += [sample.doubled(number), sample.same([number], [number])]
            found += [sample.same([1, 2], [1, number]), sample.same([], [])]
            bounds = sample.Bounds(number, 10)
            found += [sample.within(number, 0, 10), bounds.middle, bounds.width(number, 10)]
        except Exception as error:
            found.append(repr(error))
    return found


def test_the_same_lot_draws_the_same() -> None:
    first, again, other = (drawn([SAMPLE], 5, seed) for seed in (1, 1, 2))
    told = [[(each.line, each.was, each.now) for each in some] for some in (first, again, other)]
    assert told[0] == told[1] != told[2]
    assert len(first) == 5


def test_each_mutant_runs_and_is_put_right_again() -> None:
    right = ast.parse(SAMPLE.read_text())
    was = behaviour()
    mutants = drawn([SAMPLE], MANY, 1)
    assert len(mutants) == 24
    for mutant in mutants:
        assert ast.dump(mutant.tree) != ast.dump(right)
        put_in(compile(mutant.tree, "sample", "exec"), SAMPLE)
        assert behaviour() != was, mutant.now
        put_in(compile(right, "sample", "exec"), SAMPLE)
    assert behaviour() == was


def test_what_no_test_looks_at_survives() -> None:
    """`Bounds.width` has no test there, everything else has; `doubled` is remembered."""
    command = [sys.executable, "-m", "bench.mutants", str(SAMPLE), "--count", str(MANY)]
    done = subprocess.run(
        [*command, "--tests", "tests/bench_mutants/of_sample.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if "→" in line or "noticed" in line]
    *survived, score = lines
    drawn_by_all = len(drawn([SAMPLE], MANY, 1))
    assert score.startswith(f"{drawn_by_all - len(survived)} of {drawn_by_all} mutants noticed")
    source = SAMPLE.read_text().splitlines()
    not_looked_at = source.index("        return max(0, most - least)") + 1
    assert {line.split(": ")[0] for line in survived} == {f"{SAMPLE}:{not_looked_at}"}
    assert len(survived) >= 4
    assert f"no test calls {SAMPLE}: Bounds.width" in done.stdout

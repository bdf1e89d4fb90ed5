"""How many wrong versions of a room do its tests notice?

`python -m bench.mutants collector/landings/reconcile.py --tests tests/landings/test_reconcile.py`
draws mutants by lot, runs the tests for each until one fails, and prints the score and whatever
survived (docs/design.md, Tests). `--seed` draws others, `--count` more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .drawing import drawn
from .killing import tested

SEED = 20261130
COUNT = 300
LONGEST_S = 2.0
"""Seconds of processor time. A long search for a counterexample would run for every survivor."""


def main(words: Sequence[str] | None = None) -> int:
    """Draw, test and print."""
    parser = argparse.ArgumentParser(description="The mutation score of modules or rooms.")
    parser.add_argument("modules", nargs="+", type=Path, help="modules, or folders of them")
    parser.add_argument("--tests", nargs="+", required=True, help="test files, or folders of them")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--longest", type=float, default=LONGEST_S, help="leave out tests that take longer, seconds"
    )
    arguments = parser.parse_args(words)
    paths = [
        path
        for each in arguments.modules
        for path in (sorted(each.rglob("*.py")) if each.is_dir() else [each])
    ]
    mutants = drawn(paths, arguments.count, arguments.seed)
    found = tested(mutants, arguments.tests, arguments.longest)
    for function in sorted(found.uncalled):
        print(f"no test calls {function}")
    noticed = len(mutants) - len(found.survived)
    print(
        f"{noticed} of {len(mutants)} mutants noticed ({noticed / max(1, len(mutants)):.0%}), "
        f"{found.timed_out} of them by the time they took; seed {arguments.seed}, "
        f"{found.cpu_s:.0f} s of processor time"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

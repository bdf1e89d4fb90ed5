"""Is anything lost, doubled, invented or kept silent? `python -m bench.faults` prints one table.

Every trial is a simulated world of a day or so. `--minutes` ends the run after so much time, with
the trials that are done by then; `--sanity` runs a few, the same ones each time, and takes seconds.
What a trial counts goes into `--into` as it ends; a run with the same file goes on with the rest.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .running import SEED, run_all, short
from .table import broken, table
from .trials import Count, run


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code: 1 if anything is broken."""
    arguments = _parser().parse_args(words)
    begun = time.monotonic()
    if arguments.sanity:
        done = {one.name: run(one, SEED) for one in short()}
    else:
        ends = begun + 60 * arguments.minutes if arguments.minutes else None
        done = run_all(arguments.processes, arguments.into, ends, arguments.keep)
    counts: dict[str, Count] = {}
    for found in done.values():
        for name, count in found.items():
            counts.setdefault(name, Count()).add(count)
    for line in table(counts):
        print(line)
    wrong = broken(counts)
    print(f"\n{len(done)} worlds, {time.monotonic() - begun:.0f} s; broken: {len(wrong)}")
    for line in wrong[:100]:
        print(f"* {line}")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    parser.add_argument("--minutes", type=float, help="begin no trial after so long")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--into", type=Path, help="where the counts of each trial are kept")
    parser.add_argument("--keep", type=Path, help="where the folders of broken worlds are copied")
    return parser


if __name__ == "__main__":
    sys.exit(main())

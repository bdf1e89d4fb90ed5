"""Is it true how often rules are said to fire by chance? `python -m bench.alerts` prints tables.

Each series of a made world is calibrated from its own past, and its year after it is counted.
`--into` keeps what each pass found; a run with the same file and another seed adds to it.
`--sanity` compares the formulas with arrays to the daemon's own functions, and tries one world for
fixed thresholds and one for a surge.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from . import surge
from .cells import PER, Figures, all_worlds, run
from .table import CLASSES, Cells, lines, page, pairs
from .twin import differences
from .worlds import World

SANE = World(0.5, 1.0, bursts=True, past=52)


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code: 1 if anything is not as it should be."""
    arguments = _parser().parse_args(words)
    begun = time.process_time()
    wrong = differences(3 if arguments.sanity else 20, np.random.default_rng(0))
    cells: dict[World, dict[str, Figures]] = {}
    if arguments.sanity:
        cells[SANE] = run(SANE, PER, np.random.default_rng(1))
    else:
        for world, found in _passes(arguments.series, arguments.seed, arguments.into):
            into = cells.setdefault(world, {})
            for rule, figures in found.items():
                into.setdefault(rule, Figures()).add(figures)
    for line in lines(cells):
        print(line)
    if arguments.write:
        arguments.write.write_text("\n".join(page(cells)) + "\n", encoding="utf-8")
    print(f"\n{len(cells)} worlds, {time.process_time() - begun:.0f} s of processor time")
    far = [*_far(cells), *_far_surge()] if arguments.sanity else []
    for line in (*wrong, *far):
        print(f"* {line}")
    return 1 if wrong or far else 0


def _far(cells: Cells) -> list[str]:
    """Return what differs by more than twice as much as it may, for few series."""
    often = [each for each in pairs(cells) if each.came >= CLASSES[1][0]]
    return [
        f"{each.rule}: {each.ratio:.2f} times what came is stated"
        for each in often
        if not 0.5 <= each.ratio <= 1.6
    ]


def _far_surge() -> list[str]:
    """Return whether a surge fires much more or less often than is stated, in a few series."""
    world = replace(SANE, past=104, base=0.2)
    found = surge.run(world, surge.CHUNK, 1, draws=20)
    ratio = found.per_year / found.stated_per_year
    print(f"\n{ratio:.2f} times as many false alarms of a surge came as are stated")
    return [] if 0.4 <= ratio <= 2.2 else [f"surge: {ratio:.2f} times what is stated came"]


def _passes(
    series: int, seed: int, into: Path | None
) -> Iterator[tuple[World, dict[str, Figures]]]:
    """Yield what earlier passes kept, and what this one finds, keeping it."""
    done: set[tuple[World, int]] = set()
    if into is not None and into.exists():
        for line in into.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            world = World(**row["world"])
            done.add((world, row["seed"]))
            yield world, {rule: Figures(**each) for rule, each in row["rules"].items()}
    for number, world in enumerate(all_worlds()):
        if series and (world, seed) not in done:
            found = run(world, series, np.random.default_rng([seed, number]))
            if into is not None:
                rules = {rule: asdict(each) for rule, each in found.items()}
                row = {"world": asdict(world), "seed": seed, "rules": rules}
                with into.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            yield world, found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.alerts", description=__doc__)
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    parser.add_argument(
        "--series", type=int, default=10_000, help="of each world; 0: the file alone"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, help="where the figures of each world are kept")
    parser.add_argument("--write", type=Path, help="where the page with every world is written")
    return parser


if __name__ == "__main__":
    sys.exit(main())

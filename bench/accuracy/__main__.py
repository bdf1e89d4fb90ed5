"""How good is the landing detector? `python -m bench.accuracy --flights 5000 --seed 7` judges it on
simulated days."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from collector.landings.rules import RULES_VERSION

from .cut import cut_table
from .oracle import Oracle, learn_oracle
from .questions import answers
from .running import FIT_SEED, ORACLE_SEED, lessons, simulated
from .scoring import Score, score
from .table import numbers, score_lines
from .world import SOUTHERN

SANITY_FLIGHTS, SANITY_LESSONS, SANITY_TREES = 120, 120, 10
"""The short form only checks that the oracle learns and answers."""
CUT_ARRIVALS = 1000
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.6
"""Bounds of the short form: below them something is broken; they are not the aim."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    arguments = _parser().parse_args(words)
    if arguments.seed in (ORACLE_SEED, FIT_SEED):
        print(
            f"seed {arguments.seed} is one that was learned from: choose another", file=sys.stderr
        )
        return 2
    if arguments.sanity:
        arguments.flights, arguments.oracle, arguments.trees = (
            SANITY_FLIGHTS,
            SANITY_LESSONS,
            SANITY_TREES,
        )
    begun = time.perf_counter()
    oracle = _oracle(arguments)
    found = simulated(
        arguments.seed,
        arguments.flights,
        processes=arguments.processes,
        adaptive=arguments.adaptive,
    )
    result = score(found, oracle)
    print(
        f"{arguments.flights} simulated days, seed {arguments.seed}, rules {RULES_VERSION}, "
        f"Python {platform.python_version()}, {time.perf_counter() - begun:.0f} s"
    )
    print()
    for line in score_lines(result, oracle):
        print(line)
    print()
    for line in cut_table(SANITY_FLIGHTS if arguments.sanity else CUT_ARRIVALS, arguments.seed):
        print(line)
    if arguments.json is not None:
        about = {"flights": arguments.flights, "seed": arguments.seed, "rules": RULES_VERSION}
        arguments.json.write_text(json.dumps(about | numbers(result), indent=1) + "\n")
    return _verdict(result) if arguments.sanity else 0


def _oracle(arguments: argparse.Namespace) -> Oracle | None:
    if arguments.oracle <= 0:
        return None
    examples = lessons(arguments.oracle, processes=arguments.processes, cache=arguments.cache)
    return learn_oracle(examples, answers(SOUTHERN), trees=arguments.trees, seed=ORACLE_SEED)


def _verdict(result: Score) -> int:
    holds = result.all.precision >= LEAST_PRECISION and result.all.recall >= LEAST_RECALL
    print(
        f"sanity: precision {result.all.precision:.3f} (least {LEAST_PRECISION}), recall "
        f"{result.all.recall:.3f} (least {LEAST_RECALL}): {'holds' if holds else 'DOES NOT HOLD'}"
    )
    return 0 if holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--flights", type=int, default=1000, help="simulated days (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the days (default 1)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--oracle", type=int, default=8000, help="days the oracle learns from; 0: no oracle"
    )
    parser.add_argument(
        "--trees", type=int, default=60, help="number of trees of the oracle's forest"
    )
    parser.add_argument("--cache", type=Path, help="folder that keeps the oracle's training data")
    parser.add_argument("--adaptive", action="store_true", help="poll every 20 s near the field")
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    return parser


if __name__ == "__main__":
    sys.exit(main())

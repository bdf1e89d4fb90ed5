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
from .oracle import Oracle, learned
from .recordings import recorded
from .running import FIT_SEED, ORACLE_SEED, lessons, simulated
from .scoring import Score, score
from .table import numbers, told

SANITY_FLIGHTS, SANITY_LESSONS, SANITY_TREES = 120, 120, 10
"""The short form only checks that the oracle learns and answers."""
CUT_ARRIVALS = 1000
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.6
"""Bounds of the short form: below them something is broken; they are not the aim."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    asked = _parser().parse_args(words)
    if asked.seed in (ORACLE_SEED, FIT_SEED):
        print(f"seed {asked.seed} was learned from: take another", file=sys.stderr)
        return 2
    if asked.sanity:
        asked.flights, asked.oracle, asked.trees = SANITY_FLIGHTS, SANITY_LESSONS, SANITY_TREES
    begun = time.perf_counter()
    oracle = _oracle(asked)
    found = simulated(asked.seed, asked.flights, processes=asked.processes, adaptive=asked.adaptive)
    result = score(found, oracle)
    print(
        f"{asked.flights} simulated days, seed {asked.seed}, rules {RULES_VERSION}, "
        f"Python {platform.python_version()}, {time.perf_counter() - begun:.0f} s"
    )
    print()
    for line in told(result, oracle):
        print(line)
    print()
    for line in cut_table(SANITY_FLIGHTS if asked.sanity else CUT_ARRIVALS, asked.seed):
        print(line)
    print()
    for line in recorded():
        print(line)
    if asked.json is not None:
        about = {"flights": asked.flights, "seed": asked.seed, "rules": RULES_VERSION}
        asked.json.write_text(json.dumps(about | numbers(result), indent=1) + "\n")
    return _verdict(result) if asked.sanity else 0


def _oracle(asked: argparse.Namespace) -> Oracle | None:
    if asked.oracle <= 0:
        return None
    invalidate_learned = lessons(asked.oracle, processes=asked.processes, cache=asked.cache)
    return learned(invalidate_learned, trees=asked.trees, seed=ORACLE_SEED)


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
    parser.add_argument("--seed", type=int, default=1, help="which days (default 1)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--oracle", type=int, default=8000, help="days the oracle learns from; 0: no oracle"
    )
    parser.add_argument("--trees", type=int, default=60, help="of the oracle's forest")
    parser.add_argument("--cache", type=Path, help="folder that keeps what the oracle learns from")
    parser.add_argument("--adaptive", action="store_true", help="poll each 20 s near the field")
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    parser.add_argument("--sanity", action="store_true", help="the short form: does it still work?")
    return parser


if __name__ == "__main__":
    sys.exit(main())

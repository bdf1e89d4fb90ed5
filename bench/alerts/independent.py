"""What if weeks were assumed to be independent? The same calibration without bursts, in worlds that
have them. `python -m bench.alerts.independent` prints one table."""

from __future__ import annotations

import sys

import numpy as np

from collector.reports.chance import OFTEN_WEEKS

from .cells import run
from .table import Pair
from .worlds import World

SERIES = 2000
LEAST = 0.05
"""Episodes a year. What is rarer would need more series."""


def main() -> int:
    """Print what came of each rule, and what either calibration states."""
    print("| base | weekly | rule | came a year | stated | stated without bursts | came ÷ that |")
    print("|---|---|---|---|---|---|---|")
    for base in (0.2, 0.5, 1.0):
        for weekly in (0.0, 1.0):
            world = World(base, weekly, bursts=True, past=104)
            known = run(world, SERIES, np.random.default_rng(1))
            without = run(world, SERIES, np.random.default_rng(1), independent=True)
            for rule, figures in known.items():
                pair, other = Pair(world, rule, figures), Pair(world, rule, without[rule])
                if pair.came < LEAST or figures.weeks / figures.series >= OFTEN_WEEKS:
                    continue
                print(
                    f"| {base:g} | {weekly:g} | {rule} | {pair.came:.2f} | "
                    f"{figures.stated / figures.series:.2f} | "
                    f"{without[rule].stated / without[rule].series:.2f} | {1 / other.ratio:.2f} |"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())

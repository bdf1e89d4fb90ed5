"""How often does a surge fire where nothing changes, and how often is it stated that it does?

`python -m bench.alerts.surge` calibrates each series from its own past, and counts the false
episodes of the year after it. The formulas are those of the daemon with arrays (`twin.py` compares
them). `--into` keeps what each pass found; a run with the same file and another seed adds to it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path as FilePath

import numpy as np

from collector.alerts.chance.threshold import WEEKS_PER_YEAR
from collector.model import Place, Rule, RuleKind

from . import many_rules
from .many_surges import ManySurges
from .many_thresholds import calibrate, first_weeks, known, those
from .worlds import OTHERS, SIGHTS, YEAR, World, live

SURGE = Rule(name="surge", kind=RuleKind.SURGE, place=Place(("LLOV",)))
FEW_DRAWS = 60
"""Futures of each series; the daemon draws more, but the mean over many series is asked."""
CHUNK = 100
"""Series that are calibrated at once; more would need more memory, and gain no time."""
PER_YEAR = WEEKS_PER_YEAR / YEAR


@dataclass
class Counted:
    """What came in some series of one world."""

    series: int = 0
    calibrated: int = 0
    """Series of which enough is known."""
    came: int = 0
    """Episodes of the year after the past."""
    squares: int = 0
    stated: float = 0.0
    """Episodes a year, summed over the series that are calibrated."""

    def add(self, other: Counted) -> None:
        """Add further series of the same world."""
        self.series += other.series
        self.calibrated += other.calibrated
        self.came += other.came
        self.squares += other.squares
        self.stated += other.stated

    @property
    def per_year(self) -> float:
        """Episodes a year in the mean."""
        return PER_YEAR * self.came / self.calibrated if self.calibrated else float("nan")

    @property
    def stated_per_year(self) -> float:
        """Episodes a year that are stated, in the mean."""
        return self.stated / self.calibrated if self.calibrated else float("nan")

    @property
    def error(self) -> float:
        """The standard error of `per_year`."""
        if self.calibrated < 2:
            return float("nan")
        mean = self.came / self.calibrated
        variance = self.squares / self.calibrated - mean * mean
        return PER_YEAR * float(np.sqrt(variance / self.calibrated))


def worlds() -> Iterator[World]:
    """Yield every cell of the table, the middle ones first."""
    for past, (base, bursts) in product((104, 52, 26), product((0.2, 0.5), (True, False))):
        yield World(base, 1.0, bursts, past)
    for sight in list(SIGHTS)[1:]:
        yield World(0.2, 1.0, bursts=True, past=104, sight=sight)
    for weekly, past in product((0.0, 2.0), (104, 52)):
        for bursts in (True, False):
            yield World(0.2, weekly, bursts, past)
    for other, base in product(OTHERS, (0.2, 0.5)):
        yield World(base, 1.0, bursts=True, past=104, other=other)
    for base, past in product((0.05, 1.0, 2.0), (104, 52)):
        for bursts in (True, False):
            yield World(base, 1.0, bursts, past)


def run(world: World, number: int, seed: int, draws: int = FEW_DRAWS) -> Counted:
    """Calibrate so many series of one world, a multiple of `CHUNK`, and count what comes."""
    noise, counted = np.random.default_rng([seed, world.past]), Counted()
    for _ in range(0, number, CHUNK):
        counted.add(_some(world, noise, draws))
    return counted


def _some(world: World, noise: np.random.Generator, draws: int) -> Counted:
    lives, past = live(world, CHUNK, noise), world.past
    enough = known(lives, past)
    if not enough.any():
        return Counted(CHUNK)
    lives = those(lives, enough)
    found = calibrate(lives, past, SURGE.false_alarms_per_year, draws, noise)
    begin = np.ones(lives.shares.shape)
    begin[:, :past] = found.weights
    alarms = ManySurges(lives, past).fire(found.below, begin).alarm
    # An episode of the past goes on: what the threshold would have shown before.
    alarms[lives.at < past] = ManySurges(first_weeks(lives, past)).fire(found.below).alarm
    came = many_rules.episodes(lives, alarms, past, YEAR)[0]
    return Counted(
        CHUNK, len(came), int(came.sum()), int((came**2).sum()), float(found.stated.sum())
    )


def lines(cells: dict[World, Counted]) -> Iterator[str]:
    """Yield the table of all worlds."""
    yield (
        "| base | weekly | bursts | weeks | seen | series | calibrated | stated | came a year | "
        "÷ stated |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for world, found in cells.items():
        come = world.other or ("yes" if world.bursts else "no")
        yield (
            f"| {world.base:g} | {world.weekly:g} | {come} | "
            f"{world.past} | {world.sight} | {found.series:,} | {found.calibrated:,} | "
            f"{found.stated_per_year:.2f} | {found.per_year:.2f} ± {found.error:.2f} | "
            f"{found.per_year / found.stated_per_year:.2f} |"
        )


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerts.surge", description=__doc__)
    parser.add_argument("--series", type=int, default=10_000, help="of each world; 0: only print")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=FilePath, help="where the figures of each world are kept")
    arguments = parser.parse_args(words)
    cells: dict[World, Counted] = {}
    done: set[tuple[World, int]] = set()
    if arguments.into and arguments.into.exists():
        for line in arguments.into.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            world = World(**row["world"])
            done.add((world, row["seed"]))
            cells.setdefault(world, Counted()).add(Counted(**row["counted"]))
    begun = time.process_time()
    for world in worlds() if arguments.series else ():
        if (world, arguments.seed) in done:
            continue
        found = run(world, arguments.series, arguments.seed)
        cells.setdefault(world, Counted()).add(found)
        if arguments.into:
            row = {"world": asdict(world), "seed": arguments.seed, "counted": asdict(found)}
            with arguments.into.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
    for line in lines(cells):
        print(line)
    print(f"\n{len(cells)} worlds, {time.process_time() - begun:.0f} s of processor time")
    return 0


if __name__ == "__main__":
    sys.exit(main())

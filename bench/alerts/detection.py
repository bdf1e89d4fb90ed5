"""Who notices a change, at equally many false alarms? A surge against a week alone, the best fixed
threshold, and Poisson-FOCuS.

`python -m bench.alerts.detection` needs the package changepoint-online (G. Romano and others, "Fast
online changepoint detection via functional pruning CUSUM statistics", Journal of Machine Learning
Research 24, 2023), which nothing else here does: the long form alone. In each world every method
gets the threshold at which it has `FALSE_PER_YEAR` false episodes a year; a fixed threshold, whose
rate falls in steps, is drawn between two neighbours. A change is noticed if an episode begins in
it, or in the week after it. "Best window" is the surge's own score at the one window that notices
most, chosen afterwards: it shows what is lost by not knowing how long a change will last. What a
method is compared with is made known to none of them: each learns from the same series.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np

from collector.alerts.chance.threshold import WEEKS_PER_YEAR
from collector.alerts.surge import WINDOWS_WEEKS
from collector.alerts.usual import fit_baseline, tail_probability

from . import many_rules
from .many_rules import Bools
from .many_surges import NEVER, ManySurges
from .worlds import YEAR, Floats, Lives, World, live

PAST = 104
WARM = 8
"""Weeks before the year, which show which episodes had begun before."""
FALSE_PER_YEAR = 0.5
CHANGES = ((2, 8.0), (4, 5.0), (8, 4.0), (26, 3.0))
"""Weeks that a change lasts, and how many times as many landings come in them."""
BEGINS = PAST + 10.0
"""The week with which each change begins."""

Score = Callable[[Lives], tuple[Lives, Floats]]
"""The looks at many series, and their scores; the higher, the less usual."""
Drawn = tuple[float, float, float]
"""A threshold, the next one below it, and the share of series that get that one."""


def main(words: Sequence[str] | None = None) -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerts.detection", description=__doc__)
    parser.add_argument("--series", type=int, default=10_000, help="of each world")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, help="where each row is kept")
    arguments = parser.parse_args(words)
    begun = time.process_time()
    print("| base | weekly | bursts | change | series |", *(f"{each} |" for each in METHODS))
    print("|---" * (5 + len(METHODS)) + "|")
    for number, (base, bursts) in enumerate(product((0.2, 0.5, 0.05, 1.0), (True, False))):
        world = World(base, 1.0, bursts, PAST)
        for (weeks, times), found in _noticed(world, arguments.series, arguments.seed + number):
            shares = (f"{100 * found[each]:.1f} % |" for each in METHODS)
            change = f"{times:g} times for {weeks} weeks"
            row = f"| {base:g} | 1 | {'yes' if bursts else 'no'} | {change} |"
            line = " ".join([row, f"{arguments.series:,} |", *shares])
            print(line, flush=True)
            if arguments.into:
                with arguments.into.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"row": line}) + "\n")
    print(f"\n{time.process_time() - begun:.0f} s of processor time")
    return 0


def _noticed(
    world: World, number: int, seed: int
) -> Iterator[tuple[tuple[int, float], dict[str, float]]]:
    """Yield, for each change, the share of series in which each method notices it."""
    noise = np.random.default_rng([seed, 7])
    lives, methods = live(world, number, noise), _methods()
    thresholds = {name: _threshold(*score(lives)) for name, score in methods.items()}
    for weeks, times in CHANGES:
        changed = _with_more(lives, weeks, times, noise)
        shares = {
            name: _begun(*score(changed), thresholds[name], weeks, noise)
            for name, score in methods.items()
        }
        for best in BEST:
            kind = best.removeprefix("best ")
            shares[best] = max(shares[f"{kind} {length}"] for length in WINDOWS_WEEKS)
        yield (weeks, times), shares


BEST = ("best fixed", "best window")
METHODS = ("surge", "one week", *BEST, "FOCuS")


def _with_more(lives: Lives, weeks: int, times: float, noise: np.random.Generator) -> Lives:
    """Return series with so many times as many landings in the weeks of the change as their own
    past has in so many weeks."""
    number = len(lives.shares)
    usual = np.bincount(lives.row[lives.at < PAST], minlength=number) / PAST
    row = np.repeat(np.arange(number), noise.poisson((times - 1) * usual * weeks))
    at = noise.uniform(BEGINS, BEGINS + weeks, len(row))
    row, at = np.concatenate([lives.row, row]), np.concatenate([lives.at, at])
    order = np.lexsort((at, row))
    return Lives(lives.shares, row[order], at[order])


def _threshold(looks: Lives, scores: Floats) -> Drawn:
    """Return the threshold with `FALSE_PER_YEAR` false episodes in the mean."""
    wanted = FALSE_PER_YEAR * YEAR / WEEKS_PER_YEAR * len(looks.shares)
    values = np.unique(scores)

    def came(threshold: float) -> int:
        return int(many_rules.episodes(looks, scores >= threshold, PAST, YEAR)[0].sum())

    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if came(values[middle]) > wanted else (low, middle)
    strict = float(values[low]) if low < len(values) else float("inf")
    lax = float(values[low - 1]) if low else strict
    few, many = came(strict), came(lax)
    share = 0.0 if many <= few else min(1.0, max(0.0, (wanted - few) / (many - few)))
    return strict, lax, share


def _begun(
    looks: Lives, scores: Floats, drawn: Drawn, weeks: int, noise: np.random.Generator
) -> float:
    """Return the share of series in which an episode begins in the change."""
    strict, lax, share = drawn
    threshold = np.where(noise.random(len(looks.shares)) < share, lax, strict)
    alarms = scores >= threshold[looks.row]
    return float((many_rules.episodes(looks, alarms, BEGINS, weeks + 1)[0] > 0).mean())


def _methods() -> dict[str, Score]:
    fixed = {f"fixed {weeks}": partial(_fixed, weeks) for weeks in WINDOWS_WEEKS}
    alone = {f"window {weeks}": partial(_surge, window=weeks) for weeks in WINDOWS_WEEKS}
    return {"surge": _surge, "one week": _one_week, "FOCuS": _focus, **fixed, **alone}


def _surge(lives: Lives, window: int = 0) -> tuple[Lives, Floats]:
    """As the daemon looks, without the weights of earlier alarms, which depend on a threshold; at
    one of the windows alone, if given."""
    scores = ManySurges(lives, PAST - WARM).look(windows=(window,) if window else WINDOWS_WEEKS)
    looked = scores < NEVER
    return _looks(lives, looked), -np.log(scores[looked] + 1e-300)


def _one_week(lives: Lives) -> tuple[Lives, Floats]:
    """The surge of version 0.2: the ISO week so far, by the 52 weeks before it."""
    counts = lives.counts
    week = lives.at.astype(np.int64)
    first = np.searchsorted(lives.row * 1000 + lives.at, lives.row * 1000 + week)
    reached = np.arange(len(week)) + 1 - first
    looked = (week >= PAST - WARM) & (reached >= 2)
    scores = []
    for row, at, count in zip(lives.row[looked], week[looked], reached[looked], strict=True):
        year = fit_baseline([(each, 1.0) for each in counts[row, at - 52 : at].tolist()])
        p = tail_probability(int(count), year.rate_per_week, year.dispersion)
        scores.append(-float(np.log(p + 1e-300)))
    return _looks(lives, looked), np.array(scores)


def _fixed(weeks: int, lives: Lives) -> tuple[Lives, Floats]:
    key = lives.row * 1000 + lives.at
    counts = np.arange(len(key)) + 1 - np.searchsorted(key, key - weeks, side="right")
    looked = lives.at >= PAST - WARM
    return _looks(lives, looked), counts[looked].astype(float)


def _focus(lives: Lives) -> tuple[Lives, Floats]:
    """FOCuS for a rise of a Poisson rate that is not known, fed with the count of each week."""
    library = import_module("changepoint_online")  # the long form alone needs it
    weeks = range(PAST - WARM, PAST + YEAR)
    found = []
    for counts in lives.counts.astype(float).tolist():
        detector = library.Focus(library.Poisson(), side="right")
        for week, count in enumerate(counts):
            detector.update(count)
            if week >= weeks.start:
                found.append(float(detector.statistic()))
    row = np.repeat(np.arange(len(lives.shares)), len(weeks))
    at = np.tile(np.array(weeks) + 0.999, len(lives.shares))
    return Lives(lives.shares, row, at), np.array(found)


def _looks(lives: Lives, some: Bools) -> Lives:
    return Lives(lives.shares, lives.row[some], lives.at[some])


if __name__ == "__main__":
    sys.exit(main())

"""Who notices a change, at equally many false alarms? A surge against a week alone, the best fixed
threshold, and Poisson-FOCuS.

`python -m bench.alerts.detection` needs the package changepoint-online (G. Romano and others, "Fast
online changepoint detection via functional pruning CUSUM statistics", Journal of Machine Learning
Research 24, 2023), which nothing else here does: the long form alone. In each world every method
gets the threshold at which it has `FALSE_PER_YEAR` false episodes a year; a fixed threshold, whose
rate falls in steps, is drawn between two neighbours. A change is noticed if an episode begins in
it, or in the week after it. What a method is compared with is made known to none of them: each
learns from the same series.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np

from collector.alerts.chance.alarms import episode_starts
from collector.alerts.chance.threshold import WEEKS_PER_YEAR
from collector.alerts.surge import WINDOWS_WEEKS, Surge, SurgeWeeks
from collector.alerts.usual import fit_baseline, tail_probability

from .worlds import YEAR, Floats, World, live

PAST = 104
WARM = 8
"""Weeks before the year, which show which episodes had begun before."""
FALSE_PER_YEAR = 0.5
CHANGES = ((2, 8.0), (4, 5.0), (8, 4.0), (26, 3.0))
"""Weeks that a change lasts, and how many times as many landings come in them."""
BEGINS = PAST + 10.0
"""The week with which each change begins."""

Score = Callable[[Floats], list[tuple[float, float]]]
"""The time and the score of each look at a series of touchdowns; the higher, the less usual."""


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
    lives = live(world, number, noise)
    series = [lives.at[lives.row == row] for row in range(number)]
    methods = _methods()
    thresholds = {
        name: _threshold([score(times) for times in series]) for name, score in methods.items()
    }
    for weeks, times in CHANGES:
        changed = [_with_more(one, weeks, times, noise) for one in series]
        scores = {name: [score(each) for each in changed] for name, score in methods.items()}
        shares = {
            name: float(np.mean([_begins(each, thresholds[name], weeks, noise) for each in found]))
            for name, found in scores.items()
        }
        fixed = [share for name, share in shares.items() if name.startswith("fixed ")]
        yield (weeks, times), {**shares, "best fixed": max(fixed)}


METHODS = ("surge", "one week", "best fixed", "FOCuS")


def _with_more(one: Floats, weeks: int, times: float, noise: np.random.Generator) -> Floats:
    """Return a series with so many times as many landings in the weeks of the change as its own
    past has in so many weeks."""
    extra = (times - 1) * float((one < PAST).sum()) / PAST
    found = noise.uniform(BEGINS, BEGINS + weeks, noise.poisson(extra * weeks))
    return np.sort(np.concatenate([one, found]))


def _threshold(scores: Sequence[Sequence[tuple[float, float]]]) -> Drawn:
    """Return the threshold with `FALSE_PER_YEAR` false episodes in the mean."""
    wanted = FALSE_PER_YEAR * YEAR / WEEKS_PER_YEAR * len(scores)
    values = np.unique([score for each in scores for _, score in each])
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        came = sum(_false(each, values[middle]) for each in scores)
        low, high = (middle + 1, high) if came > wanted else (low, middle)
    strict = float(values[low]) if low < len(values) else float("inf")
    lax = float(values[low - 1]) if low else strict
    few, many = (sum(_false(each, at) for each in scores) for at in (strict, lax))
    share = 0.0 if many <= few else min(1.0, max(0.0, (wanted - few) / (many - few)))
    return strict, lax, share


Drawn = tuple[float, float, float]
"""A threshold, the next one below it, and the share of series that get that one."""


def _false(looks: Iterable[tuple[float, float]], threshold: float) -> int:
    times = [at for at, score in looks if score >= threshold]
    return sum(at >= PAST for at in episode_starts(times))


def _begins(
    looks: Iterable[tuple[float, float]], drawn: Drawn, weeks: int, noise: np.random.Generator
) -> bool:
    strict, lax, share = drawn
    threshold = lax if noise.random() < share else strict
    starts = episode_starts([at for at, score in looks if score >= threshold])
    return any(BEGINS <= at < BEGINS + weeks + 1 for at in starts)


def _methods() -> dict[str, Score]:
    fixed = {f"fixed {weeks}": partial(_fixed, weeks) for weeks in WINDOWS_WEEKS}
    return {"surge": _surge, "one week": _one_week, "FOCuS": _focus, **fixed}


def _surge(times: Floats) -> list[tuple[float, float]]:
    """As the daemon looks, without the weights of earlier alarms, which depend on a threshold."""
    weeks = SurgeWeeks([1.0] * (PAST + YEAR), times.tolist(), [1.0] * len(times))
    looks = Surge(weeks, 0.0).looks(PAST - WARM)
    return [(look.at, -float(np.log(look.p + 1e-300))) for look in looks]


def _one_week(times: Floats) -> list[tuple[float, float]]:
    """The surge of version 0.2: the ISO week so far, by the 52 weeks before it."""
    counts = np.bincount(times.astype(np.int64), minlength=PAST + YEAR).tolist()
    found, reached = [], dict.fromkeys(range(PAST + YEAR), 0)
    for at in times.tolist():
        week = int(at)
        reached[week] += 1
        if week >= PAST - WARM and reached[week] >= 2:
            year = fit_baseline([(count, 1.0) for count in counts[week - 52 : week]])
            p = tail_probability(reached[week], year.rate_per_week, year.dispersion)
            found.append((at, -float(np.log(p + 1e-300))))
    return found


def _fixed(weeks: int, times: Floats) -> list[tuple[float, float]]:
    first = np.searchsorted(times, times - weeks, side="right")
    counts = np.arange(len(times)) + 1 - first
    looked = times >= PAST - WARM
    return list(zip(times[looked].tolist(), counts[looked].astype(float).tolist(), strict=True))


def _focus(times: Floats) -> list[tuple[float, float]]:
    """FOCuS for a rise of a Poisson rate that is not known, fed with the count of each week."""
    library = import_module("changepoint_online")  # the long form alone needs it
    counts = np.bincount(times.astype(np.int64), minlength=PAST + YEAR).astype(float)
    detector = library.Focus(library.Poisson(), side="right")
    found = []
    for week, count in enumerate(counts.tolist()):
        detector.update(count)
        if week >= PAST - WARM:
            found.append((week + 0.999, float(detector.statistic())))
    return found


if __name__ == "__main__":
    sys.exit(main())

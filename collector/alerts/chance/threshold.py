"""Which threshold gives a surge the stated rate of false alarms? It is found on drawn futures.

The watch's own past is fitted, futures are drawn from what it leaves possible, and every landing
of them is looked at as the daemon does. The threshold is the least score at which as many
episodes as are stated come in a year of these futures, in the mean over all of them: the rate and
the clusters are drawn from what the past leaves possible, so that a short past gives a strict
threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from collector.alerts.chance.alarms import EPISODE_WEEKS, episode_starts, surge_on
from collector.alerts.chance.model import Draw, fit, fit_stated
from collector.alerts.chance.past import LEAST_COVERED_WEEKS, Past
from collector.alerts.chance.paths import Path, simulate
from collector.alerts.surge import IMPROBABLE, LEAST_LANDINGS, is_likely
from collector.model import Rule

DRAWS = 500
"""Futures that are drawn. With half an episode in each, their number is known to 6 %."""
YEAR_WEEKS = 52
WEEKS_PER_YEAR = 365.25 / 7
STEPS = 30
"""Halvings of the logarithm of the threshold, between `LEAST` and `IMPROBABLE`."""
LEAST = 1e-60
"""Of a score. What is lower is a surge under every threshold. Where landings are frequent and come
in strong bursts, thresholds reach 1e-20."""

Scores = Sequence[tuple[float, float]]
"""The time and the score of each look of one future."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a surge compares its scores with, and what that was made of."""

    p_below: float | None
    """A score below this fires; None: too little is known, and the rule says nothing."""
    covered_weeks: int
    """The covered weeks that may be compared …"""
    landings: int
    """… and their landings."""
    of_weeks: int
    """All covered weeks, those that may not be compared too."""

    @property
    def is_enough(self) -> bool:
        """Whether these weeks and landings are enough for a threshold."""
        return self.covered_weeks >= LEAST_COVERED_WEEKS and self.landings >= LEAST_LANDINGS


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A threshold, and the futures on which it was found."""

    threshold: Threshold
    drawn: Sequence[Draw] = ()
    years: Sequence[tuple[int, int]] = ()
    """Of each future: the episodes of a year, and the weeks with an alarm."""
    weights: Sequence[float] = ()
    """Of each week of the past, by the alarms in it."""


def calibrate(
    rule: Rule, past: Past, noise: Random, draws: int = DRAWS, *, of_weeks: int | None = None
) -> Calibrated:
    """Return the threshold of a surge.

    1. Draw futures, and look at every landing of them.
    2. Find the threshold at which as many episodes come in the mean as are stated.
    3. If the past holds alarms at that threshold, its weeks weigh less there: look again.

    What an alarm of a drawn future changes in the rest of it is left out. `past` are the weeks that
    may be compared, `of_weeks` is the number of all that are covered.
    """
    found = without_threshold(past, past.covered_weeks if of_weeks is None else of_weeks)
    own, stated = found.is_enough, rule.stated_usual
    if not own and stated is None:
        return Calibrated(found)
    here, warm = len(past.shares), int(EPISODE_WEEKS)
    model = fit(past) if own or stated is None else fit_stated(stated.landings, stated.weeks)
    # A past that is too short to be the usual does not tell how much will be seen, either, and the
    # threshold stands for a quarter: its futures are seen whole, as these alarm most often.
    seen = past if own else Past((1.0,))
    drawn = [model.draw(noise) for _ in range(draws)]
    paths = [simulate(draw, seen, warm + YEAR_WEEKS, noise) for draw in drawn]
    weights = [1.0] * here
    while True:
        scores = [
            [(look.at - here, look.score) for look in surge.looks(here)]
            for surge in (surge_on(rule, past, path, 0.0, list(weights)) for path in paths)
        ]
        p_below = threshold_at(rule.false_alarms_per_year, scores, warm)
        by_alarms = weights_at(rule, past, p_below)
        if by_alarms == weights or min(weights) < 1.0:
            break
        weights = by_alarms
    return Calibrated(
        replace(found, p_below=p_below),
        drawn,
        [in_year([at for at, p in each if p < p_below], warm) for each in scores],
        weights,
    )


def without_threshold(past: Past, of_weeks: int) -> Threshold:
    """Return what a threshold would be made of, before any future is drawn."""
    seen_weeks = past.exposures
    landings = sum(
        is_likely(mark.probability)
        for at, mark in zip(past.times, past.marks, strict=True)
        if seen_weeks[int(at)]
    )
    return Threshold(None, past.covered_weeks, landings, of_weeks)


def weights_at(rule: Rule, past: Past, p_below: float) -> list[float]:
    """Return how much each week of the past weighs, by the alarms in it."""
    surge = surge_on(rule, past, Path([], [], []), p_below, [])
    surge.alarms()
    return surge.weights


def in_year(times: Sequence[float], warm: int) -> tuple[int, int]:
    """Return the episodes that begin in the year after the first weeks, and the weeks with one."""
    episodes = sum(at >= warm for at in episode_starts(times))
    return episodes, len({int(at) for at in times if warm <= at < warm + YEAR_WEEKS})


def threshold_at(episodes_per_year: float, scores: Sequence[Scores], warm: int) -> float:
    """Return the threshold at which so many episodes come in the year after the first weeks, in the
    mean over all futures.

    >>> futures = [[(10.0, 0.001), (11.0, 0.0001)], [(10.0, 0.002)]]
    >>> 0.001 < threshold_at(0.6, futures, 8) < 0.002
    True
    """
    wanted = episodes_per_year * YEAR_WEEKS / WEEKS_PER_YEAR * len(scores)
    low, high = LEAST, IMPROBABLE
    for _ in range(STEPS):
        middle = (low * high) ** 0.5
        came = sum(in_year([at for at, p in each if p < middle], warm)[0] for each in scores)
        if came <= wanted:
            low = middle
        else:
            high = middle
    return low

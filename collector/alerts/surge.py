"""Do more aircraft land than usual? Windows of six lengths are looked at together, at each landing.

A surge may be two landings in a week or twelve in half a year. So each landing ends six windows,
and the count of each is compared with what is usual before the window *begins*: what is going on
must not make itself usual. The score of a landing combines the six probabilities, and one threshold
decides over it (`chance/threshold.py` makes it, for a stated rate of false alarms).

- Windows that are improbable together strengthen each other: the score is 1 / (Σ 1 / √p)², over
  those below `IMPROBABLE`. It is the p of the window where one alone is. Such a mean of powers of p
  may be taken whatever the windows have in common (V. Vovk and R. Wang, "Combining p-values via
  averaging", Biometrika 107, 2020). Between the least p alone and Σ 1 / p, `bench/alerts/detection`
  found most changes with the square root.

- The count is negative binomial: Poisson with a rate that is not known, but gamma by what came
  before under Jeffreys' prior. The mean is that rate times the exposure: the weeks of the window,
  each by the share in which a landing would have been noticed. That landings come in bursts is left
  to the threshold. A variance that is learned from week to week as well makes the score of a real
  surge less clear: `bench/alerts/detection.py` found less with it.
- A window counts as many landings as there were with a probability of `LEAST_CERTAINTY`, of all
  that count or are undetermined.
- Weeks inside earlier alarms weigh `ALARM_WEIGHT`: what was unusual is not usual yet.
- Nothing is said with fewer than `LEAST_COVERED_WEEKS` covered weeks or `LEAST_LANDINGS` landings
  before the window, nor of a window longer than a third of these weeks. Until then a rate that was
  published may stand in (`model.watch.StatedUsual`).

Times are counted in weeks from the beginning of the first one, as in `chance/past.py`, so that the
same functions serve the stored past and a future that was drawn.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from collector.alerts.chance.past import LEAST_COVERED_WEEKS, LEAST_SHARE, PAST_WEEKS
from collector.alerts.usual import MIN_COVERED_SHARE, PRIOR_LANDINGS, tail_probability
from collector.model.watch import StatedUsual

WINDOWS_WEEKS = (1, 2, 4, 8, 16, 26)
"""Weeks of the windows. Each is about twice as long as the one before: no surge of up to half a
year falls far between two of them."""
LEAST_CERTAINTY = 0.8
"""Probability with which the count must have been reached."""
LEAST_LANDINGS = 3
"""Landings. Fewer before a window say next to nothing of how often aircraft land."""
PAST_TO_WINDOW = 3
"""A window is at most a third as long as the covered weeks that it is compared with."""
ALARM_WEIGHT = 0.25
"""Weight of a week inside an earlier alarm: a level that lasts becomes usual, but four times as
slowly."""
IMPROBABLE = 0.1
"""Probability. No window that is more probable is ever a surge, and no threshold is higher."""
LEAST_P = 1e-300
"""Probability. A lower one would have no finite 1 / √p to add."""


@dataclass(frozen=True, slots=True)
class SurgeWeeks:
    """Whole weeks in order of time, with the landings that may be compared."""

    shares: Sequence[float]
    """The share of each week in which a landing would have been noticed, 0 … 1."""
    times: Sequence[float]
    """Touchdowns in weeks from the beginning of the first week, in order."""
    probabilities: Sequence[float]
    """Of each landing, that it took place there."""
    kinds: Sequence[int] = ()
    """The kind of each week; empty: all are of one."""
    alike: Callable[[int, int], bool] = int.__eq__
    """Whether weeks of two kinds may be compared."""

    def like(self, week: int) -> SurgeWeeks:
        """Return these weeks as a window that ends in `week` sees them: without those unlike it."""
        if not self.kinds:
            return self
        like = [self.alike(self.kinds[week], kind) for kind in self.kinds]
        kept = [at for at, time in enumerate(self.times) if like[int(time)]]
        return SurgeWeeks(
            [share if like[n] else 0.0 for n, share in enumerate(self.shares)],
            [self.times[at] for at in kept],
            [self.probabilities[at] for at in kept],
        )


@dataclass(frozen=True, slots=True)
class UsualRate:
    """What was usual before a window."""

    covered_weeks: int
    landings: float
    rate_per_week: float
    """Landings in a week that is fully seen."""
    stated: StatedUsual | None = None
    """The published rate that stands in for an own past; None: it is the watch's own."""

    @property
    def dispersion(self) -> float:
        """k of variance = mean + k · mean² of a count."""
        return 1 / (self.landings + PRIOR_LANDINGS)

    def probability(self, landings: int, exposure: float) -> float:
        """Return the probability of so many landings, or more, in a window of so many weeks that
        could be seen."""
        return tail_probability(landings, self.rate_per_week * exposure, self.dispersion)


@dataclass(frozen=True, slots=True)
class Look:
    """The windows that end with a landing; all but the score is of the least probable one."""

    at: float
    """The touchdown, in weeks."""
    weeks: int
    """The length of the window."""
    landings: int
    """So many there were in it, with a probability of `LEAST_CERTAINTY`."""
    p: float
    """The probability of so many, or more, at the usual rate."""
    exposure: float
    """Weeks of the window, as far as they could be seen."""
    usual: UsualRate
    score: float
    """Of all windows together, at most p."""


@dataclass(slots=True)
class Surge:
    """One rule on its way through the weeks. What was an alarm weighs less from then on."""

    past: SurgeWeeks
    p_below: float
    """The threshold; 0: there are no alarms, and all weeks weigh the same."""
    least: int = 2
    """Landings that a surge has at least."""
    stated: StatedUsual | None = None
    weights: list[float] = field(default_factory=list)
    """Of each week; those that are missing weigh 1."""

    def __post_init__(self) -> None:
        missing = len(self.past.shares) - len(self.weights)
        self.weights = [*self.weights, *[1.0] * max(0, missing)]

    def looks(self, since: float = 0.0) -> Iterator[Look]:
        """Yield what each landing from `since` on shows, in order; nothing of one that is no more
        than usual, or where too little is known."""
        views: dict[int, _View] = {}
        for at in self.past.times[bisect_right(self.past.times, since) if since else 0 :]:
            week = int(at)
            look = self._view(week, views).look(at, self.least)
            if look is None:
                continue
            if look.score < self.p_below:
                for number in range(max(0, math.floor(at - look.weeks)), week + 1):
                    self.weights[number] = ALARM_WEIGHT
                for view in views.values():
                    view.reweigh()
            yield look

    def alarms(self, since: float = 0.0) -> list[Look]:
        """Return the looks at or after `since` that are below the threshold."""
        return [look for look in self.looks(since) if look.score < self.p_below]

    def usual_before(self, week: int, like: int) -> UsualRate | None:
        """Return what is usual before a week, by weeks like `like`; None: too little is known."""
        return self._view(like, {}).usual_before(week)

    def _view(self, week: int, views: dict[int, _View]) -> _View:
        kind = self.past.kinds[week] if self.past.kinds else 0
        if kind not in views:
            views[kind] = _View(self.past.like(week), self.weights, self.stated)
        return views[kind]


class _View:
    """The weeks that are alike, with what is usual before each of them."""

    def __init__(self, past: SurgeWeeks, weights: list[float], stated: StatedUsual | None) -> None:
        self._times, self._chances = past.times, past.probabilities
        self._shares = list(past.shares)
        self._exposures = [share if share >= LEAST_SHARE else 0.0 for share in past.shares]
        self._counts = [0.0] * len(self._shares)
        likely = [0.0] * len(self._shares)
        for at, chance in zip(past.times, past.probabilities, strict=True):
            if self._exposures[int(at)]:
                self._counts[int(at)] += chance
                likely[int(at)] += is_likely(chance)
        self._seen = _sums(self._shares)
        self._covered = _sums([float(each > 0) for each in self._exposures])
        self._landings = _sums(likely)
        self._weights = weights
        self._stated = None if stated is None else _stated_rate(stated)
        self.reweigh()

    def reweigh(self) -> None:
        """Take the weights as they are now."""
        weighed = list(zip(self._weights, self._counts, self._exposures, strict=False))
        self._weighed_landings = _sums(weight * count for weight, count, _ in weighed)
        self._weighed_weeks = _sums(weight * exposure for weight, _, exposure in weighed)
        self._usual: dict[int, UsualRate | None] = {}

    def look(self, at: float, least: int) -> Look | None:
        """Return what the windows show that end at a landing; None: none is improbable."""
        best: Look | None = None
        roots = 0.0
        last, upto = bisect_right(self._times, at), self._upto(at)
        for weeks in WINDOWS_WEEKS:
            first = bisect_right(self._times, at - weeks)
            if last - first < least:
                continue
            usual = self.usual_before(math.floor(at - weeks))
            if usual is None or weeks * PAST_TO_WINDOW > usual.covered_weeks:
                continue
            exposure = max(upto - self._upto(at - weeks), MIN_COVERED_SHARE * weeks)
            mean, dispersion = usual.rate_per_week * exposure, usual.dispersion
            # What is within a standard deviation is no surge, and need not be calculated.
            enough = max(least, mean + math.sqrt(mean + dispersion * mean * mean))
            if last - first < enough:
                continue
            landings = surely_reached(self._chances[first:last])
            if landings < enough:
                continue
            p = tail_probability(landings, mean, dispersion)
            if p >= IMPROBABLE:
                continue
            roots += max(p, LEAST_P) ** -0.5
            if best is None or p < best.p:
                best = Look(at, weeks, landings, p, exposure, usual, p)
        return None if best is None else replace(best, score=min(best.p, roots**-2))

    def usual_before(self, week: int) -> UsualRate | None:
        """Return what is usual before a week; the stated rate, if any, while too little is
        known."""
        if week not in self._usual:
            self._usual[week] = self._calculated(week) or self._stated
        return self._usual[week]

    def _calculated(self, week: int) -> UsualRate | None:
        if week < LEAST_COVERED_WEEKS:
            return None
        since = max(0, week - PAST_WEEKS)
        covered = round(self._covered[week] - self._covered[since])
        landings = self._landings[week] - self._landings[since]
        if covered < LEAST_COVERED_WEEKS or landings < LEAST_LANDINGS:
            return None
        total = self._weighed_landings[week] - self._weighed_landings[since]
        exposure = self._weighed_weeks[week] - self._weighed_weeks[since]
        return UsualRate(covered, total, (total + PRIOR_LANDINGS) / max(1.0, exposure))

    def _upto(self, at: float) -> float:
        """Return the weeks that could be seen before a time; none before the first week."""
        if at <= 0:
            return 0.0
        week = min(int(at), len(self._shares) - 1)
        return self._seen[week] + (at - week) * self._shares[week]


def is_likely(probability: float) -> bool:
    """Return whether a landing is one of the `LEAST_LANDINGS`: more likely than not there."""
    return probability >= 0.5


def surely_reached(probabilities: Sequence[float]) -> int:
    """Return how many of independent events happen with a probability of `LEAST_CERTAINTY`.

    >>> surely_reached([0.95, 0.95, 0.95]), surely_reached([1.0, 0.5, 0.5])
    (3, 1)
    """
    certain = sum(each >= 1.0 for each in probabilities)
    masses = [1.0]
    for chance in probabilities:
        if chance < 1.0:
            masses = [
                (masses[n] if n < len(masses) else 0.0) * (1 - chance)
                + (masses[n - 1] * chance if n else 0.0)
                for n in range(len(masses) + 1)
            ]
    reached = 0.0
    for number in range(len(masses) - 1, 0, -1):
        reached += masses[number]
        if reached >= LEAST_CERTAINTY:
            return certain + number
    return certain


def _stated_rate(stated: StatedUsual) -> UsualRate:
    rate = (stated.landings + PRIOR_LANDINGS) / stated.weeks
    return UsualRate(int(stated.weeks), stated.landings, rate, stated)


def _sums(numbers: Iterable[float]) -> list[float]:
    return list(accumulate(numbers, initial=0.0))

"""How may landings come while nothing has changed? A rate that is not known exactly, weeks that
differ, and bursts over several weeks.

In a week that can be seen for the share e, the number of landings is Poisson with mean

    rate · e · B · W,

where W is drawn anew for each week and B for each `BURST_WEEKS` weeks, both from gamma
distributions with mean 1 and the variances `weekly` and `bursts`. Such a count is negative
binomial, the usual description of counts that come in clusters (J. Lawless, "Negative binomial and
mixed Poisson regression", Canadian Journal of Statistics 15, 1987). With B, weeks are not assumed
to be independent, since published flights came in bursts. What that changes stands in
docs/alerts.md.

Neither the rate nor the variances are plugged in: each draw of a future takes its own from what the
past leaves possible. The two variances lie on a grid, weighted by the likelihood of the past; given
these, the rate is gamma with Jeffreys' prior, and the landings weigh less the more they cluster.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from collector.alerts.chance.past import Past
from collector.alerts.usual import tail_probability

BURST_WEEKS = 4
"""Weeks that share one B: the published bursts at Ovda lasted two to five weeks."""
VARIANCES = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0)
"""The grid of both variances. At 0 there are no clusters; at 3 a week in four has nearly all."""
PRIOR_OF_NONE = 2.0
"""Weight of the variance 0 before the past is looked at; each other one of the grid has 1. It is
the one value for every past that hardly clusters. Of the weights 1, 2 and 5, `bench/alerts` found
this one nearest to the truth on the whole."""
PRIOR_LANDINGS = 0.5
"""Jeffreys' prior for a rate."""
BURST_SHARE = 0.6875
"""A burst begins in any week, the blocks of the likelihood every fourth: so much of its variance
stays in one block. The mean of max(0, 1 - |i - j| / 4) over the pairs of four weeks."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One way in which landings may come: landings in a week that is fully seen, and variances."""

    rate: float
    weekly: float
    bursts: float

    def chance_of(self, landings: int, weeks: float) -> float:
        """Return the chance of so many landings, or more, in so many weeks, near each other and
        fully seen."""
        dispersion = (1 + self.weekly) * (1 + self.bursts) - 1
        return tail_probability(landings, self.rate * weeks, dispersion)


@dataclass(frozen=True, slots=True)
class ChanceModel:
    """What a past leaves possible."""

    landings: float
    exposure: float
    """Weeks, each as far as it could be seen; above 0."""
    weights: tuple[tuple[float, float, float], ...]
    """(cumulated weight, `weekly`, `bursts`) of each point of the grid."""

    @property
    def rate(self) -> float:
        """The mean of the rate: landings in a week that is fully seen."""
        return (self.landings + PRIOR_LANDINGS) / self.exposure

    def mean_variances(self) -> tuple[float, float]:
        """Return the means of `weekly` and `bursts`."""
        weekly = bursts = before = 0.0
        for until, w, b in self.weights:
            weekly += (until - before) * w
            bursts += (until - before) * b
            before = until
        return weekly, bursts

    def draw(self, noise: Random) -> Draw:
        """Return one way that the past leaves possible."""
        at = noise.random()
        _, weekly, bursts = next(
            (point for point in self.weights if at < point[0]), self.weights[-1]
        )
        heaped = 1.0 + self.rate * (weekly + BURST_WEEKS * bursts)
        shape = (self.landings + PRIOR_LANDINGS) / heaped
        return Draw(noise.gammavariate(shape, heaped / self.exposure), weekly, bursts)


def fit(past: Past) -> ChanceModel:
    """Return what the past leaves possible; without any covered week, the prior of one week."""
    exposures, counts = past.exposures, past.counts
    return fit_weeks(counts, exposures)


def fit_weeks(counts: Sequence[int], exposures: Sequence[float]) -> ChanceModel:
    """Return the same for bare landings and exposures of each week, oldest first."""
    landings, exposure = float(sum(counts)), max(1.0, math.fsum(exposures))
    rate = (landings + PRIOR_LANDINGS) / exposure
    # Weeks without exposure hold no landings that count; blocks end with the last week.
    blocks = [
        (counts[max(0, end - BURST_WEEKS) : end], exposures[max(0, end - BURST_WEEKS) : end])
        for end in range(len(counts), 0, -BURST_WEEKS)
    ]
    points = [(weekly, bursts) for weekly in VARIANCES for bursts in VARIANCES]
    logs = [
        log_prior(weekly, bursts)
        + math.fsum(_log_block(c, e, rate, weekly, bursts * BURST_SHARE) for c, e in blocks)
        for weekly, bursts in points
    ]
    top = max(logs)
    cumulated = list(accumulate(math.exp(each - top) for each in logs))
    return ChanceModel(
        landings,
        exposure,
        tuple(
            (weight / cumulated[-1], *point)
            for weight, point in zip(cumulated, points, strict=True)
        ),
    )


def fit_stated(landings: float, weeks: float) -> ChanceModel:
    """Return what a stated number of landings in so many weeks leaves possible. How they came is
    not known, so that all variances are as likely as before any past is looked at."""
    points = [(weekly, bursts) for weekly in VARIANCES for bursts in VARIANCES]
    cumulated = list(accumulate(math.exp(log_prior(*point)) for point in points))
    return ChanceModel(
        landings,
        max(1.0, weeks),
        tuple(
            (weight / cumulated[-1], *point)
            for weight, point in zip(cumulated, points, strict=True)
        ),
    )


def log_prior(weekly: float, bursts: float) -> float:
    """Return the logarithm of the weight of a point before the past is looked at."""
    return math.log(PRIOR_OF_NONE) * ((weekly == 0) + (bursts == 0))


def _log_block(
    counts: Sequence[int], exposures: Sequence[float], rate: float, weekly: float, bursts: float
) -> float:
    """Return the log-likelihood of one block: its sum is negative binomial, and how the sum is
    shared out among the weeks is Dirichlet-multinomial (multinomial without weekly variance).

    Exact if the weeks are seen alike and either variance is 0. Constants are left out.
    """
    exposure, total = math.fsum(exposures), sum(counts)
    if exposure <= 0:
        return 0.0
    spread = weekly * math.fsum(e * e for e in exposures) / exposure**2
    dispersion = (1 + bursts) * (1 + spread) - 1
    log = log_mass(total, rate * exposure, dispersion)
    if total < 2:
        return log
    if weekly == 0:
        return log + math.fsum(
            count * math.log(e / exposure)
            for count, e in zip(counts, exposures, strict=True)
            if count
        )
    size = exposure / len([e for e in exposures if e > 0])
    alphas = [e / size / weekly for e in exposures]
    log += math.lgamma(math.fsum(alphas)) - math.lgamma(total + math.fsum(alphas))
    for count, alpha in zip(counts, alphas, strict=True):
        if count and alpha > 0:
            log += math.lgamma(count + alpha) - math.lgamma(alpha)
    return log


def log_mass(count: float, mean: float, dispersion: float) -> float:
    """Return log(P(X = count) · count!) of a negative binomial with that mean above 0 and variance
    mean + dispersion · mean²."""
    if dispersion < 1e-9:
        return count * math.log(mean) - mean
    size = 1 / dispersion
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - size * math.log1p(dispersion * mean)
        + count * (math.log(mean) - math.log(size + mean))
    )

"""How many landings are usual here, and how improbable is this count? The trailing year is compared
by covered time.

Each of the 52 weeks before a window weighs as much as it was covered: by the share of it in which a
landing would have been noticed (`coverage.sight`). Weeks covered by less than half say nothing and
are left out, with their landings. The weekly count is negative binomial:

- mean: landings + 1/2 over covered weeks (Jeffreys' prior for a rate), so that a year of zeros does
  not make the first landing impossible;
- dispersion k (variance = mean + k·mean²) by moments, never below Poisson's zero, and drawn towards
  `PRIOR_DISPERSION` with the weight of `PRIOR_WEEKS` weeks, because the published flights come in
  bursts (two and two in September 2020, five in two weeks of September 2023) that few covered weeks
  would not show;
- plus 1 / (landings + 1/2) for not knowing the mean: the posterior predictive of the rate.

p refers to the whole window: time that has not come yet counts as covered, time without coverage
does not. If p referred to the part gone by, two landings on a Monday would be improbable that by
Sunday are not, and false alarms would multiply.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.counts import standing
from collector.model import Landing, Place, Watch
from collector.weeks import previous_week, week_bounds, week_of

TRAILING_WEEKS = 52
"""Whole weeks before a window that are compared with it."""
MIN_COVERED_SHARE = 0.5
"""Share of a week that must have been covered for its count to say anything. Also the least
exposure of the window in question: missing coverage alone must not make a count improbable."""

PRIOR_LANDINGS = 0.5
"""Jeffreys' prior for a rate."""
PRIOR_DISPERSION = 0.5
"""The dispersion towards which few covered weeks are drawn."""
PRIOR_WEEKS = 13.0
"""Weight of `PRIOR_DISPERSION`: a quarter of a year, as many covered weeks as a surge rule
needs."""

LEAST_LOG = -600.0
"""Logarithm of a probability. Below it, a float would lose digits: logarithms are summed."""

ALMOST_ONE = 1.0 - 1e-8
"""Probability. Its complement has eight digits."""

USUAL_QUANTILES = (0.1, 0.9)
"""Quantiles of a fully covered window that are printed as "usual: 0–1 a week"."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The trailing year before a window, fitted."""

    covered_weeks: int
    rate_per_week: float
    """Landings in a fully covered week."""
    dispersion: float
    """k of variance = mean + k·mean²; above 0."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual count of a window, and how improbable its own count is."""

    expected: float | None
    """Landings expected in the window as far as it was covered; None while unknown."""
    p: float | None
    """Probability of at least the window's count; None while unknown."""
    covered_weeks: int
    low: int | None
    high: int | None
    text: str
    """`usual: 0–1 a week (31 covered weeks of the last 52)`."""


def baseline_before(
    landings: Iterable[Landing],
    watch: Watch,
    place: Place,
    coverage_by_week: Mapping[str, float],
    before: datetime,
) -> Baseline:
    """Return the fit of the 52 whole weeks before the week of `before`; coverage is keyed
    `2026-W47`."""
    shares: dict[str, float] = {}
    key = week_of(before, watch.zone)
    for _ in range(TRAILING_WEEKS):
        key = previous_week(key)
        share = min(1.0, coverage_by_week.get(key, 0.0))
        if share >= MIN_COVERED_SHARE:
            shares[key] = share
    landings_by_week = Counter(
        week_of(landing.detection.touchdown_at, watch.zone)
        for landing in {each.id: each for each in landings}.values()
        if standing(landing, watch, place)
    )
    return fit_baseline([(landings_by_week[key], share) for key, share in shares.items()])


def fit_baseline(weeks: Iterable[tuple[int, float]]) -> Baseline:
    """Return the fit of (landings, covered share > 0) of each covered week; without any, the prior
    alone."""
    weeks = list(weeks)
    total = sum(count for count, _ in weeks)
    exposure = math.fsum(share for _, share in weeks)
    rate = (total + PRIOR_LANDINGS) / max(exposure, 1.0)
    dispersion = _dispersion(weeks, rate) + 1 / (total + PRIOR_LANDINGS)
    return Baseline(len(weeks), rate, dispersion)


def _dispersion(weeks: list[tuple[int, float]], rate: float) -> float:
    """Return the dispersion from week to week by moments, at least 0, drawn towards the prior."""
    number = len(weeks)
    observed = 0.0
    if number > 1:
        squares = math.fsum((count - rate * share) ** 2 for count, share in weeks)
        means = math.fsum(rate * share for _, share in weeks)
        mean_squares = math.fsum((rate * share) ** 2 for _, share in weeks)
        observed = max(0.0, (squares * number / (number - 1) - means) / mean_squares)
    return (number * observed + PRIOR_WEEKS * PRIOR_DISPERSION) / (number + PRIOR_WEEKS)


def tail_probability(count: int, mean: float, dispersion: float) -> float:
    """Return P(X ≥ count) of a negative binomial with that mean and variance mean +
    dispersion·mean².

    >>> round(tail_probability(2, 0.3, 0.0), 4), round(tail_probability(2, 0.3, 1.0), 4)
    (0.0369, 0.0533)
    >>> f"{tail_probability(40, 4.0, 0.05):.2e}"
    '3.60e-18'
    """
    log_zero = _log_zero(mean, dispersion)
    if log_zero < LEAST_LOG:
        return max(0.0, 1.0 - math.fsum(_masses(count, mean, dispersion)))
    mass = below = math.exp(log_zero) if count > 0 else 0.0
    grown, ratio = 1.0, mean / (1 + dispersion * mean)
    for x in range(1, count):
        mass *= ratio * grown / x
        grown += dispersion
        below += mass
    if below < ALMOST_ONE or count == 0:
        return 1.0 - below
    # The difference would have lost its digits: the tail itself is summed, until it adds nothing.
    tail, x = 0.0, max(1, count)
    while True:
        mass *= ratio * grown / x
        if mass <= tail * 1e-12:
            return tail
        tail, grown, x = tail + mass, grown + dispersion, x + 1


def quantile(share: float, mean: float, dispersion: float) -> int:
    """Return the smallest x with P(X ≤ x) ≥ share, for a share of which a sum of floats cannot fall
    short, such as 0.9, and a mean above 0."""
    reached, x, log_mass = 0.0, 0, _log_zero(mean, dispersion)
    while True:
        reached += math.exp(log_mass)
        if reached >= share:
            return x
        log_mass += _log_step(x, mean, dispersion)
        x += 1


def _masses(count: int, mean: float, dispersion: float) -> Iterable[float]:
    """Yield P(X = 0), P(X = 1), … below `count`; in logarithms, as P(X = 0) may underflow."""
    log_mass = _log_zero(mean, dispersion)
    for x in range(count):
        yield math.exp(log_mass)
        log_mass += _log_step(x, mean, dispersion)


def _log_zero(mean: float, dispersion: float) -> float:
    return -math.log1p(dispersion * mean) / dispersion if dispersion > 1e-9 else -mean


def _log_step(x: int, mean: float, dispersion: float) -> float:
    return (
        math.log(mean) + math.log1p(dispersion * x) - math.log1p(x) - math.log1p(dispersion * mean)
    )


def exposure_weeks(
    coverage_by_week: Mapping[str, float], zone: str, begin: datetime, end: datetime, now: datetime
) -> float:
    """Return the weeks of the window [begin, end) that were or will be covered, at least half of
    it.

    A week's coverage holds for the part of it before `now`; later time counts as covered.
    """
    length = (end - begin) / timedelta(weeks=1)
    covered, at = timedelta(), begin
    while at < end:
        key = week_of(at, zone)
        until = min(end, week_bounds(key, zone)[1])
        gone = max(timedelta(), min(until, now) - at)
        share = min(1.0, max(0.0, coverage_by_week.get(key, 0.0)))
        covered += gone * share + (until - at - gone)
        at = until
    return max(covered / timedelta(weeks=1), MIN_COVERED_SHARE * length)


def usual_count(
    year: Baseline, count: int, exposure: float, *, days: int | None, min_covered_weeks: int
) -> Usual:
    """Return how usual `count` is in a window of `exposure` covered weeks; `days` None means a
    week."""
    if year.covered_weeks < min_covered_weeks:
        text = f"usual: not known yet ({year.covered_weeks} of {min_covered_weeks} covered weeks)"
        return Usual(None, None, year.covered_weeks, None, None, text)
    whole = year.rate_per_week * (1.0 if days is None else days / 7)
    low, high = (quantile(share, whole, year.dispersion) for share in USUAL_QUANTILES)
    between = str(low) if low == high else f"{low}–{high}"
    per = "a week" if days is None else f"in {days} day{'' if days == 1 else 's'}"
    of = f"({year.covered_weeks} covered weeks of the last {TRAILING_WEEKS})"
    expected = year.rate_per_week * exposure
    p = tail_probability(count, expected, year.dispersion)
    return Usual(expected, p, year.covered_weeks, low, high, f"usual: {between} {per} {of}")

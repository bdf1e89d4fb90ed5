"""Are landings more frequent at one kind of time than at another? An exact test compares the two
rates and gives an interval for their ratio.

The counts are those of two Poisson processes, each observed for a number of days. Given their sum,
the first count is binomial (Przyborowski and Wilenski 1940, Biometrika 31, 313;
https://doi.org/10.2307/2332612). Its share has the interval of Clopper and Pearson (1934,
Biometrika 26, 404; https://doi.org/10.1093/biomet/26.4.404), from which the interval of the ratio
of the rates follows. R's `poisson.test` with two counts does the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LEVEL = 0.95
ALPHA = 1 - LEVEL
FEWEST_LANDINGS = 5
"""Fewer landings may be a single burst, and so one event: published bursts had two to five
landings."""
_BISECTIONS = 60
"""More than a double has binary digits."""


class RateAnswer(StrEnum):
    """The result of the test."""

    TESTED = "tested"
    TOO_FEW = "too few"
    """Fewer than `FEWEST_LANDINGS`, or so few that chance alone would put all of them inside in
    more than one case of twenty."""
    NO_EXPOSURE = "no exposure"
    """One kind of time was never covered, so there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class RateComparison:
    """The counts at one kind of time and at the other, and the result of the test."""

    inside: int
    outside: int
    inside_days: float
    """Covered days; parts of days are added up."""
    outside_days: float
    answer: RateAnswer
    ratio: float | None = None
    """The rate inside divided by the rate outside: infinite if no landing was outside, None if the
    test was not made."""
    low: float | None = None
    high: float | None = None
    p: float | None = None
    """The probability of so many landings inside, or more, if the rates were equal (one-sided)."""


def compare_rates(
    inside: int, outside: int, inside_days: float, outside_days: float
) -> RateComparison:
    """Return the test, or why it was not made. Raises ValueError for negative counts or days.

    >>> found = compare_rates(6, 4, 100.0, 900.0)
    >>> round(found.ratio, 2), round(found.low, 2), round(found.high, 1), f"{found.p:.1e}"
    (13.5, 3.2, 65.0, '1.5e-04')
    """
    if min(inside, outside, inside_days, outside_days) < 0:
        raise ValueError("counts and days must not be negative")
    if inside_days == 0 or outside_days == 0:
        return RateComparison(inside, outside, inside_days, outside_days, RateAnswer.NO_EXPOSURE)
    total = inside + outside
    expected = inside_days / (inside_days + outside_days)
    if total < FEWEST_LANDINGS or expected**total > ALPHA:
        return RateComparison(inside, outside, inside_days, outside_days, RateAnswer.TOO_FEW)
    low, high = share_interval(inside, total)
    scale = outside_days / inside_days
    return RateComparison(
        inside,
        outside,
        inside_days,
        outside_days,
        RateAnswer.TESTED,
        ratio=_odds(inside / total) * scale,
        low=_odds(low) * scale,
        high=_odds(high) * scale,
        p=binomial_tail(inside, total, expected),
    )


def binomial_tail(count: int, total: int, share: float) -> float:
    """Return the binomial probability of `count` or more out of `total`, each with chance `share`.

    >>> round(binomial_tail(9, 10, 0.5), 6)
    0.010742
    """
    if count <= 0:
        return 1.0
    if share <= 0.0 or count > total:
        return 0.0
    if share >= 1.0:
        return 1.0
    return min(1.0, math.fsum(_chance(k, total, share) for k in range(count, total + 1)))


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share, of which `count` out of `total` are known.

    >>> tuple(round(end, 4) for end in share_interval(4, 20))
    (0.0573, 0.4366)
    """
    tail = ALPHA / 2
    low = (
        0.0 if count == 0 else _first_where(lambda share: binomial_tail(count, total, share) > tail)
    )
    high = (
        1.0
        if count == total
        else _first_where(lambda share: 1 - binomial_tail(count + 1, total, share) <= tail)
    )
    return low, high


def _first_where(beyond: Callable[[float], bool]) -> float:
    """The least share of 0 … 1 at which `beyond` holds; it holds for every greater share."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if beyond(middle):
            high = middle
        else:
            low = middle
    return high


def _chance(count: int, total: int, share: float) -> float:
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    return math.exp(ways + count * math.log(share) + (total - count) * math.log1p(-share))


def _odds(share: float) -> float:
    return math.inf if share >= 1.0 else share / (1 - share)

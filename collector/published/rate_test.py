"""Do landings come more often at one kind of time than at another? An exact test, and an interval.

Counts of two Poisson processes, watched for so many days each: given their sum, the first count
is binomial (Przyborowski and Wilenski 1940, Biometrika 31, 313; https://doi.org/10.2307/2332612).
Its share has the interval of Clopper and Pearson (1934, Biometrika 26, 404;
https://doi.org/10.1093/biomet/26.4.404), and the ratio of the rates has that interval carried
over. R's `poisson.test` with two counts does the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LEVEL = 0.95
ALPHA = 1 - LEVEL
LEAST = 5
"""Fewer landings may be a single burst (published ones were of two to five), and so one event."""
_STEPS = 60
"""Bisections: more than a double has binary digits."""


class Answer(StrEnum):
    """What the test came to."""

    TESTED = "tested"
    TOO_FEW = "too few"
    """Fewer than `LEAST`, or so few that even all of them inside would be chance in more than one
    case of twenty."""
    NO_EXPOSURE = "no exposure"
    """One kind of time was never covered: there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts at one kind of time and at the other, and what follows from them."""

    inside: int
    outside: int
    inside_days: float
    """Covered days, parts of days added up."""
    outside_days: float
    answer: Answer
    ratio: float | None = None
    """Rate inside by rate outside; infinite where there was none outside; None: not told."""
    low: float | None = None
    high: float | None = None
    p: float | None = None
    """Probability of so many inside or more, were the rates the same (one-sided)."""


def compare(inside: int, outside: int, inside_days: float, outside_days: float) -> Rates:
    """The test, or why there is none. Raises ValueError for negative counts or days.

    >>> found = compare(6, 4, 100.0, 900.0)
    >>> round(found.ratio, 2), round(found.low, 2), round(found.high, 1), f"{found.p:.1e}"
    (13.5, 3.2, 65.0, '1.5e-04')
    """
    if min(inside, outside, inside_days, outside_days) < 0:
        raise ValueError("counts and days are not negative")
    if inside_days == 0 or outside_days == 0:
        return Rates(inside, outside, inside_days, outside_days, Answer.NO_EXPOSURE)
    total = inside + outside
    expected = inside_days / (inside_days + outside_days)
    if total < LEAST or expected**total > ALPHA:
        return Rates(inside, outside, inside_days, outside_days, Answer.TOO_FEW)
    low, high = shares(inside, total)
    scale = outside_days / inside_days
    return Rates(
        inside,
        outside,
        inside_days,
        outside_days,
        Answer.TESTED,
        ratio=_odds(inside / total) * scale,
        low=_odds(low) * scale,
        high=_odds(high) * scale,
        p=at_least(inside, total, expected),
    )


def at_least(count: int, total: int, share: float) -> float:
    """The binomial probability of `count` or more out of `total`, each with chance `share`.

    >>> round(at_least(9, 10, 0.5), 6)
    0.010742
    """
    if count <= 0:
        return 1.0
    if share <= 0.0 or count > total:
        return 0.0
    if share >= 1.0:
        return 1.0
    return min(1.0, math.fsum(_chance(k, total, share) for k in range(count, total + 1)))


def shares(count: int, total: int) -> tuple[float, float]:
    """The interval of Clopper and Pearson for a share of which `count` of `total` were seen.

    >>> tuple(round(end, 4) for end in shares(4, 20))
    (0.0573, 0.4366)
    """
    tail = ALPHA / 2
    low = 0.0 if count == 0 else _first_where(lambda share: at_least(count, total, share) > tail)
    high = (
        1.0
        if count == total
        else _first_where(lambda share: 1 - at_least(count + 1, total, share) <= tail)
    )
    return low, high


def _first_where(beyond: Callable[[float], bool]) -> float:
    """The least share of 0 … 1 from which on `beyond` holds, which it does ever after."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
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

"""How good is a set of answers? Shares get intervals, probabilities get scores, errors get
medians."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

LEAST = 0.002
"""The least probability that is scored; the oracle holds none lower."""


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927).

    >>> tuple(round(bound, 3) for bound in wilson(98, 100))
    (0.93, 0.994)
    """
    if count == 0:
        return 0.0, 1.0
    share = hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return (middle - half) / scale, (middle + half) / scale


def log_loss(probabilities: Mapping[str, float], answer: str) -> float:
    """Return the nats of surprise at the true answer."""
    return -math.log(max(LEAST, min(1.0, probabilities.get(answer, 0.0))))


def brier(probabilities: Mapping[str, float], answer: str) -> float:
    """Return the sum over all answers of the squared error, 0 … 2.

    >>> round(brier({"LLOV": 0.8, "none": 0.2}, "LLOV"), 2)
    0.08
    """
    names = {*probabilities, answer}
    return sum((probabilities.get(name, 0.0) - (name == answer)) ** 2 for name in names)


def median(values: Sequence[float]) -> float:
    """Return the middle value; NaN if there are no values."""
    if not values:
        return math.nan
    ranked = sorted(values)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2.0


def share(hits: float, count: float) -> float:
    """Return hits ÷ count; NaN if the count is 0."""
    return hits / count if count else math.nan

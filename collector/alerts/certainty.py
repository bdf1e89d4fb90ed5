"""How sure is the count? From the probability of every landing, counted or undetermined."""

from __future__ import annotations

from collections.abc import Iterable


def at_least(needed: int, probabilities: Iterable[float]) -> float:
    """P(at least `needed` of independent events), each with its own probability 0 … 1.

    >>> round(at_least(2, [0.9, 0.9, 0.5]), 3)
    0.9
    """
    # masses[k]: probability of exactly k so far; the last entry gathers `needed` and more
    if needed <= 0:
        return 1.0
    masses = [1.0] + [0.0] * needed
    for probability in probabilities:
        masses[needed] += masses[needed - 1] * probability
        for k in range(needed - 1, 0, -1):
            masses[k] = masses[k] * (1 - probability) + masses[k - 1] * probability
        masses[0] *= 1 - probability
    return min(1.0, masses[needed])

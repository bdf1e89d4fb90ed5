"""How much could be known at all? The oracle is a posterior learned from other seeds, and decides
what can be decided.

It is scikit-learn's random forest over the numbers of `features`, grown on simulated flights of
seeds that are never reported. One exponent calibrates it on flights that it did not learn from. It
is a lower bound of the attainable: a better method may know more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sklearn.ensemble import RandomForestClassifier

DECIDED = 0.95
HELD_OUT = 5
"""Every fifth question is used for calibration and not for learning."""
LEAST_LEAF = 4
SAMPLED = 0.7
"""The share of the questions that each tree learns from, so that trees differ in the noise."""
TRIED = 0.4
"""The share of the numbers tried at each split, so that numbers with the same meaning are all
used."""
LEAST = 0.002
"""The least probability of an answer: a forest of finite size cannot know better."""
EXPONENTS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0, 2.3, 2.6)


@dataclass(frozen=True, slots=True)
class Oracle:
    """A calibrated forest."""

    forest: RandomForestClassifier
    answers: tuple[str, ...]
    exponent: float
    learned_from: int
    reliability: tuple[tuple[float, float, int], ...]
    """On held-out questions, by tenths of the best answer's probability: mean, hit rate, count."""
    log_loss: float
    """On held-out questions."""

    def posteriors(self, rows: Sequence[Sequence[float]]) -> list[dict[str, float]]:
        """Return for each row of numbers the probability of each field, and of none."""
        return [
            dict(zip(self.answers, sharpened(shares, self.exponent), strict=True))
            for shares in _shares(self.forest, rows, len(self.answers))
        ]


def learn_oracle(
    examples: Sequence[tuple[Sequence[float], str]],
    answers: tuple[str, ...],
    *,
    trees: int,
    seed: int,
) -> Oracle:
    """Learn an oracle from questions with their true answers, each one of `answers`."""
    held = examples[::HELD_OUT]
    kept = [each for number, each in enumerate(examples) if number % HELD_OUT]
    forest = new_forest(trees, seed)
    forest.fit([numbers for numbers, _ in kept], [answers.index(answer) for _, answer in kept])
    votes = _shares(forest, [numbers for numbers, _ in held], len(answers))
    raw = [(shares, answers.index(answer)) for shares, (_, answer) in zip(votes, held, strict=True)]
    exponent = best_exponent(raw)
    return Oracle(
        forest,
        answers,
        exponent,
        len(kept),
        tuple(_reliability([(sharpened(shares, exponent), true) for shares, true in raw])),
        _loss(raw, exponent),
    )


def new_forest(trees: int, seed: int) -> RandomForestClassifier:
    """Return a forest of so many trees that has learned nothing yet."""
    # Takes a second or two, which runs without an oracle need not wait.
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        trees,
        criterion="entropy",
        min_samples_leaf=LEAST_LEAF,
        max_features=TRIED,
        max_samples=SAMPLED,
        n_jobs=1,
        random_state=seed,
    )


def best_exponent(raw: Sequence[tuple[Sequence[float], int]]) -> float:
    """Return which exponent of the shares surprises least at the true answers."""
    return min(EXPONENTS, key=lambda power: _loss(raw, power))


def _shares(
    forest: RandomForestClassifier, rows: Sequence[Sequence[float]], answers: int
) -> list[list[float]]:
    """The votes of the trees for each row, all in one call, since a call is slower than a row."""
    if not rows:
        return []
    found = []
    for row_shares in forest.predict_proba(rows):
        shares = [0.0] * answers
        # Answers that it was never taught are no classes of the forest.
        for answer, share in zip(forest.classes_, row_shares, strict=True):
            shares[answer] = float(share)
        found.append(shares)
    return found


def sharpened(shares: Sequence[float], exponent: float) -> list[float]:
    """Return the shares raised to the exponent, none below `LEAST`, adding up to 1."""
    powers = [max(share, 1e-6) ** exponent for share in shares]
    total = sum(powers)
    floored = [max(LEAST, power / total) for power in powers]
    total = sum(floored)
    return [share / total for share in floored]


def _loss(raw: Sequence[tuple[Sequence[float], int]], exponent: float) -> float:
    return sum(-math.log(sharpened(shares, exponent)[true]) for shares, true in raw) / len(raw)


def _reliability(
    answers: Sequence[tuple[Sequence[float], int]],
) -> list[tuple[float, float, int]]:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for shares, true in answers:
        best = max(range(len(shares)), key=shares.__getitem__)
        bins.setdefault(min(9, int(shares[best] * 10)), []).append((shares[best], best == true))
    return [
        (
            sum(p for p, _ in found) / len(found),
            sum(hit for _, hit in found) / len(found),
            len(found),
        )
        for _, found in sorted(bins.items())
    ]

"""What is the best guess from many numbers? Extremely randomised trees, in plain Python.

Geurts, Ernst and Wehenkel, "Extremely randomized trees", Machine Learning 63 (2006): each split is
the best of some random ones, each leaf keeps its counts, and the forest averages over its trees.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_LEAF = 4
SAMPLED = 0.7
"""Share of the rows that each tree sees, so that trees differ where the answers are noise."""
TESTS = 40
"""Random splits tried at each node."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a row ends: the share of each answer."""

    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Rows whose number is below the threshold go left."""

    number: int
    threshold: float
    left: Split | Leaf
    right: Split | Leaf


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over rows of numbers; answers are counted from 0."""

    trees: tuple[Split | Leaf, ...]
    answers: int

    def posterior(self, row: Sequence[float]) -> list[float]:
        """The probability of each answer; sums to 1."""
        total = [0.0] * self.answers
        for tree in self.trees:
            node = tree
            while isinstance(node, Split):
                node = node.left if row[node.number] < node.threshold else node.right
            for index, share in enumerate(node.shares):
                total[index] += share
        return [share / len(self.trees) for share in total]


def grown(
    rows: Sequence[Sequence[float]], labels: Sequence[int], answers: int, trees: int, seed: int
) -> Forest:
    """A forest from rows and their true answers (0 … answers − 1)."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    rng = random.Random(f"forest {seed}")
    everything = range(len(rows))
    size = max(1, int(SAMPLED * len(rows)))
    return Forest(
        tuple(
            _tree(columns, labels, answers, rng.sample(everything, size), rng) for _ in range(trees)
        ),
        answers,
    )


def _tree(
    columns: Sequence[Sequence[float]],
    labels: Sequence[int],
    answers: int,
    mine: list[int],
    rng: random.Random,
) -> Split | Leaf:
    counts = Counter(labels[i] for i in mine)
    if len(mine) < 2 * LEAST_LEAF or len(counts) == 1:
        return _leaf(counts, answers)
    best: tuple[float, int, float, list[int], list[int]] | None = None
    for _ in range(TESTS):
        number = rng.randrange(len(columns))
        column = columns[number]
        a, b = column[rng.choice(mine)], column[rng.choice(mine)]
        if a == b:
            continue
        threshold = a + (b - a) * rng.random()
        left = [i for i in mine if column[i] < threshold]
        if not LEAST_LEAF <= len(left) <= len(mine) - LEAST_LEAF:
            continue
        below = Counter([labels[i] for i in left])
        score = _nats(below) + _nats(counts - below)
        if best is None or score < best[0]:
            right = [i for i in mine if column[i] >= threshold]
            best = score, number, threshold, left, right
    if best is None:
        return _leaf(counts, answers)
    _, number, threshold, left, right = best
    return Split(
        number,
        threshold,
        _tree(columns, labels, answers, left, rng),
        _tree(columns, labels, answers, right, rng),
    )


def _nats(counts: Counter[int]) -> float:
    """Size times entropy: what is left to be known."""
    total = sum(counts.values())
    return total * math.log(total) - sum(n * math.log(n) for n in counts.values()) if total else 0.0


def _leaf(counts: Counter[int], answers: int) -> Leaf:
    total = sum(counts.values())
    return Leaf(tuple(counts[index] / total for index in range(answers)))

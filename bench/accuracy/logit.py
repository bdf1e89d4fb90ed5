"""Under which weights is the truth of many silences likeliest? A conditional logit, smoothed.

Each field's pieces add up to its log odds against having landed at none. The weights maximise the
likelihood of the true answers, shrunk toward zero and toward their neighbours in a table: classes
side by side mean nearly the same. Full-batch Adam (Kingma and Ba, 2015), so that the same lessons
give the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector.landings.evidence.features import TABLES, WIDTHS, Feature

Lesson = tuple[dict[str, list[Feature]], str]
"""The pieces of each possible field, and where it truly landed (`none` too)."""

SHRINK = 0.1
"""Weight of the prior that a class means nothing, per squared nat."""
SMOOTH = 0.3
"""Weight of the prior that neighbouring classes mean the same, per squared nat between them."""
STEPS, RATE, LAST_RATE = 500, 0.08, 0.008
_FIRST, _SECOND = 0.9, 0.99

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FIRST: dict[str, int] = {}
COUNT = 0
for _name, _size in TABLES.items():
    FIRST[_name] = COUNT
    COUNT += _size
"""Where each table begins in one long row of weights; the row has one more, always 0."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Lessons as arrays: a row for each field of each lesson."""

    pieces: Whole
    """Indexes of its weights, filled up with COUNT."""
    lesson: Whole
    answer: Whole
    """For each lesson the row of the true field, −1 for none."""
    prior: Floats
    """Log of each field's prior weight."""


def packed(lessons: Sequence[Lesson], priors: Mapping[str, float]) -> Packed:
    """The lessons, with `priors` by ICAO code (1 where there is none)."""
    widest = max(len(found) for pieces, _ in lessons for found in pieces.values())
    rows: list[list[int]] = []
    numbers: list[int] = []
    prior: list[float] = []
    answer = np.full(len(lessons), -1, dtype=np.int64)
    for number, (pieces, true) in enumerate(lessons):
        for icao, found in pieces.items():
            if icao == true:
                answer[number] = len(rows)
            indexes = [FIRST[table] + index for table, index in found]
            rows.append(indexes + [COUNT] * (widest - len(indexes)))
            numbers.append(number)
            prior.append(math.log(priors.get(icao, 1.0)))
    return Packed(np.array(rows), np.array(numbers), answer, np.array(prior))


def shares(weights: Floats, lessons: Packed) -> tuple[Floats, Floats]:
    """The probability of each row's field, and of none for each lesson."""
    scores = weights[lessons.pieces].sum(axis=1) + lessons.prior
    top = np.zeros(len(lessons.answer))
    np.maximum.at(top, lessons.lesson, scores)
    odds = np.exp(scores - top[lessons.lesson])
    none = np.exp(-top)
    total = none + np.bincount(lessons.lesson, odds, len(lessons.answer))
    return odds / total[lessons.lesson], none / total


def log_loss(weights: Floats, lessons: Packed) -> float:
    """Mean −ln of the probability given to the truth."""
    fields, none = shares(weights, lessons)
    given = np.where(lessons.answer >= 0, fields[np.maximum(lessons.answer, 0)], none)
    return float(-np.log(np.maximum(given, 1e-9)).mean())


def learned(lessons: Packed) -> Floats:
    """The weights, in one row."""
    weights, mean, square = np.zeros(COUNT + 1), np.zeros(COUNT + 1), np.zeros(COUNT + 1)
    truth = np.zeros(len(lessons.pieces))
    truth[lessons.answer[lessons.answer >= 0]] = 1.0
    one, other = _neighbours()
    width = lessons.pieces.shape[1]
    for step in range(STEPS):
        error = shares(weights, lessons)[0] - truth
        slope = np.bincount(lessons.pieces.ravel(), np.repeat(error, width), COUNT + 1)
        apart = SMOOTH * (weights[one] - weights[other])
        pull = np.bincount(one, apart, COUNT + 1) - np.bincount(other, apart, COUNT + 1)
        slope = slope + SHRINK * weights + pull
        slope[COUNT] = 0.0
        mean = _FIRST * mean + (1 - _FIRST) * slope
        square = _SECOND * square + (1 - _SECOND) * slope * slope
        rate = RATE * (LAST_RATE / RATE) ** (step / STEPS)
        ahead = mean / (1 - _FIRST ** (step + 1))
        weights = weights - rate * ahead / (np.sqrt(square / (1 - _SECOND ** (step + 1))) + 1e-8)
    return weights


def by_table(weights: Floats) -> dict[str, list[float]]:
    """The row of weights cut into its tables."""
    return {
        name: [float(each) for each in weights[FIRST[name] : FIRST[name] + size]]
        for name, size in TABLES.items()
    }


def _neighbours() -> tuple[Whole, Whole]:
    """Pairs of classes that lie side by side in a table, along its rows and across them."""
    pairs = []
    for name, size in TABLES.items():
        width = WIDTHS.get(name.rpartition(".")[2], size)
        first = FIRST[name]
        pairs += [(first + i, first + i + 1) for i in range(size - 1) if (i + 1) % width]
        pairs += [(first + i, first + i + width) for i in range(size - width)]
    return np.array([one for one, _ in pairs]), np.array([other for _, other in pairs])

"""Under which weights is the truth of many silences most probable? A smoothed conditional logit
finds them.

The features of each field add up to its log odds against "landed at no field". The weights maximise
the likelihood of the true answers. They are shrunk toward zero and toward their neighbours in a
table, since neighbouring classes mean nearly the same. Only the likelihood is stated here; SciPy
finds its single maximum. No class of scikit-learn fits: its logistic regression learns separate
weights for each answer. Here all fields share one row of weights, each silence leaves other fields
possible, and neighbours are drawn together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.special import log_softmax

from collector.landings.evidence.features import TABLES, WIDTHS, Feature

Lesson = tuple[dict[str, list[Feature]], str]
"""The features of each possible field, and the field of the true landing (or `none`)."""

SHRINK = 0.1
"""Weight of the prior that a class means nothing, per squared nat."""
SMOOTH = 0.3
"""Weight of the prior that neighbouring classes mean the same, per squared nat between them."""
STOPS_AT = {"maxiter": 5000, "ftol": 1e-13, "gtol": 1e-5}
"""So near to the maximum that the two digits that are written no longer change."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FIRST: dict[str, int] = {}
COUNT = 0
for _name, _size in TABLES.items():
    FIRST[_name] = COUNT
    COUNT += _size
"""Where each table begins in one long row of weights."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Lessons as arrays. Each lesson has a row of answers: none, then its fields."""

    pieces: csr_array
    """A row for each field of each lesson, a column for each weight."""
    prior: Floats
    """Log of each field's prior weight."""
    lesson: Whole
    """For each field the number of its lesson."""
    place: Whole
    """For each field its place among the answers of its lesson, from 1."""
    answer: Whole
    """For each lesson the place of the true answer, 0 for none."""


def packed(lessons: Sequence[Lesson], priors: Mapping[str, float]) -> Packed:
    """Pack the lessons, with `priors` by ICAO code (1 where there is none)."""
    columns: list[int] = []
    ends = [0]
    prior: list[float] = []
    numbers: list[int] = []
    places: list[int] = []
    answer = np.zeros(len(lessons), dtype=np.int64)
    for number, (pieces, true) in enumerate(lessons):
        for place, (icao, found) in enumerate(pieces.items(), start=1):
            if icao == true:
                answer[number] = place
            columns += [FIRST[table] + index for table, index in found]
            ends.append(len(columns))
            prior.append(math.log(priors.get(icao, 1.0)))
            numbers.append(number)
            places.append(place)
    rows = csr_array((np.ones(len(columns)), columns, ends), shape=(len(prior), COUNT))
    return Packed(rows, np.array(prior), np.array(numbers), np.array(places), answer)


def log_loss(weights: Floats, lessons: Packed) -> float:
    """Return the mean −ln of the probability given to the truth."""
    return float(-_true_log_shares(_log_shares(weights, lessons), lessons).mean())


def learn_weights(lessons: Packed) -> Floats:
    """Find the weights, in one row; the same lessons give the same weights."""
    from scipy.optimize import minimize  # takes a second, and every test worker reads this module

    pulls = _prior_gradient()
    truth = np.arange(len(lessons.answer)), lessons.answer

    def cost(weights: Floats) -> tuple[float, Floats]:
        """The cost to be minimised, −ln of likelihood and priors, and its gradient."""
        logs = _log_shares(weights, lessons)
        error = np.exp(logs)
        error[truth] -= 1.0
        pull = pulls @ weights
        slope = lessons.pieces.T @ error[lessons.lesson, lessons.place] + pull
        return float(weights @ pull / 2.0 - _true_log_shares(logs, lessons).sum()), slope

    found = minimize(cost, np.zeros(COUNT), jac=True, method="L-BFGS-B", options=STOPS_AT)
    if not found.success:
        raise ArithmeticError(f"no weights: {found.message}")
    weights: Floats = found.x
    return weights


def by_table(weights: Floats) -> dict[str, list[float]]:
    """Cut the row of weights into its tables."""
    return {
        name: [float(each) for each in weights[FIRST[name] : FIRST[name] + size]]
        for name, size in TABLES.items()
    }


def _log_shares(weights: Floats, lessons: Packed) -> Floats:
    """Log of the probability of each answer, a row for each lesson."""
    scores = np.full((len(lessons.answer), lessons.place.max() + 1), -np.inf)
    scores[:, 0] = 0.0
    scores[lessons.lesson, lessons.place] = lessons.pieces @ weights + lessons.prior
    logs: Floats = log_softmax(scores, axis=1)
    return logs


def _true_log_shares(logs: Floats, lessons: Packed) -> Floats:
    """The log probabilities of the true answers."""
    given: Floats = logs[np.arange(len(lessons.answer)), lessons.answer]
    return given


def _prior_gradient() -> csr_array:
    """The matrix of the priors: times the weights, it is their gradient."""
    pairs = np.array(_neighbours())
    ends = np.arange(len(pairs) + 1) * 2
    signs = np.tile([1.0, -1.0], len(pairs))
    apart = csr_array((signs, pairs.ravel(), ends), shape=(len(pairs), COUNT))
    return diags_array(np.full(COUNT, SHRINK)) + SMOOTH * (apart.T @ apart)


def _neighbours() -> list[tuple[int, int]]:
    """Pairs of classes that lie side by side in a table, along its rows and across them."""
    pairs = []
    for name, size in TABLES.items():
        width = WIDTHS.get(name.rpartition(".")[2], size)
        first = FIRST[name]
        pairs += [(first + i, first + i + 1) for i in range(size - 1) if (i + 1) % width]
        pairs += [(first + i, first + i + width) for i in range(size - width)]
    return pairs

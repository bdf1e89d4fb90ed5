"""What would somebody know of a world who has learned from other worlds only? The fair peer of the
detector, which has never seen that world either.

It is one forest for all fields of all worlds: of each answer it is asked whether it is the true
one, by numbers that are relative to that field (`candidate_features`). The shares of the answers to
one question are divided by their sum, and one exponent calibrates them on questions from which it
did not learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .oracle import HELD_OUT, best_exponent, new_forest, sharpened

if TYPE_CHECKING:
    from sklearn.ensemble import RandomForestClassifier

Example = tuple[Sequence[Sequence[float]], int]
"""A row for each answer to a question, and which of them is the true one."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A calibrated forest that knows no world."""

    forest: RandomForestClassifier
    exponent: float
    learned_from: int

    def posteriors(self, questions: Sequence[Sequence[Sequence[float]]]) -> list[list[float]]:
        """Return the probability of each answer to each question, in the order of its rows."""
        return [sharpened(shares, self.exponent) for shares in _shares(self.forest, questions)]


def learn_peer(examples: Sequence[Example], *, trees: int, seed: int) -> Peer:
    """Learn a peer from questions of other worlds with their true answers."""
    held = examples[::HELD_OUT]
    kept = [each for number, each in enumerate(examples) if number % HELD_OUT]
    forest = new_forest(trees, seed)
    forest.fit(
        [row for rows, _ in kept for row in rows],
        [number == true for rows, true in kept for number in range(len(rows))],
    )
    shares = _shares(forest, [rows for rows, _ in held])
    raw = [(mine, true) for mine, (_, true) in zip(shares, held, strict=True)]
    return Peer(forest, best_exponent(raw), len(kept))


def _shares(
    forest: RandomForestClassifier, questions: Sequence[Sequence[Sequence[float]]]
) -> Iterator[list[float]]:
    """The votes for each answer as shares of those of all answers to the question."""
    rows = [row for each in questions for row in each]
    if not rows:
        return
    votes = iter(forest.predict_proba(rows)[:, 1])
    for each in questions:
        mine = [float(next(votes)) + 1e-4 for _ in each]
        total = sum(mine)
        yield [vote / total for vote in mine]

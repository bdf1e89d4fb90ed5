"""Does the detector know what can be known of a world? Its answers are compared with those of two
oracles.

The *ceiling* has learned from other days of the judged world, so that it knows how often aircraft
fly to which field, and along which corridors. What it decides is decidable. The *peer* has learned
from the other worlds only, as fits a detector that has never seen this one: the fair yardstick for
log loss. Both learn from the same days, which are of another seed than those judged.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from .altered import Alteration, altered_world
from .cases import case
from .features import candidate_features, features
from .measures import share
from .oracle import DECIDED, Oracle, learn_oracle
from .peers import Peer, learn_peer
from .polls import poll_case
from .questions import NONE, answers, fixes_of, questions, weighed_answers
from .records import Claim, Record, ScoredQuestion
from .running import ORACLE_SEED, mapped
from .scoring import Probabilities, Tally, claims_within
from .world import World

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question of a world: the numbers for each oracle, and the true answer."""

    numbers: list[float]
    rows: list[list[float]]
    answer: str


@dataclass(slots=True)
class Compared:
    """What the detector knew of one world, beside its two oracles."""

    number: int
    questions: int = 0
    decided: int = 0
    ceiling_right: int = 0
    """Of the questions that the ceiling decides, those that it decides rightly."""
    decidable: Tally = field(default_factory=Tally)
    """Landings of the questions that the ceiling decides: true, counted by the detector, right."""
    peer_decided: int = 0
    peer_right: int = 0
    guessable: Tally = field(default_factory=Tally)
    """The same of the questions that the peer decides."""
    detector: Probabilities = field(default_factory=Probabilities)
    peer: Probabilities = field(default_factory=Probabilities)
    ceiling: Probabilities = field(default_factory=Probabilities)
    tenths: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in range(TENTHS)])
    """By the probability of the detector's best answer: questions, sum of it, hits."""

    @property
    def beside_peer(self) -> float:
        """The detector's log loss as a multiple of the peer's; NaN without a question."""
        return share(self.detector.loss, self.peer.loss)

    @property
    def beside_ceiling(self) -> float:
        """The detector's log loss as a multiple of the ceiling's; NaN without a question."""
        return share(self.detector.loss, self.ceiling.loss)


def lessons_of(
    number: int, alteration: Alteration, days: int, *, processes: int, cache: Path | None
) -> list[Lesson]:
    """Return the questions of so many days of a world; they are kept in `cache` if given."""
    path = cache and cache / f"lessons-world-{number}-{days}-{_key(alteration)}.json.gz"
    if path and path.exists():
        with gzip.open(path, "rt") as file:
            return [Lesson(*each) for each in json.load(file)]
    found = list(mapped(partial(_lessons, number, alteration), days, processes))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt") as file:
            json.dump([[each.numbers, each.rows, each.answer] for each in found], file)
    return found


def _key(alteration: Alteration) -> str:
    """A name for an alteration, the same in each process."""
    floors = "-".join(map(str, alteration.floors_ft)) or "drawn"
    classes = "-".join(f"{name}{times:g}" for name, times in alteration.classes) or "drawn"
    return f"{floors}-{alteration.faults:g}-{classes}"


def _lessons(number: int, alteration: Alteration, index: int) -> list[Lesson]:
    world = altered_world(number, alteration)
    one = case(ORACLE_SEED, index, world=world)
    received = poll_case(one)
    return [
        Lesson(
            features(question, received.slots, world),
            candidate_features(question, received.slots, world),
            question.answer,
        )
        for flight, observations in zip(one.flights, received.observations, strict=True)
        for question in questions(fixes_of(observations), flight.landed, received.now, world)
    ]


def learn_ceiling(lessons: Sequence[Lesson], world: World, *, trees: int) -> Oracle:
    """Learn the ceiling of a world from its own lessons."""
    examples = [(each.numbers, each.answer) for each in lessons]
    return learn_oracle(examples, answers(world), trees=trees, seed=ORACLE_SEED)


def learn_stranger(
    lessons: Mapping[int, Sequence[Lesson]], worlds: Mapping[int, World], but: int, *, trees: int
) -> Peer:
    """Learn the peer of the world `but` from the lessons of all the others."""
    found = [
        (each.rows, weighed_answers(worlds[number]).index(each.answer))
        for number, taught in lessons.items()
        if number != but
        for each in taught
    ]
    return learn_peer(found, trees=trees, seed=ORACLE_SEED)


def compared(
    number: int, world: World, records: Iterable[Record], ceiling: Oracle, peer: Peer
) -> Compared:
    """Return how the detector's answers in these records compare with the oracles'."""
    found = Compared(number)
    asked = [(record, each) for record in records for each in record.scored_questions]
    known = ceiling.posteriors([each.numbers for _, each in asked])
    guessed = peer.posteriors([each.rows for _, each in asked])
    for (record, question), knows, guesses in zip(asked, known, guessed, strict=True):
        found.questions += 1
        found.detector.add(question.probabilities, question.answer)
        found.ceiling.add(knows, question.answer)
        guessing = dict(zip(weighed_answers(world), guesses, strict=True))
        found.peer.add(guessing, question.answer)
        _weigh(found, question)
        claims = claims_within(record, question)
        best = max(knows, key=knows.__getitem__)
        if knows[best] >= DECIDED:
            found.decided += 1
            found.ceiling_right += best == question.answer
            _tally(found.decidable, question, claims)
        best = max(guessing, key=guessing.__getitem__)
        if guessing[best] >= DECIDED:
            found.peer_decided += 1
            found.peer_right += best == question.answer
            _tally(found.guessable, question, claims)
    return found


def _tally(tally: Tally, question: ScoredQuestion, claims: Sequence[Claim]) -> None:
    tally.true += question.answer != NONE
    tally.counted += len(claims)
    tally.right += sum(claim.truth is not None for claim in claims)


def _weigh(found: Compared, question: ScoredQuestion) -> None:
    best = max(question.probabilities, key=question.probabilities.__getitem__)
    probability = question.probabilities[best]
    row = found.tenths[min(TENTHS - 1, int(probability * TENTHS))]
    row[0] += 1
    row[1] += probability
    row[2] += best == question.answer


def table(found: Sequence[Compared], names: Mapping[int, str]) -> Iterator[str]:
    """Yield the lines of the comparison, the worst and the median world, and the calibration."""
    yield (
        f"{'world':<12} {'questions':>9} {'decidable':>9} {'ceiling right':>13} {'landings':>8} "
        f"{'counted':>7} {'precision':>9} {'recall':>6} {'peer decides':>12} {'right':>5} "
        f"{'recall':>6} {'log loss':>8} {'÷ peer':>6} {'÷ ceiling':>9}"
    )
    for each in found:
        tally, count = each.decidable, each.questions
        yield (
            f"{names[each.number]:<12} {count:>9} {share(each.decided, count):>9.3f} "
            f"{share(each.ceiling_right, each.decided):>13.3f} {tally.true:>8} {tally.counted:>7} "
            f"{tally.precision:>9.4f} {tally.recall:>6.3f} "
            f"{share(each.peer_decided, count):>12.3f} "
            f"{share(each.peer_right, each.peer_decided):>5.3f} {each.guessable.recall:>6.3f} "
            f"{share(each.detector.loss, count):>8.4f} {each.beside_peer:>6.2f} "
            f"{each.beside_ceiling:>9.2f}"
        )
    precisions = [each.decidable.precision for each in found if each.decidable.counted]
    recalls = [each.decidable.recall for each in found if each.decidable.true]
    if precisions and recalls:
        yield (
            f"where decidable: precision worst {min(precisions):.4f}, median "
            f"{median(precisions):.4f}; recall worst {min(recalls):.3f}, median "
            f"{median(recalls):.3f}"
        )
    loss = [sum(each.detector.loss for each in found), sum(each.peer.loss for each in found)]
    yield (
        f"log loss beside the peer's: worst {max(each.beside_peer for each in found):.2f}, "
        f"of all questions {share(*loss):.2f}"
    )
    yield f"{'best answer':<12} " + " ".join(
        f"{f'{tenth / TENTHS:.1f}-{(tenth + 1) / TENTHS:.1f}':>16}" for tenth in range(2, TENTHS)
    )
    for each in found:
        yield f"{names[each.number]:<12} " + " ".join(map(_tenth, each.tenths[2:]))
    everywhere = [
        [sum(column) for column in zip(*rows, strict=True)]
        for rows in zip(*(each.tenths for each in found), strict=True)
    ]
    yield f"{'all':<12} " + " ".join(map(_tenth, everywhere[2:]))


def _tenth(row: Sequence[float]) -> str:
    """Its mean probability, its share of hits, and the questions: `0.84→0.91 (33)`."""
    number, total, hits = row
    if not number:
        return f"{'-':>16}"
    return f"{f'{total / number:.2f}→{hits / number:.2f} ({number:.0f})':>16}"

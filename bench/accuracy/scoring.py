"""How well did the detector do? Many records are counted by class, floor, field and fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .dated import Dated, week_at
from .matching import matched, plain_claim
from .measures import brier, log_loss
from .oracle import DECIDED, Oracle
from .places import WATCHED
from .questions import NONE, SLACK_S
from .records import Claim, Record, ScoredQuestion


@dataclass(slots=True)
class Tally:
    """Counted landings compared with the truth."""

    true: int = 0
    counted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of the counted landings that is true; NaN if none was counted."""
        return self.right / self.counted if self.counted else float("nan")

    @property
    def recall(self) -> float:
        """The share of the true landings that was counted; NaN if there were none."""
        return self.right / self.true if self.true else float("nan")


@dataclass(slots=True)
class Probabilities:
    """Scores of probabilities over questions."""

    count: int = 0
    loss: float = 0.0
    error: float = 0.0

    def add(self, probabilities: Mapping[str, float], answer: str) -> None:
        """Add one question."""
        self.count += 1
        self.loss += log_loss(probabilities, answer)
        self.error += brier(probabilities, answer)


@dataclass(slots=True)
class Score:
    """All scores of one set of records."""

    records: int = 0
    by_field: dict[str, Tally] = field(default_factory=dict)
    by_class: dict[str, Tally] = field(default_factory=dict)
    by_floor: dict[str, Tally] = field(default_factory=dict)
    by_fault: dict[str, Tally] = field(default_factory=dict)
    all: Tally = field(default_factory=Tally)
    decidable: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    """Landings that the oracle counts (true), and those of them that the detector counts
    (right)."""
    oracle: Tally = field(default_factory=Tally)
    """The landings that the oracle itself counts."""
    published: dict[str, Tally] = field(default_factory=dict)
    """At the watched field."""
    watched_decidable: dict[str, Tally] = field(default_factory=dict)
    """At the watched field, questions that the oracle decides, by rule."""
    grades: dict[str, Tally] = field(default_factory=dict)
    detector: Probabilities = field(default_factory=Probabilities)
    best: Probabilities = field(default_factory=Probabilities)
    unsure: Counter[str] = field(default_factory=Counter)
    """Questions that the oracle leaves open: named and right, named and wrong, undetermined or
    silent."""
    invented: Counter[str] = field(default_factory=Counter)
    """Counted landings without a true one, by class and by fault."""
    moved: Counter[str] = field(default_factory=Counter)
    """Counted at another field than the true one, `LLOV as LLER`."""
    kept_by: dict[str, Tally] = field(default_factory=dict)
    """Landings that the oracle counts (true) and the detector too (right): by fault, class,
    floor."""
    weeks: Dated = field(default_factory=Dated)
    """Of right counts."""
    errors: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """(touchdown error, stated ±) in seconds of right counts, by how they were received; those of
    their departures likewise."""
    undetermined: int = 0


def score(records: Sequence[Record], oracle: Oracle | None) -> Score:
    """Add up the score of all records."""
    total = Score()
    for record in records:
        total.records += 1
        total.undetermined += record.undetermined
        _counts(total, record)
        _times(total, record)
        _published(total, record)
        for question in record.scored_questions:
            total.detector.add(question.probabilities, question.answer)
    if oracle is not None:
        _compare(total, records, oracle)
    return total


def _tallies(total: Score, record: Record, airfield: str) -> list[Tally]:
    groups = (
        (total.by_field, airfield),
        (total.by_class, record.name),
        (total.by_floor, f"{record.floor_ft:,} ft"),
        (total.by_fault, record.fault),
    )
    return [total.all, *(tallies.setdefault(key, Tally()) for tallies, key in groups)]


def _counts(total: Score, record: Record) -> None:
    for truth in record.truths:
        for tally in _tallies(total, record, truth.airfield):
            tally.true += 1
    for claim in record.claims:
        grade = total.grades.setdefault(claim.grade, Tally())
        grade.counted += 1
        grade.right += claim.truth is not None
        if not claim.counted:
            continue
        for tally in _tallies(total, record, claim.airfield):
            tally.counted += 1
            tally.right += claim.truth is not None
        if claim.truth is None:
            _blame(total, record, claim)


def _blame(total: Score, record: Record, claim: Claim) -> None:
    if claim.instead_of is not None and claim.instead_of != claim.airfield:
        total.moved[f"{claim.instead_of} as {claim.airfield}"] += 1
        return
    what = "twice" if claim.instead_of == claim.airfield else "invented"
    total.invented[f"{what}: {record.name}"] += 1
    total.invented[f"{what}, fault {record.fault}"] += 1


def _times(total: Score, record: Record) -> None:
    for claim in record.claims:
        if not claim.counted or claim.truth is None:
            continue
        truth = record.truths[claim.truth]
        total.weeks.add(claim.weeks, week_at(truth.at_s))
        if claim.weeks.unheard:
            how = "arrival that nobody heard"
        elif record.rolled[claim.truth]:
            how = "roll-out received"
        else:
            how = "inferred, floor ≤ 8,000 ft" if record.floor_ft <= 8000 else "inferred, higher"
        total.errors.setdefault(how, []).append((abs(claim.at_s - truth.at_s), claim.uncertainty_s))
        if claim.left_at_s is not None and truth.left_at_s is not None:
            off_s = abs(claim.left_at_s - truth.left_at_s)
            total.errors.setdefault("departure", []).append((off_s, claim.left_uncertainty_s))


def _published(total: Score, record: Record) -> None:
    truths = [truth for truth in record.truths if truth.airfield == WATCHED]
    for rule, landings in record.published.items():
        tally = total.published.setdefault(rule, Tally())
        claims = [plain_claim(icao, at_s) for icao, at_s in landings if icao == WATCHED]
        tally.true += len(truths)
        tally.counted += len(claims)
        tally.right += len(matched(truths, claims))


def _compare(total: Score, records: Sequence[Record], oracle: Oracle) -> None:
    questions = [(record, question) for record in records for question in record.scored_questions]
    posteriors = oracle.posteriors([question.numbers for _, question in questions])
    for (record, question), posterior in zip(questions, posteriors, strict=True):
        total.best.add(posterior, question.answer)
        best = max(posterior, key=posterior.__getitem__)
        claims = claims_within(record, question)
        named = claims[0].airfield if claims else None
        if posterior[best] >= DECIDED:
            _count_decided(total, record, question, claims)
            if best != NONE:
                _count_kept(total, record, question, best, named)
        else:
            total.unsure[_naming(named, question.answer)] += 1


def claims_within(record: Record, question: ScoredQuestion) -> list[Claim]:
    """Return the landings that the detector counts in this silence."""
    begin_s = question.begin_s - SLACK_S
    return [
        claim
        for claim in record.claims
        if claim.counted and begin_s <= claim.at_s <= question.end_s
    ]


def _count_decided(
    total: Score, record: Record, question: ScoredQuestion, claims: Sequence[Claim]
) -> None:
    tallies = [total.decidable]
    if question.answer == WATCHED or any(claim.airfield == WATCHED for claim in claims):
        tallies.append(total.watched_decidable.setdefault("detector", Tally()))
    for tally in tallies[:1]:
        tally.true += question.answer != NONE
        tally.counted += len(claims)
        tally.right += sum(claim.truth is not None for claim in claims)
    for tally in tallies[1:]:
        here = [claim for claim in claims if claim.airfield == WATCHED]
        tally.true += question.answer == WATCHED
        tally.counted += len(here)
        tally.right += sum(claim.truth is not None for claim in here)
    for rule, landings in record.published.items():
        tally = total.watched_decidable.setdefault(rule, Tally())
        here_too = [at for icao, at in landings if icao == WATCHED and _near(at, question)]
        tally.true += question.answer == WATCHED
        tally.counted += len(here_too)
        tally.right += min(len(here_too), int(question.answer == WATCHED))


def _near(at_s: float, question: ScoredQuestion) -> bool:
    return question.begin_s - 600.0 <= at_s <= question.end_s


def _count_kept(
    total: Score, record: Record, question: ScoredQuestion, best: str, named: str | None
) -> None:
    total.oracle.counted += 1
    total.oracle.right += best == question.answer
    if best != question.answer:
        return
    total.kept.true += 1
    total.kept.right += named == best
    for group in (f"fault {record.fault}", f"class {record.name}", f"floor {record.floor_ft:,} ft"):
        tally = total.kept_by.setdefault(group, Tally())
        tally.true += 1
        tally.counted += named is not None
        tally.right += named == best


def _naming(named: str | None, answer: str) -> str:
    if named is None:
        return "undetermined or no answer"
    return "named, right" if named == answer else "named, wrong"

"""What is kept of each case? The truth, the answers of the detector and of the published rules, and
the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation

from .cases import Case, Transponder, case
from .dated import Weeks, weeks_said
from .features import candidate_features, features
from .legs import Landed
from .matching import claim_of, matched
from .places import HOMES
from .polls import ReceivedCase, poll_case
from .questions import answer_probabilities, fixes_of, questions
from .rules import RULES, landings_by_rule
from .world import SOUTHERN, World

COUNT_FROM = Grade.PROBABLE
ROLLED_S = 90.0
"""A ground report this soon after touchdown, before the aircraft stands, shows the roll-out."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One landing that the detector names (any grade), and the truth it matches, if any."""

    airfield: str
    grade: str
    probability: float
    counted: bool
    at_s: float
    uncertainty_s: float
    left_at_s: float | None
    left_uncertainty_s: float
    weeks: Weeks
    truth: int | None
    """Index of the true landing at that field and time."""
    instead_of: str | None
    """The field of the true landing at that time, if it is another; None if there was none."""


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """One question: its true answer, the answer of the detector, and the numbers for the oracle."""

    answer: str
    probabilities: dict[str, float]
    numbers: list[float]
    begin_s: float
    end_s: float
    rows: list[list[float]] = field(default_factory=list)
    """For an oracle that does not know the world; a row for each answer."""


@dataclass(frozen=True, slots=True)
class Record:
    """One aircraft of one case."""

    index: int
    name: str
    target: str
    floor_ft: int
    fault: str
    truths: tuple[Landed, ...]
    rolled: tuple[bool, ...]
    """For each true landing, whether reports of its roll-out were received."""
    claims: tuple[Claim, ...]
    undetermined: int
    published: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    scored_questions: tuple[ScoredQuestion, ...] = ()


def examples(seed: int, index: int) -> list[tuple[list[float], str]]:
    """Return the questions of one case with their answers, for the oracle to learn from."""
    one = case(seed, index)
    received = poll_case(one)
    found = []
    for flight, observations in zip(one.flights, received.observations, strict=True):
        for question in questions(fixes_of(observations), flight.landed, received.now):
            found.append((features(question, received.slots), question.answer))
    return found


def records(
    seed: int,
    index: int,
    rules: LandingRules,
    *,
    adaptive: bool = False,
    world: World = SOUTHERN,
    for_oracles: bool = False,
) -> list[Record]:
    """Return the records of one case, polled, detected and judged by every rule.

    Of worlds other than the southern one they hold questions only `for_oracles`.
    """
    one = case(seed, index, adaptive=adaptive, world=world)
    received = poll_case(one)
    return [
        _record(one, received, number, rules, for_oracles=for_oracles)
        for number in range(len(one.flights))
    ]


def detected(
    observations: Sequence[Observation],
    received: ReceivedCase,
    sends: Transponder,
    rules: LandingRules,
    world: World = SOUTHERN,
) -> list[Detection]:
    """Return the detections at the fields of the world, without homes and strips."""
    derived = detect(
        observations,
        received.slots,
        world.candidates,
        rules,
        received.now,
        type_code=sends.type_code,
    )
    return [each for each in derived.detections if _concerns(each, world)]


def _concerns(detection: Detection, world: World) -> bool:
    if detection.airfield is not None:
        return world is not SOUTHERN or detection.airfield not in HOMES
    return any(each.airfield in world.fields for each in detection.candidates)


def _record(
    one: Case, received: ReceivedCase, number: int, rules: LandingRules, *, for_oracles: bool
) -> Record:
    flight, observations = one.flights[number], received.observations[number]
    detections = detected(observations, received, one.transponders[number], rules, one.world)
    # The published rules know the southern world only.
    south = one.world is SOUTHERN
    fixes = fixes_of(observations) if south or for_oracles else []
    silences = questions(fixes, flight.landed, received.now, one.world)
    return Record(
        index=one.index,
        name=one.name,
        target=one.target,
        floor_ft=one.floor_ft,
        fault=one.fault.value,
        truths=tuple(flight.landed),
        rolled=tuple(_rolled(observations, landed) for landed in flight.landed),
        claims=tuple(_claims(detections, flight.landed)),
        undetermined=sum(each.airfield is None for each in detections),
        published={rule: landings_by_rule(rule, observations) for rule in (RULES if south else ())},
        scored_questions=tuple(
            ScoredQuestion(
                question.answer,
                answer_probabilities(detections, question, one.world),
                features(question, received.slots, one.world),
                question.begin_at.timestamp(),
                question.end_at.timestamp(),
                candidate_features(question, received.slots, one.world) if for_oracles else [],
            )
            for question in silences
        ),
    )


def _rolled(observations: Sequence[Observation], landed: Landed) -> bool:
    return any(
        o.on_ground and o.fresh and 0.0 <= o.at.timestamp() - landed.at_s <= ROLLED_S
        for o in observations
    )


def _claims(detections: Sequence[Detection], landed: Sequence[Landed]) -> list[Claim]:
    named = [each for each in detections if each.airfield is not None]
    # Those that count are matched first: a shown doubt must not take their truth.
    named.sort(key=lambda each: -each.grade.rank)
    plain = [claim_of(each, each.airfield or "") for each in named]
    truth_of = {claim: truth for truth, claim in matched(landed, plain)}
    claims = []
    for number, detection in enumerate(named):
        _, at_s, begin_s, end_s = plain[number]
        meant = (one.airfield for one in landed if begin_s <= one.at_s <= end_s)
        truth, left = truth_of.get(number), detection.departed_at
        claims.append(
            Claim(
                airfield=detection.airfield or "",
                grade=detection.grade.value,
                probability=detection.probability,
                counted=detection.grade.rank >= COUNT_FROM.rank and detection.visit_known,
                at_s=at_s,
                uncertainty_s=detection.uncertainty_s,
                left_at_s=None if left is None else left.timestamp(),
                left_uncertainty_s=detection.departed_uncertainty_s or 0.0,
                weeks=weeks_said(detection),
                truth=truth,
                instead_of=None if truth is not None else next(meant, None),
            )
        )
    return claims

"""What is each piece of evidence worth? `python -m bench.accuracy.fit` writes the weights.

A conditional logit: each field's pieces add up to its odds against having landed at none, and the
weights are those under which the truth of simulated silences is likeliest, shrunk toward zero.
The days it learns from are never the ones that are reported.
"""

from __future__ import annotations

import argparse
import math
import random
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from collector.landings.contacts import contacts_of
from collector.landings.evidence.pieces import TABLES, Piece
from collector.landings.fields import usable
from collector.landings.inferred import evidence_of
from collector.landings.rules import LandingRules
from collector.landings.scene import Scene
from collector.landings.segments import gaps_of
from collector.landings.silences import silence_of
from collector.model import Airfield
from collector.tracking import track

from .cases import case
from .listening import heard
from .places import FIELDS, candidates
from .running import mapped

FIT_SEED = 770_001
"""The days learned from; the oracle's and the reported ones differ."""
BLIND_SHARE = 0.25
"""Of the days are learned without runways, so that fields without known ones are weighed too."""
DROPPED_SHARE = 0.05
"""Of the days are learned with one of the fields unknown, so that a landing there is "none"."""
UNHEARD_SHARE = 0.15
"""Of the days are learned as an archive shows them: nothing is known about who listened."""
SHRINK = 0.5
"""Weight of the prior that a piece means nothing; in nats per squared weight."""
PASSES = 40
RATE = 0.25
SLACK_S = 200.0

Lesson = tuple[dict[str, list[Piece]], str]
"""The pieces of each possible field, and where it truly landed (`none` too)."""

WEIGHTS_FILE = Path(__file__).parents[2] / "collector/landings/evidence/weights.py"


def lessons_of(seed: int, index: int) -> list[Lesson]:
    """Every silence of one day that the detector would weigh."""
    one = case(seed, index)
    what = heard(one)
    rng = random.Random(f"fit {seed} {index}")
    fields = _blinded(candidates()) if rng.random() < BLIND_SHARE else candidates()
    if rng.random() < DROPPED_SHARE:
        unknown = rng.choice(FIELDS)
        fields = tuple(field for field in fields if field.icao != unknown)
    slots = [] if rng.random() < UNHEARD_SHARE else what.slots
    rules, found = LandingRules(), []
    for flight, observations, sends in zip(
        one.flights, what.observations, one.transponders, strict=True
    ):
        fixes = track(observations)
        if not fixes:
            continue
        able = usable(fields, fixes[-1], sends.type_code, rules)
        scene = Scene(able, slots, rules, what.now)
        contacts = contacts_of(fixes, able, rules)
        for gap in gaps_of(contacts, rules):
            silence = silence_of(contacts, gap, scene)
            if silence is None:
                continue
            pieces = evidence_of(silence, scene)
            begin_s = silence.begins.fix.at.timestamp() - SLACK_S
            end_s = (silence.ends.fix.at if silence.ends else what.now).timestamp()
            landed = [each for each in flight.landed if begin_s <= each.at_s <= end_s]
            answer = landed[-1].airfield if landed else "none"
            if pieces:
                found.append((pieces, answer if answer in pieces else "none"))
    return found


def _blinded(fields: Sequence[Airfield]) -> tuple[Airfield, ...]:
    return tuple(replace(field, runways=()) for field in fields)


def fitted(lessons: list[Lesson], rng: random.Random) -> dict[str, list[float]]:
    """The weights, by stochastic gradient ascent with a step of its own for each (AdaGrad)."""
    weights = {table: [0.0] * size for table, size in TABLES.items()}
    squares = {table: [1e-3] * size for table, size in TABLES.items()}
    decay = SHRINK / len(lessons)
    seen = {table: [0] * size for table, size in TABLES.items()}
    for pieces, _ in lessons:
        for table, index in {piece for found in pieces.values() for piece in found}:
            seen[table][index] += 1
    for _ in range(PASSES):
        rng.shuffle(lessons)
        for pieces, answer in lessons:
            steps: dict[Piece, float] = {}
            for icao, share in shares(pieces, weights).items():
                for piece in pieces[icao]:
                    steps[piece] = steps.get(piece, 0.0) + (icao == answer) - share
            for (table, index), step in steps.items():
                row, total = weights[table], squares[table]
                gradient = step - decay * len(lessons) * row[index] / seen[table][index]
                total[index] += gradient * gradient
                row[index] += RATE * gradient / math.sqrt(total[index])
    return weights


def shares(pieces: dict[str, list[Piece]], weights: dict[str, list[float]]) -> dict[str, float]:
    """The probability of each field; what is missing to 1 is that of none."""
    nats = {
        icao: sum(weights[table][index] for table, index in found) for icao, found in pieces.items()
    }
    top = max(0.0, *nats.values())
    odds = {icao: math.exp(each - top) for icao, each in nats.items()}
    total = math.exp(-top) + sum(odds.values())
    return {icao: each / total for icao, each in odds.items()}


def log_loss(lessons: Sequence[Lesson], weights: dict[str, list[float]]) -> float:
    """Mean −ln of the probability given to the truth."""
    total = 0.0
    for pieces, answer in lessons:
        given = shares(pieces, weights)
        right = given[answer] if answer in given else 1.0 - sum(given.values())
        total -= math.log(max(1e-9, right))
    return total / len(lessons)


HEADER = """\"\"\"What is each class of evidence worth, in nats? Written by `bench.accuracy.fit`.

Learned from {count} silences of {days} simulated days (seed {seed}), 0 where none was seen.
Log loss {inside:.3f} on them, {outside:.3f} on days it has not seen.
The classes are found in `landings.evidence.pieces`.
\"\"\"

# fmt: off
WEIGHTS: dict[str, tuple[float, ...]] = {{
"""


def main() -> None:
    """Learn, check on other days, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=12000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    lessons = list(mapped(partial(lessons_of, FIT_SEED), asked.days, asked.processes))
    others = list(mapped(partial(lessons_of, FIT_SEED + 1), asked.days // 5, asked.processes))
    WEIGHTS_FILE.write_text(written(lessons, others, asked.days))


def written(lessons: list[Lesson], others: list[Lesson], days: int) -> str:
    """The module of weights learned from `lessons`, with its log loss on `others` too."""
    weights = fitted(list(lessons), random.Random(FIT_SEED))
    inside, outside = log_loss(lessons, weights), log_loss(others, weights)
    head = HEADER.format(
        count=len(lessons), days=days, seed=FIT_SEED, inside=inside, outside=outside
    )
    return head + "".join(_row(table, row) for table, row in weights.items()) + "}\n"


def _row(table: str, row: Sequence[float]) -> str:
    numbers = " ".join(f"{each:.2f}," for each in row).replace("-0.00", "0.00")
    indent = " " * 8
    lines = textwrap.wrap(numbers, 98, initial_indent=indent, subsequent_indent=indent)
    return f'    "{table}": (\n' + "\n".join(lines) + "\n    ),\n"


if __name__ == "__main__":
    main()

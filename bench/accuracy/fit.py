"""How much is each piece of evidence worth? `python -m bench.accuracy.fit` learns the weights and
writes them.

It learns from simulated days of a seed of its own, which are never reported. Every fifth day is
polled every 20 s near the field, as the daemon does. On some days fields have no runways, or are
unknown, or the coverage is unknown. It also learns from days on which no aircraft is received low:
there the differences are small and the cases few.

The shipped weights were found by an optimiser of our own that stopped a little short of the maximum
of the same likelihood. Learned again, they differ in the second digit though nothing else changed:
from 1,299 silences by 0.01 in the mean and 0.29 at most, for a log loss on unseen days of 0.347
instead of 0.346.
"""

from __future__ import annotations

import argparse
import random
import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from collector.landings.contacts import contacts_of
from collector.landings.context import Context
from collector.landings.fields import usable_fields
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import silence_of
from collector.landings.unheard_landings import evidence_of
from collector.model import Airfield
from collector.tracking import track

from .cases import Case, case
from .logit import Lesson, by_table, learn_weights, log_loss, packed
from .places import FIELDS, candidates
from .polls import ReceivedCase, poll_case
from .running import FIT_SEED, mapped

BLIND_SHARE = 0.25
"""The share of days learned without runways, so that fields without known ones are weighed too."""
DROPPED_SHARE = 0.05
"""The share of days learned with one field unknown, so that a landing there is "none"."""
UNHEARD_SHARE = 0.15
"""The share of days learned as an archive shows them: the coverage is unknown."""
ADAPTIVE_EACH = 5
"""One day in this many is polled every 20 s near the field."""
HIGH_FLOOR_FT = 5000
HIGH_DAYS = 6 / 7
"""The further days searched for such floors, as a multiple of the days; a quarter have one."""
SLACK_S = 200.0

WEIGHTS_FILE = Path(__file__).parents[2] / "collector/landings/evidence/weights.py"


def regular(seed: int, index: int) -> list[Lesson]:
    """Return the lessons of one day."""
    one = _day(seed, index)
    return lessons_of(one, poll_case(one))


def high(seed: int, first: int, index: int) -> list[Lesson]:
    """Return the lessons of day `first + index` if no aircraft is received low on it, else none."""
    one = _day(seed, first + index)
    return lessons_of(one, poll_case(one)) if one.floor_ft >= HIGH_FLOOR_FT else []


def _day(seed: int, index: int) -> Case:
    return case(seed, index, adaptive=index % ADAPTIVE_EACH == 0)


def lessons_of(one: Case, received: ReceivedCase) -> list[Lesson]:
    """Return every silence of one day that the detector would weigh."""
    rng = random.Random(f"fit {one.seed} {one.index}")
    fields = _blinded(candidates()) if rng.random() < BLIND_SHARE else candidates()
    if rng.random() < DROPPED_SHARE:
        unknown = rng.choice(FIELDS)
        fields = tuple(field for field in fields if field.icao != unknown)
    slots = [] if rng.random() < UNHEARD_SHARE else received.slots
    rules, found = LandingRules(), []
    for flight, observations, sends in zip(
        one.flights, received.observations, one.transponders, strict=True
    ):
        fixes = track(observations)
        if not fixes:
            continue
        able, _ = usable_fields(fields, fixes[-1], sends.type_code, rules)
        scene = Context(able, slots, rules, received.now)
        contacts = contacts_of(fixes, able, rules)
        for gap in gaps_of(contacts, rules):
            silence = silence_of(contacts, gap, scene)
            if silence is None:
                continue
            begin_s = silence.begins.fix.at.timestamp() - SLACK_S
            end_s = (silence.ends.fix.at if silence.ends else received.now).timestamp()
            landed = [each for each in flight.landed if begin_s <= each.at_s <= end_s]
            answer = landed[-1].airfield if landed else "none"
            pieces = evidence_of(silence, scene)
            if pieces:
                found.append((pieces, answer if answer in pieces else "none"))
    return found


def _blinded(fields: Sequence[Airfield]) -> tuple[Airfield, ...]:
    return tuple(replace(field, runways=()) for field in fields)


HEADER = """\"\"\"What is each class of evidence worth, in nats? Written by `bench.accuracy.fit`.

Learned from {count} silences of {days} simulated days (seed {seed}), 0 where none was seen.
Log loss {inside:.3f} on them, {outside:.3f} on days it has not seen.
The classes are found in `landings.evidence.features`.
\"\"\"

# fmt: off
WEIGHTS: dict[str, tuple[float, ...]] = {{
"""


def main() -> None:
    """Learn, check on other days, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=28000)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    more = int(arguments.days * HIGH_DAYS)
    lessons = [
        *mapped(partial(regular, FIT_SEED), arguments.days, arguments.processes),
        *mapped(partial(high, FIT_SEED, arguments.days), more, arguments.processes),
    ]
    others = list(mapped(partial(regular, FIT_SEED + 1), arguments.days // 7, arguments.processes))
    WEIGHTS_FILE.write_text(written(lessons, others, arguments.days + more))


def written(lessons: list[Lesson], others: list[Lesson], days: int) -> str:
    """Return the module of weights learned from `lessons`, with its log loss on `others` too."""
    priors = {field.icao: field.prior_weight for field in candidates()}
    known = packed(lessons, priors)
    weights = learn_weights(known)
    head = HEADER.format(
        count=len(lessons),
        days=days,
        seed=FIT_SEED,
        inside=log_loss(weights, known),
        outside=log_loss(weights, packed(others, priors)),
    )
    return head + "".join(_row(table, row) for table, row in by_table(weights).items()) + "}\n"


def _row(table: str, row: Sequence[float]) -> str:
    numbers = " ".join(f"{each:.2f}," for each in row).replace("-0.00", "0.00")
    numbers = re.sub(r"\b0\.", ".", numbers)  # a sixth shorter
    indent = " " * 8
    lines = textwrap.wrap(numbers, 100, initial_indent=indent, subsequent_indent=indent)
    return f'    "{table}": (\n' + "\n".join(lines) + "\n    ),\n"


if __name__ == "__main__":
    main()

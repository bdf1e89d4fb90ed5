"""How sure is it, in one word? The written rule of each grade.

confirmed  heard slow on the ground at the field, after an approach that was heard too, or twice
probable   not (or only once) heard on the ground, and at least 17 to 3 in favour: it was heard
           again climbing out, or feeds were proven to listen in its silence. Where neither is so,
           nineteen to one, and lost on short final; an outage alone never makes a landing.
possible   at least three to ten; shown, never counted by default
"""

from __future__ import annotations

from enum import Enum

from collector.landings.rules import LandingRules
from collector.model import Candidate, Grade


class Witness(Enum):
    """What speaks of an unheard landing besides the approach."""

    HEARD = "heard"
    """Heard again climbing out, or feeds were proven to listen while it was silent."""
    SHORT_FINAL = "short final"
    """Nobody was proven to listen, but it was all but down when it fell silent."""
    NOBODY = "nobody"


def inferred_grade(probability: float, rules: LandingRules, witness: Witness) -> Grade | None:
    """The grade of a landing nobody heard on the ground; None where it is not worth showing."""
    needed = {
        Witness.HEARD: rules.probable_from,
        Witness.SHORT_FINAL: rules.unproven_from,
        Witness.NOBODY: 1.0,
    }
    if probability >= needed[witness]:
        return Grade.PROBABLE
    if probability >= rules.possible_from:
        return Grade.POSSIBLE
    return None


def attributed(
    shares: dict[str, float], landed: float, rules: LandingRules, *, low: bool
) -> tuple[str | None, tuple[Candidate, ...]]:
    """The field that may be named (None: undetermined), and all candidates, likeliest first.

    `shares` sum to 1 over the fields; `landed` is the probability of a landing at any of them.
    `low`: whether one end of the silence was heard low above the likeliest.
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(
        Candidate(icao, round(share * landed, 4))
        for icao, share in ranked
        if share >= rules.named_from
    )
    best, share = ranked[0]
    least = rules.attribute_from if low else rules.attribute_high_from
    return (best if share >= least else None), candidates

"""How sure is it, in one word? The written rule of each grade.

confirmed  heard slow on the ground at the field, after an approach that was heard too, or twice
probable   not (or only once) heard on the ground, and at least nine to one in favour
possible   at least three to ten; shown, never counted by default
"""

from __future__ import annotations

from collector.landings.rules import LandingRules
from collector.model import Candidate, Grade


def inferred_grade(probability: float, rules: LandingRules) -> Grade | None:
    """The grade of a landing nobody heard on the ground; None where it is not worth showing."""
    if probability >= rules.probable_from:
        return Grade.PROBABLE
    if probability >= rules.possible_from:
        return Grade.POSSIBLE
    return None


def attributed(
    shares: dict[str, float], landed: float, rules: LandingRules
) -> tuple[str | None, tuple[Candidate, ...]]:
    """The field that may be named (None: undetermined), and all candidates, likeliest first.

    `shares` sum to 1 over the fields; `landed` is the probability of a landing at any of them.
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple(
        Candidate(icao, round(share * landed, 4))
        for icao, share in ranked
        if share >= rules.named_from
    )
    best, share = ranked[0]
    return (best if share >= rules.attribute_from else None), candidates

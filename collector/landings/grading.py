"""How sure is it, in one word? The written rule of each grade.

confirmed  heard slow on the ground at the field, after an approach that was heard too, or twice
probable   not (or only once) heard on the ground, at least 17 to 3 in favour, and witnessed
           (`landings.evidence.witness`): an outage makes no landing
possible   at least three to ten; shown, never counted by default
"""

from __future__ import annotations

from collector.landings.rules import LandingRules
from collector.model import Candidate, Grade


def inferred_grade(probability: float, rules: LandingRules, *, witnessed: bool) -> Grade | None:
    """The grade of a landing nobody heard on the ground; None where it is not worth showing.

    `witnessed`: something besides the approach speaks of it (`landings.evidence.witness`).
    """
    if witnessed and probability >= rules.probable_from:
        return Grade.PROBABLE
    return Grade.POSSIBLE if probability >= rules.possible_from else None


def attribution(
    shares: dict[str, float], landed: float, rules: LandingRules, *, low: bool
) -> tuple[str | None, tuple[Candidate, ...]]:
    """The field that may be named (None: undetermined), and the candidates, likeliest first.

    `shares` sum to 1 over the fields; `landed` is the probability of a landing at any of them.
    `low`: whether one end of the silence was heard low above the likeliest.
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    best, share = ranked[0]
    candidates = tuple(
        Candidate(icao, round(each * landed, 4))
        for icao, each in ranked
        if each >= rules.named_from or icao == best
    )
    least = rules.attribute_from if low else rules.attribute_high_from
    return (best if share >= least else None), candidates

"""How certain is a landing, in one word? The written rule of each grade.

confirmed  received slow or braking on the ground at the field, more than once, after an approach
           that fits or with a stay (`landings.stays`)
probable   not received on the ground (or only once), with a probability of 85 % or more, and
           witnessed (`landings.evidence.witness`), so that an outage makes no landing
possible   a probability of 30 % or more; shown, not counted by default
"""

from __future__ import annotations

from collector.landings.rules import LandingRules
from collector.model import Grade


def inferred_grade(probability: float, rules: LandingRules, *, witnessed: bool) -> Grade | None:
    """Return the grade of a landing that was not received on the ground; None if it is too
    improbable to show.

    `witnessed` says that something besides the approach speaks for the landing
    (`landings.evidence.witness`).
    """
    if witnessed and probability >= rules.probable_from:
        return Grade.PROBABLE
    return Grade.POSSIBLE if probability >= rules.possible_from else None

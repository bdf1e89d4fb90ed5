"""Did another aircraft send with the same address at that time? Both landings say so.

Two steady tracks that no single aircraft can have flown are two aircraft, or one and a spoofed
position. Which of them is the watched one is unknown, so a landing beside the other track is a
grade lower, and none of the lighter track's is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from collector.landings.rules import LandingRules
from collector.model import Detection, Evidence, Grade
from collector.tracking import Fixes

AROUND = timedelta(minutes=30)
"""The other track concerns a visit if it was received in it, or so soon before or after."""


def beside_another(
    detections: Sequence[Detection], others: Sequence[Fixes], rules: LandingRules, *, lighter: bool
) -> list[Detection]:
    """Return the detections, those beside another track with less certainty and a sentence on it.

    `lighter` says that they are of the track with fewer positions.
    """
    return [_beside(detection, others, rules, lighter=lighter) for detection in detections]


def told_twice(detection: Detection, others: Sequence[Detection]) -> bool:
    """Return whether a landing of the lighter track is one of the heavier, from a late feed."""
    return any(
        each.airfield == detection.airfield
        and each.visit_from - AROUND <= detection.visit_until
        and detection.visit_from - AROUND <= each.visit_until
        for each in others
    )


def _beside(
    detection: Detection, others: Sequence[Fixes], rules: LandingRules, *, lighter: bool
) -> Detection:
    begin, end = detection.visit_from - AROUND, detection.visit_until + AROUND
    other = next((each for each in others if each.ats[0] <= end and begin <= each.ats[-1]), None)
    if other is None:
        return detection
    doubted = lighter or detection.grade.rank < Grade.CONFIRMED.rank
    highest, probability = (
        (Grade.POSSIBLE, rules.unsupported_ground_probability)
        if doubted
        else (Grade.PROBABLE, rules.lone_ground_probability)
    )
    first, last = other.ats[0], other.ats[-1]
    text = (
        f"From {first:%H:%M} to {last:%H:%M} UTC {len(other)} more positions were received with "
        "this address, and no single aircraft can have been at both places: this landing may be "
        "that of another aircraft, or those positions may be false."
    )
    line = Evidence(first, "two-tracks", text, "against", None, other.feeds(0))
    lower = detection.grade.rank > highest.rank
    return replace(
        detection,
        grade=highest if lower else detection.grade,
        probability=min(detection.probability, probability) if lower else detection.probability,
        evidence=(*detection.evidence, line),
    )

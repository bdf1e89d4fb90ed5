"""Did another aircraft send with the same address at that time? Both landings say so.

Two steady tracks that no single aircraft can have flown are two aircraft, or one and a spoofed
position. Which of them is the watched one is unknown, so a landing beside the other track is a
grade lower, and none of the lighter track's is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.landings.rules import LandingRules
from collector.model import Detection, Evidence, Grade
from collector.tracking import Fixes

TWO_TRACKS = "two-tracks"
"""The kind of the sentence on it. One doubt lowers a landing once."""

AROUND = timedelta(minutes=30)
"""The other track concerns a visit if it was received in it, or so soon before or after."""

HOPS_AROUND = timedelta(hours=3)
"""Hops concern a visit in it, or so soon before or after: the other aircraft is
received for about so long."""


def beside_another(
    detections: Sequence[Detection], others: Sequence[Fixes], rules: LandingRules, *, lighter: bool
) -> list[Detection]:
    """Return the detections, those beside another track with less certainty and a sentence on it.

    `lighter` says that they are of the track with fewer positions.
    """
    return [_beside(detection, others, rules, lighter=lighter) for detection in detections]


def between_hops(
    detection: Detection, hopped: Sequence[datetime], rules: LandingRules, *, approach_heard: bool
) -> Detection:
    """Return the landing with less certainty and a sentence on it if, around it, the positions
    hopped between two flights (`tracking.hops`).

    Which of the positions are whose is not known then. An aircraft that was received on the ground
    after its own approach (`approach_heard`) has landed all the same, but all that is inferred from
    what was not received may be of the other one.
    """
    begin, end = detection.visit_from - HOPS_AROUND, detection.visit_until + HOPS_AROUND
    near = [at for at in hopped if begin <= at <= end]
    if not near:
        return detection
    text = (
        f"At {near[0]:%H:%M} UTC the positions received with this address go from one flight to "
        "another, where no aircraft flies in that time: two aircraft send with it, or false "
        "positions are sent. "
        + (
            "This landing may be that of another aircraft."
            if approach_heard
            else "What was not received may be the other one's, so the landing is possible at most."
        )
    )
    line = Evidence(near[0], TWO_TRACKS, text, "against")
    return _lowered(detection, line, rules, doubted=not approach_heard)


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
    told = any(line.kind == TWO_TRACKS for line in detection.evidence)
    if other is None or (told and not lighter):
        return detection
    first, last = other.ats[0], other.ats[-1]
    text = (
        f"From {first:%H:%M} to {last:%H:%M} UTC {len(other)} more positions were received with "
        "this address, and no single aircraft can have been at both places: this landing may be "
        "that of another aircraft, or those positions may be false."
    )
    line = Evidence(first, TWO_TRACKS, text, "against", None, other.feeds(0))
    doubted = lighter or detection.grade.rank < Grade.CONFIRMED.rank
    return _lowered(detection, line, rules, doubted=doubted)


def _lowered(
    detection: Detection, line: Evidence, rules: LandingRules, *, doubted: bool
) -> Detection:
    """Return the landing with that line, and probable at most, or possible if it is `doubted`."""
    highest, probability = (
        (Grade.POSSIBLE, rules.unsupported_ground_probability)
        if doubted
        else (Grade.PROBABLE, rules.lone_ground_probability)
    )
    lower = detection.grade.rank > highest.rank
    return replace(
        detection,
        grade=highest if lower else detection.grade,
        probability=min(detection.probability, probability) if lower else detection.probability,
        evidence=(*detection.evidence, line),
    )

"""When did an aircraft land, when did it leave, and how long did it stay? Each in a sentence."""

from __future__ import annotations

from datetime import timedelta

from collector.model import Detection
from collector.reports import formatting

UNCERTAIN_S = 3600.0
"""s. A departure that is known less well is told as an interval."""


def departure(detection: Detection, zone: str) -> str:
    """Return when the aircraft left, and after how long, in one sentence."""
    if detection.departed_at is None:
        return "Its departure has not been heard so far."
    error_s = detection.departed_uncertainty_s
    if error_s is not None and error_s > UNCERTAIN_S:
        half = timedelta(seconds=error_s)
        begin = formatting.moment(detection.departed_at - half, zone)
        end = formatting.moment(detection.departed_at + half, zone)
        return f"When it left is not known better: between {begin} and {end}."
    words = f"It left on {formatting.moment(detection.departed_at, zone, error_s)}"
    if detection.unheard is not None:
        return f"{words}."
    length = formatting.duration(detection.departed_at - detection.touchdown_at)
    return f"{words}, after {length}."


def stay(detection: Detection) -> str:
    """Return how long the aircraft stayed, as far as that is known, in a short sentence."""
    if detection.departed_at is None:
        return "Its departure has not been heard so far."
    error_s = detection.departed_uncertainty_s
    if detection.unheard is not None or (error_s is not None and error_s > UNCERTAIN_S):
        return "How long it stayed is not known."
    return f"Left after {formatting.duration(detection.departed_at - detection.touchdown_at)}."


def touchdown_words(detection: Detection, zone: str) -> str:
    """Return when the aircraft landed, with its ±; if nobody heard it for more than four days,
    between when."""
    if detection.visit_known or detection.unheard is None:
        return formatting.moment(detection.touchdown_at, zone, detection.uncertainty_s)
    begin, end = detection.unheard.earliest, detection.unheard.latest
    return f"Not known: between {formatting.moment(begin, zone)} and {formatting.moment(end, zone)}"

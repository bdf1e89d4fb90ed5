"""At which other airfields may a landing have been, and what speaks against them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.model import Airfield, Candidate, Detection
from collector.reports.titles import airfield_title, airfield_with_code


@dataclass(frozen=True, slots=True)
class Rival:
    """Another airfield that was considered, and why it is not (or not yet) the answer."""

    airfield: str
    probability: float
    why_not: tuple[str, ...]


def rivals_of(detection: Detection, airfields: Sequence[Airfield]) -> list[Rival]:
    """Return the other airfields, likeliest first."""
    return [
        Rival(
            airfield_with_code(candidate.airfield, airfields, detection.touchdown_at.date()),
            candidate.probability,
            _reasons_against(candidate, detection, airfields),
        )
        for candidate in detection.ranked
        if candidate.airfield != detection.airfield
    ]


def _reasons_against(
    candidate: Candidate, detection: Detection, airfields: Sequence[Airfield]
) -> tuple[str, ...]:
    about = [each for each in detection.evidence if each.airfield == candidate.airfield]
    against = tuple(each.text for each in about if each.speaks == "against")
    weighed = tuple(each.text for each in about if each.kind == "rival")
    if against or weighed:
        return tuple(dict.fromkeys([*against, *weighed]))
    if detection.airfield is None:
        return ("No report so far rules it out.",)
    day = detection.touchdown_at.date()
    return (f"The reports fit {airfield_title(detection.airfield, airfields, day)} better.",)

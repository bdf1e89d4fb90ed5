"""Landings from a time and a place, with usual values for everything else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collector.model import (
    Candidate,
    Detection,
    Grade,
    Landing,
    Place,
    Rule,
    RuleKind,
    Watch,
    WatchMatch,
)

OVDA = Place(("LLOV",))
RAMON = Place(("LLER",))
EITHER = Place(("LLOV", "LLER"))

WEEKLY = Rule(name="weekly", kind=RuleKind.THRESHOLD, place=OVDA, count=2)
FORTNIGHT = Rule(name="fortnight", kind=RuleKind.THRESHOLD, place=OVDA, count=3, days=14)
SURGE = Rule(name="surge", kind=RuleKind.SURGE, place=OVDA)
OPEN = Rule(name="open", kind=RuleKind.UNDETERMINED, place=OVDA, count=2)

WATCH = Watch(
    name="silkway",
    places=(OVDA, RAMON, EITHER),
    rules=(WEEKLY, FORTNIGHT, SURGE, OPEN),
    home=("UBBB",),
)


def touchdown(
    at: datetime,
    airfield: str | None = "LLOV",
    *,
    candidates: Iterable[tuple[str, float]] = (),
    grade: Grade = Grade.PROBABLE,
    probability: float = 0.95,
    known_at: datetime | None = None,
    departed: bool = True,
    icao24: str = "600865",
    retracted: bool = False,
    review: str | None = None,
    counted: bool = True,
    watch: str = "silkway",
    ordinal: int = 1,
) -> Landing:
    """A landing at `at`, known two hours later unless said otherwise."""
    known_at = known_at or at + timedelta(hours=2)
    return Landing(
        id=f"{icao24}-{at:%Y-%m-%dT%H:%M:%S}-{ordinal}",
        detection=Detection(
            icao24=icao24,
            airfield=airfield,
            candidates=tuple(Candidate(code, share) for code, share in candidates),
            touchdown_at=at,
            uncertainty_s=120.0,
            departed_at=at + timedelta(hours=2) if departed else None,
            grade=grade,
            probability=probability,
            visit_from=at - timedelta(minutes=2),
            visit_until=at + timedelta(hours=2),
        ),
        registration="4K-AZ101",
        type_code="IL76",
        watches=(WatchMatch(watch, "fleet silkway", counted),),
        first_known_at=known_at,
        revised_at=known_at,
        retracted=retracted,
        review=review,
    )

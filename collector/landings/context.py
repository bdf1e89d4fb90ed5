"""What is one aircraft's track judged against? The candidate fields, the coverage, the rules and
the present time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collector.coverage.learned import Learned
from collector.landings.rules import LandingRules
from collector.landings.stay_lengths import StayLengths, prior
from collector.model import Airfield, Observation
from collector.model.coverage import CoverageSlot


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a judgement needs besides the track."""

    fields: Sequence[Airfield]
    """Candidates: the watched fields and their rivals."""
    slots: Sequence[CoverageSlot]
    """Coverage of the time in slots of five minutes; empty if nothing is known about it."""
    rules: LandingRules
    now: datetime
    learned: Sequence[Learned] = ()
    """The usual coverage learned from earlier days, one value a week."""
    lengths: StayLengths = field(default_factory=prior)
    """How long aircraft stay, as the heard stays of the fleet teach it."""
    reports: Sequence[Observation] = ()
    """All reports of the aircraft, also those that make no fix."""
    short: Sequence[Airfield] = ()
    """Fields whose runways are too short for the type: it is there only if received on the ground
    and at no other field."""
    works_aloft: bool = False
    """Whether the type also works in the air, so that it may fly about low in a silence."""

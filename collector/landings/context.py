"""Against what is one aircraft judged? Fields, what could be heard, the rules, and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.coverage.learned import Learned
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.model.coverage import CoverageSlot


@dataclass(frozen=True, slots=True)
class Context:
    """Everything but the track itself."""

    fields: Sequence[Airfield]
    """Candidates: watched fields and their rivals."""
    slots: Sequence[CoverageSlot]
    """Empty where nothing is known about who listened."""
    rules: LandingRules
    now: datetime
    learned: Sequence[Learned] = ()
    """What earlier days taught about who is usually heard, a value a week."""

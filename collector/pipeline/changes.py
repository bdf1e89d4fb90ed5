"""How did a landing change, and who decides what that means for the alerts?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model import Landing, Revision


@dataclass(frozen=True, slots=True)
class LandingChange:
    """A landing as it is now and as it was before (None: new), and what is told of the change."""

    landing: Landing
    before: Landing | None
    revision: Revision | None


class AlertJudge(Protocol):
    """Who decides what a change of landings means for the rules."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Evaluate the windows that these landings lie in, and owe what they call for."""

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time arrived."""

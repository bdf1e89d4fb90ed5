"""How did a landing change, and who decides what the change means for the alerts?

A `LandingChange` holds the landing before and after; the `AlertJudge` decides. The judge is a
protocol, so that the pipeline does not know the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model import Landing, Revision


@dataclass(frozen=True, slots=True)
class LandingChange:
    """A landing now and before (None: it is new), with the line of its history, if there is one."""

    landing: Landing
    before: Landing | None
    revision: Revision | None


class AlertJudge(Protocol):
    """Decides what changed landings mean for the rules."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Evaluate the windows in which these landings lie, and create the notices that follow."""

    def invalidate_coverage(self, at: datetime) -> None:
        """Invalidate the coverage kept for the week of `at`."""

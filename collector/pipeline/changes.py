"""How did a landing change, and who decides what the change means for the alerts?

A `LandingChange` holds the landing before and after; the `AlertJudge` decides. The judge is a
protocol, so that the pipeline does not know the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from collector.model import Detection, Landing, Revision, Watch


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


def touchdowns_of(changes: Iterable[LandingChange], watch: Watch) -> set[datetime]:
    """Return the touchdowns of a watch's landings now and before these changes.

    Of one that nobody heard arrive, a possible touchdown on each day is among them.
    """
    touchdowns: set[datetime] = set()
    for change in changes:
        for landing in (change.landing, change.before):
            if landing is not None and any(match.watch == watch.name for match in landing.watches):
                touchdowns.update(_possible_touchdowns(landing.detection))
    return touchdowns


def _possible_touchdowns(detection: Detection) -> Iterator[datetime]:
    """Yield times in every window, each of a day or longer, that the touchdown may lie in."""
    at, last = detection.touchdown_span
    yield from (detection.touchdown_at, last)
    while at < last:
        yield at
        at += timedelta(days=1)

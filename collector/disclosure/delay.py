"""When may a landing leave the operator's own pages? Some time after the aircraft has left.

The collector counts afterwards, and nobody shall be able to meet an aircraft by what it publishes.
A landing leaves a day after the aircraft departed. If no departure was heard, the landing leaves
three days after its touchdown, or after the last possible one if nobody heard it arrive.
docs/exports.md explains this to editors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model import Detection
from collector.model.stop import Side, Stop
from collector.model.unheard import LONGEST_SILENCE

SHORTEST = timedelta(hours=6)
"""No configuration can make the delay shorter (docs/exports.md#when-a-landing-leaves)."""
AFTER_DEPARTURE = timedelta(hours=24)
AFTER_TOUCHDOWN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Delay:
    """How long landings and weeks are held back."""

    after_departure: timedelta = AFTER_DEPARTURE
    after_touchdown: timedelta = AFTER_TOUCHDOWN
    """Where no departure was heard within this time."""

    def landing_leaves_at(self, detection: Detection) -> datetime:
        """Return when a landing may leave.

        If nobody heard it arrive, it may have landed at any time up to the first report of its
        stay, and have left at any time up to the first proof that it had. A departure later than
        `after_touchdown` after the touchdown no longer matters, so that a landing which has left is
        not held back again.

        >>> at = datetime(2026, 11, 22, 12)
        >>> def landing(stay_h: float | None) -> Detection:
        ...     left = None if stay_h is None else at + timedelta(hours=stay_h)
        ...     return Detection(
        ...         icao24="600865", airfield="LLOV", candidates=(), touchdown_at=at,
        ...         uncertainty_s=60.0, departed_at=left, visit_from=at, visit_until=left or at,
        ...     )
        >>> [(Delay().landing_leaves_at(landing(h)) - at) / timedelta(hours=1) for h in (2, 90)]
        [26.0, 72.0]
        >>> (Delay().landing_leaves_at(landing(None)) - at) / timedelta(hours=1)
        72.0
        """
        landed_by, left_by = detection.touchdown_at, detection.departed_at
        if (arrival := detection.unheard) is not None:
            landed_by = max(landed_by, arrival.latest)
            left_by = max(filter(None, (left_by, arrival.left_by)), default=None)
        not_heard = landed_by + self.after_touchdown
        if left_by is None or left_by >= not_heard:
            return not_heard
        return left_by + self.after_departure

    def stops_that_leave(self, stops: Sequence[Stop], now: datetime) -> tuple[Stop, ...]:
        """Return those of a landing's stops that may leave with it.

        An aircraft may still stand at the next stop, so that this one waits like a landing without
        a departure.
        """
        return tuple(
            stop
            for stop in stops
            if stop.side is Side.PREVIOUS
            or not stop.known
            or (stop.at is not None and stop.at + self.after_touchdown <= now)
        )

    def week_leaves_at(self, end: datetime) -> datetime:
        """Return when the count of a week may leave that ends at `end`.

        By then each of its landings may leave, also one that may lie in it or in the days after it:
        a silence of up to `LONGEST_SILENCE` may hide an arrival. The time depends on nothing else:
        a week that is missing does not show that somebody has just landed.
        """
        return end + LONGEST_SILENCE + self.after_touchdown + self.after_departure

"""For how long did this process really run? By a monotonic clock that leaves out standing still.

A process that is stopped (SIGSTOP, a container that is paused) proves no hang by the time that
passes meanwhile. The system's monotonic clock leaves out only the sleep of the whole machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from collector.clock import SystemClock

log = structlog.get_logger(__name__)

STOOD_STILL_FROM = timedelta(minutes=1)
"""A wait that takes so much too long was no wait on a busy machine."""


@dataclass
class AwakeTime:
    """The time in which this process ran, as far as the thread that supervises it noticed."""

    clock: SystemClock
    _noticed: tuple[timedelta, timedelta | None] = (timedelta(), None)
    """How long the process stood still, and when the present wait is at the latest over. Other
    threads, which go on before the one that waits, read both at once."""

    def monotonic(self) -> timedelta:
        """Return the monotonic clock without the time in which the process stood still."""
        frozen, latest = self._noticed
        now = self.clock.monotonic()
        return (now if latest is None else min(now, latest)) - frozen

    def wait(self, span: timedelta) -> bool:
        """Wait as the clock does, and leave out what that took too long."""
        began_at, (frozen, _) = self.clock.monotonic(), self._noticed
        self._noticed = frozen, began_at + span + STOOD_STILL_FROM
        stopped = self.clock.wait(span)
        over = self.clock.monotonic() - began_at - span
        if over > STOOD_STILL_FROM:
            frozen += over
            log.warning("the process stood still", for_s=round(over.total_seconds()))
        self._noticed = frozen, None
        return stopped

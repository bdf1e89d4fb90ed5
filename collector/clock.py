"""What time is it, and how does the collector wait? Only this module reads a clock or sleeps."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the time and waits; passed in, so that a test can set the time."""

    def now(self) -> datetime:
        """Return the present, aware UTC."""

    def monotonic(self) -> timedelta:
        """Return a time that nobody sets and that stands still while the machine sleeps."""

    def wait(self, span: timedelta) -> bool:
        """Wait for `span` or until the clock is stopped; return whether it was stopped."""


class SystemClock:
    """The machine's clock; `stop()` ends every wait at once (SIGTERM)."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the only place

    def monotonic(self) -> timedelta:
        return timedelta(seconds=time.monotonic())

    def wait(self, span: timedelta) -> bool:
        return self._stopped.wait(max(0.0, span.total_seconds()))

    def stop(self) -> None:
        """End the present wait and every later one."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether `stop()` was called."""
        return self._stopped.is_set()

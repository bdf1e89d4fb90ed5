"""What time is it, and how do we wait? The only module that reads a clock or sleeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as a value that is passed in."""

    def now(self) -> datetime:
        """The present, aware UTC."""

    def wait(self, span: timedelta) -> bool:
        """Wait for `span` or until told to stop; True if told to stop."""


class SystemClock:
    """The machine's clock; `stop()` ends every wait at once (SIGTERM)."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def wait(self, span: timedelta) -> bool:
        return self._stopped.wait(max(0.0, span.total_seconds()))

    def stop(self) -> None:
        """End this and every later wait."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether `stop()` was called."""
        return self._stopped.is_set()

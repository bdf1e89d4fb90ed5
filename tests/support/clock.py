"""What time is it in a test? The time that the test sets."""

from __future__ import annotations

from datetime import datetime, timedelta


class ManualClock:
    """A `Clock` that moves only when a test sets it, or waits."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def wait(self, span: timedelta) -> bool:
        self._at += span
        return False

    def move_to(self, at: datetime) -> None:
        """Set the present; it may also be earlier than before."""
        self._at = at

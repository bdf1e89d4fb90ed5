"""What time is it in a test? The time that the test sets."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.clock import SystemClock


class ManualClock:
    """A `Clock` that moves only when a test sets it, or waits."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._zero = at

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> timedelta:
        return self._at - self._zero

    def wait(self, span: timedelta) -> bool:
        self._at += span
        return False

    def move_to(self, at: datetime) -> None:
        """Set the present; it may also be earlier than before."""
        self._at = at

    def set_wrong(self, by: timedelta) -> None:
        """Set the clock ahead by so much, or back, while no time passes."""
        self._at += by
        self._zero += by


class TickingClock(SystemClock):
    """The daemon's clock: it shows another's time, and every wait is over after a moment."""

    def __init__(self, shown: ManualClock) -> None:
        super().__init__()
        self._shown = shown
        self.awake = timedelta()
        """What the monotonic clock shows; it moves only when a test sets it."""

    def now(self) -> datetime:
        return self._shown.now()

    def monotonic(self) -> timedelta:
        return self.awake

    def wait(self, span: timedelta) -> bool:
        """Wait 5 ms instead of seconds or hours, and leave both clocks alone."""
        return super().wait(min(span, timedelta(milliseconds=5)))

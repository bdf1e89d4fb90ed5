"""Is our clock right? What would be done for the wrong date waits until somebody shows that it is.

A machine without a battery starts at an old date, and a clock may be set to any date while we run.
A feed that answers shows the time: a reply from the future is refused, and one from the past is
stale. Until one has answered since the start, or since the clock was set, nobody knows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.clock import Clock
from collector.http.host_clocks import SET_FROM, HostClocks
from collector.notify.health import Health, agreed_offset
from collector.reports.mails.condition import ConditionKind
from collector.store import feeds

CLOCK_SUBJECT = "this machine"
"""Subject of the condition that the clock is off."""

NOBODY_TELLS_AFTER = timedelta(days=1)
"""So long all of it waits for somebody to tell the time. Where no host answers for a day, the
clock is believed, since digests must leave all the same."""
STILL_BELIEVED = timedelta(hours=1)
"""A clock that is off by less is believed after a day, too: the operators know of it, and it does
not put a digest into another week for long."""


@dataclass
class ClockTrust:
    """Knows since when our clock goes on undisturbed, and whether it was shown to be right since.

    A machine that slept is treated as one whose clock was set: the next reply shows the time.
    """

    clock: Clock
    health: Health
    hosts: HostClocks
    feeds: Collection[str]
    since: datetime
    """At first the time of the start."""
    patience: timedelta = NOBODY_TELLS_AFTER
    _started: timedelta = field(init=False)
    _awake_since: timedelta = field(init=False)
    _zero: datetime = field(init=False)
    """Our time at the monotonic clock's zero: it moves if the clock is set."""

    def __post_init__(self) -> None:
        self._started = self._awake_since = self.clock.monotonic()
        self._zero = self.clock.now() - self._awake_since

    def started_at(self) -> datetime:
        """Return when the daemon started, by what the clock shows now: it may have been set."""
        return self.clock.now() - (self.clock.monotonic() - self._started)

    def is_shown(self) -> bool:
        """Return whether a feed's reply has shown that the clock is right. Raises StoreError."""
        self._notice_step()
        now = self.clock.now()
        answered = (feeds.state(self.health.store, name).last_ok_at for name in self.feeds)
        return any(at is not None and self.since <= at <= now for at in answered)

    def is_credible(self) -> bool:
        """Return whether to go by the clock: nobody says that it is wrong, or it is hardly wrong.

        The `Date` of any host's answer counts too, as feeds may be failing. Raises StoreError.
        """
        if self.is_shown():
            return True
        offsets = self.hosts.offsets()
        offset = agreed_offset(offsets, was_off=False)
        if offsets and offset is None:
            return True
        waited = self.clock.monotonic() - self._awake_since
        return waited >= self.patience and (offset is None or abs(offset) < STILL_BELIEVED)

    def is_off(self) -> bool:
        """Return whether the condition is open that the clock is off. Raises StoreError."""
        return self.health.is_open(ConditionKind.CLOCK, CLOCK_SUBJECT)

    def check(self, now: datetime) -> None:
        """Open or close that condition, by what the hosts' clocks show. Raises StoreError."""
        was_off, offsets = self.is_off(), self.hosts.offsets()
        offset = agreed_offset(offsets, was_off=was_off)
        if offset is not None:
            ahead = "behind" if offset > timedelta() else "ahead of"
            seconds = abs(offset.total_seconds())
            why = f"It is {seconds:.0f} s {ahead} the feeds' clocks."
            self.health.open(ConditionKind.CLOCK, CLOCK_SUBJECT, now, why)
        elif was_off and offsets:
            self.health.close(ConditionKind.CLOCK, CLOCK_SUBJECT, now)

    def _notice_step(self) -> None:
        now, awake = self.clock.now(), self.clock.monotonic()
        zero = now - awake
        if abs(zero - self._zero) >= SET_FROM:
            self.since, self._awake_since = now, awake
        self._zero = zero

"""How far is our clock off, as the hosts see it? Each answer's `Date` against our clock.

What was seen before our clock was set, or before the machine slept, says nothing of the present: a
host that is not asked meanwhile, as the dead man's page while a condition is open, would testify
to the old clock for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from collector.clock import Clock
from collector.http.etiquette import http_date

SET_FROM = timedelta(seconds=30)
"""Our clock was set, or the machine slept, if it moved so much further than the monotonic clock:
half of what makes a clock wrong (`notify.health.CLOCK_OFF_FROM`). NTP moves both alike."""


def present_date(headers: Mapping[str, str]) -> datetime | None:
    """Return the time that it is now by the server's clock; None if it does not say.

    A cache passes on the `Date` of the answer that it kept, with its `Age` in seconds (RFC 9111,
    section 5.1). `headers` by lower-case name.

    >>> present_date({"date": "Sun, 22 Nov 2026 12:00:00 GMT", "age": "90"})
    datetime.datetime(2026, 11, 22, 12, 1, 30, tzinfo=datetime.timezone.utc)
    """
    at, age = http_date(headers.get("date")), headers.get("age", "").strip()
    if at is None or not re.fullmatch(r"[0-9]{1,8}", age):
        return at
    return at + min(timedelta(seconds=int(age)), datetime.max.replace(tzinfo=UTC) - at)


class HostClocks:
    """Keeps what each host's last answer said about our clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[timedelta, datetime]] = {}
        """Host → how far it was ahead of us, and our time at the monotonic clock's zero."""

    def note(self, host: str, date: datetime) -> None:
        """Keep the `Date` of an answer that has just come."""
        self._seen[host] = (date - self._clock.now(), self._zero())

    def offsets(self) -> dict[str, timedelta]:
        """Return how far each host is ahead of our clock, without what an earlier clock showed."""
        zero = self._zero()
        return {
            host: offset
            for host, (offset, zero_then) in list(self._seen.items())
            if abs(zero - zero_then) < SET_FROM
        }

    def forget(self) -> None:
        """Forget every host."""
        self._seen.clear()

    def _zero(self) -> datetime:
        return self._clock.now() - self._clock.monotonic()

"""How long is the pause between two requests to a host? The host's answers teach it. Pure.

Networks do not publish how often they may be asked, and change it: adsb.lol calls its limits
dynamic, and one request in three to four seconds was seen (docs/feed-formats.md#v2). So a 429
doubles the pause, and every answer shortens it: quickly while it is far from the pause that was
refused last, slowly near it, because each attempt to go below the limit costs one more 429.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

GROWTH = 2.0
"""Factor after a 429: from 2 s to 120 s in six of them."""
EASE = 0.98
"""Factor after an answer, far from the refused pause: half of it after 35 answers."""
EASE_NEAR = 0.999
"""Factor near the refused pause: more than 200 answers before the limit is tried again."""
NEAR_ABOVE, NEAR_BELOW = 1.25, 0.9
"""Multiples of the refused pause between which the pause counts as near it. Below them the host has
become more generous, and the refused pause is forgotten."""
SHORTEST_GROWN = timedelta(seconds=1)
"""A pause grows from at least this."""
LONGEST_PAUSE = timedelta(minutes=3)
"""Enough for one request in two minutes. A longer limit is met by backing off (docs/feeds.md). The
watchdog allows a poll ten minutes, in which it may have to wait for another request's pause too."""


@dataclass(frozen=True, slots=True)
class HostPace:
    """What is known about the pace of one host."""

    pause: timedelta = timedelta()
    """The learned pause; a feed's own spacing holds if it is longer."""
    refused: timedelta = timedelta()
    """The pause that was refused last; zero if none was, or if shorter ones are answered now."""
    limited: bool = False
    """Whether the last request was answered with 429."""

    def after_answer(self, spacing: timedelta) -> HostPace:
        """Return the pace after an answer; `spacing` is the pause that the feed keeps anyway.

        >>> HostPace(timedelta(seconds=100), timedelta(seconds=50)).after_answer(timedelta()).pause
        datetime.timedelta(seconds=98)
        """
        near = self.refused * NEAR_BELOW <= self.pause <= self.refused * NEAR_ABOVE
        pause = self.pause * (EASE_NEAR if near else EASE)
        if pause <= spacing:
            return HostPace()
        refused = self.refused if pause >= self.refused * NEAR_BELOW else timedelta()
        return replace(self, pause=pause, refused=refused, limited=False)

    def after_limit(self, spacing: timedelta) -> HostPace:
        """Return the pace after a 429. Of several in a row only the first lengthens the pause.

        The others say that the host wants rest, which backing off gives (`feeds.backoff`).

        >>> HostPace().after_limit(timedelta(seconds=2)).pause
        datetime.timedelta(seconds=4)
        """
        if self.limited:
            return self
        refused = max(self.pause, spacing, SHORTEST_GROWN)
        return HostPace(min(LONGEST_PAUSE, refused * GROWTH), refused, limited=True)

"""Which feed answers and reports nobody, while another one receives aircraft there?

A network whose receivers failed, or a receiver whose antenna fell, answers as under an empty sky.
Where another feed shows that the sky is not empty, the operators learn which one is deaf.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.notify.empty_sky import EMPTY_AFTER, USUAL_OVER, empty_stretches
from collector.notify.health import Health
from collector.reports.formatting import duration
from collector.reports.mails.condition import ConditionKind
from collector.store import Store, conditions, coverage_slots

CHECKED_EVERY = timedelta(minutes=15)
"""Looking for deaf feeds goes through a week of slots."""
KNOWN_FOR = timedelta(days=2)
"""So long a feed must have been compared before, to know when it usually reports nobody."""
HEARD_SHARE = 0.5
"""A feed that reports somebody less often than in half of the five minutes in which another one
does is a receiver that reaches less far, and its silence says little."""


def deaf_for(received: Mapping[datetime, bool], gap: timedelta) -> timedelta:
    """Return for how long a feed has been deaf; zero if it is not, or if that cannot be told.

    `received` says for each slot in which this feed answered and another one received an aircraft
    whether this one did, too. `gap` is the longest time between two slots that is known.
    """
    stretches = empty_stretches(received, gap)
    now_for, before = stretches[-1], max(stretches[:-1], default=timedelta())
    if not received or now_for < max(EMPTY_AFTER, before + timedelta(hours=1)):
        return timedelta()
    begun_at = max(received) - now_for
    earlier = [heard for at, heard in received.items() if at < begun_at]
    known = begun_at - min(received) >= KNOWN_FOR
    return now_for if known and sum(earlier) >= HEARD_SHARE * len(earlier) else timedelta()


@dataclass
class DeafFeeds:
    """Opens and closes the conditions that a feed reports nobody."""

    store: Store
    health: Health
    feeds: Collection[str]
    _checked_at: datetime | None = None

    def check(self, now: datetime, gap: timedelta) -> None:
        """Look at every feed, where there are several. Raises StoreError."""
        last = self._checked_at
        if last is not None and timedelta() <= now - last < CHECKED_EVERY:
            return
        self._checked_at = now
        for feed in self.feeds:
            self._check(feed, now, gap)

    def _check(self, feed: str, now: datetime, gap: timedelta) -> None:
        others = [name for name in self.feeds if name != feed]
        opened = conditions.current(self.store, ConditionKind.FEED_DEAF.value, feed)
        if opened is not None:
            heard = coverage_slots.received_by_slot(self.store, [feed], opened.began_at, now)
            if any(heard.values()) or not others:
                self.health.close(ConditionKind.FEED_DEAF, feed, now)
            return
        received = coverage_slots.received_beside(self.store, feed, others, now - USUAL_OVER, now)
        if silent := deaf_for(received, gap):
            detail = f"For {duration(silent)} it has reported nobody, while {' or '.join(others)}"
            self.health.open(ConditionKind.FEED_DEAF, feed, now, f"{detail} received aircraft.")

"""Do the feeds answer, and is any aircraft received? The condition "no reception", and the ping.

Only stored replies count, so that a reply that could not be stored proves nothing. A reply without
any aircraft is an answer. Where no aircraft is received for longer than is usual there, the
operators are told as well, since a network whose receivers failed answers just so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.model.coverage import SLOT
from collector.notify.deaf_feeds import DeafFeeds
from collector.notify.empty_sky import EMPTY_AFTER, USUAL_OVER, empty_stretches, longest_gap
from collector.notify.health import Health
from collector.reports.formatting import duration
from collector.reports.mails.condition import ConditionKind
from collector.store import Store, conditions, coverage_slots

USUAL_KEPT = timedelta(hours=1)
"""How long that time is kept; finding it goes through days of slots."""
NOBODY = "feeds have answered and not reported any aircraft."
"""How the detail of a condition ends that was opened for an empty sky."""


def is_over(
    last: datetime | None, watching_since: datetime, now: datetime, after: timedelta
) -> bool:
    """Return whether nothing came for longer than `after`, counted from the start."""
    since = watching_since if last is None else max(last, watching_since)
    return now - since > after


@dataclass
class ReceptionCheck:
    """Checks the stored replies of the feeds that are polled."""

    store: Store
    health: Health
    blind_after: timedelta
    subject: str
    """The watched airfields, for the condition."""
    feeds: Collection[str]
    started_at: datetime
    _usual: tuple[datetime, timedelta] | None = None
    """When the longest empty sky was looked for, and its length."""
    _deaf: DeafFeeds = field(init=False)

    def __post_init__(self) -> None:
        self._deaf = DeafFeeds(self.store, self.health, self.feeds)

    def check(self, now: datetime, *, by_place: bool, late_after: timedelta) -> None:
        """Open or close the conditions "no reception" and "reports nobody". Raises StoreError.

        Replies that are usually further apart than `blind_after` are only missed after
        `late_after`.
        """
        blind_after = max(self.blind_after, late_after)
        gap = longest_gap(late_after)
        empty_after = self._empty_after(now, gap)
        since = now - max(blind_after, empty_after) - gap
        answer = self._last_answer_at(since, now, by_place=by_place)
        empty_for = empty_stretches(self._received(since, now), gap)[-1]
        if is_over(answer, self.started_at, now, blind_after):
            what = f"For {duration(blind_after)} no feed has answered"
            self._open(now, f"{what} about the airfields there." if by_place else f"{what}.")
        elif empty_for >= empty_after:
            self._open(now, f"For {duration(empty_for)} {NOBODY}")
        elif answer is not None and not self._still_empty(now):
            self.health.close(ConditionKind.BLIND, self.subject, now)
        self._deaf.check(now, gap)

    def answered_since(self, since: datetime, now: datetime, *, by_place: bool) -> bool:
        """Return whether a reply that came after `since` is stored. Raises StoreError."""
        answer = self._last_answer_at(since - SLOT, now, by_place=by_place)
        return answer is not None and answer >= since

    def _still_empty(self, now: datetime) -> bool:
        """Return whether the sky was found too empty, and no aircraft was received since.

        An outage in between begins the stretch anew, and says nothing of the receivers.
        """
        opened = conditions.current(self.store, ConditionKind.BLIND.value, self.subject)
        if opened is None or not opened.detail.endswith(NOBODY):
            return False
        return not any(self._received(opened.began_at, now).values())

    def _empty_after(self, now: datetime, gap: timedelta) -> timedelta:
        """Return for how long the sky must be empty before that is unusual."""
        kept = self._usual
        if kept is None or not timedelta() <= now - kept[0] < USUAL_KEPT:
            before = empty_stretches(self._received(now - USUAL_OVER, now), gap)
            kept = self._usual = (now, max(before[:-1], default=timedelta()))
        return max(EMPTY_AFTER, kept[1] + timedelta(hours=1))

    def _last_answer_at(self, begin: datetime, end: datetime, *, by_place: bool) -> datetime | None:
        return coverage_slots.last_answer_at(self.store, self.feeds, begin, end, by_place=by_place)

    def _received(self, begin: datetime, end: datetime) -> Mapping[datetime, bool]:
        return coverage_slots.received_by_slot(self.store, self.feeds, begin, end)

    def _open(self, now: datetime, detail: str) -> None:
        self.health.open(ConditionKind.BLIND, self.subject, now, detail)

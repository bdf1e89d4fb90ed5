"""Whose weekly digest is due, and what is in it? Once a week key and recipient, also at zero.

What is due is stored, not scheduled: a collector that was down on Monday at seven owes the
digest when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from collector.model import Landing, Recipient, Watch
from collector.model.notice import Message, Owed
from collector.model.terms import Terms
from collector.queries import identity_conflicts
from collector.queries import visitors as visitor_query
from collector.queries.weeks import WeekQuery
from collector.reports.mails import digest
from collector.store import meta, outbox
from collector.weeks import digest_at, next_week, previous_week, week_bounds, week_of

log = structlog.get_logger(__name__)

MAX_MISSED_WEEKS = 8
"""After a longer absence only the last weeks are told: nobody reads more on one morning."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of everybody whom a watch names."""

    weeks: WeekQuery
    terms: Mapping[str, Terms]
    """Of each feed by its configured name."""
    feed_names: Sequence[str] = ()
    """Feeds that are asked, also when they never answered."""
    visitors: bool = False
    """Whether unlisted visitors are followed, and so told of."""

    def owe_next(self, now: datetime) -> bool:
        """Owe the digest that has been due longest; True if more are due. Raises StoreError."""
        store = self.weeks.store
        with store.transaction():
            due = [
                (digest_at(key, watches[0].zone), recipient, watches, key)
                for recipient, watches in self._readers()
                if (key := self._next_key(recipient, watches, now)) is not None
                and digest_at(key, watches[0].zone) <= now
            ]
            if not due:
                return False
            _, recipient, watches, key = min(due, key=lambda one: (one[0], one[1].name))
            self.owe(recipient, watches, key, now)
            meta.put(store, _name(recipient), next_week(key))
        return len(due) > 1 or digest_at(next_week(key), watches[0].zone) <= now

    def owe_between(self, begin: datetime, end: datetime) -> None:
        """Owe every digest whose hour lies in (begin, end], as a replay of that time does.

        Raises StoreError.
        """
        for recipient, watches in self._readers():
            zone = watches[0].zone
            key = previous_week(week_of(begin, zone))
            while digest_at(key, zone) <= end:
                if digest_at(key, zone) > begin:
                    with self.weeks.store.transaction():
                        self.owe(recipient, watches, key, digest_at(key, zone))
                key = next_week(key)

    def owe(self, recipient: Recipient, watches: Sequence[Watch], key: str, now: datetime) -> bool:
        """Owe one digest; False if it was owed before. Raises StoreError."""
        notice = f"digest:{key}:{recipient.name}"
        if outbox.known(self.weeks.store, notice):
            return False
        message = self.message(watches, key, now)
        log.info("digest", week=key, to=recipient.name)
        return outbox.owe(
            self.weeks.store,
            Owed(key=notice, recipient=recipient, message=message, created_at=now),
        )

    def message(self, watches: Sequence[Watch], key: str, now: datetime) -> Message:
        """The digest of a week for these watches, as known now. Raises StoreError."""
        zone = watches[0].zone
        begin, end = week_bounds(key, zone)
        weeks = [self.weeks.watch_week(watch, key, now) for watch in watches]
        feeds = self.weeks.feed_health(self.feed_names, begin, end)
        return digest.render(
            digest.DigestReport(
                week=key,
                told_at=now,
                watches=weeks,
                airfields=self.weeks.airfields,
                visibility=self.weeks.coverage_by_airfield(watches, key, now),
                feeds=feeds,
                conflicts=identity_conflicts.of_watches(self.weeks.store, watches, begin, end),
                visitors=self._visitors(watches, begin, end) if self.visitors else None,
                terms=tuple(
                    dict.fromkeys(self.terms[one.name] for one in feeds if one.name in self.terms)
                ),
            )
        )

    def _visitors(
        self, watches: Sequence[Watch], begin: datetime, end: datetime
    ) -> Sequence[Landing]:
        codes = visitor_query.watched_codes(watches)
        return visitor_query.visitors(self.weeks.store, codes, begin=begin, end=end)

    def readers(self) -> list[tuple[Recipient, list[Watch]]]:
        """Everybody whom a watch names, with their watches."""
        return list(self._readers())

    def _readers(self) -> Iterator[tuple[Recipient, list[Watch]]]:
        watches = self.weeks.watches
        for recipient in dict.fromkeys(one for watch in watches for one in watch.recipients):
            yield recipient, [watch for watch in watches if recipient in watch.recipients]

    def _next_key(
        self, recipient: Recipient, watches: Sequence[Watch], now: datetime
    ) -> str | None:
        """The week to be told next; at the first start, the present one."""
        store, zone = self.weeks.store, watches[0].zone
        key = meta.get(store, _name(recipient))
        if key is None:
            meta.put(store, _name(recipient), week_of(now, zone))
            return None
        oldest = week_of(now, zone)
        if key > oldest:  # stored by a clock that ran ahead
            meta.put(store, _name(recipient), oldest)
            return None
        for _ in range(MAX_MISSED_WEEKS):
            oldest = previous_week(oldest)
        if key < oldest:
            log.warning("digests skipped", to=recipient.name, first=key, until=oldest)
            return oldest
        return key


def _name(recipient: Recipient) -> str:
    return f"digest-due:{recipient.name}"

"""Which weekly digests are due, and what is in them? One a week and recipient, also at zero.

The next week of each recipient is stored, not scheduled: a collector that was down on Monday at
seven creates the digest when it runs again. Watches may count in different time zones: a week is
over, and its digest due, once that is so for each watch of the recipient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from collector.model import Landing, Recipient, Watch
from collector.model.notice import Message, Owed
from collector.model.terms import Terms
from collector.queries import identity_conflicts, pictures
from collector.queries import visitors as visitor_query
from collector.queries.weeks import WeekQuery
from collector.reports.mails import digest
from collector.reports.mails.digest_subject import by_news
from collector.reports.mails.watch_week import WatchWeek, marked_landings
from collector.store import digest_times, meta, outbox
from collector.store.outbox_items import OutboxItem
from collector.store.restoring import restored_at
from collector.weeks import digest_at, next_week, previous_week, week_bounds, week_of

log = structlog.get_logger(__name__)

MOST_PICTURED = 4
"""Watches of a digest that have pictures: eight of them are drawn in three seconds."""
MAX_MISSED_WEEKS = 8
"""After a longer absence only the last weeks are sent: nobody reads more on one morning."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Creates the digests of every recipient of a watch."""

    weeks: WeekQuery
    terms: Mapping[str, Terms]
    """The terms of each feed, by its configured name."""
    feed_names: Sequence[str] = ()
    """The configured feeds, also those that never answered."""
    visitors: bool = False
    """Whether unlisted visitors are followed and listed."""
    pages: str = ""
    """The address of the pages for others, without the last slash; empty if there is none."""

    def owe_next(self, now: datetime) -> bool:
        """Queue the digest that has been due longest; return whether more are due.

        Raises StoreError.
        """
        store = self.weeks.store
        with store.transaction():
            due = [
                (due_at(key, watches), recipient, watches, key)
                for recipient, watches in self.watches_by_recipient()
                if (key := self._next_key(recipient, watches, now)) is not None
                and due_at(key, watches) <= now
            ]
            if not due:
                return False
            _, recipient, watches, key = min(due, key=lambda digest: (digest[0], digest[1].name))
            self.owe(recipient, watches, key, now)
            meta.set_value(store, _meta_key(recipient), next_week(key))
        return len(due) > 1 or due_at(next_week(key), watches) <= now

    def owe(self, recipient: Recipient, watches: Sequence[Watch], key: str, now: datetime) -> bool:
        """Queue one digest, in the caller's transaction; return False if it was queued before.

        Raises StoreError.
        """
        notice = _notice_key(recipient, key)
        if outbox.has_notice(self.weeks.store, notice):
            return False
        message = self.message(watches, key, now, self._written_at(recipient, previous_week(key)))
        digest_times.store_digest_time(self.weeks.store, now)
        log.info("digest queued", week=key, to=recipient.name)
        return outbox.owe(
            self.weeks.store,
            Owed(key=notice, recipient=recipient, message=message, created_at=now),
        )

    def queued(self, recipient: Recipient, key: str) -> OutboxItem | None:
        """Return a digest as it is in the outbox, None if it is not there. Raises StoreError."""
        return outbox.get(self.weeks.store, _notice_key(recipient, key))

    def message(
        self,
        watches: Sequence[Watch],
        key: str,
        now: datetime,
        since: datetime | None = None,
        *,
        later: bool = False,
    ) -> Message:
        """Return the digest of a week for these watches, as of `now`.

        `since`: when the digest before was written, which told what had changed until then. None:
        when it was due for the last of these watches. `later`: this week's own digest was due
        before another one, so that what changed since then is told, in this week too.
        Raises StoreError.
        """
        zone = watches[0].zone
        begin, end = week_bounds(key, zone)
        told_until = since or due_at(previous_week(key), watches)
        until = key
        if later:
            told_until, until = due_at(key, watches), next_week(key)
        weeks = [self.weeks.watch_week(each, key, now, told_until, until) for each in watches]
        feeds, pauses = self.weeks.polling(self.feed_names, begin, max(begin, min(end, now)))
        terms = tuple(
            dict.fromkeys(self.terms[feed.name] for feed in feeds if feed.name in self.terms)
        )
        for week in by_news(weeks)[:MOST_PICTURED]:
            weeks[weeks.index(week)] = self._pictured(week, key, now, terms)
        return digest.render(
            digest.DigestReport(
                week=key,
                written_at=now,
                watches=weeks,
                airfields=self.weeks.airfields,
                coverage_by_day=self.weeks.coverage_by_airfield(watches, key, now),
                feeds=feeds,
                pauses=pauses,
                pages=self.pages,
                conflicts=identity_conflicts.of_watches(self.weeks.store, watches, begin, end),
                visitors=self._visitors(watches, begin, end) if self.visitors else None,
                terms=terms,
                due_at=told_until if later else None,
            )
        )

    def _written_at(self, recipient: Recipient, key: str) -> datetime | None:
        """Return when a recipient's digest of a week was written; None if there is none."""
        return outbox.created_at(self.weeks.store, _notice_key(recipient, key))

    def _pictured(
        self, week: WatchWeek, key: str, now: datetime, terms: Sequence[Terms]
    ) -> WatchWeek:
        """Return a watch's week with what its pictures show, of the first place."""
        query, lead = self.weeks, week.places[0]
        return replace(
            week,
            chart=pictures.weeks_chart(
                query.coverage, week.watch, lead.place, key, now, usual=lead.usual, terms=terms
            ),
            tracks=pictures.tracks_map(
                query.coverage,
                week.watch,
                lead.place,
                key,
                marked_landings(week.places),
                now=now,
                terms=terms,
            ),
        )

    def _visitors(
        self, watches: Sequence[Watch], begin: datetime, end: datetime
    ) -> Sequence[Landing]:
        codes = visitor_query.watched_codes(watches)
        return visitor_query.visitors(self.weeks.store, codes, begin=begin, end=end)

    def watches_by_recipient(self) -> list[tuple[Recipient, list[Watch]]]:
        """Return every recipient of a watch with the watches that name it."""
        watches = self.weeks.watches
        recipients = dict.fromkeys(person for watch in watches for person in watch.recipients)
        return [
            (recipient, [watch for watch in watches if recipient in watch.recipients])
            for recipient in recipients
        ]

    def _next_key(
        self, recipient: Recipient, watches: Sequence[Watch], now: datetime
    ) -> str | None:
        """Return the next week to be sent, None if it has not been stored yet or is to come.

        At the first start the present week is stored as the next one. Of the weeks before a backup
        was restored only the last is sent: the database that was lost mailed them, or there was
        none, and then nobody was listening.
        """
        store = self.weeks.store
        key = meta.get_value(store, _meta_key(recipient))
        if key is None:
            meta.set_value(store, _meta_key(recipient), present_week(now, watches))
            return None
        oldest = present_week(now, watches)
        if key > oldest:  # stored by a clock that ran ahead
            meta.set_value(store, _meta_key(recipient), oldest)
            return None
        present = oldest
        for _ in range(MAX_MISSED_WEEKS):
            oldest = previous_week(oldest)
        restored = restored_at(store)
        if restored is not None and present_week(restored, watches) <= present:
            oldest = max(oldest, previous_week(present_week(restored, watches)))
        if key < oldest:
            log.warning("digests skipped", to=recipient.name, first=key, until=oldest)
            return oldest
        return key


def due_at(key: str, watches: Sequence[Watch]) -> datetime:
    """Return when the digest of a week is due: the last of the times for these watches' zones."""
    return max(digest_at(key, watch.zone) for watch in watches)


def present_week(at: datetime, watches: Sequence[Watch]) -> str:
    """Return the first week that is not over at a time for all of these watches."""
    return min(week_of(at, watch.zone) for watch in watches)


def _notice_key(recipient: Recipient, week: str) -> str:
    return f"digest:{week}:{recipient.name}"


def _meta_key(recipient: Recipient) -> str:
    return f"digest-due:{recipient.name}"

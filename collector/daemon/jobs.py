"""What has to be done again and again? Units of work; each returns whether more is waiting.

Nothing here sleeps or schedules. Everything due is stored or follows from what is stored, so that
a restart loses nothing, and doing a job twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector import recording
from collector.clock import Clock
from collector.errors import FeedError, Interrupted, RecordingError
from collector.http import Http
from collector.notify.delivery import OutboxSender
from collector.notify.health import agreed_clock_offset, last_reception_at, no_reception
from collector.polling.poller import Poller
from collector.polling.track_fetcher import TrackFetcher
from collector.reports.mails.condition import ConditionKind
from collector.services import Services
from collector.store import conditions, coverage_slots, feeds
from collector.weeks import next_midnight

log = structlog.get_logger(__name__)

CLOCK_SUBJECT = "this machine"
PING_STATUSES = (201, 202, 204)
"""Beside 200: a monitoring service may have nothing more to say."""
POLL_OVERDUE_AFTER = timedelta(minutes=10)
"""A poll that is so late hangs: its own patience is far shorter."""


@dataclass
class Jobs:
    """All jobs of one daemon."""

    services: Services
    clock: Clock
    http: Http
    pollers: Mapping[str, Poller]
    outbox_sender: OutboxSender
    started_at: datetime
    track_fetcher: TrackFetcher | None = None
    """None where no feed keeps full tracks."""
    _day_end_checked_at: datetime = field(init=False)
    _ping_fails: bool = False

    def __post_init__(self) -> None:
        self._day_end_checked_at = self.started_at

    def resume(self) -> bool:
        """Take over what an earlier run left. Raises StoreError."""
        for poller in self.pollers.values():
            poller.resume()
        self._close_unconfigured_conditions()
        self.services.alert_evaluator.evaluate(self.clock.now())
        return False

    def poll(self, feed: str) -> bool:
        """Ask one feed one thing, if it is due. Raises StoreError."""
        return self.pollers[feed].poll_one()

    def settle(self) -> bool:
        """Judge the silences that have lasted long enough. Raises StoreError."""
        now = self.clock.now()
        wake = self.services.pipeline.derivation.next_wakeup()
        if wake is not None and wake <= now:
            self.services.pipeline.derivation.settle(now)
        return False

    def fetch_track(self) -> bool:
        """Ask for one full track that is owed. Raises StoreError."""
        return self.track_fetcher is not None and self.track_fetcher.fetch_one()

    def evaluate_day_end(self) -> bool:
        """Decide on windows that ended, once a local day. Raises StoreError."""
        now = self.clock.now()
        self._day_end_checked_at = min(self._day_end_checked_at, now)  # a clock that ran ahead
        zones = self.services.weeks.coverage.zones
        if any(next_midnight(self._day_end_checked_at, zone) <= now for zone in zones):
            self.services.alert_evaluator.evaluate_day_end(now)
            self._day_end_checked_at = now
        return False

    def owe_digest(self) -> bool:
        """Owe the digest that has been due longest. Raises StoreError."""
        return self.services.digests.owe_next(self.clock.now())

    def send(self) -> bool:
        """Send one mail. Raises StoreError."""
        return self.outbox_sender.send_one()

    def check_conditions(self) -> bool:
        """Begin and end what is wrong with us. Raises StoreError."""
        now = self.clock.now()
        self._check_reception(now)
        self._check_clock(now)
        return False

    def prune(self) -> bool:
        """Delete recordings that are older than they are kept.

        Only once a feed has agreed with our clock: one that runs ahead must not delete them all.
        Raises StoreError.
        """
        settings, store = self.services.settings, self.services.store
        if settings.recordings is None or settings.keep_recordings is None:
            return False
        answered = (feeds.state(store, name).last_ok_at for name in self.pollers)
        if not any(at is not None and at >= self.started_at for at in answered):
            return False
        try:
            deleted = recording.prune(
                settings.recordings, older_than=self.clock.now() - settings.keep_recordings
            )
        except RecordingError as error:
            log.error("recordings not pruned", error=str(error))
        else:
            if deleted:
                log.info("recordings pruned", files=deleted)
        return False

    def ping(self) -> bool:
        """Tell the dead-man's page that all is well; say nothing to it while it is not.

        Raises StoreError.
        """
        url = self.services.settings.dead_man_url
        if url is None or not self.services.health.all_well():
            return False
        try:
            self.http.get(url.reveal(), tolerate=PING_STATUSES)
        except Interrupted:
            return False
        except FeedError as error:
            # The address is a secret, and the error quotes it.
            if not self._ping_fails:
                log.warning("dead-man's page does not answer", error=type(error).__name__)
            self._ping_fails = True
        else:
            if self._ping_fails:
                log.info("dead-man's page answers again")
            self._ping_fails = False
        return False

    def _close_unconfigured_conditions(self) -> None:
        """End what is wrong with what is no longer configured: nothing else ever would."""
        mailed = {one.address for one in self.services.settings.recipients}
        ours = {
            ConditionKind.FEED_REFUSED.value: set(self.pollers),
            ConditionKind.MAIL.value: mailed,
            ConditionKind.BLIND.value: {self._watched_codes()},
        }
        for one in conditions.open_conditions(self.services.store):
            if one.subject not in ours.get(one.kind, {one.subject}):
                conditions.close_condition(
                    self.services.store, one.kind, one.subject, self.clock.now()
                )
                log.info("trouble over: no longer configured", kind=one.kind, subject=one.subject)

    def _watched_codes(self) -> str:
        watched = dict.fromkeys(field.icao for field in self.services.settings.watched)
        return ", ".join(watched) or "everything"

    def _check_reception(self, now: datetime) -> None:
        settings, health = self.services.settings, self.services.health
        subject = self._watched_codes()
        slots = coverage_slots.slots_between(self.services.store, now - settings.blind_after, now)
        last = last_reception_at(slots)
        if no_reception(last, self.started_at, now, settings.blind_after):
            hours = settings.blind_after / timedelta(hours=1)
            health.open(
                ConditionKind.BLIND,
                subject,
                now,
                f"For {hours:g} hours no feed has proven that it hears anybody there.",
            )
        elif last is not None:
            health.close(ConditionKind.BLIND, subject, now)

    def _check_clock(self, now: datetime) -> None:
        health = self.services.health
        was_off = health.is_open(ConditionKind.CLOCK, CLOCK_SUBJECT)
        offset = agreed_clock_offset(dict(self.http.offsets), was_off=was_off)
        if offset is not None:
            ahead = "behind" if offset > timedelta() else "ahead of"
            seconds = abs(offset.total_seconds())
            health.open(
                ConditionKind.CLOCK,
                CLOCK_SUBJECT,
                now,
                f"It is {seconds:.0f} s {ahead} the feeds' clocks.",
            )
        elif was_off and self.http.offsets:
            health.close(ConditionKind.CLOCK, CLOCK_SUBJECT, now)

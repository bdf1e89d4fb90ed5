"""Which work is due again and again? Jobs, each of which returns whether more of it waits.

No job sleeps or schedules. Whatever is due is stored, or follows from what is stored, so that a
restart loses nothing and running a job twice has no further effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from collector import recording
from collector.clock import Clock
from collector.daemon.clock_trust import ClockTrust
from collector.daemon.dead_man import DeadMansPage
from collector.daemon.local_days import LocalDays
from collector.errors import RecordingError
from collector.http import Http
from collector.model.host_pace import HostPace
from collector.notify.delivery import OutboxSender
from collector.notify.long_log import LongLogCheck
from collector.notify.reception import ReceptionCheck
from collector.notify.start_check import StartCheck
from collector.pipeline.failed_derivations import failed_derivations
from collector.pipeline.pruning import PrunedRows, Pruning
from collector.polling.poller import Poller
from collector.polling.track_fetcher import TrackFetcher
from collector.reports.mails.condition import ConditionKind
from collector.services import Services
from collector.settings.derived import watched_codes
from collector.store import feeds, host_paces, kept_spans

log = structlog.get_logger(__name__)

SILENT_AFTER = timedelta(minutes=15)
"""So long after the last stored reply the dead man's page is no longer fetched."""
LATE_BY = timedelta(minutes=10)
"""Where polls are further apart, the next reply may come so late after it is due."""
KEPT_AT_LEAST = timedelta(days=8)
"""Recordings are kept so long in any case: most landings are found when their aircraft leaves, or
when a full track is fetched. After a longer silence those of its beginning are gone."""
JUDGED_AT_ONCE = 10
"""So many stored landings are judged again in one run, in about a second; then polls go on."""


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
    all_jobs_work: Callable[[], bool] = lambda: True
    """Whether database and threads work too; the daemon knows, which sets it."""
    clock_trust: ClockTrust = field(init=False)
    _day_ends: LocalDays = field(init=False)
    _chance_days: LocalDays = field(init=False)
    _reception: ReceptionCheck = field(init=False)
    start_check: StartCheck = field(init=False)
    _dead_mans_page: DeadMansPage = field(init=False)
    _stored_paces: Mapping[str, HostPace] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings, zones = self.services.settings, self.services.weeks.coverage.zones
        self.clock_trust = ClockTrust(
            self.clock,
            self.services.health,
            self.http.host_clocks,
            self.pollers,
            self.started_at,
        )
        self._day_ends = LocalDays(zones, self.started_at)
        self._chance_days = LocalDays(zones, None)
        self._reception = ReceptionCheck(
            self.services.store,
            self.services.health,
            settings.blind_after,
            watched_codes(settings),
            self.pollers,
            self.started_at,
        )

        self.start_check = StartCheck(self.services.store, self.services.health)
        self._dead_mans_page = DeadMansPage(self.http)

    def resume(self) -> bool:
        """Resume the state of an earlier run, and evaluate every rule once. Raises StoreError."""
        for poller in self.pollers.values():
            poller.resume()
        self._stored_paces = host_paces.host_paces(self.services.store)
        self.http.lanes.resume(self._stored_paces)
        self._close_unconfigured_conditions()
        self.services.alert_evaluator.evaluate(self.clock.now())
        return False

    def poll(self, feed: str) -> bool:
        """Make one due request to a feed; store the pace that it taught. Raises StoreError."""
        more = self.pollers[feed].poll_one()
        self._store_paces()
        return more

    def settle(self) -> bool:
        """Judge the silences that have lasted long enough. Raises StoreError."""
        if not self.clock_trust.is_credible():  # by a wrong one any silence is long
            return False
        now = self.clock.now()
        wakeup_at = self.services.pipeline.derivation.next_wakeup()
        if wakeup_at is not None and wakeup_at <= now:
            self.services.pipeline.derivation.settle(now)
        return False

    def judge_again(self) -> bool:
        """Judge some stored landings again if the rules are new. Raises StoreError."""
        for _ in range(JUDGED_AT_ONCE):
            if not self.services.judging_again.judge_next(self.clock.now()):
                break
        return False

    def derive_stops(self) -> bool:
        """Derive the stops around landings whose reports changed. Raises StoreError."""
        return self.services.stops.derive_next(self.clock.now())

    def fetch_track(self) -> bool:
        """Fetch one full track that was requested. Raises StoreError."""
        return self.track_fetcher is not None and self.track_fetcher.fetch_one()

    def evaluate_day_end(self) -> bool:
        """Evaluate windows that ended, and learn stays, once a local day. Raises StoreError."""
        if not self.clock_trust.is_credible():
            return False
        services = self.services
        learn_stays = services.pipeline.derivation.learn_stays
        self._day_ends.do(self.clock.now(), services.alert_evaluator.evaluate_day_end, learn_stays)
        return False

    def calculate_chances(self) -> bool:
        """Compute how often rules fire by chance, once a local day, if judging again is over.

        The result stays for a quarter, and weeks that are yet to be judged by these rules cannot be
        compared with the others. Raises StoreError.
        """
        if self.services.judging_again.finished:
            self._chance_days.do(self.clock.now(), self.services.alert_evaluator.calculate_chances)
        return False

    def owe_digest(self) -> bool:
        """Queue the digest that has been due longest, by a credible clock. Raises StoreError."""
        return self.clock_trust.is_credible() and self.services.digests.owe_next(self.clock.now())

    def check_citations(self) -> bool:
        """Queue a mail for each changed citation, once judging again is over. Raises StoreError."""
        if self.services.judging_again.finished:  # else each of several changes would be a mail
            self.services.citations.owe_changes(self.clock.now())
        return False

    def compare_weeks(self) -> bool:
        """Note which finished weeks changed, once judging again is over. Raises StoreError."""
        if self.services.judging_again.finished and self.clock_trust.is_credible():
            self.services.week_comparison.compare(self.clock.now())
        return False

    def send(self) -> bool:
        """Send one mail. Raises StoreError."""
        return self.outbox_sender.send_one()

    def check_conditions(self) -> bool:
        """Open and close the conditions that time or a look reveals. Raises StoreError."""
        now = self.clock.now()
        by_place, late_after = self._polls_by_place(), self._late_after()
        feeds.store_late_after(self.services.store, late_after)
        self._reception.started_at = self.clock_trust.started_at()
        self._reception.check(now, by_place=by_place, late_after=late_after)
        self.clock_trust.check(now)
        if self.clock_trust.is_credible():
            self.start_check.check(now)
        self.services.health.hold(
            ConditionKind.DERIVATION,
            {icao24: one.why for icao24, one in failed_derivations(self.services.store).items()},
            now,
        )
        LongLogCheck(self.services.store, self.services.health).check(now)
        return False

    def prune(self) -> bool:
        """Delete the recordings that are older than `recording.keep_days`.

        What landings rest on is copied first. Does so only once a feed has answered since the
        start: a clock that runs ahead must not delete them all. Raises StoreError.
        """
        settings, store = self.services.settings, self.services.store
        if settings.recordings is None or settings.keep_recordings is None:
            return False
        if not self.clock_trust.is_shown():
            return False
        try:
            pruned = recording.prune(
                settings.recordings,
                older_than=self.clock.now() - max(settings.keep_recordings, KEPT_AT_LEAST),
                kept=partial(kept_spans.kept_spans, store),
            )
        except RecordingError as error:
            log.error("recordings not pruned", error=str(error))
        else:
            if pruned.files:
                log.info("recordings pruned", files=pruned.files, records_kept=pruned.records)
        return False

    def prune_database(self) -> bool:
        """Close and prune time that is older than `retention.prune_after_days`, a day in each run.

        Does so only once a feed has answered since the start, while the clock is right, and while
        nothing is to be derived again. Raises StoreError.
        """
        age, store = self.services.settings.prune_after, self.services.store
        if age is None or self.clock_trust.is_off() or not self.clock_trust.is_shown():
            return False
        pruning = Pruning(store, self.services.settings.airfields)
        if pruning.waits_for() is not None:
            return False
        closed_until = pruning.close(age, self.clock.now())
        done = PrunedRows()
        if pruning.prune_day(done):
            log.info(
                "database pruned",
                closed_until=closed_until.date().isoformat(),
                reports=done.reports,
                slots=done.slots,
            )
            return True
        return False

    def ping(self) -> bool:
        """Fetch the dead man's page while replies are received and stored.

        That is so if every job ends well, a reply was stored in time, and no condition is open.
        Raises StoreError.
        """
        url = self.services.settings.dead_man_url
        if url is not None and self._all_is_well():
            self._dead_mans_page.fetch(url)
        return False

    def _store_paces(self) -> None:
        stored, paces = self._stored_paces, self.http.lanes.paces()
        changed = {host: pace for host, pace in paces.items() if stored.get(host) != pace}
        if not changed:
            return
        host_paces.store_host_paces(self.services.store, changed, self.clock.now())
        self._stored_paces = paces
        for host, pace in changed.items():
            if pace.pause > stored.get(host, HostPace()).pause:
                pause_s = round(pace.pause.total_seconds(), 1)
                log.info("host limits our requests", host=host, pause_s=pause_s)

    def _close_unconfigured_conditions(self) -> None:
        """Close the conditions of what is no longer configured."""
        mailed = {recipient.address for recipient in self.services.settings.recipients}
        configured = {
            ConditionKind.FEED_REFUSED.value: set(self.pollers),
            ConditionKind.FEED_DEAF.value: set(self.pollers),
            ConditionKind.MAIL.value: mailed,
            ConditionKind.BLIND.value: {watched_codes(self.services.settings)},
        }
        if self.services.settings.recordings is None:
            configured[ConditionKind.RECORDING.value] = set()
        self.services.health.close_unconfigured(configured, self.clock.now())

    def _all_is_well(self) -> bool:
        """Return whether replies are received and stored, and no condition is open."""
        if not self.pollers or not self.all_jobs_work() or not self.services.health.all_well():
            return False
        now = self.clock.now()
        since = now - max(SILENT_AFTER, self._late_after())
        return self._reception.answered_since(since, now, by_place=self._polls_by_place())

    def _late_after(self) -> timedelta:
        """Return how long after the last reply the next one is late.

        The feed that is polled most often decides: a slow one does not stand in for it.
        """
        intervals = (poller.usual_interval() for poller in self.pollers.values())
        return min(intervals, default=timedelta()) + LATE_BY

    def _polls_by_place(self) -> bool:
        """Return whether any feed is asked who is near the watched airfields."""
        return any(poller.polls_by_place() for poller in self.pollers.values())

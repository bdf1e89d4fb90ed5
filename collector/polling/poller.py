"""When is a feed polled, and what follows from its reply or its failure? The job `poll`.

A round is all the requests that show where the fleet is and which aircraft can be received at the
airfields. One call of `poll_one` makes one request: it is sent outside any transaction, and its
reply is stored in one transaction and then recorded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.clock import Clock
from collector.errors import FeedError, Interrupted, RecordingError
from collector.feeds import Backoff, Feed, back_off
from collector.feeds.budget import day_end, interval
from collector.model import Airfield
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Fleet, Outcome, Reply
from collector.notify.health import Health
from collector.pipeline.ingest import Pipeline
from collector.pipeline.sift import failed_poll
from collector.polling.rhythm import FleetActivity, PollIntervals, fleet_activity, next_poll_at
from collector.recording import Recorder
from collector.reports.mails.condition import ConditionKind
from collector.settings.values import PollingSettings
from collector.store import Store, feeds, followed, observations
from collector.watches.matcher import Matcher

STALE_WARNED_AFTER = 5
"""Cached replies in a row after which a warning is logged; a few are usual."""

MAX_FOLLOWED = 100
"""Most followed aircraft that are asked for by address, those that matched last; public feeds take
100 addresses in a request (`docs/feeds.md`)."""

INTERVAL_KEPT = timedelta(seconds=10)
"""How soon the interval follows what other feeds report; computing it reads every aircraft."""

log = structlog.get_logger(__name__)


@dataclass
class Poller:
    """Polls one feed, round by round. Used by one thread at a time."""

    feed: Feed
    store: Store
    pipeline: Pipeline
    health: Health
    polling: PollingSettings
    watched: Sequence[Airfield]
    """The watched airfields: how close the fleet is to them sets the interval."""
    fleet: Matcher
    areas: list[Area]
    recorder: Recorder | None
    clock: Clock
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held during a request: polls and track requests share the feed's budget."""
    _waiting: deque[Ask] = field(default_factory=deque)
    """The requests of this round that are still to be made."""
    _round_began_at: datetime | None = None
    _interval: tuple[datetime, timedelta] | None = None
    """The interval, and when it was computed."""
    _recording_fails: bool = False

    def resume(self) -> None:
        """Resume today's spending of an earlier run. Raises StoreError."""
        now = self.clock.now()
        self.feed.budget.resume(feeds.spending(self.store, self.feed.name, now), now)

    def poll_one(self) -> bool:
        """Make one request of the round, or begin a round if one is due.

        Returns whether more requests of the round wait. Raises StoreError.
        """
        now = self.clock.now()
        if not self._waiting:
            if self._next_poll_at(now) > now:
                return False
            self._waiting.extend(self._requests_of_round(now))
            self._round_began_at = now
        elif feeds.state(self.store, self.feed.name).is_backing_off(now):
            self._waiting.clear()
        if self._waiting:
            self._interval = None
            with self.lock:
                self._poll(self._waiting.popleft())
        return bool(self._waiting)

    def next_poll_at(self) -> datetime:
        """Return when the next request is due; never in the past. Raises StoreError."""
        self._interval = None
        return self._next_poll_at(self.clock.now())

    def _next_poll_at(self, now: datetime) -> datetime:
        state = feeds.state(self.store, self.feed.name)
        if self._waiting and not state.is_backing_off(now):
            return now
        last = state.last_poll_at if self._round_began_at is None else self._round_began_at
        not_before = state.parked_until if state.is_backing_off(now) else None
        return next_poll_at(last, self._latest_interval(last, now), not_before, now)

    def _latest_interval(self, last: datetime | None, now: datetime) -> timedelta:
        """Return the interval; it is computed anew every INTERVAL_KEPT and after each request."""
        computed = self._interval
        if computed is None or not timedelta() <= now - computed[0] < INTERVAL_KEPT:
            computed = self._interval = (now, self._computed_interval(last, now))
        return computed[1]

    def _computed_interval(self, last: datetime | None, now: datetime) -> timedelta:
        # The interval counts from the last poll, and so does the rest of the day that shares out
        # the budget: counted from now, the next poll would come nearer as time passes.
        midnight = day_end(now) - timedelta(days=1)
        counted_from = now if last is None else min(max(last, midnight), now)
        activity = self._fleet_activity(now)
        polling = self.polling
        wished = PollIntervals(polling.far, polling.near, polling.inbound).interval_of(activity)
        if self.feed.daily_budget is None:
            wished = min(wished, self.feed.default_poll)
        return interval(
            left=self.feed.budget.left(now),
            cost=self.round_cost(now),
            wanted=wished,
            now=counted_from,
            urgent=activity is FleetActivity.INBOUND,
        )

    def round_cost(self, now: datetime) -> int:
        """Return what one round takes from the day's budget if nothing is retried."""
        return self._cost(self._requests_of_round(now))

    def _fleet_activity(self, now: datetime) -> FleetActivity:
        return fleet_activity(observations.latest_reports(self.store), self.watched, now)

    def _requests_of_round(self, now: datetime) -> list[Ask]:
        """Return the requests for the fleet, for followed aircraft, and for the places.

        Followed aircraft share the fleet's requests; one request more is made for them only if the
        rest of the day's budget allows it at the usual interval.
        """
        fleet = self.fleet.fleet_addresses(now.date())
        requests = self.feed.asks(fleet, self.areas)
        tracked = followed.latest_followed(self.store, now)[:MAX_FOLLOWED]
        if not tracked:
            return requests
        affordable = self._cost(requests)
        with_one_more = affordable + self.feed.cost(Fleet((tracked[0],)))
        if self._lasts_the_day(with_one_more, now):
            affordable = with_one_more
        while tracked:
            more = self.feed.asks([*fleet, *tracked], self.areas)
            if self._cost(more) <= affordable:
                return more
            tracked = tracked[: len(tracked) // 2]
        return requests

    def _cost(self, requests: Sequence[Ask]) -> int:
        return sum(self.feed.cost(request) for request in requests)

    def _lasts_the_day(self, cost: int, now: datetime) -> bool:
        """Return whether the budget allows rounds of this cost until midnight UTC."""
        left = self.feed.budget.left(now)
        return left is None or cost * ((day_end(now) - now) / self.polling.far) <= left

    def _poll(self, request: Ask) -> None:
        now, cost = self.clock.now(), self.feed.cost(request)
        before = self.feed.budget.spent(now)
        # Stored before it is spent: after a kill in between, it must not be spent a second time.
        feeds.store_spending(self.store, self.feed.name, now, cost)
        try:
            reply = self.feed.fetch(request)
        except Interrupted:
            log.debug("poll cancelled", feed=self.feed.name)
            return
        except FeedError as error:
            self._store_failure(request, error, self._unforeseen_cost(now, before + cost))
            return
        self._store_reply(reply, self._unforeseen_cost(now, before + cost))

    def _unforeseen_cost(self, then: datetime, stored: int) -> int:
        """Return what a request took from the budget besides what was stored before it."""
        now = self.clock.now()
        spent = self.feed.budget.spent(now)
        # Midnight UTC may have come in between and begun a new day's count.
        return spent if now.date() > then.date() else spent - stored

    def _store_reply(self, reply: Reply, cost: int) -> None:
        store, name = self.store, self.feed.name
        was = feeds.state(store, name)
        with store.transaction():
            result = self.pipeline.ingest(reply)
            outcome = result.coverage.outcome
            at, problem = reply.received_at, result.problem or ""
            feeds.store_poll(store, name, at, outcome, problem, requests=1, cost=cost)
            if outcome.alive and was.parked_until is not None:
                feeds.end_back_off(store, name)
            if outcome.alive:
                self.health.close(ConditionKind.FEED_REFUSED, name, at)
        keep = result.worth_keeping or result.problem is not None
        self.record_poll(result.coverage, reply.url, reply if keep else None)
        if outcome.alive and was.failures:
            log.info("feed answers again", feed=name, failures=was.failures)
        elif outcome is Outcome.MALFORMED and not was.failures:
            log.warning("feed failed", feed=name, outcome=outcome.value, error=result.problem)

    def _store_failure(self, request: Ask, error: FeedError, cost: int) -> None:
        store, name, now = self.store, self.feed.name, self.clock.now()
        was = feeds.state(store, name)
        backoff = back_off(error, was.failures + 1, now)
        coverage = failed_poll(name, now, backoff.outcome, isinstance(request, Area | Everything))
        with store.transaction():
            self.pipeline.record_failure(coverage)
            feeds.store_poll(store, name, now, backoff.outcome, str(error), requests=1, cost=cost)
            if backoff.until > now:
                feeds.back_off(store, name, backoff.until, f"{backoff.outcome.value}: {error}")
            if backoff.operator_must_act:
                self.health.open(ConditionKind.FEED_REFUSED, name, now, str(error))
        self.record_poll(coverage, f"urn:collector:poll:{name}")
        self._log_failure(backoff, error, was.failures)

    def _log_failure(self, backoff: Backoff, error: FeedError, failures: int) -> None:
        """Warn when a feed fails for the first time; log later failures in a row as details."""
        if failures == (STALE_WARNED_AFTER - 1 if backoff.outcome is Outcome.STALE else 0):
            log.warning(
                "feed failed",
                feed=self.feed.name,
                outcome=backoff.outcome.value,
                error=str(error),
                again_at=backoff.until.isoformat(timespec="seconds"),
            )
        else:
            log.debug(
                "feed failed again", feed=self.feed.name, error=str(error), failures=failures + 1
            )

    def record_poll(self, coverage: PollCoverage, url: str, reply: Reply | None = None) -> None:
        """Record the reply of a poll; if `reply` is None, only the coverage that the poll proved.

        A recording that fails is logged and stops nothing else.
        """
        if self.recorder is None:
            return
        try:
            if reply is not None:
                self.recorder.keep(reply, stale=coverage.outcome is Outcome.STALE)
            else:
                self.recorder.heartbeat(coverage, url)
        except RecordingError as error:
            self._log_recording(error)
        else:
            self._log_recording(None)

    def _log_recording(self, error: RecordingError | None) -> None:
        if error is not None and not self._recording_fails:
            log.error("recording failed", feed=self.feed.name, error=str(error))
        elif error is None and self._recording_fails:
            log.info("recording works again", feed=self.feed.name)
        self._recording_fails = error is not None

"""When is a feed polled, and what follows from its reply or its failure? The job `poll`.

A round is all the requests that show where the fleet is and which aircraft can be received at the
airfields; they take turns (`polling.turns`). One call of `poll_one` makes one request: it is sent
outside any transaction, and its reply is stored in one transaction and then recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.clock import Clock
from collector.errors import FeedError, Interrupted, RateLimited, StoreError
from collector.feeds import Feed, back_off, outcome_of
from collector.feeds.budget import day_end, interval
from collector.http.fair_lock import FairLock
from collector.model import Airfield
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Outcome, Reply
from collector.notify.health import Health
from collector.pipeline.ingest import Pipeline
from collector.pipeline.sift import failed_poll
from collector.polling import rhythm
from collector.polling.followed_requests import requests_with_followed
from collector.polling.poll_recording import PollRecording
from collector.polling.turns import Turns
from collector.polling.unstored import UnstoredReplies, UnstoredReply
from collector.recording import Recorder
from collector.reports.mails.condition import ConditionKind
from collector.settings.values import PollingSettings
from collector.store import Store, feeds, followed, observations
from collector.watches.matcher import Matcher

STALE_WARNED_AFTER = 5
"""Cached replies in a row after which a warning is logged; a few are usual."""
POLLS_BEFORE_TRACK = 8
"""Where a slow host lets rounds never end, a full track is requested after so many polls."""
INTERVAL_KEPT = timedelta(seconds=10)
"""How soon the interval follows what other feeds report; computing it reads the fleet's reports."""

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
    lock: FairLock = field(default_factory=FairLock)
    """Held during a request: polls and track requests share the feed's budget, in turns."""
    _turns: Turns = field(default_factory=Turns)
    _polls_since_track: int = 0
    _round_began_at: datetime | None = None
    _interval: tuple[datetime, timedelta] | None = None
    """The interval, and when it was computed."""
    _unstored: UnstoredReplies = field(init=False)
    _recording: PollRecording = field(init=False)

    def __post_init__(self) -> None:
        self._unstored = UnstoredReplies(self.feed.name)
        self._recording = PollRecording(self.feed.name, self.recorder, self.health, self.clock)

    def resume(self) -> None:
        """Resume today's spending of an earlier run. Raises StoreError."""
        now = self.clock.now()
        self.feed.budget.resume(feeds.spending(self.store, self.feed.name, now), now)

    def poll_one(self) -> bool:
        """Make one request of the round, or begin a round if one is due.

        While the database fails, requests go on, and their replies wait to be stored; each run
        tries to store them first. Returns whether another request of the round can be made now.
        Raises StoreError, also if an earlier reply still cannot be stored.
        """
        unstored = self._unstored.store_all(
            lambda each: self._store_reply(each.reply, each.cost, record=not each.recorded)
        )
        waits = self._request_next()
        if unstored is not None:
            raise unstored
        return waits

    def _request_next(self) -> bool:
        now = self.clock.now()
        if self._next_poll_at(now) > now:
            return False
        requests = self._requests_of_round(now)
        # While the feed was backed off from, the fleet may have changed.
        self._turns = self._turns.still_wanted(requests)
        if not self._turns.waiting:
            self._turns = self._turns.new_round(requests)
            self._round_began_at = now
        if self._turns.waiting:
            self._interval = None
            before, request = self._turns, self._turns.waiting[0]
            # A defect in handling one request must not keep the others from their turns.
            self._turns = before.after(request)
            self._polls_since_track += 1
            with self.lock:
                limited = self._poll(request)
            if limited:
                self._turns = before.after(request, limited=True)
        backs_off = feeds.state(self.store, self.feed.name).is_backing_off(self.clock.now())
        return bool(self._turns.waiting) and not backs_off

    def leaves_turn_to_track(self) -> bool:
        """Return whether a full track may be requested now: polls go first, but not for ever."""
        return not self._turns.waiting or self._polls_since_track >= POLLS_BEFORE_TRACK

    def note_track_turn(self) -> None:
        """Count the polls until the next full track from now on."""
        self._polls_since_track = 0

    def usual_interval(self) -> timedelta:
        """Return how far apart rounds are while the fleet is far away.

        A request budget is shared out over the day. A longer interval is a fault: the budget was
        used up before its time.
        """
        if not self.feed.daily_budget:
            return min(self.polling.far, self.feed.default_poll)
        even = timedelta(days=1) * self.round_cost(self.clock.now()) / self.feed.daily_budget
        return max(self.polling.far, even)

    def polls_by_place(self) -> bool:
        """Return whether a round asks who is near the watched airfields."""
        requests = self._requests_of_round(self.clock.now())
        return any(isinstance(request, Area | Everything) for request in requests)

    def next_poll_at(self) -> datetime:
        """Return when the next request is due; never in the past. Raises StoreError."""
        self._interval = None
        return self._next_poll_at(self.clock.now())

    def _next_poll_at(self, now: datetime) -> datetime:
        state = feeds.state(self.store, self.feed.name)
        if self._turns.waiting:
            until = state.parked_until
            return until if until is not None and state.is_backing_off(now) else now
        last = state.last_poll_at if self._round_began_at is None else self._round_began_at
        not_before = state.parked_until if state.is_backing_off(now) else None
        return rhythm.next_poll_at(last, self._latest_interval(last, now), not_before, now)

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
        latest = observations.latest_reports(self.store, now - rhythm.NEAR_MEMORY)
        activity = rhythm.fleet_activity(latest, self.watched, now)
        intervals = rhythm.PollIntervals(self.polling.far, self.polling.near, self.polling.inbound)
        wished = intervals.interval_of(activity)
        if self._unstored:  # Where the fleet is now, the database does not know.
            wished = min(wished, intervals.near)
        if self.feed.daily_budget is None:
            wished = min(wished, self.feed.default_poll)
        return interval(
            left=self.feed.budget.left(now),
            cost=self.round_cost(now),
            wanted=wished,
            now=counted_from,
            urgent=activity is rhythm.FleetActivity.INBOUND,
        )

    def round_cost(self, now: datetime) -> int:
        """Return what one round takes from the day's budget if nothing is retried."""
        return sum(map(self.feed.cost, self._requests_of_round(now)))

    def _requests_of_round(self, now: datetime) -> list[Ask]:
        return requests_with_followed(
            self.feed,
            self.fleet.fleet_addresses(now.date()),
            followed.latest_followed(self.store, now),
            self.areas,
            rounds_left=(day_end(now) - now) / self.polling.far,
            now=now,
        )

    def _poll(self, request: Ask) -> bool:
        """Make one request and store what follows; return whether it was limited."""
        now, cost = self.clock.now(), self.feed.cost(request)
        before = self.feed.budget.spent(now)
        # Stored before it is spent: after a kill in between, it must not be spent a second time.
        try:
            feeds.store_spending(self.store, self.feed.name, now, cost)
        except StoreError:
            cost = 0  # stored with the reply, once the database works again
        try:
            reply = self.feed.fetch(request)
        except Interrupted:
            log.debug("poll cancelled", feed=self.feed.name)
            return False
        except FeedError as error:
            self._store_failure(request, error, self._unforeseen_cost(now, before + cost))
            return isinstance(error, RateLimited)
        self._store_or_wait(reply, self._unforeseen_cost(now, before + cost))
        return False

    def _unforeseen_cost(self, then: datetime, stored: int) -> int:
        """Return what a request took from the budget besides what was stored before it."""
        now = self.clock.now()
        spent = self.feed.budget.spent(now)
        # Midnight UTC may have come in between and begun a new day's count.
        return spent if now.date() > then.date() else spent - stored

    def _store_or_wait(self, reply: Reply, cost: int) -> None:
        """Store a reply; if that fails, record it and let it wait, and raise the StoreError."""
        failure: StoreError | None = None
        if not self._unstored:  # In order: a later one would make those that wait look cached.
            try:
                self._store_reply(reply, cost)
            except StoreError as error:
                failure = error
            except Exception:  # A defect would meet it again; the recording can be replayed.
                self._recording.record_reply(reply)
                raise
            else:
                return
        self._unstored.add(UnstoredReply(reply, cost, recorded=self._recording.record_reply(reply)))
        if failure is not None:
            raise failure

    def _store_reply(self, reply: Reply, cost: int, *, record: bool = True) -> None:
        store, name = self.store, self.feed.name
        was = feeds.state(store, name)
        with self.pipeline.unseen_if_unstored(reply), store.transaction():
            result = self.pipeline.ingest(reply)
            outcome, at, problem = result.coverage.outcome, reply.received_at, result.problem or ""
            feeds.store_poll(store, name, at, outcome, problem, requests=1, cost=cost)
            if outcome.alive and was.parked_until is not None:
                feeds.end_back_off(store, name)
            if outcome.alive:
                self.health.close(ConditionKind.FEED_REFUSED, name, at)
        if record:
            self.record_poll(result.coverage, reply.url, reply)
        if outcome.alive and was.failures:
            log.info("feed answers again", feed=name, failures=was.failures)
        elif outcome is Outcome.MALFORMED and not was.failures:
            log.warning("feed failed", feed=name, outcome=outcome.value, error=result.problem)

    def _store_failure(self, request: Ask, error: FeedError, cost: int) -> None:
        store, name, now = self.store, self.feed.name, self.clock.now()
        was = feeds.state(store, name)
        backoff = back_off(error, 1 + feeds.failures_with(store, name, outcome_of(error)), now)
        coverage = failed_poll(name, now, backoff.outcome, isinstance(request, Area | Everything))
        with store.transaction():
            self.pipeline.record_failure(coverage)
            feeds.store_poll(store, name, now, backoff.outcome, str(error), requests=1, cost=cost)
            if backoff.until > now:
                feeds.back_off(store, name, backoff.until, f"{backoff.outcome.value}: {error}")
            if backoff.operator_must_act:
                self.health.open(ConditionKind.FEED_REFUSED, name, now, str(error))
        self.record_poll(coverage, f"urn:collector:poll:{name}")
        self._log_failure(backoff.outcome, error, was.failures)

    def _log_failure(self, outcome: Outcome, error: FeedError, failures: int) -> None:
        """Warn when a feed fails for the first time; log later failures in a row as details."""
        if failures == (STALE_WARNED_AFTER - 1 if outcome is Outcome.STALE else 0):
            log.warning(
                "feed failed",
                feed=self.feed.name,
                outcome=outcome.value,
                error=str(error),
                # The interval between polls may be longer than the back-off.
                again_at=self.next_poll_at().isoformat(timespec="seconds"),
            )
        else:
            again = {"error": str(error), "failures": failures + 1}
            log.debug("feed failed again", feed=self.feed.name, **again)

    def record_poll(self, coverage: PollCoverage, url: str, reply: Reply | None = None) -> None:
        """Record the reply of a poll; if there was none, that the poll failed.

        A recording that fails opens a condition and stops nothing else. Raises StoreError.
        """
        if reply is not None:
            self._recording.record_reply(reply, stale=coverage.outcome is Outcome.STALE)
        else:
            self._recording.record_coverage(coverage, url)

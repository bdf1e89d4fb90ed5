"""What does one feed say now, and when is it asked again? The job `poll`. Step 1.

A round is all the asks that tell where the fleet is and who can be heard at the airfields. One
call of `poll_one` makes one ask: fetched outside any transaction, recorded, then stored as one.
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
from collector.feeds.budget import interval
from collector.model import Airfield
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Outcome, Reply
from collector.notify.health import Health
from collector.pipeline.ingest import Pipeline
from collector.pipeline.sift import failed
from collector.polling.rhythm import FleetActivity, PollIntervals, fleet_activity, next_ask_at
from collector.recording import Recorder
from collector.reports.mails.condition import ConditionKind
from collector.settings.values import PollingSettings
from collector.store import Store, feeds, observations
from collector.watches.matcher import Matcher

STALE_IS_NEWS = 5
"""A cache answers now and then; so often in a row it hides the feed."""

log = structlog.get_logger(__name__)


@dataclass
class Poller:
    """One feed's rounds. Used by one thread at a time."""

    feed: Feed
    store: Store
    pipeline: Pipeline
    health: Health
    polling: PollingSettings
    watched: Sequence[Airfield]
    """The watched airfields: how close the fleet is to them sets the pace."""
    fleet: Matcher
    areas: list[Area]
    recorder: Recorder | None
    clock: Clock
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while the feed is asked: polls and fetches share its purse."""
    _round: deque[Ask] = field(default_factory=deque)
    _round_at: datetime | None = None
    _recording_fails: bool = False

    def resume(self) -> None:
        """Take over what an earlier run knew: today's spending. Raises StoreError."""
        now = self.clock.now()
        self.feed.budget.resume(feeds.spent(self.store, self.feed.name, now), now)

    def poll_one(self) -> bool:
        """Make one ask of the round, or begin a round if one is due; True if more asks wait.

        Raises StoreError.
        """
        now = self.clock.now()
        if not self._round:
            if self._next_at(now) > now:
                return False
            self._round.extend(self._asks(now))
            self._round_at = now
        elif feeds.state(self.store, self.feed.name).is_backing_off(now):
            self._round.clear()
        if self._round:
            with self.lock:
                self._ask(self._round.popleft())
        return bool(self._round)

    def next_at(self) -> datetime:
        """When the next ask is due; never in the past. Raises StoreError."""
        return self._next_at(self.clock.now())

    def _next_at(self, now: datetime) -> datetime:
        state = feeds.state(self.store, self.feed.name)
        if self._round and not state.is_backing_off(now):
            return now
        last = state.last_poll_at if self._round_at is None else self._round_at
        parked_until = state.parked_until if state.is_backing_off(now) else None
        return next_ask_at(last, self._interval(now), parked_until, now)

    def _interval(self, now: datetime) -> timedelta:
        present = self._mood(now)
        polling = self.polling
        wanted = PollIntervals(polling.far, polling.near, polling.inbound).interval_of(present)
        if self.feed.daily_budget is None:
            wanted = min(wanted, self.feed.default_poll)
        return interval(
            left=self.feed.budget.left(now),
            cost=self.round_cost(now),
            wanted=wanted,
            now=now,
            urgent=present is FleetActivity.INBOUND,
        )

    def round_cost(self, now: datetime) -> int:
        """What one round takes from the day's budget, if nothing is retried."""
        return sum(self.feed.cost(ask) for ask in self._asks(now))

    def _mood(self, now: datetime) -> FleetActivity:
        return fleet_activity(observations.latest(self.store), self.watched, now)

    def _asks(self, now: datetime) -> list[Ask]:
        return self.feed.asks(self.fleet.fleet_addresses(now.date()), self.areas)

    def _ask(self, ask: Ask) -> None:
        now, cost = self.clock.now(), self.feed.cost(ask)
        before = self.feed.budget.spent(now)
        # Noted before it is spent: a kill in between must not hand it out a second time.
        feeds.spend(self.store, self.feed.name, now, cost)
        try:
            reply = self.feed.fetch(ask)
        except Interrupted:
            log.debug("poll broken off", feed=self.feed.name)
            return
        except FeedError as error:
            self._failed(ask, error, self._besides(now, before + cost))
            return
        self._answered(reply, self._besides(now, before + cost))

    def _besides(self, then: datetime, noted: int) -> int:
        """What an ask took from the budget besides what was noted before it."""
        now = self.clock.now()
        spent = self.feed.budget.spent(now)
        # Midnight UTC may have come in between and begun a new day's count.
        return spent if now.date() > then.date() else spent - noted

    def _answered(self, reply: Reply, cost: int) -> None:
        store, name = self.store, self.feed.name
        was = feeds.state(store, name)
        with store.transaction():
            taken = self.pipeline.ingest(reply)
            outcome = taken.coverage.outcome
            at, problem = reply.received_at, taken.problem or ""
            feeds.polled(store, name, at, outcome, problem, requests=1, cost=cost)
            if outcome.alive and was.parked_until is not None:
                feeds.end_back_off(store, name)
            if outcome.alive:
                self.health.close(ConditionKind.FEED_REFUSED, name, at)
        keep = taken.worth_keeping or taken.problem is not None
        self.record(taken.coverage, reply.url, reply if keep else None)
        if outcome.alive and was.failures:
            log.info("feed recovered", feed=name, failures=was.failures)
        elif outcome is Outcome.MALFORMED and not was.failures:
            log.warning("feed broke", feed=name, outcome=outcome.value, error=taken.problem)

    def _failed(self, ask: Ask, error: FeedError, cost: int) -> None:
        store, name, now = self.store, self.feed.name, self.clock.now()
        was = feeds.state(store, name)
        parking = back_off(error, was.failures + 1, now)
        hearing = failed(name, now, parking.outcome, isinstance(ask, Area | Everything))
        with store.transaction():
            self.pipeline.record_failure(hearing)
            feeds.polled(store, name, now, parking.outcome, str(error), requests=1, cost=cost)
            if parking.until > now:
                feeds.back_off(store, name, parking.until, f"{parking.outcome.value}: {error}")
            if parking.operator_must_act:
                self.health.open(ConditionKind.FEED_REFUSED, name, now, str(error))
        self.record(hearing, f"urn:collector:poll:{name}")
        self._say(parking, error, was.failures)

    def _say(self, parking: Backoff, error: FeedError, failures: int) -> None:
        """Log at the edge only: when a feed breaks, not each time it is still broken."""
        if failures == (STALE_IS_NEWS - 1 if parking.outcome is Outcome.STALE else 0):
            log.warning(
                "feed broke",
                feed=self.feed.name,
                outcome=parking.outcome.value,
                error=str(error),
                again_at=parking.until.isoformat(timespec="seconds"),
            )
        else:
            log.debug("feed fails", feed=self.feed.name, error=str(error), failures=failures + 1)

    def record(self, hearing: PollCoverage, url: str, reply: Reply | None = None) -> None:
        """Keep the reply, or else what it proved. A recording that fails stops no counting."""
        if self.recorder is None:
            return
        try:
            if reply is not None:
                self.recorder.keep(reply, stale=hearing.outcome is Outcome.STALE)
            else:
                self.recorder.heartbeat(hearing, url)
        except RecordingError as error:
            self._recording(error)
        else:
            self._recording(None)

    def _recording(self, error: RecordingError | None) -> None:
        if error is not None and not self._recording_fails:
            log.error("recording fails", feed=self.feed.name, error=str(error))
        elif error is None and self._recording_fails:
            log.info("recording works again", feed=self.feed.name)
        self._recording_fails = error is not None

"""Which full tracks are owed, and who asks for them? Owed with what causes it, fetched one by one.

What a derivation shows to be owed is stored in its own transaction. The job `fetch` asks for what
is due, within the feed's budget, and sends the reply down the same line as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from collector.clock import Clock
from collector.errors import FeedError, Interrupted, PaymentRequired, RateLimited, Refused
from collector.feeds.backoff import REFUSED_FOR
from collector.feeds.tracks import RECENT, FullTrack, TrackSource
from collector.model import Airfield
from collector.model.track_request import TrackRequest, TrackRequestState
from collector.pipeline.ingest import Pipeline
from collector.pipeline.windows import Window
from collector.polling import track_rules
from collector.polling.poller import Poller
from collector.polling.track_rules import TrackAttempt
from collector.store import Store, feeds, track_requests

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TrackRequester:
    """Notes what is owed whenever an aircraft is derived again."""

    store: Store
    fields: Sequence[Airfield]
    """The watched airfields."""
    feeds: Sequence[str]
    """Names of the feeds that keep full tracks."""

    def __call__(self, icao24: str, seen: Window, now: datetime) -> datetime | None:
        """Store what the window owes; gives when to look again if nothing more is heard.

        Raises StoreError.
        """
        heard, goes_on = seen.observations, seen.goes_on
        found = track_rules.silences(heard, self.fields, now, goes_on=goes_on)
        if found:
            since = min(one.begins_at for one in found)
            before = track_requests.overlapping(self.store, icao24, since, now)
            new = track_rules.new_requests(icao24, found, self.feeds, before, now)
            track_requests.put(self.store, new)
            for one in new:
                log.info("track owed", icao24=icao24, feed=one.feed, why=one.reason.value)
        return track_rules.look_again_at(heard, self.fields, now, goes_on=goes_on)


@dataclass
class TrackFetcher:
    """Asks for what is owed. Its replies are recorded and taken as those of polls are."""

    store: Store
    pipeline: Pipeline
    sources: Mapping[str, TrackSource]
    """By the feed's name."""
    pollers: Mapping[str, Poller]
    clock: Clock

    def fetch_one(self) -> bool:
        """Ask for one track, if one is due and may be asked for; True if more may wait.

        Raises StoreError.
        """
        now = self.clock.now()
        for fetch in track_requests.due(self.store, now):
            if track_rules.expired(fetch, now):
                self._end(track_rules.abandoned(fetch, now))
            elif (
                fetch.tries >= track_rules.MAX_TRIES
            ):  # a kill came between the last try and its end
                self._end(
                    track_rules.after_try(
                        fetch, TrackAttempt(problem="the last try was cut off"), now
                    )
                )
            elif fetch.feed in self.sources and self._may(fetch.feed, now):
                self._try(fetch)
                return True
        return False

    def _may(self, feed: str, now: datetime) -> bool:
        """Whether the feed may be asked, and a round of polls could still be paid for after it."""
        store, poller, source = self.store, self.pollers[feed], self.sources[feed]
        refused_at = track_requests.refused_at(store, feed)
        if feeds.state(store, feed).is_backing_off(now):
            return False
        if refused_at is not None and refused_at <= now < refused_at + REFUSED_FOR:
            return False
        left = poller.feed.budget.left(now)
        return left is None or left >= source.cost * len(source.parts) + poller.round_cost(now)

    def _try(self, owed: TrackRequest) -> None:
        store, poller = self.store, self.pollers[owed.feed]
        source = self.sources[owed.feed]
        fetch = track_rules.with_attempt(owed, self.clock.now())
        track_requests.put(store, [fetch])
        got = TrackAttempt(whole=True)
        with poller.lock:
            for part in source.parts:
                try:
                    got = self._ask(fetch, source, part, got)
                except Interrupted:
                    track_requests.put(store, [owed])
                    return
                except RateLimited as error:
                    now, wish = self.clock.now(), error.retry_after
                    self._end(track_rules.after_limit(fetch, wish, str(error), now))
                    return
                except (Refused, PaymentRequired) as error:
                    self._end(track_rules.after_refusal(fetch, str(error), self.clock.now()))
                    return
                except FeedError as error:
                    got = replace(got, whole=False, problem=str(error))
        self._end(track_rules.after_try(fetch, got, self.clock.now()))

    def _ask(
        self, fetch: TrackRequest, source: TrackSource, part: str, got: TrackAttempt
    ) -> TrackAttempt:
        """One part: asked for, stored with all that follows from it, recorded."""
        store, budget = self.store, self.pollers[fetch.feed].feed.budget
        now, before = self.clock.now(), budget.spent(self.clock.now())
        # Noted before it is spent, as for polls.
        feeds.spend(store, fetch.feed, now, source.cost)
        about = fetch.ends_at or fetch.begins_at
        try:
            trace = source.ask(part, fetch.icao24, about)
        finally:
            besides = budget.spent(self.clock.now()) - before - source.cost
            if besides > 0:
                feeds.spend(store, fetch.feed, self.clock.now(), besides)
        if trace is None or not trace.times:
            url = got.url or source.shown(part, fetch.icao24, about)
            # A flight shorter than an hour may have no full trace yet; the recent one has it all.
            missing = f"{part} of {fetch.icao24}: the feed has none"
            return replace(got, whole=got.whole and part != RECENT, problem=missing, url=url)
        got = _joined(got, trace)
        spans = replace(fetch, first_at=min(got.times), last_at=max(got.times))
        with store.transaction():
            # First, so that a hole in the track itself is not owed again.
            track_requests.put(store, [spans])
            taken = self.pipeline.ingest(trace.reply, cached=False)
            if part == source.parts[-1]:
                # With what it changes: a kill after this asks for nothing again.
                track_requests.put(store, [track_rules.after_try(fetch, got, self.clock.now())])
        self.pollers[fetch.feed].record(taken.coverage, trace.reply.url, trace.reply)
        return got

    def _end(self, fetch: TrackRequest) -> None:
        track_requests.put(self.store, [fetch])
        if fetch.state is TrackRequestState.OWED:
            log.debug("track asked for again later", icao24=fetch.icao24, why=fetch.detail)
        elif fetch.state is TrackRequestState.DONE:
            log.info("track fetched", icao24=fetch.icao24, feed=fetch.feed, points=fetch.points)
        else:
            log.warning(
                "track not fetched", icao24=fetch.icao24, feed=fetch.feed, reason=fetch.detail
            )


def _joined(got: TrackAttempt, trace: FullTrack) -> TrackAttempt:
    """What is known with one more part."""
    return replace(
        got,
        times=got.times | frozenset(trace.times),
        url=got.url if got.times else trace.reply.url,
    )

"""Which full tracks are requested, and how are they fetched? Each one is stored, then fetched.

A derivation stores the track requests that it calls for in its own transaction (`TrackRequester`).
The job `fetch_track` makes the requests that are due, within the feed's budget, and gives the
replies to the pipeline as polls do (`TrackFetcher`).
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
from collector.pipeline.track_windows import Window
from collector.polling import track_rules
from collector.polling.poller import Poller
from collector.polling.track_rules import TrackAttempt
from collector.store import Store, feeds, track_requests

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TrackRequester:
    """Stores the track requests that each derivation of an aircraft calls for."""

    store: Store
    fields: Sequence[Airfield]
    """The watched airfields."""
    feeds: Sequence[str]
    """Names of the feeds that keep full tracks."""

    def request_tracks(self, icao24: str, window: Window, now: datetime) -> datetime | None:
        """Store the track requests that a window calls for.

        Returns when to look at the aircraft again if no report follows, None if never. Raises
        StoreError.
        """
        reports, goes_on = window.observations, window.goes_on
        silences = track_rules.silences_worth_a_track(reports, self.fields, now, goes_on=goes_on)
        if silences:
            since = min(silence.begins_at for silence in silences)
            before = track_requests.overlapping(self.store, icao24, since, now)
            new = track_rules.new_requests(icao24, silences, self.feeds, before, now)
            track_requests.store_requests(self.store, new)
            for request in new:
                log.info(
                    "track requested", icao24=icao24, feed=request.feed, why=request.reason.value
                )
        return track_rules.next_look_at(reports, self.fields, now, goes_on=goes_on)


@dataclass
class TrackFetcher:
    """Fetches requested tracks. Their replies are stored and recorded as those of polls are."""

    store: Store
    pipeline: Pipeline
    sources: Mapping[str, TrackSource]
    """Where each feed keeps full tracks, by the feed's name."""
    pollers: Mapping[str, Poller]
    clock: Clock

    def fetch_one(self) -> bool:
        """Fetch one full track, if one is due and its feed allows it; return whether one was tried.

        1. Read the requests that are due, the longest due first.
        2. End those whose track the feed no longer keeps, and those that a kill interrupted in
           their last attempt.
        3. Pass over those whose feed backs off, refused a track lately, has too little budget, or
           is still busy with polls.
        4. Store one attempt of the first one that is left, before it is made.
        5. Fetch each part, store and record its reply.
        6. Store the result: done, failed, abandoned, or due again later.

        Raises StoreError.
        """
        now = self.clock.now()
        for request in track_requests.due(self.store, now):
            if track_rules.is_expired(request, now):
                self._store_result(track_rules.abandoned(request, now))
            elif request.tries >= track_rules.MAX_TRIES:
                # A kill came between the last attempt and its result.
                attempt = TrackAttempt(problem="the last try was cut off")
                self._store_result(track_rules.with_result(request, attempt, now))
            elif request.feed in self.sources and self._may_request(request.feed, now):
                self._fetch(request)
                return True
        return False

    def _may_request(self, feed: str, now: datetime) -> bool:
        """Return whether the feed may be asked, and its budget allows a round of polls after it."""
        store, poller, source = self.store, self.pollers[feed], self.sources[feed]
        refused_at = track_requests.refused_at(store, feed)
        if feeds.state(store, feed).is_backing_off(now) or not poller.leaves_turn_to_track():
            return False
        if refused_at is not None and refused_at <= now < refused_at + REFUSED_FOR:
            return False
        left = poller.feed.budget.left(now)
        return left is None or left >= source.cost * len(source.parts) + poller.round_cost(now)

    def _fetch(self, due: TrackRequest) -> None:
        """Make one attempt at a request: every part of the track, then its result."""
        store, poller = self.store, self.pollers[due.feed]
        source = self.sources[due.feed]
        request = track_rules.with_attempt(due, self.clock.now())
        track_requests.store_requests(store, [request])
        attempt = TrackAttempt(whole=True)
        poller.note_track_turn()
        for part in source.parts:
            try:
                with poller.lock:
                    attempt = self._fetch_part(request, source, part, attempt)
            except Interrupted:
                track_requests.store_requests(store, [due])
                return
            except RateLimited as error:
                now, wish = self.clock.now(), error.retry_after
                self._store_result(track_rules.with_rate_limit(request, wish, str(error), now))
                return
            except (Refused, PaymentRequired) as error:
                now = self.clock.now()
                self._store_result(track_rules.with_refusal(request, str(error), now))
                return
            except FeedError as error:
                attempt = replace(attempt, whole=False, problem=str(error))
        self._store_result(track_rules.with_result(request, attempt, self.clock.now()))

    def _fetch_part(
        self, request: TrackRequest, source: TrackSource, part: str, attempt: TrackAttempt
    ) -> TrackAttempt:
        """Fetch one part, store it with what follows from it, record it; return the attempt."""
        store, budget = self.store, self.pollers[request.feed].feed.budget
        now, before = self.clock.now(), budget.spent(self.clock.now())
        # Stored before it is spent, as for polls.
        feeds.store_spending(store, request.feed, now, source.cost)
        about = request.ends_at or request.begins_at
        try:
            trace = source.ask(part, request.icao24, about)
        finally:
            unforeseen = budget.spent(self.clock.now()) - before - source.cost
            if unforeseen > 0:
                feeds.store_spending(store, request.feed, self.clock.now(), unforeseen)
        if trace is None or not trace.times:
            url = attempt.url or source.shown(part, request.icao24, about)
            # A flight shorter than an hour may have no full track yet; the recent one has it all.
            missing = f"{part} of {request.icao24}: the feed has none"
            return replace(
                attempt, whole=attempt.whole and part != RECENT, problem=missing, url=url
            )
        attempt = _with_part(attempt, trace)
        spanned = replace(request, first_at=min(attempt.times), last_at=max(attempt.times))
        with store.transaction():
            # Stored first, so that a hole in the track itself is not requested again.
            track_requests.store_requests(store, [spanned])
            result = self.pipeline.ingest(trace.reply, cached=False)
            if part == source.parts[-1]:
                # In the transaction of what it changes: after a kill, nothing is requested again.
                ended = track_rules.with_result(request, attempt, self.clock.now())
                track_requests.store_requests(store, [ended])
        poller = self.pollers[request.feed]
        poller.record_poll(result.coverage, trace.reply.url, trace.reply)
        return attempt

    def _store_result(self, request: TrackRequest) -> None:
        track_requests.store_requests(self.store, [request])
        if request.state is TrackRequestState.OWED:
            log.debug("track requested again later", icao24=request.icao24, why=request.detail)
        elif request.state is TrackRequestState.DONE:
            log.info(
                "track fetched", icao24=request.icao24, feed=request.feed, points=request.points
            )
        else:
            log.warning(
                "track not fetched",
                icao24=request.icao24,
                feed=request.feed,
                reason=request.detail,
            )


def _with_part(attempt: TrackAttempt, trace: FullTrack) -> TrackAttempt:
    """Return the attempt with one more part of the track."""
    return replace(
        attempt,
        times=attempt.times | frozenset(trace.times),
        url=attempt.url if attempt.times else trace.reply.url,
    )

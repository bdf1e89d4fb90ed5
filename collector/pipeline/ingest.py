"""What does one reply change? Live polls, replays and backfills all go through this pipeline.

    reply ─► sift ─► store ─► derive the changed aircraft ─► reconcile ─► rules ─► notices

Each reply is one IMMEDIATE transaction: its reports, the landings that follow from them and the
notices about these are stored together or not at all. The caller passes the present in: live, it
is the time of the clock, in a replay that of the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.coverage.region import Region
from collector.errors import DecodeError, StoreError
from collector.landings.rules import LandingRules
from collector.model import Airfield, Observation, Watch, WatchMatch
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Format, Outcome, Reply, is_newer
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.derivation import Derivation, RequestTracks, Span
from collector.pipeline.following import store_followed
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.sift import SiftedReply, failed_poll, sift
from collector.pipeline.track_windows import joined, spans_of
from collector.store import Store, coverage_slots, followed, rederivation_queue
from collector.store.rederivation_queue import DueSpan
from collector.watches.matcher import Matcher
from collector.watches.visitors import Visitors, unlisted

MatchedObservation = tuple[Observation, Sequence[WatchMatch]]
"""A report with the watches that match its aircraft."""

REPLY_REACH = timedelta(days=2)
"""A reply has rows of the time before it was received: a trace those of a day and more."""
MAX_REQUESTS_KNOWN = 1000
"""Requests whose last reply is remembered. A feed has a handful that repeat; each full track is a
request of its own, and a daemon makes them for years."""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The outcome of ingesting one reply."""

    coverage: PollCoverage
    now_at: datetime | None = None
    """The feed's own time; None if the reply could not be read."""
    watched: int = 0
    """Number of reports that a watch matches."""
    changes: tuple[LandingChange, ...] = ()
    problem: str | None = None
    """Why the reply could not be read, None if it could."""


def _key(reply: Reply) -> tuple[str, Format, Ask]:
    """Return what two replies to the same request have in common."""
    return reply.feed, reply.format, reply.ask


@dataclass
class Pipeline:
    """Stores replies and what follows from them, for one configuration and one store."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    region: Region
    alert_judge: AlertJudge
    rules: LandingRules = field(default_factory=LandingRules)
    visitors: Visitors | None = None
    """The aircraft to follow near the airfields though they are on no watch; None: none."""
    request_tracks: RequestTracks | None = None
    """Stores which full tracks to request; None: no full track is requested, as in a replay."""
    derivation: Derivation = field(init=False)
    _matcher: Matcher = field(init=False)
    _learned: CoverageLearner = field(init=False)
    _began: bool = field(init=False, default=False)
    """Whether anything was stored by this run."""
    _previous: dict[tuple[str, Format, Ask], datetime] = field(init=False, default_factory=dict)
    _held: dict[str, Span] | None = field(init=False, default=None)
    """What `holding` derives later; None: each reply is derived with its transaction."""

    def __post_init__(self) -> None:
        self._matcher = Matcher(self.watches)
        self._learned = CoverageLearner(self.store)
        self.derivation = Derivation(
            self.store,
            self._matcher,
            self.airfields,
            self.rules,
            self.alert_judge,
            self._learned,
            self.request_tracks,
        )

    def sift(self, reply: Reply, *, cached: bool | None = None) -> SiftedReply:
        """Decode a reply, keep the watched and followed rows, and mark a cached reply as stale.

        `cached` says whether the reply came from a cache; None: compare its time with that of the
        previous reply to the same request. Raises DecodeError, StoreError.
        """
        at = reply.received_at
        following = followed.followed_between(self.store, at - REPLY_REACH, at)
        sifted = sift(
            reply,
            self._matcher,
            self.region,
            self.visitors,
            following,
            remember=self._matcher.follows,
        )
        key = _key(reply)
        if cached is None:
            cached = not is_newer(self._previous.get(key), sifted.now_at, at)
        if cached:
            return sifted.as_stale()
        self._previous.pop(key, None)
        self._previous[key] = sifted.now_at
        if len(self._previous) > MAX_REQUESTS_KNOWN:  # the one that was made longest ago
            del self._previous[next(iter(self._previous))]
        return sifted

    @contextmanager
    def unseen_if_unstored(self, reply: Reply) -> Iterator[None]:
        """Forget within the block that the reply was seen if its transaction fails.

        Put it around the transaction: a reply that is ingested again is otherwise taken for one
        from a cache.
        """
        key = _key(reply)
        before = self._previous.get(key)
        try:
            yield
        except StoreError:
            self._previous.pop(key, None)
            if before is not None:
                self._previous[key] = before
            raise

    def ingest(self, reply: Reply, *, cached: bool | None = None) -> IngestResult:
        """Store a reply and everything that follows from it, in one transaction.

        1. Sift: decode the reply and keep the watched rows (`cached` as in `sift`). A reply that
           cannot be read is stored as a failed poll, and nothing else follows.
        2. Invalidate the coverage kept for the reply's week, and store what the poll proves.
        3. Store the reports, with the earlier ones of aircraft that a watch matches only now.
        4. Derive the landings of every aircraft of which a stored report changed, and reconcile
           them with the stored ones.
        5. Evaluate the rules of the changed landings, and queue the notices.

        Raises StoreError.
        """
        try:
            sifted = self.sift(reply, cached=cached)
        except DecodeError as error:
            area = isinstance(reply.ask, Area | Everything)
            coverage = failed_poll(reply.feed, reply.received_at, Outcome.MALFORMED, area)
            self.record_failure(coverage)
            return IngestResult(coverage, problem=str(error))
        changes = self.store_reports(
            sifted.observations,
            [sifted.coverage],
            reply.received_at,
            strangers=sifted.strangers,
        )
        return IngestResult(
            sifted.coverage,
            sifted.now_at,
            watched=sum(
                bool(matches) and not unlisted(matches) for _, matches in sifted.observations
            ),
            changes=tuple(changes),
        )

    def record_failure(self, coverage: PollCoverage) -> None:
        """Store a poll that gave no usable reply. Raises StoreError."""
        self.store_reports((), [coverage], coverage.at)

    def store_reports(
        self,
        reports: Sequence[MatchedObservation],
        polls: Iterable[PollCoverage],
        now: datetime,
        strangers: Sequence[Observation] = (),
    ) -> list[LandingChange]:
        """Store reports and polls with the landings and notices that follow, in one transaction.

        `strangers` are the reports of one reply that nobody asked for; they are kept for a while.

        Raises StoreError.
        """
        polls = tuple(polls)
        with self.store.transaction():
            for poll in polls:
                self.invalidate_coverage(poll.at)
            coverage_slots.merge_polls(self.store, polls)
            self.derivation.judge_again_around(
                spans_of(reports, {report.icao24 for report, _ in reports}), now
            )
            stored, changed = store_followed(self.store, reports)
            followed.store_strangers(self.store, strangers, now)
            followed.forget_strangers(self.store, now, of_another_time=not self._began)
            self._began = True
            spans = spans_of(stored, changed)
            if self._held is None:
                return self.derivation.derive_spans(spans, now)
            rederivation_queue.queue_spans(
                self.store, (DueSpan(icao24, *span) for icao24, span in sorted(spans.items()))
            )
        self._held = joined(self._held, spans)
        return []

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Derive, within the block, only when `derive_held` is called: once for many replies.

        A window holds hours of reports. Derived at each reply, it is read once for each of them.
        What waits is queued with the reports, so that a run that is killed leaves it to the next.
        """
        self._held = {}
        try:
            yield
        finally:
            self._held = None

    def derive_held(self, now: datetime) -> list[LandingChange]:
        """Derive the aircraft of which reports changed since the last call. Raises StoreError."""
        spans, self._held = self._held or {}, {}
        return self.derivation.derive_in_parts(spans, now)

    @property
    def holds_anything(self) -> bool:
        """Return whether `derive_held` has something to do."""
        return bool(self._held)

    def invalidate_coverage(self, at: datetime) -> None:
        """Invalidate the coverage kept for the week of `at`.

        Call it in the transaction that stores a poll of that time. Raises StoreError.
        """
        self.alert_judge.invalidate_coverage(at)
        self._learned.invalidate_coverage(at)

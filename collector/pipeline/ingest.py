"""What does one reply change? The one line that live polls, replay and backfill all go through.

    reply ─► sifted ─► stored ─► changed aircraft derived again ─► reconciled ─► rules ─► notices

Each reply is one IMMEDIATE transaction: what it tells, the landings it makes and the mails these
owe are stored together or not at all. The present is passed in: live it is now, in a replay it
is the recording's own time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collector.coverage.region import Region
from collector.errors import DecodeError
from collector.landings.rules import LandingRules
from collector.model import Airfield, Observation, Watch, WatchMatch
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Format, Outcome, Reply
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.derivation import Derivation, RequestTracks
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.sift import SiftedReply, failed_poll, is_newer, sift
from collector.pipeline.windows import (
    spans_of,
)
from collector.store import Store, coverage_slots, observations
from collector.watches.matcher import Matcher
from collector.watches.visitors import Visitors, unlisted

MatchedObservation = tuple[Observation, Sequence[WatchMatch]]


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of one reply."""

    coverage: PollCoverage
    now_at: datetime | None = None
    """The feed's own time; None where the reply could not be read."""
    watched: int = 0
    worth_keeping: bool = False
    """Whether a recording needs the whole reply."""
    changes: tuple[LandingChange, ...] = ()
    problem: str | None = None
    """Why the reply could not be read."""


@dataclass
class Pipeline:
    """The line, for one configuration and one store."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    region: Region
    alert_judge: AlertJudge
    rules: LandingRules = field(default_factory=LandingRules)
    visitors: Visitors | None = None
    """Who is followed near the airfields though no watch wants it; None: nobody."""
    request_tracks: RequestTracks | None = None
    """Stores which full tracks are worth a request; None: nobody asks, as in a replay."""
    derivation: Derivation = field(init=False)
    _matcher: Matcher = field(init=False)
    _learned: CoverageLearner = field(init=False)
    _previous: dict[tuple[str, Format, Ask], datetime] = field(init=False, default_factory=dict)

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
        """Decode and sift, and tell a cached reply. Raises DecodeError.

        `cached` is what was known of it when it came; None: to be compared with those before.
        """
        sifted = sift(reply, self._matcher, self.region, self.visitors)
        key = (reply.feed, reply.format, reply.ask)
        if not is_newer(self._previous.get(key), sifted) if cached is None else cached:
            return sifted.as_stale()
        self._previous[key] = sifted.now_at
        return sifted

    def ingest(self, reply: Reply, *, cached: bool | None = None) -> IngestResult:
        """Store what a reply tells and all that follows from it; `cached` as in `sift`.

        A reply that cannot be read is stored as a poll that failed. Raises StoreError.
        """
        try:
            sifted = self.sift(reply, cached=cached)
        except DecodeError as error:
            area = isinstance(reply.ask, Area | Everything)
            hearing = failed_poll(reply.feed, reply.received_at, Outcome.MALFORMED, area)
            self.record_failure(hearing)
            return IngestResult(hearing, problem=str(error))
        changes = self.store_reports(sifted.observations, [sifted.coverage], reply.received_at)
        return IngestResult(
            sifted.coverage,
            sifted.now_at,
            watched=sum(not unlisted(matches) for _, matches in sifted.observations),
            worth_keeping=sifted.worth_keeping,
            changes=tuple(changes),
        )

    def record_failure(self, hearing: PollCoverage) -> None:
        """Store what a poll without a usable reply proves. Raises StoreError."""
        self.store_reports((), [hearing], hearing.at)

    def store_reports(
        self, seen: Sequence[MatchedObservation], heard: Iterable[PollCoverage], now: datetime
    ) -> list[LandingChange]:
        """Store reports and hearings in one transaction, with the landings and notices they make.

        Raises StoreError.
        """
        heard = tuple(heard)
        with self.store.transaction():
            for hearing in heard:
                self.invalidate_coverage(hearing.at)
            coverage_slots.merge_polls(self.store, heard)
            changed = observations.store_reports(self.store, seen)
            spans = spans_of(seen, changed)
            return self.derivation.derive_spans(spans, now)

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time is stored: what was made of it no longer holds. Raises
        StoreError."""
        self.alert_judge.invalidate_coverage(at)
        self._learned.invalidate_coverage(at)

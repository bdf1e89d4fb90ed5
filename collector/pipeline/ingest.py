"""What does one reply change? The one line that live polls, replay and backfill all go through.

    reply ─► sifted ─► stored ─► changed aircraft derived again ─► reconciled ─► rules ─► notices

Each reply is one IMMEDIATE transaction: what it tells, the landings it makes and the mails these
owe are stored together or not at all. The present is passed in: live it is now, in a replay it
is the recording's own time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec

from collector.errors import DecodeError
from collector.landings.airfield_changes import detect_in_parts
from collector.landings.detect import DerivedLandings, detect
from collector.landings.reconcile import Identity, reconcile
from collector.landings.rules import LandingRules
from collector.model import Airfield, Landing, Observation, Revision, Watch, WatchMatch
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Format, Outcome, Reply
from collector.pipeline import identity_conflicts
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.sift import Region, SiftedReply, failed, moved, sift
from collector.pipeline.windows import (
    Window,
    knowledge_cutoff,
    slots_around,
    spans_of,
    window,
    with_wakeup,
)
from collector.store import Store, aircraft, coverage_slots, landings, meta, observations
from collector.watches.matcher import Matcher
from collector.watches.reasons import one_a_watch
from collector.watches.visitors import Visitors, unlisted

WAKES = "wakes"
"""Name of the stored list of aircraft whose silence is to be judged later: address → time."""

Seen = tuple[Observation, Sequence[WatchMatch]]


@dataclass(frozen=True, slots=True)
class LandingChange:
    """A landing as it is now and as it was before (None: new), and what is told of the change."""

    landing: Landing
    before: Landing | None
    revision: Revision | None


class Judge(Protocol):
    """Who decides what a change of landings means for the rules."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Evaluate the windows that these landings lie in, and owe what they call for."""

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time arrived."""


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
    alert_judge: Judge
    rules: LandingRules = field(default_factory=LandingRules)
    visitors: Visitors | None = None
    """Who is followed near the airfields though no watch wants it; None: nobody."""
    track_requester: Callable[[str, Window, datetime], datetime | None] | None = None
    """Notes what else must be asked for, and says when to look again; None: a replay."""
    _matcher: Matcher = field(init=False)
    _learning: CoverageLearner = field(init=False)
    _previous: dict[tuple[str, Format, Ask], datetime] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._matcher = Matcher(self.watches)
        self._learning = CoverageLearner(self.store)

    def sift(self, reply: Reply, *, cached: bool | None = None) -> SiftedReply:
        """Decode and sift, and tell a cached reply. Raises DecodeError.

        `cached` is what was known of it when it came; None: to be compared with those before.
        """
        sifted = sift(reply, self._matcher, self.region, self.visitors)
        key = (reply.feed, reply.format, reply.ask)
        if not moved(self._previous.get(key), sifted) if cached is None else cached:
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
            hearing = failed(reply.feed, reply.received_at, Outcome.MALFORMED, area)
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
        self, seen: Sequence[Seen], heard: Iterable[PollCoverage], now: datetime
    ) -> list[LandingChange]:
        """Store reports and hearings in one transaction, with the landings and notices they make.

        Raises StoreError.
        """
        heard = tuple(heard)
        with self.store.transaction():
            for hearing in heard:
                self.invalidate_coverage(hearing.at)
            coverage_slots.merge(self.store, heard)
            changed = observations.add(self.store, seen)
            spans = spans_of(seen, changed)
            return self._derive(spans, now)

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time is stored: what was made of it no longer holds. Raises
        StoreError."""
        self.alert_judge.invalidate_coverage(at)
        self._learning.invalidate_coverage(at)

    def settle(self, now: datetime) -> list[LandingChange]:
        """Derive again every aircraft whose silence has lasted long enough. Raises StoreError."""
        with self.store.transaction():
            due = {icao24: at for icao24, at in self._wakes().items() if at <= now}
            spans = {}
            for icao24 in due:
                last = observations.before(self.store, icao24, now)
                if last is not None:
                    spans[icao24] = (last, last)
            return self._derive(spans, now, forget=due)

    def derive_all(self, begin: datetime, end: datetime, now: datetime) -> list[LandingChange]:
        """Derive again every aircraft reported in a span: coverage came late. Raises StoreError."""
        with self.store.transaction():
            spans = {}
            for each in aircraft.identities(self.store):
                if each.first_seen_at <= end and each.last_seen_at >= begin:
                    first = observations.after(self.store, each.icao24, begin)
                    last = observations.before(self.store, each.icao24, end)
                    if first is not None and last is not None and first <= last:
                        spans[each.icao24] = (first, last)
            return self._derive(spans, now)

    def derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window]:
        """Derive one aircraft's reports of a span, and tell which they were with what belongs to
        them. Nobody is asked what the changes mean: the caller does. Raises StoreError."""
        with self.store.transaction():
            changes, seen, wakeup_at = self._derive_one(icao24, first, last, now)
            self._put_wakes(with_wakeup(self._wakes(), icao24, seen, wakeup_at))
            return changes, seen

    def next_wakeup(self) -> datetime | None:
        """When `settle` will next have something to do. Raises StoreError."""
        return min(self._wakes().values(), default=None)

    def preview(self, icao24: str, at: datetime, now: datetime) -> tuple[Window, DerivedLandings]:
        """What the reports around `at` give, and which they are; nothing is stored.

        Raises StoreError.
        """
        seen = window(self.store, icao24, at, at, self.airfields)
        return seen, self._detect(seen, self._identity(icao24, at), now)

    def _detect(self, seen: Window, identity: Identity, now: datetime) -> DerivedLandings:
        silences = seen.silences()
        ends = [at for each in silences for at in (each[0] - self.rules.blind_reach, *each) if at]
        slots = slots_around(self.store, silences)
        learned = self._learning.of_weeks(ends, now)
        return detect_in_parts(
            seen.observations,
            self.airfields,
            lambda airfields: detect(
                seen.observations,
                slots,
                airfields,
                self.rules,
                knowledge_cutoff(seen, now),
                type_code=identity.type_code,
                learned=learned,
            ),
        )

    def _derive(
        self,
        spans: Mapping[str, tuple[datetime, datetime]],
        now: datetime,
        forget: Iterable[str] = (),
    ) -> list[LandingChange]:
        if not spans and not forget:
            return []
        wakes = self._wakes()
        for icao24 in forget:
            wakes.pop(icao24, None)
        changes = []
        for icao24, (first, last) in sorted(spans.items()):
            changed, seen, wakeup_at = self._derive_one(icao24, first, last, now)
            changes += changed
            wakes = with_wakeup(wakes, icao24, seen, wakeup_at)
        self._put_wakes(wakes)
        if changes:
            self.alert_judge.landings_changed(changes, now)
        return changes

    def _derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window, datetime | None]:
        seen = window(self.store, icao24, first, last, self.airfields)
        if not seen.observations:
            return [], seen, None
        identity = self._identity(icao24, last)
        derived = self._detect(seen, identity, now)
        wakeup_at = derived.wakeup_at
        if not unlisted(identity.watches):
            if self.track_requester is not None:
                times = (wakeup_at, self.track_requester(icao24, seen, now))
                wakeup_at = min((at for at in times if at is not None), default=None)
            listed = self._matcher.airframe(icao24, last.date())
            identity_conflicts.note(self.store, icao24, seen, listed, now)
        stored = landings.overlapping(self.store, icao24, seen.begin, seen.end)
        changes = reconcile(
            stored,
            derived.detections,
            identity=identity,
            span=(seen.begin, seen.end),
            now=now,
            new_id=landings.id_giver(self.store),
        )
        for landing, revision in changes:
            landings.save(self.store, landing, revision)
        before = {landing.id: landing for landing in stored}
        told = [LandingChange(landing, before.get(landing.id), why) for landing, why in changes]
        return told, seen, wakeup_at

    def _identity(self, icao24: str, at: datetime) -> Identity:
        """Who it is: the mark that feeds report, the type that a fleet file knows; else the other
        way round."""
        known = aircraft.identity(self.store, icao24)
        listed = self._matcher.airframe(icao24, at.date())
        marks = (known.registration if known else None, listed.registration if listed else None)
        types = (listed.type_code if listed else None, known.type_code if known else None)
        return Identity(
            next(filter(None, marks), None),
            next(filter(None, types), None),
            one_a_watch(aircraft.matches(self.store, icao24)),
        )

    def _wakes(self) -> dict[str, datetime]:
        text = meta.get(self.store, WAKES)
        return msgspec.json.decode(text, type=dict[str, datetime]) if text else {}

    def _put_wakes(self, wakes: Mapping[str, datetime]) -> None:
        text = msgspec.json.encode(dict(sorted(wakes.items()))).decode() if wakes else None
        if text != meta.get(self.store, WAKES):
            meta.put(self.store, WAKES, text)

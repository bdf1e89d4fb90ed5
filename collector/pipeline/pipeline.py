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
from collector.landings.airfield_changes import judged
from collector.landings.detect import Derived, detect
from collector.landings.reconcile import Identity, reconcile
from collector.landings.rules import LandingRules
from collector.model import Airfield, Landing, Observation, Revision, Watch, WatchMatch
from collector.model.hearing import Hearing
from collector.model.reply import Area, Ask, Everything, Format, Outcome, Reply
from collector.pipeline import identity_conflicts as conflicting
from collector.pipeline.learned_coverage import Learning
from collector.pipeline.sift import Region, Sifted, failed, moved, sift
from collector.pipeline.windows import Window, known_at, listened, noted, spans_of, window
from collector.store import Store, aircraft, hearings, landings, meta, observations
from collector.watches.matcher import Matcher
from collector.watches.reasons import one_a_watch
from collector.watches.visitors import Visitors, unlisted

WAKES = "wakes"
"""Name of the stored list of aircraft whose silence is to be judged later: address → time."""

Seen = tuple[Observation, Sequence[WatchMatch]]


@dataclass(frozen=True, slots=True)
class Change:
    """A landing as it is now and as it was before (None: new), and what is told of the change."""

    landing: Landing
    before: Landing | None
    revision: Revision | None


class Judge(Protocol):
    """Who decides what a change of landings means for the rules."""

    def landings_changed(self, changes: Sequence[Change], now: datetime) -> None:
        """Evaluate the windows that these landings lie in, and owe what they call for."""

    def heard(self, at: datetime) -> None:
        """A hearing of that time arrived."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one reply."""

    hearing: Hearing
    now_at: datetime | None = None
    """The feed's own time; None where the reply could not be read."""
    watched: int = 0
    worth_keeping: bool = False
    """Whether a recording needs the whole reply."""
    changes: tuple[Change, ...] = ()
    problem: str | None = None
    """Why the reply could not be read."""


@dataclass
class Pipeline:
    """The line, for one configuration and one store."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    region: Region
    judge: Judge
    rules: LandingRules = field(default_factory=LandingRules)
    visitors: Visitors | None = None
    """Who is followed near the airfields though no watch wants it; None: nobody."""
    owing: Callable[[str, Window, datetime], datetime | None] | None = None
    """Notes what else must be asked for, and says when to look again; None: a replay."""
    _matcher: Matcher = field(init=False)
    _learning: Learning = field(init=False)
    _previous: dict[tuple[str, Format, Ask], datetime] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._matcher = Matcher(self.watches)
        self._learning = Learning(self.store)

    def sift(self, reply: Reply, *, cached: bool | None = None) -> Sifted:
        """Decode and sift, and tell a cached reply. Raises DecodeError.

        `cached` is what was known of it when it came; None: to be compared with those before.
        """
        sifted = sift(reply, self._matcher, self.region, self.visitors)
        key = (reply.feed, reply.format, reply.ask)
        if not moved(self._previous.get(key), sifted) if cached is None else cached:
            return sifted.as_stale()
        self._previous[key] = sifted.now_at
        return sifted

    def take(self, reply: Reply, *, cached: bool | None = None) -> Taken:
        """Store what a reply tells and all that follows from it; `cached` as in `sift`.

        A reply that cannot be read is stored as a poll that failed. Raises StoreError.
        """
        try:
            sifted = self.sift(reply, cached=cached)
        except DecodeError as error:
            area = isinstance(reply.ask, Area | Everything)
            hearing = failed(reply.feed, reply.received_at, Outcome.MALFORMED, area)
            self.missed(hearing)
            return Taken(hearing, problem=str(error))
        changes = self.add(sifted.observations, [sifted.hearing], reply.received_at)
        return Taken(
            sifted.hearing,
            sifted.now_at,
            watched=sum(not unlisted(matches) for _, matches in sifted.observations),
            worth_keeping=sifted.worth_keeping,
            changes=tuple(changes),
        )

    def missed(self, hearing: Hearing) -> None:
        """Store what a poll without a usable reply proves. Raises StoreError."""
        self.add((), [hearing], hearing.at)

    def add(self, seen: Sequence[Seen], heard: Iterable[Hearing], now: datetime) -> list[Change]:
        """Store reports and hearings in one transaction, with the landings and notices they make.

        Raises StoreError.
        """
        heard = tuple(heard)
        with self.store.transaction():
            for hearing in heard:
                self.heard(hearing.at)
            hearings.merge(self.store, heard)
            changed = observations.add(self.store, seen)
            spans = spans_of(seen, changed)
            return self._derive(spans, now)

    def heard(self, at: datetime) -> None:
        """A hearing of that time is stored: what was made of it no longer holds. Raises
        StoreError."""
        self.judge.heard(at)
        self._learning.heard(at)

    def settle(self, now: datetime) -> list[Change]:
        """Derive again every aircraft whose silence has lasted long enough. Raises StoreError."""
        with self.store.transaction():
            due = {icao24: at for icao24, at in self._wakes().items() if at <= now}
            spans = {}
            for icao24 in due:
                last = observations.before(self.store, icao24, now)
                if last is not None:
                    spans[icao24] = (last, last)
            return self._derive(spans, now, forget=due)

    def derive_all(self, begin: datetime, end: datetime, now: datetime) -> list[Change]:
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
    ) -> tuple[list[Change], Window]:
        """Derive one aircraft's reports of a span, and tell which they were with what belongs to
        them. Nobody is asked what the changes mean: the caller does. Raises StoreError."""
        with self.store.transaction():
            changes, seen, wakes_at = self._derive_one(icao24, first, last, now)
            self._put_wakes(noted(self._wakes(), icao24, seen, wakes_at))
            return changes, seen

    def next_wake(self) -> datetime | None:
        """When `settle` will next have something to do. Raises StoreError."""
        return min(self._wakes().values(), default=None)

    def derived(self, icao24: str, at: datetime, now: datetime) -> tuple[Window, Derived]:
        """What the reports around `at` give, and which they are; nothing is stored.

        Raises StoreError.
        """
        seen = window(self.store, icao24, at, at, self.airfields)
        return seen, self._detect(seen, self._identity(icao24, at), now)

    def _detect(self, seen: Window, identity: Identity, now: datetime) -> Derived:
        silences = seen.silences()
        ends = [at for each in silences for at in (each[0] - self.rules.blind_reach, *each) if at]
        slots = listened(self.store, silences)
        learned = self._learning.of_weeks(ends, now)
        return judged(
            seen.observations,
            self.airfields,
            lambda airfields: detect(
                seen.observations,
                slots,
                airfields,
                self.rules,
                known_at(seen, now),
                type_code=identity.type_code,
                learned=learned,
            ),
        )

    def _derive(
        self,
        spans: Mapping[str, tuple[datetime, datetime]],
        now: datetime,
        forget: Iterable[str] = (),
    ) -> list[Change]:
        if not spans and not forget:
            return []
        wakes = self._wakes()
        for icao24 in forget:
            wakes.pop(icao24, None)
        changes = []
        for icao24, (first, last) in sorted(spans.items()):
            changed, seen, wakes_at = self._derive_one(icao24, first, last, now)
            changes += changed
            wakes = noted(wakes, icao24, seen, wakes_at)
        self._put_wakes(wakes)
        if changes:
            self.judge.landings_changed(changes, now)
        return changes

    def _derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[Change], Window, datetime | None]:
        seen = window(self.store, icao24, first, last, self.airfields)
        if not seen.observations:
            return [], seen, None
        identity = self._identity(icao24, last)
        derived = self._detect(seen, identity, now)
        wakes_at = derived.wakes_at
        if not unlisted(identity.watches):
            if self.owing is not None:
                times = (wakes_at, self.owing(icao24, seen, now))
                wakes_at = min((at for at in times if at is not None), default=None)
            listed = self._matcher.airframe(icao24, last.date())
            conflicting.note(self.store, icao24, seen, listed, now)
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
        told = [Change(landing, before.get(landing.id), why) for landing, why in changes]
        return told, seen, wakes_at

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

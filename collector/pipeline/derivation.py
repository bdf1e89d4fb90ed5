"""Which landings do the stored reports of an aircraft give, and when must they be judged again?

    window of reports ─► detect ─► reconcile with what is stored ─► changes ─► alerts

A derivation reads one window of one aircraft's reports (`windows`), detects landings in it, and
reconciles these with the stored ones. It also keeps the wake-up times: a silence that is too young
to be judged is judged later, by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from collector.landings.airfield_changes import detect_in_parts
from collector.landings.detect import DerivedLandings, detect
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.pipeline import identity_conflicts
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.windows import (
    Window,
    knowledge_cutoff,
    slots_around,
    window,
    with_wakeup,
)
from collector.store import Store, aircraft, landings, meta, observations
from collector.watches.matcher import Matcher
from collector.watches.reasons import strongest_matches
from collector.watches.visitors import unlisted

WAKEUPS = "wakes"
"""Name of the stored list of aircraft whose silence is to be judged later: address → time."""

RequestTracks = Callable[[str, Window, datetime], datetime | None]
"""Stores which full tracks a window calls for; returns when to look again if the aircraft stays
silent."""


@dataclass
class Derivation:
    """Derives the landings of one aircraft at a time, for one configuration and one store."""

    store: Store
    matcher: Matcher
    airfields: Sequence[Airfield]
    rules: LandingRules
    alert_judge: AlertJudge
    learned: CoverageLearner
    request_tracks: RequestTracks | None = None
    """None: no full track is asked for, as in a replay."""

    def settle(self, now: datetime) -> list[LandingChange]:
        """Derive again every aircraft whose silence has lasted long enough. Raises StoreError."""
        with self.store.transaction():
            due = {icao24: at for icao24, at in self._wakeups().items() if at <= now}
            spans = {}
            for icao24 in due:
                last = observations.before(self.store, icao24, now)
                if last is not None:
                    spans[icao24] = (last, last)
            return self.derive_spans(spans, now, forget=due)

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
            return self.derive_spans(spans, now)

    def derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window]:
        """Derive one aircraft's reports of a span, and tell which they were with what belongs to
        them. Nobody is asked what the changes mean: the caller does. Raises StoreError."""
        with self.store.transaction():
            changes, seen, wakeup_at = self._derive_one(icao24, first, last, now)
            self._put_wakeups(with_wakeup(self._wakeups(), icao24, seen, wakeup_at))
            return changes, seen

    def next_wakeup(self) -> datetime | None:
        """When `settle` will next have something to do. Raises StoreError."""
        return min(self._wakeups().values(), default=None)

    def preview(self, icao24: str, at: datetime, now: datetime) -> tuple[Window, DerivedLandings]:
        """What the reports around `at` give, and which they are; nothing is stored.

        Raises StoreError.
        """
        seen = window(self.store, icao24, at, at, self.airfields)
        return seen, self._detect(seen, self._identity(icao24, at), now)

    def _detect(self, seen: Window, identity: AircraftIdentity, now: datetime) -> DerivedLandings:
        silences = seen.silences()
        ends = [at for each in silences for at in (each[0] - self.rules.blind_reach, *each) if at]
        slots = slots_around(self.store, silences)
        learned = self.learned.of_weeks(ends, now)
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

    def derive_spans(
        self,
        spans: Mapping[str, tuple[datetime, datetime]],
        now: datetime,
        forget: Iterable[str] = (),
    ) -> list[LandingChange]:
        """Derive the windows around these spans, by aircraft, and have the alerts judged.

        Belongs in the transaction of what caused it. `forget`: aircraft whose wake-up time is
        over. Raises StoreError.
        """
        if not spans and not forget:
            return []
        wakeups = self._wakeups()
        for icao24 in forget:
            wakeups.pop(icao24, None)
        changes = []
        for icao24, (first, last) in sorted(spans.items()):
            changed, seen, wakeup_at = self._derive_one(icao24, first, last, now)
            changes += changed
            wakeups = with_wakeup(wakeups, icao24, seen, wakeup_at)
        self._put_wakeups(wakeups)
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
            if self.request_tracks is not None:
                times = (wakeup_at, self.request_tracks(icao24, seen, now))
                wakeup_at = min((at for at in times if at is not None), default=None)
            listed = self.matcher.airframe(icao24, last.date())
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

    def _identity(self, icao24: str, at: datetime) -> AircraftIdentity:
        """Who it is: the mark that feeds report, the type that a fleet file knows; else the other
        way round."""
        known = aircraft.identity(self.store, icao24)
        listed = self.matcher.airframe(icao24, at.date())
        marks = (known.registration if known else None, listed.registration if listed else None)
        types = (listed.type_code if listed else None, known.type_code if known else None)
        return AircraftIdentity(
            next(filter(None, marks), None),
            next(filter(None, types), None),
            strongest_matches(aircraft.matches(self.store, icao24)),
        )

    def _wakeups(self) -> dict[str, datetime]:
        text = meta.get(self.store, WAKEUPS)
        return msgspec.json.decode(text, type=dict[str, datetime]) if text else {}

    def _put_wakeups(self, wakeups: Mapping[str, datetime]) -> None:
        text = msgspec.json.encode(dict(sorted(wakeups.items()))).decode() if wakeups else None
        if text != meta.get(self.store, WAKEUPS):
            meta.put(self.store, WAKEUPS, text)

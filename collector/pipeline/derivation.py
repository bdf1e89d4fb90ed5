"""Which landings follow from an aircraft's stored reports, and when are they judged again?

    window of reports ─► detect ─► reconcile with what is stored ─► changes ─► alerts

A derivation reads one window of one aircraft's reports (`track_windows`), detects the landings in
it and reconciles them with the stored ones. It also keeps the wake-up times: a silence that is too
short to be judged is judged later, by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from collector.landings.airfield_changes import detect_in_parts
from collector.landings.detect import DerivedLandings, detect
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.landings.rules import LandingRules
from collector.model import Airfield, Detection, WatchMatch
from collector.pipeline import identity_conflicts
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.track_windows import (
    Window,
    knowledge_cutoff,
    slots_around,
    window,
    with_wakeup,
)
from collector.store import Store, aircraft, landing_ids, landings, meta, observations
from collector.watches.following import is_by_address
from collector.watches.holding import DEPARTURE, FLIGHT, ROLL_OUT, matches_of_landing
from collector.watches.matcher import Matcher
from collector.watches.reasons import strongest_matches
from collector.watches.visitors import unlisted

WAKEUPS = "wakes"
"""Key of the stored table of wake-up times: address → time at which to judge its silence."""

AIRCRAFT_AT_ONCE = 20
"""Aircraft derived in one transaction of a long command. It lasts about a second."""

Span = tuple[datetime, datetime]
"""The first and the last new report of an aircraft."""

RequestTracks = Callable[[str, Window, datetime], datetime | None]
"""Store the track requests that a window calls for. Return when to look at the aircraft again if it
stays silent, None if never."""


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
    """None: no full track is requested, as in a replay."""

    def settle(self, now: datetime) -> list[LandingChange]:
        """Derive every aircraft again whose wake-up time has come. Raises StoreError."""
        with self.store.transaction():
            due = {icao24: at for icao24, at in self._wakeups().items() if at <= now}
            spans = {}
            for icao24 in due:
                last = observations.last_before(self.store, icao24, now)
                if last is not None:
                    spans[icao24] = (last, last)
            return self.derive_spans(spans, now, forget=due)

    def derive_all(self, begin: datetime, end: datetime, now: datetime) -> list[LandingChange]:
        """Derive every aircraft again that was reported between two times.

        Needed when coverage of that time is stored later than its reports. Raises StoreError.
        """
        spans = {}
        for icao24 in aircraft.seen_between(self.store, begin, end):
            first = observations.first_after(self.store, icao24, begin)
            last = observations.last_before(self.store, icao24, end)
            if first is not None and last is not None and first <= last:
                spans[icao24] = (first, last)
        return self.derive_in_parts(spans, now)

    def derive_in_parts(self, spans: Mapping[str, Span], now: datetime) -> list[LandingChange]:
        """Derive many aircraft, a few in each transaction, so that other processes can write.

        Raises StoreError.
        """
        changes: list[LandingChange] = []
        order = sorted(spans)
        for begin in range(0, len(order), AIRCRAFT_AT_ONCE):
            part = {icao24: spans[icao24] for icao24 in order[begin : begin + AIRCRAFT_AT_ONCE]}
            with self.store.transaction():
                changes += self.derive_spans(part, now)
        return changes

    def derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window]:
        """Derive one aircraft's reports between two times; return the changes and the window read.

        Does not evaluate any rule: the caller passes the changes on. Raises StoreError.
        """
        with self.store.transaction():
            changes, reports, wakeup_at = self._derive_one(icao24, first, last, now)
            self._store_wakeups(with_wakeup(self._wakeups(), icao24, reports, wakeup_at))
            return changes, reports

    def next_wakeup(self) -> datetime | None:
        """Return when `settle` next has something to do, None if never. Raises StoreError."""
        return min(self._wakeups().values(), default=None)

    def preview(self, icao24: str, at: datetime, now: datetime) -> tuple[Window, DerivedLandings]:
        """Return the window around `at` and the landings that follow from it; store nothing.

        Raises StoreError.
        """
        reports = window(self.store, icao24, at, at, self.airfields)
        return reports, self._detect(reports, self._identity(icao24, at), now)

    def _detect(
        self, reports: Window, identity: AircraftIdentity, now: datetime
    ) -> DerivedLandings:
        silences = reports.silences()
        ends = [
            at
            for silence in silences
            for at in (silence[0] - self.rules.blind_reach, *silence)
            if at
        ]
        slots = slots_around(self.store, silences)
        learned = self.learned.of_weeks(ends, now)
        return detect_in_parts(
            reports.observations,
            self.airfields,
            lambda airfields: detect(
                reports.observations,
                slots,
                airfields,
                self.rules,
                knowledge_cutoff(reports, now),
                type_code=identity.type_code,
                learned=learned,
            ),
        )

    def derive_spans(
        self,
        spans: Mapping[str, Span],
        now: datetime,
        forget: Iterable[str] = (),
    ) -> list[LandingChange]:
        """Derive the window around each aircraft's span, then have the alerts judged.

        Call it in the transaction that stores the cause. `forget` names the aircraft whose wake-up
        time has come. Raises StoreError.
        """
        if not spans and not forget:
            return []
        wakeups = self._wakeups()
        for icao24 in forget:
            wakeups.pop(icao24, None)
        changes = []
        for icao24, (first, last) in sorted(spans.items()):
            changed, reports, wakeup_at = self._derive_one(icao24, first, last, now)
            changes += changed
            wakeups = with_wakeup(wakeups, icao24, reports, wakeup_at)
        self._store_wakeups(wakeups)
        if changes:
            self.alert_judge.landings_changed(changes, now)
        return changes

    def _derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window, datetime | None]:
        """Derive one aircraft's landings; return the changes, the window and its wake-up time.

        1. Read the window of reports around the span.
        2. Detect the landings in it.
        3. Unless it is an unlisted visitor, request full tracks and store identity conflicts.
        4. Reconcile the detected landings with the stored ones of the window.
        5. Store every change with the line of its history.
        """
        reports = window(self.store, icao24, first, last, self.airfields)
        if not reports.observations:
            return [], reports, None
        identity = self._identity(icao24, last)
        derived = self._detect(reports, identity, now)
        wakeup_at = derived.wakeup_at
        if not unlisted(identity.watches):
            if self.request_tracks is not None:
                times = (wakeup_at, self.request_tracks(icao24, reports, now))
                wakeup_at = min((at for at in times if at is not None), default=None)
            listed = self.matcher.airframe(icao24, last.date())
            identity_conflicts.store_conflicts(self.store, icao24, reports, listed, now)
        stored = landings.overlapping(self.store, icao24, reports.begin, reports.end)
        changes = reconcile(
            stored,
            derived.detections,
            identity=identity,
            span=(reports.begin, reports.end),
            now=now,
            new_id=landing_ids.id_allocator(self.store),
        )
        for landing, revision in changes:
            landings.save(self.store, landing, revision)
        before = {landing.id: landing for landing in stored}
        return (
            [LandingChange(landing, before.get(landing.id), why) for landing, why in changes],
            reports,
            wakeup_at,
        )

    def _identity(self, icao24: str, at: datetime) -> AircraftIdentity:
        """Return the registration that feeds report and the type that a fleet file lists.

        Where one of the two is missing, the other source gives it.
        """
        reported = aircraft.identity(self.store, icao24)
        listed = self.matcher.airframe(icao24, at.date())
        marks = (
            reported.registration if reported else None,
            listed.registration if listed else None,
        )
        types = (listed.type_code if listed else None, reported.type_code if reported else None)
        matches = aircraft.matches(self.store, icao24)
        return AircraftIdentity(
            next(filter(None, marks), None),
            next(filter(None, types), None),
            strongest_matches(matches),
            None if all(map(is_by_address, matches)) else partial(self._matches_of, matches),
        )

    def _matches_of(
        self, matches: Sequence[WatchMatch], detection: Detection
    ) -> tuple[WatchMatch, ...]:
        """Return the matches as they hold for a landing, by the names in the reports around it."""
        at, left_at = detection.touchdown_at, detection.visit_until
        names = partial(observations.names_between, self.store, detection.icao24)
        landed = at + ROLL_OUT
        return matches_of_landing(
            matches,
            self.matcher.watch_named,
            detection,
            arrival=names(at - FLIGHT, landed),
            departure=names(max(landed, left_at - DEPARTURE), max(landed, left_at) + DEPARTURE),
        )

    def _wakeups(self) -> dict[str, datetime]:
        text = meta.get_value(self.store, WAKEUPS)
        return msgspec.json.decode(text, type=dict[str, datetime]) if text else {}

    def _store_wakeups(self, wakeups: Mapping[str, datetime]) -> None:
        text = msgspec.json.encode(dict(sorted(wakeups.items()))).decode() if wakeups else None
        if text != meta.get_value(self.store, WAKEUPS):
            meta.set_value(self.store, WAKEUPS, text)

"""Which landings follow from an aircraft's stored reports, and when are they judged again?

    window of reports ─► detect ─► reconcile with what is stored ─► changes ─► alerts

A derivation reads one window of one aircraft's reports (`track_windows`), detects the landings in
it and reconciles them with the stored ones. It also keeps the wake-up times: a silence that is too
short to be judged is judged later, by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from collector.landings.airfield_changes import detect_in_parts
from collector.landings.detect import DerivedLandings, detect
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.landings.rules import RULES_VERSION, LandingRules
from collector.model import Airfield, Landing
from collector.pipeline import identity_conflicts, rejudging
from collector.pipeline.changes import AlertJudge, LandingChange
from collector.pipeline.closed_time import only_new
from collector.pipeline.failed_derivations import AGAIN_AFTER, kept_if_failed, with_failed
from collector.pipeline.identities import identity_of
from collector.pipeline.imported_tracks import received_before, with_imported
from collector.pipeline.learned_coverage import CoverageLearner
from collector.pipeline.stay_lengths import learn_stays
from collector.pipeline.track_windows import (
    Window,
    bounds,
    knowledge_cutoff,
    slots_around,
    window,
)
from collector.pipeline.wakeups import due_spans, load_wakeups, store_wakeups, with_wakeup
from collector.store import (
    Store,
    aircraft,
    closed_time,
    judged,
    landing_ids,
    landings,
    observations,
    rederivation_queue,
    stay_lengths,
    stops,
)
from collector.watches.matcher import Matcher
from collector.watches.visitors import unlisted

_INSTANT = timedelta(microseconds=1)

AIRCRAFT_AT_ONCE = 20
"""Aircraft derived in one transaction of a long command. It lasts about a second."""

Span = tuple[datetime, datetime]
"""The first and the last new report of an aircraft."""

RequestTracks = Callable[[str, Window, datetime], datetime | None]
"""Store the requests that a window calls for. Return when to look again; None: never."""


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
    _all_judged: bool = False
    """Whether the present rules judged every stored landing."""

    def settle(self, now: datetime) -> list[LandingChange]:
        """Derive every aircraft again whose wake-up time has come. Raises StoreError."""
        with self.store.transaction():
            due, spans = due_spans(self.store, now)
            self.judge_again_around(spans, now)
            return self.derive_spans(spans, now, forget=due)

    def derive_all(self, begin: datetime, end: datetime, now: datetime) -> list[LandingChange]:
        """Derive every aircraft again that was reported between two times, closed time left out.

        Needed when coverage of that time is stored later than its reports. Raises StoreError.
        """
        spans = {}
        begin = max(begin, closed_time.closed_until(self.store) or begin)
        for icao24 in aircraft.seen_between(self.store, begin, end):
            first = observations.first_after(self.store, icao24, begin)
            last = observations.last_before(self.store, icao24, end)
            if first is not None and last is not None and first <= last:
                spans[icao24] = (first, last)
        return self.derive_in_parts(spans, now)

    def derive_in_parts(self, spans: Mapping[str, Span], now: datetime) -> list[LandingChange]:
        """Derive many aircraft, a few in each transaction, so that other processes can write.

        What was queued of them to be derived is done with it. Raises StoreError.
        """
        changes: list[LandingChange] = []
        order = sorted(spans)
        for begin in range(0, len(order), AIRCRAFT_AT_ONCE):
            part = {icao24: spans[icao24] for icao24 in order[begin : begin + AIRCRAFT_AT_ONCE]}
            with self.store.transaction():
                self.judge_again_around(part, now)
                changes += self.derive_spans(part, now)
                for icao24, span in part.items():
                    rederivation_queue.finish_spans_within(self.store, icao24, *span)
        return changes

    def derive_one(
        self, icao24: str, first: datetime, last: datetime, now: datetime
    ) -> tuple[list[LandingChange], Window]:
        """Derive one aircraft's reports between two times; return the changes and the window read.

        Does not evaluate any rule: the caller passes the changes on. Raises StoreError.
        """
        with self.store.transaction():
            changes, reports, wakeup_at = self._derive_one(icao24, first, last, now)
            wakeups = load_wakeups(self.store)
            store_wakeups(self.store, with_wakeup(wakeups, icao24, reports, wakeup_at))
            return changes, reports

    def judge_again(self, landing: Landing, now: datetime) -> list[LandingChange]:
        """Judge by the present rules the window around a stored landing, and what follows from it.

        No silence counts that was not judged before, so that only the rules can change anything.
        No full track is requested. A landing of closed time stays as it is. Raises StoreError.
        """
        if closed_time.is_closed(self.store, landing):
            judged.mark_reports_gone(self.store, [landing.id], RULES_VERSION)
            return []
        icao24, (first, last) = landing.detection.icao24, rejudging.span_of(landing)
        with self.store.transaction():
            wakeups = load_wakeups(self.store)
            pending_at = wakeups.get(icao24)
            judged_at = now if pending_at is None else min(now, pending_at - _INSTANT)
            changes, reports, wakeup_at = self._derive_one(icao24, first, last, now, judged_at)
            if pending_at is None:
                store_wakeups(self.store, with_wakeup(wakeups, icao24, reports, wakeup_at))
            if not reports.observations and not reports.imported:
                judged.mark_reports_gone(self.store, [landing.id], RULES_VERSION)
            if changes:
                self.alert_judge.landings_changed(changes, now)
            return changes

    def judge_again_around(
        self, spans: Mapping[str, tuple[datetime, datetime]], now: datetime
    ) -> None:
        """Judge again every stored landing that deriving these spans of aircraft could change.

        Call it before the new reports are stored, so that what new rules change is not taken for
        news. Raises StoreError.
        """
        if not self._all_judged:
            self._all_judged = judged.next_unjudged(self.store, RULES_VERSION) is None
        for icao24, span in sorted(spans.items()) if not self._all_judged else ():
            begin, end, _ = bounds(self.store, icao24, *span, self.airfields)
            within = partial(judged.next_unjudged, self.store, RULES_VERSION, icao24, begin, end)
            with kept_if_failed(self.store, icao24, span):
                while (landing := within()) is not None:
                    self.judge_again(landing, now)

    def learn_stays(self, now: datetime) -> list[LandingChange]:
        """Learn how long fleets stay, which dates unheard arrivals anew. Raises StoreError."""
        return learn_stays(self.store, self.matcher, self.rules, self.alert_judge, now)

    def next_wakeup(self) -> datetime | None:
        """Return when `settle` next has something to do, None if never. Raises StoreError."""
        return min(load_wakeups(self.store).values(), default=None)

    def preview(self, icao24: str, at: datetime, now: datetime) -> tuple[Window, DerivedLandings]:
        """Return the window around `at` and the landings that follow from it; store nothing.

        Raises StoreError.
        """
        reports = window(self.store, icao24, at, at, self.airfields)
        identity = identity_of(self.store, self.matcher, icao24, at)
        return reports, self._detect(reports, identity, now)

    def _detect(
        self, reports: Window, identity: AircraftIdentity, now: datetime
    ) -> DerivedLandings:
        silences, reach = reports.silences(), self.rules.blind_reach
        ends = [at for one in silences for at in (one[0] - reach, *one) if at]
        slots = slots_around(self.store, silences)
        learned = self.learned.of_weeks(ends, now)
        lengths = stay_lengths.lengths_for(self.store, (one.watch for one in identity.watches))
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
                lengths=lengths,
            ),
        )

    def derive_spans(
        self,
        spans: Mapping[str, Span],
        now: datetime,
        forget: Iterable[str] = (),
    ) -> list[LandingChange]:
        """Derive the window around each aircraft's span, then have the alerts judged.

        One that fails by a defect is kept for later. Call it in the transaction that stores the
        cause. `forget` names the aircraft whose wake-up time has come. Raises StoreError.
        """
        if not spans and not forget:
            return []
        wakeups = load_wakeups(self.store)
        for icao24 in forget:
            wakeups.pop(icao24, None)
        changes = []
        for icao24, (first, last) in sorted(with_failed(self.store, spans).items()):
            before, wakeups = wakeups, wakeups | {icao24: now + AGAIN_AFTER}
            with kept_if_failed(self.store, icao24, (first, last)):
                changed, reports, wakeup_at = self._derive_one(icao24, first, last, now)
                changes += changed
                wakeups = with_wakeup(before, icao24, reports, wakeup_at)
        store_wakeups(self.store, wakeups)
        if changes:
            self.alert_judge.landings_changed(changes, now)
        return changes

    def _derive_one(
        self,
        icao24: str,
        first: datetime,
        last: datetime,
        now: datetime,
        judged_at: datetime | None = None,
    ) -> tuple[list[LandingChange], Window, datetime | None]:
        """Derive one aircraft's landings; return the changes, the window and its wake-up time.

        With `judged_at`, stored landings are judged again, as of that time.

        1. Read the window of reports around the span.
        2. Detect the landings in it.
        3. Unless it is an unlisted visitor, request full tracks and store identity conflicts.
        4. Reconcile the detected landings with the stored ones of the window. Those of closed time
           stay as they are, and so do received ones if only imported reports are left.
        5. Store every change with the line of its history.
        """
        reports = window(self.store, icao24, first, last, self.airfields)
        if not reports.observations and not reports.imported:
            return [], reports, None
        identity = identity_of(self.store, self.matcher, icao24, last)
        derived = DerivedLandings()
        if reports.observations:
            derived = self._detect(reports, identity, judged_at or now)
        stored = landings.overlapping(self.store, icao24, reports.begin, reports.end)
        kept = received_before(reports, stored)
        fields, rules, store = self.airfields, self.rules, self.store
        derived = with_imported(
            derived, reports, kept, fields, rules, store=store, identity=identity
        )
        stops.queue(store, icao24, first, last)
        wakeup_at = derived.wakeup_at
        if reports.observations and not unlisted(identity.watches):
            if self.request_tracks is not None and judged_at is None:
                times = (wakeup_at, self.request_tracks(icao24, reports, now))
                wakeup_at = min((at for at in times if at is not None), default=None)
            listed = self.matcher.airframe(icao24, last.date())
            identity_conflicts.store_conflicts(self.store, icao24, reports, listed, now)
        changes = reconcile(
            [landing for landing in stored if landing not in kept],
            derived.detections,
            identity=identity,
            span=(reports.begin, reports.end),
            now=now,
            new_id=landing_ids.id_allocator(self.store),
            zones=self.matcher.zones,
            judged_again=judged_at is not None,
        )
        closed_until = closed_time.closed_until(store)
        if judged_at is not None:
            changes = rejudging.keep_and_mark(store, stored, changes, reports, closed_until)
        new_reports = (first, last) if judged_at is None else None
        changes = only_new(changes, stored, closed_until, new_reports)
        for landing, revision in changes:
            landings.save(self.store, landing, revision)
        judged.mark_judged(self.store, [landing.id for landing, _ in changes], RULES_VERSION)
        before = {landing.id: landing for landing in stored}
        made = [LandingChange(landing, before.get(landing.id), why) for landing, why in changes]
        return made, reports, wakeup_at

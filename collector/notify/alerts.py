"""What do the rules say to changed landings, and who is owed a mail for it? Steps 4 and 5.

Loads what `alerts.judge` needs, stores what it decides, and owes the notices, all in the
caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from collector.alerts.judge import Decision, judge, needed_from
from collector.alerts.lifecycle import AlertState, Reason, notice_key, unfinished
from collector.model import Airfield, Landing, Revision, Watch
from collector.model.notice import Owed
from collector.model.terms import Terms
from collector.pipeline.changes import LandingChange
from collector.queries.coverage import CoverageQuery
from collector.reports.mails import alert
from collector.store import Store, alerts, landings, outbox

log = structlog.get_logger(__name__)

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AlertEvaluator:
    """The rules of every watch, applied to what is stored."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    coverage: CoverageQuery
    terms: Mapping[str, Terms]
    """Of each feed by its configured name."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Decide on every window that these landings touch. Raises StoreError."""
        self.evaluate_touchdowns(self.touchdowns_by_watch(changes), now)

    def touchdowns_by_watch(self, changes: Sequence[LandingChange]) -> dict[str, list[datetime]]:
        """When these landings touch, or touched, down, by the watches that want them."""
        return {watch.name: sorted(_touched(changes, watch)) for watch in self.watches}

    def prepare(self, moments: Mapping[str, Sequence[datetime]], now: datetime) -> None:
        """Compute the coverage that `touched` will ask for: years of it take a while, better
        outside a transaction. Raises StoreError."""
        for watch in self.watches:
            touched = moments.get(watch.name)
            for rule in watch.rules if touched else ():
                states = alerts.load(self.store, watch.name, rule.name)
                begin = needed_from(rule, states, touched or (), now)
                self.coverage.by_week(rule.place, watch.zone, begin, now)

    def evaluate_touchdowns(self, moments: Mapping[str, Sequence[datetime]], now: datetime) -> None:
        """Decide on every window that these touchdowns lie in, by watch. Raises StoreError."""
        for watch in self.watches:
            touched = moments.get(watch.name)
            if touched:
                self._judge_watch(watch, touched, now)

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time arrived: coverage kept for its week is void. Raises StoreError."""
        self.coverage.invalidate_coverage(at)

    def evaluate(self, now: datetime) -> None:
        """Decide on the present window of every rule: at a start. Raises StoreError."""
        with self.store.transaction():
            for watch in self.watches:
                self._judge_watch(watch, (), now)

    def evaluate_day_end(self, now: datetime) -> None:
        """Decide on what time alone changes: windows that end. Raises StoreError."""
        with self.store.transaction():
            for watch in self.watches:
                self._judge_watch(watch, (), now, only_unfinished=True)

    def _judge_watch(
        self,
        watch: Watch,
        touched: Sequence[datetime],
        now: datetime,
        *,
        only_unfinished: bool = False,
    ) -> None:
        for rule in watch.rules:
            states = alerts.load(self.store, watch.name, rule.name)
            if only_unfinished and not any(unfinished(state) for state in states):
                continue
            begin = needed_from(rule, states, touched, now)
            decisions = judge(
                rule,
                watch,
                landings.find(self.store, begin=begin, watch=watch.name, include_retracted=True),
                self.coverage.by_week(rule.place, watch.zone, begin, now),
                states,
                touched=touched,
                now=now,
                muted=alerts.muted(self.store, watch.name, rule.name, now) is not None,
            )
            known = {state.window: state for state in states}
            for decision in decisions:
                alerts.save(self.store, decision.state)
                if decision.reason is not None:
                    before = known.get(decision.state.window)
                    self._owe(watch, decision, decision.reason, before, now)

    def _owe(
        self,
        watch: Watch,
        decision: Decision,
        reason: Reason,
        before: AlertState | None,
        now: datetime,
    ) -> None:
        keys = [notice_key(decision.state, reason, to.name) for to in watch.recipients]
        if all(outbox.known(self.store, key) for key in keys):
            return
        message = alert.render(self._report(watch, decision, reason, before, now))
        for key, recipient in zip(keys, watch.recipients, strict=True):
            owed = Owed(key=key, recipient=recipient, message=message, created_at=now)
            if outbox.owe(self.store, owed):
                log.info(
                    "alert",
                    key=key,
                    rule=decision.verdict.rule.name,
                    count=decision.verdict.count.text,
                )

    def _report(
        self,
        watch: Watch,
        decision: Decision,
        reason: Reason,
        before: AlertState | None,
        now: datetime,
    ) -> alert.AlertReport:
        verdict = decision.verdict
        shown = (*verdict.count.counted, *verdict.count.undetermined)
        until = min(now, verdict.end)
        return alert.AlertReport(
            watch=watch,
            verdict=verdict,
            reason=reason,
            airfields=self.airfields,
            terms=terms_of(shown, self.terms),
            corrections=self._corrections(watch, verdict.begin, verdict.end, before, now),
            count_before=_told_before(before),
            coverage=self.coverage.between(verdict.rule.place, verdict.begin, until)
            if verdict.begin < until
            else None,
        )

    def _corrections(
        self,
        watch: Watch,
        begin: datetime,
        end: datetime,
        before: AlertState | None,
        now: datetime,
    ) -> list[tuple[Revision, Landing]]:
        """What was told and is now otherwise: every change but a find since the last notice."""
        if before is None:
            return []
        since = before.changed_at + _MOMENT
        found = []
        for revision in landings.revisions(self.store, since, now + _MOMENT):
            landing = landings.get(self.store, revision.landing_id)
            if landing is None or revision.change == "found":
                continue
            mine = any(match.watch == watch.name for match in landing.watches)
            if mine and begin <= landing.detection.touchdown_at < end:
                found.append((revision, landing))
        return found


def terms_of(shown: Iterable[Landing], terms: Mapping[str, Terms]) -> tuple[Terms, ...]:
    """The terms of every feed that these landings rest on, once each."""
    feeds = sorted({feed for landing in shown for feed in landing.detection.feeds})
    return tuple(dict.fromkeys(terms[feed] for feed in feeds if feed in terms))


def _touched(changes: Iterable[LandingChange], watch: Watch) -> set[datetime]:
    touched = set()
    for change in changes:
        for landing in (change.landing, change.before):
            if landing is not None and any(one.watch == watch.name for one in landing.watches):
                touched.add(landing.detection.touchdown_at)
    return touched


def _told_before(state: AlertState | None) -> int | None:
    if state is None or not state.told:
        return None
    return int(state.told[-1].rpartition(":")[2])

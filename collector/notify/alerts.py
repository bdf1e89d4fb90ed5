"""Which alerts change when landings change, and which mails follow? `alerts.decisions` decides.

The `AlertEvaluator` loads the landings and coverage that the judgement needs, stores the decisions
and queues a notice to each recipient, all in the caller's transaction. A notice that would only
flood mailboxes with the past is kept in the outbox as dropped, so that its key is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from collector.alerts.decisions import Decision, decide_windows, landings_needed_from
from collector.alerts.lifecycle import AlertState, Reason, is_unfinished, notice_key, window_prefix
from collector.model import Airfield, Landing, Rule, Watch
from collector.model.notice import Grouping, Owed
from collector.model.terms import Terms
from collector.notify import alert_changes
from collector.notify.removed_rules import end_alerts_of_removed_rules
from collector.pipeline.changes import LandingChange, touchdowns_of
from collector.queries import pictures
from collector.queries.chance import ChanceQuery
from collector.queries.coverage import CoverageQuery
from collector.reports.mails import alert, alert_mail
from collector.reports.mails import judged_again as judged_again_mail
from collector.store import Store, alerts, judged, landings, mail_groups, outbox

log = structlog.get_logger(__name__)

PAST = "over before the command began"
"""Why a notice about the past is not mailed one by one; `outbox summary` lists these."""
_NEWS = (Reason.CROSSED, Reason.ROSE)


@dataclass(frozen=True, slots=True)
class AlertEvaluator:
    """Evaluates the rules of every watch on the stored landings."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    coverage: CoverageQuery
    terms: Mapping[str, Terms]
    """The terms of each feed, by its configured name."""
    over_before: datetime | None = None
    """Notices about windows that closed before this are not mailed; None: all are."""
    pages: str = ""
    """The address of the pages for others, without the last slash."""

    def landings_changed(self, changes: Sequence[LandingChange], now: datetime) -> None:
        """Evaluate every window in which these landings lie or lay.

        What new rules changed in stored landings is mailed once, when all are judged again: alerts
        that change by it are stored for that mail. Raises StoreError.
        """
        again = [each for each in changes if each.revision and each.revision.judged_again]
        if not again:
            for watch in self.watches:
                if touchdowns := sorted(touchdowns_of(changes, watch)):
                    self._evaluate_watch(watch, touchdowns, now, changes)
            return
        touched = self.touchdowns_by_watch(again)
        for watch in self.watches:
            if touched[watch.name]:
                self._evaluate_watch(watch, touched[watch.name], now, judged_again=True)

    def touchdowns_by_watch(self, changes: Sequence[LandingChange]) -> dict[str, list[datetime]]:
        """Return the touchdowns of these landings, now and before the change, by watch.

        Of one that nobody heard arrive, a possible touchdown on each day is among them.
        """
        return {watch.name: sorted(touchdowns_of(changes, watch)) for watch in self.watches}

    def prepare_coverage(self, moments: Mapping[str, Sequence[datetime]], now: datetime) -> None:
        """Compute the coverage that `evaluate_touchdowns` will need for these touchdowns.

        Years of coverage take a while: call it outside any transaction. Raises StoreError.
        """
        for watch in self.watches:
            touchdowns = moments.get(watch.name, ())
            for rule in watch.rules if touchdowns else ():
                states = alerts.load_states(self.store, watch.name, rule.name)
                begin = landings_needed_from(rule, states, touchdowns, now)
                self.coverage.by_week(rule.place, watch.zone, begin, now)
                self._stored_chances.surge_input(watch, rule, begin, now)

    @property
    def _stored_chances(self) -> ChanceQuery:  # nothing is calculated within a transaction
        return ChanceQuery(self.store, self.coverage, stored_only=True)

    def calculate_chances(self, now: datetime) -> None:
        """Compute how often the rules fire by chance, which mails say, and the surges' thresholds.

        The first call in a quarter takes seconds for each place: call it outside any transaction,
        and where no poll waits for it. Raises StoreError.
        """
        for watch in self.watches:
            ChanceQuery(self.store, self.coverage).of_watch(watch, now)
            self.prepare_coverage({watch.name: [now]}, now)

    def evaluate_touchdowns(self, moments: Mapping[str, Sequence[datetime]], now: datetime) -> None:
        """Evaluate every window in which these touchdowns lie, by watch. Raises StoreError."""
        for watch in self.watches:
            touchdowns = moments.get(watch.name)
            if touchdowns:
                self._evaluate_watch(watch, touchdowns, now)

    def invalidate_coverage(self, at: datetime) -> None:
        """Invalidate the coverage kept for the week of `at`. Raises StoreError."""
        self.coverage.invalidate_coverage(at)

    def evaluate(self, now: datetime) -> None:
        """Evaluate the present window of every rule, as at a start. Raises StoreError."""
        with self.store.transaction():
            end_alerts_of_removed_rules(self.store, self.watches, now)
            for watch in self.watches:
                self._evaluate_watch(watch, (), now)

    def evaluate_day_end(self, now: datetime) -> None:
        """Evaluate the windows that end with a local day. Raises StoreError."""
        with self.store.transaction():
            end_alerts_of_removed_rules(self.store, self.watches, now)
            for watch in self.watches:
                self._evaluate_watch(watch, (), now, only_unfinished=True)

    def _evaluate_watch(
        self,
        watch: Watch,
        touchdowns: Sequence[datetime],
        now: datetime,
        changes: Sequence[LandingChange] = (),
        *,
        only_unfinished: bool = False,
        judged_again: bool = False,
    ) -> None:
        asked = list(self._asked(watch, touchdowns, now, only_unfinished=only_unfinished))
        if not asked:
            return
        first = min(begin for _, _, begin in asked)  # years are read once for all rules
        known = landings.find(self.store, begin=first, watch=watch.name, include_retracted=True)
        for rule, states, begin in asked:
            decisions = decide_windows(
                rule,
                watch,
                [each for each in known if each.detection.touchdown_span[1] >= begin],
                self.coverage.by_week(rule.place, watch.zone, begin, now),
                states,
                touched=touchdowns,
                now=now,
                muted=self._is_muted(watch, rule, now),
                judged_again=judged_again,
                surge=self._stored_chances.surge_input(watch, rule, begin, now),
            )
            stored = {state.window: state for state in states}
            for decision in decisions:
                alerts.save_state(self.store, decision.state)
                if decision.reason is Reason.RESOLVED and not rule.mail_end:
                    continue  # the digest tells it
                if decision.reason is not None:
                    before = stored.get(decision.state.window)
                    report = self._report(watch, decision, decision.reason, before, now)
                    if before is not None:
                        since = alert_changes.since(
                            self.store, decision.verdict, before, now, changes
                        )
                        report = replace(report, corrections=since)
                    if judged_again and decision.reason is not Reason.RESOLVED:
                        line = judged_again_mail.alert_line(report)
                        judged.store_changed_alert(self.store, decision.state, line)
                    else:
                        self._owe(watch, decision.state, before, report, now)

    def _asked(
        self, watch: Watch, touchdowns: Sequence[datetime], now: datetime, *, only_unfinished: bool
    ) -> Iterator[tuple[Rule, Sequence[AlertState], datetime]]:
        """Yield the rules to be evaluated with their states, and from when landings are needed."""
        for rule in watch.rules:
            states = alerts.load_states(self.store, watch.name, rule.name)
            if not only_unfinished or any(is_unfinished(state) for state in states):
                yield rule, states, landings_needed_from(rule, states, touchdowns, now)

    def _is_muted(self, watch: Watch, rule: Rule, now: datetime) -> bool:
        """Return whether the rule is muted; one that a rule's flag adds is muted with that rule."""
        names = {rule.name, rule.added_by or rule.name}
        return any(alerts.mute_of(self.store, watch.name, name, now) for name in names)

    def _owe(
        self,
        watch: Watch,
        state: AlertState,
        before: AlertState | None,
        report: alert.AlertReport,
        now: datetime,
    ) -> None:
        keys = [notice_key(state, report.reason, person.name) for person in watch.recipients]
        if all(outbox.has_notice(self.store, key) for key in keys):
            return
        chart = pictures.alert_chart(self.coverage, watch, report.verdict, now, report.terms)
        part = replace(alert.part(report), chart=chart)
        message = alert_mail.render([part])
        grouping = Grouping(watch.name, state.window, alert_mail.encode_part(part))
        dropped = self._why_dropped(state, before, report.reason)
        at = mail_groups.moment_after(self.store, window_prefix(state), now)
        for key, recipient in zip(keys, watch.recipients, strict=True):
            notice = Owed(
                key=key,
                recipient=recipient,
                message=message,
                created_at=at,
                grouping=grouping,
            )
            if outbox.owe(self.store, notice, dropped):
                log.info(
                    "alert notice not mailed" if dropped else "alert notice queued",
                    key=key,
                    rule=report.verdict.rule.name,
                    count=report.verdict.count.text,
                )

    def _why_dropped(self, state: AlertState, before: AlertState | None, reason: Reason) -> str:
        """Return why a notice is not mailed; empty if it is.

        The correction or the end of an alert is mailed if the alert was: by a mail of its own, or
        in the mail about judging stored landings again, which leaves no key of the alert.
        """
        if self.over_before is not None and state.end <= self.over_before:
            return PAST
        follows = reason in (Reason.CORRECTED_BELOW, Reason.RESOLVED)
        prefix = window_prefix(state)
        if follows and not outbox.was_mailed(self.store, prefix):
            told = () if before is None else before.told
            alerted = [word for word in told if word.partition(":")[0] in _NEWS]
            if all(outbox.has_notices(self.store, f"{prefix}{word}:") for word in alerted):
                return outbox.NEVER_MAILED
        return ""

    def _report(
        self,
        watch: Watch,
        decision: Decision,
        reason: Reason,
        before: AlertState | None,
        now: datetime,
    ) -> alert.AlertReport:
        verdict, rule = decision.verdict, decision.verdict.rule
        shown = (*verdict.count.counted, *verdict.count.undetermined)
        until = min(now, verdict.end)
        return alert.AlertReport(
            watch=watch,
            verdict=verdict,
            reason=reason,
            airfields=self.airfields,
            terms=terms_of(shown, self.terms),
            pages=self.pages,
            count_before=_last_notified_count(before),
            coverage=self.coverage.between(verdict.rule.place, verdict.begin, until)
            if verdict.begin < until
            else None,
            chance=self._stored_chances.in_words(watch, rule, now) if reason in _NEWS else "",
        )


def terms_of(shown: Iterable[Landing], terms: Mapping[str, Terms]) -> tuple[Terms, ...]:
    """Return the terms of every feed on which these landings rest, each once."""
    feeds = sorted({feed for landing in shown for feed in landing.detection.feeds})
    return tuple(dict.fromkeys(terms[feed] for feed in feeds if feed in terms))


def _last_notified_count(state: AlertState | None) -> int | None:
    if state is None or not state.told:
        return None
    return int(state.told[-1].rpartition(":")[2])

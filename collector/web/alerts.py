"""Which alerts, mails and open conditions do the pages show? Each becomes a row in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from collector.alerts.lifecycle import AlertState, Reason, Status
from collector.model import Watch
from collector.queries.health import ago
from collector.queries.snapshot import Snapshot
from collector.reports.alert_times import times_words
from collector.reports.formatting import interval, moment
from collector.reports.mails.condition import title_of
from collector.reports.seen import alert_words
from collector.reports.titles import whose, whose_and_where, window_title
from collector.settings.derived import watched_codes, watched_names
from collector.store import alerts, conditions, outbox

_WEEK = re.compile(r"\d{4}-W\d{2}")
SHOWN_MAILS = 20
"""The number of last mails on the page; `collector outbox list` has them all."""

_REASON_WORDS: dict[str, str] = {
    Reason.CROSSED: "threshold reached at {level}",
    Reason.ROSE: "risen to {level}",
    Reason.CORRECTED_BELOW: "corrected to {level}, below the threshold",
    Reason.RESOLVED: "over at {level}",
}
_MAIL_WORDS = {"owed": "waiting to be sent"}
_MAIL_TONES = {"sent": "good", "failed": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One window of one rule in words."""

    headline: str
    """Whose landings the rule counts, and where."""
    rule: str
    window: str
    status: str
    """The state as it is stored; the style sheet colours by it."""
    status_text: str
    count: str
    times: str
    """When it was reached, when it ended and why, as a clause."""
    notices: str
    """The reasons of the notices so far, the first one first; empty if there were none."""
    acknowledged: str
    """When a person acknowledged it; empty if nobody did."""
    period: str
    """The week, if the window is one; the page of landings takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail in words, without the address of its recipient."""

    subject: str
    recipient: str
    when: str
    state: str
    tone: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRow:
    """One open condition in words."""

    title: str
    since: str
    detail: str


def alert_rows(snapshot: Snapshot) -> list[AlertRow]:
    """Return every alert that fires, fired or caused a notice, the last changed first.

    Raises StoreError.
    """
    shown = [
        state
        for state in alerts.load_states(snapshot.store)
        if state.told or state.status is not Status.OK
    ]
    shown.sort(key=lambda state: state.changed_at, reverse=True)
    return [alert_row(snapshot, state) for state in shown]


def mute_lines(snapshot: Snapshot) -> list[str]:
    """Return a sentence for each rule that is muted now. Raises StoreError."""
    return [
        f"{mute.watch}, {mute.rule or 'every rule'}: muted until "
        f"{moment(mute.until_at, snapshot.zone)}{f' ({mute.note})' if mute.note else ''}"
        for mute in alerts.mutes(snapshot.store, snapshot.now)
    ]


def mail_rows(snapshot: Snapshot) -> list[MailRow]:
    """Return the last mails, newest first. Raises StoreError."""
    return [
        MailRow(
            subject=item.owed.message.subject,
            recipient=item.owed.recipient.name,
            when=ago(item.owed.created_at, snapshot.now),
            state=_MAIL_WORDS.get(item.state, item.state),
            tone=_MAIL_TONES.get(item.state, "warn"),
            remark=item.last_error or "",
        )
        for item in outbox.listing(snapshot.store, limit=SHOWN_MAILS, bound=False)
    ]


def condition_rows(snapshot: Snapshot) -> list[ConditionRow]:
    """Return the open conditions, oldest first. Raises StoreError."""
    return [
        ConditionRow(
            title=title_of(condition.kind, _called(snapshot, condition.subject)),
            since=moment(condition.began_at, snapshot.zone),
            detail=condition.detail,
        )
        for condition in conditions.open_conditions(snapshot.store)
    ]


def _called(snapshot: Snapshot, subject: str) -> str:
    """Return what a condition is about: the watched places by their names."""
    whole = watched_codes(snapshot.settings)
    return watched_names(snapshot.settings) if subject == whole else subject


def alert_row(snapshot: Snapshot, state: AlertState) -> AlertRow:
    """Return one window of one rule in words."""
    watches = {watch.name: watch for watch in snapshot.settings.watches}
    watch = watches.get(state.watch)
    zone = watch.zone if watch else snapshot.zone
    at = state.acknowledged_at
    return AlertRow(
        headline=_headline(snapshot, watch, state) if watch else state.watch,
        rule=state.rule,
        window=window_title(state.window),
        status=state.status.value,
        status_text=alert_words(state.status.value),
        count=interval(state.count, state.at_most),
        times=times_words(state, zone),
        notices=_notices(state.told, state.level),
        acknowledged="" if at is None else moment(at, zone),
        period=state.window if _WEEK.fullmatch(state.window) else "",
    )


def _headline(snapshot: Snapshot, watch: Watch, state: AlertState) -> str:
    """Return whose landings the rule counts and where; of a rule that is gone, only whose."""
    rule = next((rule for rule in watch.rules if rule.name == state.rule), None)
    if rule is None:
        return whose(watch)
    airfields = snapshot.settings.airfields
    return whose_and_where(watch, rule.place, airfields, state.begin.date())


def _notices(told: Sequence[str], level: int) -> str:
    """Return what the notices said, and what has changed since: a review sends none of its own.

    >>> _notices(("crossed:2", "rose:4", "resolved:4"), 4), _notices(("crossed:2",), 1)
    ('threshold reached at 2, risen to 4, over at 4', 'threshold reached at 2; it is 1 by now')
    """
    words = ", ".join(map(_reason_text, told))
    changed = told and told[-1].rpartition(":")[2] != str(level)
    return f"{words}; it is {level} by now" if changed else words


def _reason_text(stored: str) -> str:
    """Return the words for a stored reason and level, such as `crossed:2`."""
    reason, _, level = stored.partition(":")
    return _REASON_WORDS.get(reason, stored).format(level=level)

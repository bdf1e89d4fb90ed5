"""What was told, to whom, and what is wrong at present? Alerts, mutes, mails and conditions."""

from __future__ import annotations

from dataclasses import dataclass

from collector.alerts.lifecycle import AlertState, Status
from collector.queries.reception import ago
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import interval, moment
from collector.store import alerts, conditions, outbox

MAILS = 20
"""The last mails shown; `collector outbox list` has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One window of one rule in words."""

    watch: str
    rule: str
    window: str
    status: str
    count: str
    since: str
    told: str
    acknowledged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail in words; the address of its recipient is not shown."""

    subject: str
    recipient: str
    when: str
    state: str
    tone: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that operators were told of, in words."""

    what: str
    subject: str
    since: str
    detail: str


def alert_rows(present: Snapshot) -> list[AlertRow]:
    """Every window that anything was told of, the last changed first. Raises StoreError."""
    known = [
        state
        for state in alerts.load_states(present.store)
        if state.told or state.status is not Status.OK
    ]
    known.sort(key=lambda state: state.changed_at, reverse=True)
    return [_alert(present, state) for state in known]


def mutes(present: Snapshot) -> list[str]:
    """The rules that are silent now, a sentence each. Raises StoreError."""
    return [
        f"{mute.watch}, {mute.rule or 'every rule'}: muted until "
        f"{moment(mute.until_at, present.zone)}{f' ({mute.note})' if mute.note else ''}"
        for mute in alerts.mutes(present.store, present.now)
    ]


def mail_rows(present: Snapshot) -> list[MailRow]:
    """The last mails. Raises StoreError."""
    return [
        MailRow(
            subject=item.owed.message.subject,
            recipient=item.owed.recipient.name,
            when=ago(item.owed.created_at, present.now),
            state=item.state,
            tone={"sent": "good", "failed": "bad"}.get(item.state, "warn"),
            remark=item.last_error or "",
        )
        for item in outbox.listing(present.store, limit=MAILS)
    ]


def troubles(present: Snapshot) -> list[Trouble]:
    """What holds at present, oldest first. Raises StoreError."""
    return [
        Trouble(
            what=each.kind.replace("-", " "),
            subject=each.subject,
            since=moment(each.began_at, present.zone),
            detail=each.detail,
        )
        for each in conditions.open_conditions(present.store)
    ]


def _alert(present: Snapshot, state: AlertState) -> AlertRow:
    zones = {watch.name: watch.zone for watch in present.settings.watches}
    zone = zones.get(state.watch, present.zone)
    seen = state.acknowledged_at
    return AlertRow(
        watch=state.watch,
        rule=state.rule,
        window=state.window,
        status=state.status.value,
        count=interval(state.count, state.at_most),
        since=moment(state.since_at, zone),
        told=", ".join(word.replace("_", " ").replace(":", " at ") for word in state.told),
        acknowledged="" if seen is None else moment(seen, zone),
    )

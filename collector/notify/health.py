"""Which conditions of the collector itself are open, and which mails about them must be sent?

The judgements are pure functions. `Health` opens and closes each condition once, and queues a
notice to the operators in the same transaction. Only when the database fails is the mail sent
directly (`database_alarm`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.model import Recipient
from collector.model.notice import Owed
from collector.reports.mails.condition import ConditionKind, ConditionReport, render
from collector.store import Store, conditions, outbox

log = structlog.get_logger(__name__)

CLOCK_OFF_FROM = timedelta(seconds=60)
"""Positions older than 60 s are stale: a clock that is so far off makes fresh ones look stale."""
CLOCK_RIGHT_BELOW = timedelta(seconds=30)
"""The condition closes only below this, so that it does not open and close at the limit."""
MAIL_STUCK_AFTER_TRIES = 7
"""Attempts of about an hour: a mail server that is down for minutes is no condition."""


def agreed_offset(offsets: Mapping[str, timedelta], *, was_off: bool) -> timedelta | None:
    """Return how far our clock is behind the hosts', None unless all of them agree that it is off.

    A host that disagrees with us while another one agrees has a wrong clock of its own.

    >>> agreed_offset({"a": timedelta(seconds=90), "b": timedelta(seconds=100)}, was_off=False)
    datetime.timedelta(seconds=90)
    >>> agreed_offset({"a": timedelta(seconds=90), "b": timedelta()}, was_off=False) is None
    True
    """
    least = min(offsets.values(), key=abs, default=timedelta())
    same_side = all((offset > timedelta()) == (least > timedelta()) for offset in offsets.values())
    limit = CLOCK_RIGHT_BELOW if was_off else CLOCK_OFF_FROM
    return least if same_side and abs(least) > limit else None


@dataclass
class Health:
    """Stores the collector's conditions and queues the mails to the operators about them."""

    store: Store
    operators: Sequence[Recipient]
    zone: str = "UTC"
    recipients: Sequence[Recipient] = ()
    """Everybody who gets mails, for the case that no operator can be reached."""
    feeds: Sequence[str] = ()
    """The enabled feeds."""
    records: bool = False
    """Whether replies are recorded."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What mails call a subject that is stored as the codes of airfields."""

    def open(
        self,
        kind: ConditionKind,
        subject: str,
        at: datetime,
        detail: str,
        *,
        unreachable: str | None = None,
    ) -> bool:
        """Open a condition and queue the mails about it; return False if it was open already.

        The mails go to the operators, without the one whose address is `unreachable`. If that is
        the only one, they go to the other recipients. Raises StoreError.
        """
        with self.store.transaction():
            addressees = self._reachable(unreachable)
            if not conditions.open_condition(self.store, kind.value, subject, at, detail):
                opened = conditions.current(self.store, kind.value, subject)
                if opened is not None and unreachable is not None:
                    # Perhaps only the unreachable operator was mailed when the condition opened.
                    report = self._report(kind, subject, opened.began_at, detail=detail)
                    self._owe(report, addressees, at)
                return False
            self._owe(self._report(kind, subject, at, detail=detail), addressees, at)
        # Once it is stored: on a full disk it is tried every minute.
        log.warning("condition opened", kind=kind.value, subject=subject, detail=detail)
        if not addressees:
            log.error("no one can be mailed about a condition", kind=kind.value, subject=subject)
        return True

    def tell(self, kind: ConditionKind, subject: str, at: datetime, detail: str) -> None:
        """Queue the mails to the operators about what has no end. Raises StoreError."""
        log.warning("told the operators", kind=kind.value, subject=subject, detail=detail)
        self._owe(self._report(kind, subject, at, detail=detail), self.operators, at)

    def close(self, kind: ConditionKind, subject: str, at: datetime) -> bool:
        """Close a condition and queue the mails about it; return False if it was not open.

        Raises StoreError.
        """
        with self.store.transaction():
            closed = conditions.close_condition(self.store, kind.value, subject, at)
            if closed is None:
                return False
            log.info("condition closed", kind=kind.value, subject=subject)
            self._owe(
                self._report(kind, subject, closed.began_at, ended_at=at, detail=closed.detail),
                self.operators,
                at,
            )
        return True

    def hold(self, kind: ConditionKind, details: Mapping[str, str], at: datetime) -> None:
        """Open the conditions of a kind for these subjects, and close those of all others.

        Raises StoreError.
        """
        for subject, detail in details.items():
            self.open(kind, subject, at, detail)
        for condition in conditions.open_conditions(self.store):
            if condition.kind == kind.value and condition.subject not in details:
                self.close(kind, condition.subject, at)

    def close_unconfigured(self, configured: Mapping[str, Collection[str]], at: datetime) -> None:
        """Close, without a mail, the conditions of what is no longer configured, since nothing else
        would close them.

        `configured` gives the subjects that there are, by kind; a kind that it lacks may have any.
        Raises StoreError.
        """
        for condition in conditions.open_conditions(self.store):
            kind, subject = condition.kind, condition.subject
            if subject not in configured.get(kind, {subject}):
                conditions.close_condition(self.store, kind, subject, at)
                log.info("condition closed: no longer configured", kind=kind, subject=subject)

    def is_open(self, kind: ConditionKind, subject: str) -> bool:
        """Return whether a condition is open. Raises StoreError."""
        return conditions.current(self.store, kind.value, subject) is not None

    def all_well(self) -> bool:
        """Return whether no condition is open. Raises StoreError."""
        return not conditions.open_conditions(self.store)

    def _reachable(self, unreachable: str | None) -> Sequence[Recipient]:
        if unreachable is None or not self.operators:
            return self.operators

        def others(people: Sequence[Recipient]) -> list[Recipient]:
            return [one for one in people if one.address.lower() != unreachable.lower()]

        return others(self.operators) or others(self.recipients)

    def _owe(self, report: ConditionReport, addressees: Sequence[Recipient], at: datetime) -> None:
        for notice in notices(report, addressees, at):
            outbox.owe(self.store, notice)

    def _report(
        self,
        kind: ConditionKind,
        subject: str,
        began_at: datetime,
        *,
        detail: str,
        ended_at: datetime | None = None,
    ) -> ConditionReport:
        return ConditionReport(
            kind=kind,
            subject=subject,
            called=self.names.get(subject, ""),
            began_at=began_at,
            ended_at=ended_at,
            detail=detail,
            zone=self.zone,
            other_feeds=self._other_feeds(subject),
            recorded=self.records,
        )

    def _other_feeds(self, feed: str) -> tuple[str, ...]:
        """Return the other enabled feeds that do not refuse our requests."""
        refused = {
            condition.subject
            for condition in conditions.open_conditions(self.store)
            if condition.kind == ConditionKind.FEED_REFUSED.value
        }
        return tuple(name for name in self.feeds if name != feed and name not in refused)


def notices(
    report: ConditionReport, operators: Sequence[Recipient], at: datetime
) -> Iterable[Owed]:
    """Yield one notice to each of these operators that a condition opened or closed."""
    message = render(report)
    began = report.began_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    condition = f"condition:{report.kind.value}:{report.subject}:{began}"
    for operator in operators:
        begin, end = f"{condition}:begin:{operator.name}", f"{condition}:end:{operator.name}"
        over = report.ended_at is not None
        yield Owed(
            key=end if over else begin,
            recipient=operator,
            message=message,
            created_at=at,
            follows=(begin,) if over else (),
        )

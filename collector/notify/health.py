"""Is the collector itself in trouble, and who has been told? Each begins once and ends once.

Pure judgements first; `Health` stores what begins and ends, and owes the operators a mail in the
same transaction. Only when the database fails is the mail sent past it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from collector.model import Recipient
from collector.model.coverage import CoverageSlot
from collector.model.notice import Owed
from collector.reports.mails.condition import ConditionKind, ConditionReport, render
from collector.store import Store, conditions, outbox

log = structlog.get_logger(__name__)

CLOCK_OFF_FROM = timedelta(seconds=60)
"""Positions older than 60 s are stale: a clock off by as much makes fresh ones look so."""
CLOCK_RIGHT_BELOW = timedelta(seconds=30)
"""Only below this is it right again, so that it does not flap at the edge."""
MAIL_STUCK_AFTER_TRIES = 7
"""An hour of tries: a mail server that is down for minutes is no news; the outbox waits."""


def last_reception_at(slots: Iterable[CoverageSlot]) -> datetime | None:
    """When somebody was last heard near a watched airfield on an ask by place."""
    return max((slot.begins_at for slot in slots if slot.area_minutes and slot.cells), default=None)


def no_reception(
    heard_at: datetime | None, watching_since: datetime, now: datetime, after: timedelta
) -> bool:
    """Whether nobody was heard for too long, counted from when we began to listen."""
    since = watching_since if heard_at is None else max(heard_at, watching_since)
    return now - since > after


def agreed_clock_offset(offsets: Mapping[str, timedelta], *, was_off: bool) -> timedelta | None:
    """How far our clock is behind the others', if all of them agree that it is off.

    One host that disagrees with us, while another agrees, has a wrong clock of its own.

    >>> clock_off({"a": timedelta(seconds=90), "b": timedelta(seconds=100)}, was_off=False)
    datetime.timedelta(seconds=90)
    >>> clock_off({"a": timedelta(seconds=90), "b": timedelta(seconds=1)}, was_off=False) is None
    True
    """
    least = min(offsets.values(), key=abs, default=timedelta())
    same_side = all((one > timedelta()) == (least > timedelta()) for one in offsets.values())
    limit = CLOCK_RIGHT_BELOW if was_off else CLOCK_OFF_FROM
    return least if same_side and abs(least) > limit else None


@dataclass
class Health:
    """What is wrong, as stored, and the operators' mails about it."""

    store: Store
    operators: Sequence[Recipient]
    zone: str = "UTC"

    def open(self, kind: ConditionKind, subject: str, at: datetime, detail: str) -> bool:
        """It is so; tells it if it was not known. Raises StoreError."""
        with self.store.transaction():
            if not conditions.open_condition(self.store, kind.value, subject, at, detail):
                return False
            log.warning("trouble begins", kind=kind.value, subject=subject, detail=detail)
            self._owe(self._report(kind, subject, at, detail=detail), at)
        return True

    def close(self, kind: ConditionKind, subject: str, at: datetime) -> bool:
        """It is not so; tells it if it was so. Raises StoreError."""
        with self.store.transaction():
            over = conditions.close_condition(self.store, kind.value, subject, at)
            if over is None:
                return False
            log.info("trouble over", kind=kind.value, subject=subject)
            self._owe(
                self._report(kind, subject, over.began_at, ended_at=at, detail=over.detail), at
            )
        return True

    def is_open(self, kind: ConditionKind, subject: str) -> bool:
        """Whether it is so, as far as is stored. Raises StoreError."""
        return conditions.current(self.store, kind.value, subject) is not None

    def all_well(self) -> bool:
        """Whether nothing is wrong. Raises StoreError."""
        return not conditions.open_conditions(self.store)

    def _owe(self, report: ConditionReport, at: datetime) -> None:
        for owed in notices(report, self.operators, at):
            outbox.owe(self.store, owed)

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
            began_at=began_at,
            ended_at=ended_at,
            detail=detail,
            zone=self.zone,
        )


def notices(
    report: ConditionReport, operators: Sequence[Recipient], at: datetime
) -> Iterable[Owed]:
    """One mail to each operator about the beginning or the end of a condition."""
    message = render(report)
    edge = "begin" if report.ended_at is None else "end"
    began = report.began_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    for operator in operators:
        yield Owed(
            key=f"condition:{report.kind.value}:{report.subject}:{began}:{edge}:{operator.name}",
            recipient=operator,
            message=message,
            created_at=at,
        )

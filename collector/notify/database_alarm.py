"""How do operators learn that the database fails? By a mail that is not stored in it first."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.errors import MailError, MailPermanent
from collector.mail import Outgoing
from collector.model.notice import Owed
from collector.notify.health import Health, notices
from collector.reports.mails.condition import ConditionKind, ConditionReport
from collector.store import conditions

log = structlog.get_logger(__name__)


@dataclass
class DatabaseAlarm:
    """Mails the operators directly when the database fails, and by the outbox when it works."""

    health: Health
    sender: Outgoing
    subject: str
    patience: timedelta = timedelta(minutes=2)
    """How long it must fail before a mail is sent: a busy database or a full disk may pass."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failing_since: datetime | None = None
    _unsent: list[Owed] = field(default_factory=list)
    _reported: bool = False
    _detail: str = ""

    @property
    def failing(self) -> bool:
        """Whether the last use of the database failed."""
        return self._failing_since is not None

    def record_failure(self, error: Exception, now: datetime) -> None:
        """Record that a use of the database failed; send the mail if `patience` is over.

        Never raises.
        """
        with self._lock:
            self._record_failure(error, now)

    def _record_failure(self, error: Exception, now: datetime) -> None:
        if self._failing_since is None:
            self._failing_since = now
            log.error("database failed", error=str(error))
        self._detail = str(error)
        if now - self._failing_since < self.patience:
            return
        if not self._reported:
            self._reported = True
            report = ConditionReport(
                kind=ConditionKind.DATABASE,
                subject=self.subject,
                began_at=self._failing_since,
                detail=self._detail,
                zone=self.health.zone,
            )
            self._unsent = list(notices(report, self.health.operators, now))
        self._send()

    def record_success(self, now: datetime) -> None:
        """Record that a use of the database worked; close the condition if one was mailed.

        Raises StoreError if the database fails again meanwhile.
        """
        with self._lock:
            since, reported = self._failing_since, self._reported
            self._failing_since, self._reported, self._unsent = None, False, []
        if since is None:
            return
        log.info("database works again", failed_for_s=round((now - since).total_seconds()))
        if reported:
            # The mail about the beginning was sent directly, so that only the end is queued.
            conditions.open_condition(
                self.health.store, ConditionKind.DATABASE.value, self.subject, since, self._detail
            )
            self.health.close(ConditionKind.DATABASE, self.subject, now)

    def _send(self) -> None:
        for notice in list(self._unsent):
            try:
                self.sender.send(notice)
            except MailError as error:
                log.error("mail about the database not sent", error=str(error))
                self._unsent.remove(notice)
                if isinstance(error, MailPermanent):
                    continue
                # The next attempt begins with another operator.
                self._unsent.append(notice)
                return
            self._unsent.remove(notice)

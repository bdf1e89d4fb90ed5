"""What if the database itself fails? The operators are told past it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.errors import MailError
from collector.mail import Outgoing
from collector.model.notice import Owed
from collector.notify.health import Health, notices
from collector.reports.mails.condition import ConditionKind, ConditionReport
from collector.store import conditions

log = structlog.get_logger(__name__)


@dataclass
class DatabaseAlarm:
    """The database fails: operators are told past it, once, and told through it when it is over."""

    health: Health
    sender: Outgoing
    subject: str
    patience: timedelta = timedelta(minutes=2)
    """A busy database or a full disk may pass."""
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
        """A use of the database failed; never raises."""
        with self._lock:
            self._record_failure(error, now)

    def _record_failure(self, error: Exception, now: datetime) -> None:
        if self._failing_since is None:
            self._failing_since = now
            log.error("database fails", error=str(error))
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
        """A use of the database worked. Raises StoreError if it fails again here."""
        with self._lock:
            since, told = self._failing_since, self._reported
            self._failing_since, self._reported, self._unsent = None, False, []
        if since is None:
            return
        log.info("database works again", failed_for_s=round((now - since).total_seconds()))
        if told:
            # What was sent past the outbox is not sent again from it: the key is the same, but
            # nobody has stored it. So only the end is owed.
            conditions.open_condition(
                self.health.store, ConditionKind.DATABASE.value, self.subject, since, self._detail
            )
            self.health.close(ConditionKind.DATABASE, self.subject, now)

    def _send(self) -> None:
        for owed in list(self._unsent):
            try:
                self.sender.send(owed)
            except MailError as error:
                log.error("mail about the database did not leave", error=str(error))
                return
            self._unsent.remove(owed)

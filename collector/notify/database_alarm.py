"""How do operators learn that the database fails? By a mail that is not stored in it first.

Only a write ends the alarm: on a full disk, in a read-only file or beside another writer, reads go
on as if all were well. Damage ends only after the whole file was read and found to be sound. Both
prove the time after they began: what began before the last failure ends nothing, however late it
ended. Failures are counted for this, since clocks are set.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from collector.errors import (
    MailError,
    MailPermanent,
    StoreDamaged,
    StoreLocked,
    StoreUnavailable,
)
from collector.mail import Outgoing
from collector.model.notice import Owed
from collector.notify.delivery import LONGEST_PAUSE, pause
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
    """How long another writer, or a defect of ours, must keep us from working before a mail is
    sent: it may pass. A mail about a full disk, a lost or a damaged file is sent at once."""
    quiet: timedelta = timedelta(minutes=1)
    """How long nothing may have failed before a write ends the alarm: of the jobs that fail, each
    tries again within this time."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sending: threading.Lock = field(default_factory=threading.Lock)
    _failing_since: datetime | None = None
    _last_failure_at: datetime | None = None
    _failures: int = 0
    _last_damage: int = 0
    """The number of the last failure that showed damage; 0: the file counts as sound."""
    _unsent: list[Owed] = field(default_factory=list)
    _attempts: int = 0
    _next_attempt_at: datetime | None = None
    _reported: bool = False
    _detail: str = ""

    @property
    def failing(self) -> bool:
        """Whether a use of the database failed, and no write has proven since that it works."""
        return self._failing_since is not None

    @property
    def damaged(self) -> bool:
        """Whether the file was lost or damaged, and was not found to be sound since."""
        return self._last_damage > 0

    @property
    def failures(self) -> int:
        """How many failures were recorded. A proof that the database works asks as it begins."""
        return self._failures

    def record_failure(self, error: Exception, now: datetime) -> None:
        """Record that a use of the database failed; send the mail if it is due.

        Never raises.
        """
        with self._lock:
            self._record_failure(error, now)
        self._send(now)

    def _record_failure(self, error: Exception, now: datetime) -> None:
        if self._failing_since is None:
            self._failing_since = now
            log.error("database failed", error=str(error))
        elif isinstance(error, StoreDamaged) and not self.damaged:
            log.error("database damaged", error=str(error))
        self._last_failure_at = now
        self._failures += 1
        if isinstance(error, StoreDamaged):
            self._last_damage = self._failures
        self._detail = str(error)
        lasts = now - self._failing_since >= self.patience
        if not self._reported and (lasts or _is_urgent(error)):
            self._reported = True
            report = ConditionReport(
                kind=ConditionKind.DATABASE,
                subject=self.subject,
                began_at=self._failing_since,
                detail=self._detail,
                zone=self.health.zone,
                recorded=self.health.records,
            )
            self._unsent = list(notices(report, self.health.operators, now))
            if not self._unsent:
                log.error("no one can be mailed about the database")

    def record_write(self, now: datetime, *, begun_after: int) -> None:
        """Record that a write succeeded; end the alarm unless something failed just before.

        The write began when so many `failures` had been recorded: if there was one since, it ends
        nothing. A condition that was mailed is closed, and a mail about that is queued. Raises
        StoreError if that fails: then the alarm goes on.
        """
        with self._lock:
            since, last = self._failing_since, self._last_failure_at
            if since is None or last is None or self.damaged or begun_after < self._failures:
                return
            if timedelta() <= now - last < self.quiet:
                return
            if self._reported:
                self._store_end(since, now)
            self._failing_since, self._last_failure_at, self._reported = None, None, False
            self._unsent, self._attempts, self._next_attempt_at = [], 0, None
        log.info("database works again", failed_for_s=max(0, round((now - since).total_seconds())))

    def record_sound(self, *, begun_after: int) -> None:
        """Record that the whole file was read and is not damaged: a write may end the alarm.

        The reading began when so many `failures` had been recorded: damage that was found since
        stands.
        """
        with self._lock:
            if begun_after >= self._last_damage:
                self._last_damage = 0

    def _store_end(self, since: datetime, now: datetime) -> None:
        """Store the condition with its end; the mail about its begin was sent directly."""
        with self.health.store.transaction():
            conditions.open_condition(
                self.health.store, ConditionKind.DATABASE.value, self.subject, since, self._detail
            )
            self.health.close(ConditionKind.DATABASE, self.subject, now)

    def _send(self, now: datetime) -> None:
        """Send the mails that wait, if an attempt is due and no other thread makes one."""
        if not self._unsent or not self._sending.acquire(blocking=False):
            return
        try:
            due = self._next_attempt_at
            if due is None or not timedelta() < due - now <= LONGEST_PAUSE:
                self._attempt(now)
        finally:
            self._sending.release()

    def _attempt(self, now: datetime) -> None:
        for notice in list(self._unsent):
            try:
                self.sender.send(notice)
            except MailError as error:
                log.error("mail about the database not sent", error=str(error))
                if not isinstance(error, MailPermanent):
                    self._attempts += 1
                    self._next_attempt_at = now + pause(self._attempts)
                    # The next attempt begins with another operator.
                    self._dequeue(notice, again_last=True)
                    return
            self._dequeue(notice)

    def _dequeue(self, notice: Owed, *, again_last: bool = False) -> None:
        """Take a mail out of those that wait, or put it at their end; the alarm may be over."""
        with self._lock:
            if notice in self._unsent:
                self._unsent.remove(notice)
                self._unsent += [notice] if again_last else []


def _is_urgent(error: Exception) -> bool:
    """Return whether nothing but a person will end it: a full or failing disk, a lost file."""
    return isinstance(error, StoreDamaged | StoreUnavailable) and not isinstance(error, StoreLocked)

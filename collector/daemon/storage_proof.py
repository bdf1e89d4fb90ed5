"""Is the database in its place, sound, and able to take what is to be stored? Two jobs find out.

Other jobs often only read, which proves nothing: on a full disk all reads succeed. What fails here
or in any other job goes to the alarm, and only what succeeds here ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from collector.clock import Clock
from collector.errors import StoreDamaged
from collector.notify.database_alarm import DatabaseAlarm
from collector.store import Store

log = structlog.get_logger(__name__)

PROOF_INTERVAL = timedelta(minutes=1)
"""How often the database is proven to be in its place and readable."""
WRITE_PROOF_EVERY = timedelta(minutes=5)
"""How often it is proven to be writable while nothing fails: at 64 KiB each, 18 MiB a day."""
CHECK_INTERVAL = timedelta(minutes=5)
"""How often the check of the whole file is considered."""
CHECK_EVERY = timedelta(days=1)
"""How often the whole file is read to find damage; at each `CHECK_INTERVAL` while it is damaged."""


@dataclass
class StorageProof:
    """Proves that the database works, and reports to the alarm."""

    store: Store
    alarm: DatabaseAlarm
    clock: Clock
    hold_lock: Callable[[], bool] = lambda: False
    """Keeps other daemons away, also if the lock's file was deleted (`SingleInstance.hold`)."""
    _written_at: datetime | None = None
    _checked_at: datetime | None = None

    def prove(self) -> bool:
        """Prove that the database is in its place, readable, and writable when that is due.

        A deleted file is put back from the one that is still open, once the alarm knows; so is the
        lock, or a second daemon could start. Raises StoreError.
        """
        now = self.clock.now()
        try:
            self.store.prove_in_place()
        except StoreDamaged as error:
            self.alarm.record_failure(error, now)
            if not self.store.put_back():
                raise
            log.warning("database put back from the file still open", path=str(self.store.path))
            self._checked_at = None
        if self.hold_lock():
            log.warning("lock was deleted, taken again", database=str(self.store.path))
        last = self._written_at
        due = last is None or not timedelta() <= now - last < WRITE_PROOF_EVERY
        if due or self.alarm.failing:
            failures = self.alarm.failures
            self.store.prove_writable()
            self._written_at = now
            self.alarm.record_write(now, begun_after=failures)
        return False

    def check(self) -> bool:
        """Read the whole file, once a day and while it counts as damaged.

        Raises StoreDamaged if something is wrong with it, StoreError if it cannot be read.
        """
        now, last = self.clock.now(), self._checked_at
        due = last is None or not timedelta() <= now - last < CHECK_EVERY
        if not due and not self.alarm.damaged:
            return False
        failures = self.alarm.failures
        problems = self.store.quick_check()
        if problems:
            raise StoreDamaged(
                f"database {self.store.path} is damaged ({'; '.join(problems)}): stop the "
                "collector, restore the newest backup (`collector db restore FILE`), and replay "
                "the recordings made since"
            )
        self._checked_at = now
        self.alarm.record_sound(begun_after=failures)
        return False

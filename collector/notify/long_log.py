"""Does a reader keep the database's log from being emptied? The operators are mailed in time.

SQLite appends what is stored to a write-ahead log, and begins that anew once nobody reads in it any
more. While a program reads on and on in one transaction, such as a forgotten `sqlite3` shell, the
log grows until the disk is full (https://sqlite.org/wal.html#avoiding_excessively_large_wal_files).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.notify.health import Health
from collector.reports.mails.condition import ConditionKind
from collector.store import Store, file_proof, meta
from collector.store.encoding import moment_or_none, stamp

TOLD_AFTER = timedelta(hours=1)
"""So long the log may be above its limit: a backup, an export and a backfill's batch end sooner."""
_SINCE = "log_long_since"


@dataclass(frozen=True, slots=True)
class LongLogCheck:
    """Opens and closes the condition that the log of the database is not emptied any more."""

    store: Store
    health: Health

    def check(self, now: datetime) -> None:
        """Look how long the log is, and since when it is above its limit. Raises StoreError."""
        path = self.store.path
        size = file_proof.log_bytes(path)
        since = moment_or_none(meta.get_value(self.store, _SINCE))
        if size <= file_proof.LOG_LIMIT_BYTES:
            if since is not None:
                with self.store.transaction():
                    meta.set_value(self.store, _SINCE, None)
                    self.health.close(ConditionKind.LONG_LOG, path.name, now)
        elif since is None or since > now:  # the clock may have been set back
            meta.set_value(self.store, _SINCE, stamp(now))
        elif now - since >= TOLD_AFTER:
            log = file_proof.wal_of(path)
            what = f"{log} has {size // 2**20} MiB and was not emptied for an hour."
            self.health.open(ConditionKind.LONG_LOG, path.name, now, what)

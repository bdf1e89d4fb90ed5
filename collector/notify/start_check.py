"""Is this the database that the collector used last? The operators are mailed at a start if not.

Where the disk of the data is not mounted, its folder is empty, and the collector begins a new
database in it; at the next such start it finds that one again. A machine that was set back to an
old state has an old database. Nothing that lies on that disk can tell, but a person can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.notify.health import Health
from collector.reports import formatting
from collector.reports.mails.condition import ConditionKind
from collector.store import Store, feeds, meta
from collector.store.encoding import moment_or_none, stamp

PAUSE_TOLD_FROM = timedelta(days=2)
"""A collector that is run once a day, by a timer, has no pause."""
_FIRST_RUN, _BEFORE = "first_run_at", "last_reply_before_start"


@dataclass(frozen=True, slots=True)
class StartCheck:
    """Tells the operators of a database that is new, or whose last reply is long ago."""

    store: Store
    health: Health

    def begin(self, now: datetime) -> None:
        """Tell of a new database; remember when the last reply was stored. Raises StoreError."""
        last = feeds.last_ok_at(self.store)
        with self.store.transaction():
            if meta.get_value(self.store, _FIRST_RUN) is None:
                meta.set_value(self.store, _FIRST_RUN, stamp(now))
                if last is None:
                    what = f"No reply was stored in {self.store.path} before."
                    self._tell(ConditionKind.NEW_DATABASE, now, what)
            if last is not None and meta.get_value(self.store, _BEFORE) is None:
                meta.set_value(self.store, _BEFORE, stamp(last))

    def check(self, now: datetime) -> None:
        """Tell of a long pause before the start, once, when the clock is known to be right.

        Raises StoreError.
        """
        last = moment_or_none(meta.get_value(self.store, _BEFORE))
        if last is None:
            return
        with self.store.transaction():
            meta.set_value(self.store, _BEFORE, None)
            if now - last >= PAUSE_TOLD_FROM:
                when = formatting.moment(last, self.health.zone)
                lasted = formatting.duration(now - last)
                what = f"The last reply in {self.store.path} is of {when}: {lasted} before."
                self._tell(ConditionKind.PAUSE, now, what)

    def _tell(self, kind: ConditionKind, now: datetime, what: str) -> None:
        self.health.tell(kind, self.store.path.name, now, what)

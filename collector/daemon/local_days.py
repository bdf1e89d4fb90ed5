"""Has a local day ended since a job last did its work? What is done once a local day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from collector.weeks import next_midnight


@dataclass
class LocalDays:
    """When a job that works once a local day last did, in every time zone that matters to it."""

    zones: Iterable[str]
    since: datetime | None
    """When the job last did its work; None: it has yet to do it for the first time."""

    def do(self, now: datetime, *work: Callable[[datetime], object]) -> None:
        """Do this work if a local day ended since it was last done; if it fails, it is due again.

        Raises what the work raises.
        """
        if self.since is not None:
            self.since = min(self.since, now)  # a clock that ran ahead
            if not any(next_midnight(self.since, zone) <= now for zone in self.zones):
                return
        for each in work:
            each(now)
        self.since = now

"""Does every job still run? Its thread, its present run, and when a run last ended well.

Times are those of the monotonic clock, which stands still while the machine sleeps: a machine that
slept proves no hang. Nor does a process that was stopped (`AwakeTime` leaves that out).
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from collector.model.job import JobState

OVERDUE_AFTER = timedelta(minutes=10)
"""A run that takes so long hangs: the time-outs of feeds and mail servers are far shorter. So is a
job that has not ended well for its interval and so long."""
GIVE_UP_AFTER = timedelta(minutes=20)
"""A run that takes so long never ends; then only a new process helps. systemd's watchdog, where
there is one, has ended this one by then."""


@dataclass
class JobRun:
    """One job, its thread and its runs."""

    name: str
    interval: timedelta
    ended_well_at: timedelta
    """When a run last ended without an exception; at first the time of the start."""
    thread: threading.Thread | None = None
    began_at: timedelta | None = None
    """When the present run began, None between runs."""
    failure: str = ""
    """What the last run raised, empty if nothing."""
    reported: bool = False
    """Whether the log says that the present run is stuck."""

    def lasts(self, now: timedelta) -> timedelta:
        """Return how long the present run has lasted; zero between runs."""
        return timedelta() if self.began_at is None else now - self.began_at

    def stack(self) -> str:
        """Return where the thread is at this moment, as a traceback has it."""
        ident = None if self.thread is None else self.thread.ident
        frame = None if ident is None else sys._current_frames().get(ident)
        return "" if frame is None else "".join(traceback.format_stack(frame))


@dataclass
class JobRuns:
    """The runs of all jobs, by the job's name."""

    _runs: dict[str, JobRun] = field(default_factory=dict)

    def add(self, name: str, interval: timedelta, now: timedelta) -> JobRun:
        """Add a job that starts now."""
        self._runs[name] = JobRun(name, interval, now)
        return self._runs[name]

    def begin(self, name: str, now: timedelta) -> None:
        """Store that a run of the job begins."""
        run = self._runs[name]
        run.began_at, run.reported = now, False

    def end(self, name: str, now: timedelta, *, well: bool) -> None:
        """Store that the run ended, and whether it did without an exception."""
        run = self._runs[name]
        run.began_at = None
        if well:
            run.ended_well_at = now

    def go_on(self, name: str, now: timedelta) -> None:
        """Store that a part of the run ended well, and the next one begins."""
        self.end(name, now, well=True)
        self.begin(name, now)

    def states(self, now: timedelta) -> list[JobState]:
        """Return how every job does, by name; from any thread."""
        late = set(self.overdue(now))
        runs = sorted(self._runs.copy().values(), key=lambda run: run.name)
        return [
            JobState(run.name, now - run.ended_well_at, run.lasts(now), run.name in late)
            for run in runs
        ]

    def lost(self) -> list[JobRun]:
        """Return the jobs whose thread has ended."""
        return [run for run in self._runs.values() if run.thread and not run.thread.is_alive()]

    def stuck(self, now: timedelta, after: timedelta = OVERDUE_AFTER) -> list[JobRun]:
        """Return the jobs whose present run has lasted for longer than `after`, longest first."""
        stuck = [run for run in self._runs.values() if run.lasts(now) > after]
        return sorted(stuck, key=lambda run: -run.lasts(now))

    def overdue(self, now: timedelta, names: Collection[str] | None = None) -> list[str]:
        """Return which of these jobs (default: of all) have not ended well in time, by name."""
        return [
            run.name
            for run in self._runs.copy().values()
            if (names is None or run.name in names)
            and now - run.ended_well_at > run.interval + OVERDUE_AFTER
        ]

"""How do the jobs run for months? Each has a thread that runs it again and again until a signal.

No job waits for a date: after each run its thread waits a moment, by the monotonic clock, and the
job then asks the database and the clock what is due. A machine that slept, a clock that was set or
a run that takes long therefore delay a job, but cannot lose it. `store.transaction()` lets one job
write at a time. SIGTERM or SIGINT ends everything within five seconds.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

import structlog

from collector.clock import SystemClock
from collector.daemon.jobs import POLL_OVERDUE_AFTER, Jobs
from collector.daemon.systemd import SystemdNotifier
from collector.errors import CollectorError, StoreError
from collector.notify.database_alarm import DatabaseAlarm

log = structlog.get_logger(__name__)

SHUTDOWN_WAIT = timedelta(seconds=3)
"""How long running jobs may take to finish; SIGTERM must end the process within five seconds."""
LONGEST_WAIT = timedelta(minutes=1)
"""The main thread checks the clock at least so often; more often if a watchdog is to be fed."""
RETRY_AFTER_FAILURE = timedelta(seconds=30)
"""Shortest pause after a run that failed, so that a lasting failure does not fill the log."""
POLL_INTERVAL = timedelta(seconds=1)
"""How often each feed is checked for a poll that is due."""

JOB_INTERVALS: Mapping[str, timedelta] = {
    "settle": timedelta(seconds=30),
    "fetch_track": timedelta(seconds=30),
    "evaluate_day_end": timedelta(minutes=1),
    "owe_digest": timedelta(minutes=1),
    "send": timedelta(seconds=10),
    "check_conditions": timedelta(minutes=1),
    "prune": timedelta(hours=6),
    "ping": timedelta(minutes=5),
}
"""How often each job checks whether something is due; the keys are methods of `Jobs`."""

Job = Callable[[], bool]


@dataclass
class Daemon:
    """Runs the jobs until a signal stops it."""

    jobs: Jobs
    clock: SystemClock
    alarm: DatabaseAlarm
    notifier: SystemdNotifier
    _polled_at: dict[str, timedelta] = field(default_factory=dict)
    """When each feed's poll job last ended, by the monotonic clock."""
    _busy: int = 0
    _signal: str | None = None
    _idle: threading.Condition = field(default_factory=threading.Condition)

    def run(self) -> bool:
        """Run until SIGTERM or SIGINT; return False if a running job had to be abandoned.

        1. Catch the signals, and resume the state of an earlier run.
        2. Start the jobs, each in its thread.
        3. Tell systemd that the daemon is ready.
        4. Until a signal arrives: feed the watchdog while database and polls work.
        5. Stop the jobs, end requests in progress, and wait a moment for running jobs.

        Raises StoreError if the database fails at the start.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.jobs.resume()
        try:
            self.start_jobs()
            self.notifier.ready(f"polling {', '.join(self.jobs.pollers) or 'no feed'}")
            log.info("running", feeds=",".join(self.jobs.pollers), pid=os.getpid())
            self._supervise()
        finally:
            self.clock.stop()
        return self._end()

    def run_once(self) -> None:
        """Run every job that is due, once. Raises StoreError."""
        jobs: list[Job] = [self.jobs.resume]
        jobs += [self._poll_job(feed) for feed in self.jobs.pollers]
        jobs += [
            self.jobs.settle,
            self.jobs.fetch_track,
            self.jobs.owe_digest,
            self.jobs.check_conditions,
        ]
        jobs += [self.jobs.prune, self.jobs.send, self.jobs.ping]
        for job in jobs:
            while job():
                pass

    def is_working(self) -> bool:
        """Return whether the database answers and no poll hangs; only then is the watchdog fed.

        A poll's time is measured by the monotonic clock: a machine that slept proves no hang.
        """
        oldest = self.clock.monotonic() - POLL_OVERDUE_AFTER
        return not self.alarm.failing and all(at > oldest for at in self._polled_at.values())

    def run_job(self, job: Job) -> bool:
        """Run a job until no more of it waits; return whether the database worked.

        A failing database is reported to the alarm. Does nothing if the daemon is stopping.
        """
        with self._idle:
            if self.clock.stopped:
                return True
            self._busy += 1
        try:
            while job() and not self.clock.stopped:
                pass
            self.alarm.record_success(self.clock.now())
        except StoreError as error:
            self.alarm.record_failure(error, self.clock.now())
            return False
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()
        return True

    def start_jobs(self) -> None:
        """Start a thread for every job, and for every feed; stopping the clock ends them."""
        every: list[tuple[str, Job, timedelta]] = [
            (name, getattr(self.jobs, name), interval) for name, interval in JOB_INTERVALS.items()
        ]
        for feed in self.jobs.pollers:
            self._polled_at[feed] = self.clock.monotonic()
            every.append((f"poll {feed}", self._poll_job(feed), POLL_INTERVAL))
        for name, job, interval in every:
            threading.Thread(
                target=self._repeat, args=(name, job, interval), name=name, daemon=True
            ).start()

    def _repeat(self, name: str, job: Job, interval: timedelta) -> None:
        """Run a job and wait, again and again until the clock is stopped, whatever it raises."""
        failure = ""
        while True:
            try:
                worked, latest = self.run_job(job), ""
            except Exception as error:  # a defect in one run must not end the job
                worked, latest = False, f"{type(error).__name__}: {error}"
                new = latest != failure and not isinstance(error, CollectorError)
                trace = traceback.format_exc() if new else None
                log.error("job failed", job=name, error=str(error), exception=trace)
            failure = latest
            if self.clock.wait(interval if worked else max(interval, RETRY_AFTER_FAILURE)):
                return

    def _supervise(self) -> None:
        """Feed the watchdog while the daemon works, and log steps of the clock, until stopped."""
        wait = min(self.notifier.watchdog_every or LONGEST_WAIT, LONGEST_WAIT)
        began_at = self.clock.now() - self.clock.monotonic()
        while not self.clock.wait(wait):
            step = self.clock.now() - self.clock.monotonic() - began_at
            if abs(step) > LONGEST_WAIT:
                began_at += step
                what = "clock was set back" if step < timedelta() else "clock went ahead"
                log.warning(what, by_s=abs(round(step.total_seconds())))
            if self.is_working():
                self.notifier.watchdog()

    def _poll_job(self, feed: str) -> Job:
        def poll() -> bool:
            try:
                return self.jobs.poll(feed)
            finally:
                self._polled_at[feed] = self.clock.monotonic()

        return poll

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        # Takes no lock: the interrupted code may hold it.
        self._signal = signal.Signals(number).name
        self.clock.stop()

    def _end(self) -> bool:
        self.notifier.stopping()
        log.info("stopping", signal=self._signal)
        # Requests in progress are cancelled; a mail that is being sent may finish.
        self.jobs.http.close()
        with self._idle:
            ended = self._idle.wait_for(lambda: self._busy == 0, SHUTDOWN_WAIT.total_seconds())
        log.info("stopped", abandoned=self._busy)
        return ended

"""How do the jobs run for months? A scheduler runs each one when it is due, until a signal.

Each feed has a thread, the other jobs share a few; `store.transaction()` lets one of them write
at a time. SIGTERM or SIGINT ends everything within five seconds.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from collector.clock import SystemClock
from collector.daemon.jobs import POLL_OVERDUE_AFTER, Jobs
from collector.daemon.systemd import SystemdNotifier
from collector.errors import CollectorError, StoreError
from collector.notify.database_alarm import DatabaseAlarm

log = structlog.get_logger(__name__)

MISFIRE_GRACE = timedelta(hours=1)
"""A job that could not run in time (a suspended machine, a busy disk) still runs so much later."""
SHUTDOWN_WAIT = timedelta(seconds=3)
"""How long running jobs may take to finish; SIGTERM must end the process within five seconds."""
LONGEST_WAIT = timedelta(minutes=1)
"""The main thread checks the clock at least so often; more often if a watchdog is to be fed."""
RETRY_AFTER_FAILURE = timedelta(seconds=30)
"""When a feed is polled again if the time of its next poll cannot be read (the database failed)."""

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
    _due: dict[str, datetime] = field(default_factory=dict)
    _busy: int = 0
    _signal: str | None = None
    _idle: threading.Condition = field(default_factory=threading.Condition)

    def run(self) -> bool:
        """Run until SIGTERM or SIGINT; return False if a running job had to be abandoned.

        1. Catch the signals, and resume the state of an earlier run.
        2. Start the scheduler, which runs the jobs in its threads.
        3. Tell systemd that the daemon is ready.
        4. Until a signal arrives: reschedule all jobs if the clock was set back, and feed the
           watchdog while database and polls work.
        5. Stop the scheduler, end requests in progress, and wait a moment for running jobs.

        Raises StoreError if the database fails at the start.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.jobs.resume()
        scheduler = self.scheduler()
        with ExitStack() as stack:
            scheduler.start()
            stack.callback(scheduler.shutdown, wait=False)
            self.notifier.ready(f"polling {', '.join(self.jobs.pollers) or 'no feed'}")
            log.info("running", feeds=",".join(self.jobs.pollers), pid=os.getpid())
            last = self.clock.now()
            while not self.clock.wait(
                min(self.notifier.watchdog_every or LONGEST_WAIT, LONGEST_WAIT)
            ):
                now = self.clock.now()
                if now < last - LONGEST_WAIT:
                    log.warning("clock was set back", by_s=round((last - now).total_seconds()))
                    self.reschedule_all(scheduler, now)
                last = now
                if self.is_working(now):
                    self.notifier.watchdog()
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

    def is_working(self, now: datetime) -> bool:
        """Return whether the database answers and no poll hangs; only then is the watchdog fed."""
        return not self.alarm.failing and all(
            now < due + POLL_OVERDUE_AFTER for due in self._due.values()
        )

    def run_job(self, job: Job) -> None:
        """Run a job until no more of it waits. A failing database is reported to the alarm."""
        with self._idle:
            self._busy += 1
        try:
            while job() and not self.clock.stopped:
                pass
            self.alarm.record_success(self.clock.now())
        except StoreError as error:
            self.alarm.record_failure(error, self.clock.now())
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def reschedule_all(self, scheduler: BackgroundScheduler, now: datetime) -> None:
        """Let every job run now: times set by a clock that ran ahead would be far away."""
        for name in JOB_INTERVALS:
            scheduler.modify_job(name, next_run_time=now)
        for feed in self.jobs.pollers:
            self._schedule_poll(scheduler, feed, now)

    def scheduler(self) -> BackgroundScheduler:
        """Return a scheduler with every job, not started yet."""
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self.jobs.pollers) + 3)},
            job_defaults={
                "misfire_grace_time": int(MISFIRE_GRACE.total_seconds()),
                "coalesce": True,
                "max_instances": 1,
            },
            timezone=UTC,
        )
        scheduler.add_listener(
            _report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        )
        now = self.clock.now()
        for name, every in JOB_INTERVALS.items():
            job: Job = getattr(self.jobs, name)
            scheduler.add_job(
                self.run_job,
                IntervalTrigger(seconds=int(every.total_seconds())),
                args=[job],
                id=name,
                next_run_time=now,
            )
        for feed in self.jobs.pollers:
            self._schedule_poll(scheduler, feed, now)
        return scheduler

    def _schedule_poll(self, scheduler: BackgroundScheduler, feed: str, at: datetime) -> None:
        self._due[feed] = at
        scheduler.add_job(
            self._poll,
            DateTrigger(at),
            args=[scheduler, feed],
            id=f"poll {feed}",
            replace_existing=True,
        )

    def _poll(self, scheduler: BackgroundScheduler, feed: str) -> None:
        """Run one round of a feed, then schedule the next one, also if this one failed."""
        try:
            self.run_job(self._poll_job(feed))
        finally:
            if not self.clock.stopped:
                try:
                    at = self.jobs.pollers[feed].next_poll_at()
                except StoreError:
                    at = self.clock.now() + RETRY_AFTER_FAILURE
                self._schedule_poll(scheduler, feed, at)

    def _poll_job(self, feed: str) -> Job:
        return lambda: self.jobs.poll(feed)

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


def _report(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_ERROR:
        expected = isinstance(event.exception, CollectorError)
        log.error(
            "job failed",
            job=event.job_id,
            error=str(event.exception),
            exception=None if expected else event.traceback,
        )
    else:
        reason = "late" if event.code == EVENT_JOB_MISSED else "still running"
        log.warning("job skipped", job=event.job_id, reason=reason)

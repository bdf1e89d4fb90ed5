"""How does everything run for months? A scheduler that only calls jobs, and an orderly end.

Threads and synchronous code: a thread a feed, a few for the rest, one writer at a time behind
`store.transaction()`. SIGTERM or SIGINT ends everything within five seconds.
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
"""A job that could not run in time (a suspended machine, a busy disk) still runs this late."""
SHUTDOWN_WAIT = timedelta(seconds=3)
"""What is in flight may finish for so long; SIGTERM must end us within five seconds."""
LONGEST_WAIT = timedelta(minutes=1)
"""How often the main thread looks at the clock at least; more often to feed a watchdog."""
RETRY_AFTER_FAILURE = timedelta(seconds=30)
"""When a feed is asked again if not even its plan could be made (the database failed)."""

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
"""How often each job looks whether something is due."""

Job = Callable[[], bool]


@dataclass
class Daemon:
    """Runs the jobs until told to stop."""

    jobs: Jobs
    clock: SystemClock
    alarm: DatabaseAlarm
    notifier: SystemdNotifier
    _due: dict[str, datetime] = field(default_factory=dict)
    _busy: int = 0
    _signal: str | None = None
    _idle: threading.Condition = field(default_factory=threading.Condition)

    def run(self) -> bool:
        """Work until SIGTERM or SIGINT. False if something in flight had to be abandoned.

        Raises StoreError if the database cannot even be begun with.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.jobs.resume()
        scheduler = self.scheduler()
        with ExitStack() as stack:
            scheduler.start()
            stack.callback(scheduler.shutdown, wait=False)
            self.notifier.ready(f"asking {', '.join(self.jobs.pollers) or 'no feed'}")
            log.info("running", feeds=",".join(self.jobs.pollers), pid=os.getpid())
            seen = self.clock.now()
            while not self.clock.wait(
                min(self.notifier.watchdog_every or LONGEST_WAIT, LONGEST_WAIT)
            ):
                now = self.clock.now()
                if now < seen - LONGEST_WAIT:
                    log.warning("clock was set back", by_s=round((seen - now).total_seconds()))
                    self.reschedule_all(scheduler, now)
                seen = now
                if self.is_working(now):
                    self.notifier.watchdog()
        return self._end()

    def run_once(self) -> None:
        """One round of everything that is due. Raises StoreError."""
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
        """Whether the database answers and no poll hangs: what the watchdog is told."""
        return not self.alarm.failing and all(
            now < due + POLL_OVERDUE_AFTER for due in self._due.values()
        )

    def run_job(self, job: Job) -> None:
        """Do a job until nothing of it waits. A failing database is told, never raised."""
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
        """Do everything now: plans made by a clock that ran ahead would wait for its time."""
        for name in JOB_INTERVALS:
            scheduler.modify_job(name, next_run_time=now)
        for feed in self.jobs.pollers:
            self._plan(scheduler, feed, now)

    def scheduler(self) -> BackgroundScheduler:
        """Every job, planned; not yet started."""
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
            self._plan(scheduler, feed, now)
        return scheduler

    def _plan(self, scheduler: BackgroundScheduler, feed: str, at: datetime) -> None:
        self._due[feed] = at
        scheduler.add_job(
            self._poll,
            DateTrigger(at),
            args=[scheduler, feed],
            id=f"poll {feed}",
            replace_existing=True,
        )

    def _poll(self, scheduler: BackgroundScheduler, feed: str) -> None:
        """One round of a feed, then the plan for the next, whatever became of this one."""
        try:
            self.run_job(self._poll_job(feed))
        finally:
            if not self.clock.stopped:
                try:
                    at = self.jobs.pollers[feed].next_poll_at()
                except StoreError:
                    at = self.clock.now() + RETRY_AFTER_FAILURE
                self._plan(scheduler, feed, at)

    def _poll_job(self, feed: str) -> Job:
        return lambda: self.jobs.poll(feed)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        # Nothing that takes a lock: it may be held by whatever this interrupted.
        self._signal = signal.Signals(number).name
        self.clock.stop()

    def _end(self) -> bool:
        self.notifier.stopping()
        log.info("stopping", signal=self._signal)
        # What is being fetched is broken off; a mail in flight may finish.
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
        what = "late" if event.code == EVENT_JOB_MISSED else "still running"
        log.warning("job skipped", job=event.job_id, reason=what)

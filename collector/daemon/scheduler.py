"""How do the jobs run for months? Each has a thread that runs it again and again until a signal.

The main thread supervises them: it restarts a thread that is lost, and ends the process if one is
stuck, since no thread can be ended from outside. No job waits for a date: after each run its thread
waits a moment, by the monotonic clock, and the job then asks the database and the clock what is
due. A machine that slept, a clock that was set or a run that takes long therefore delay a job, but
cannot lose it. `store.transaction()` lets one job write at a time. SIGTERM or SIGINT ends
everything within five seconds.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from collector.clock import SystemClock
from collector.daemon.awake import AwakeTime
from collector.daemon.job_runs import GIVE_UP_AFTER, JobRun, JobRuns
from collector.daemon.jobs import Jobs
from collector.daemon.storage_proof import CHECK_INTERVAL, PROOF_INTERVAL, StorageProof
from collector.daemon.systemd import SystemdNotifier
from collector.errors import TEMPORARY, CollectorError, StoreError
from collector.model.job import JobState
from collector.notify.database_alarm import DatabaseAlarm
from collector.signals import when_asked_to_end, when_told_to_reload

log = structlog.get_logger(__name__)

SHUTDOWN_WAIT = timedelta(seconds=3)
"""How long running jobs may take to finish; SIGTERM must end the process within five seconds."""
LONGEST_WAIT = timedelta(minutes=1)
"""The main thread checks the clock at least so often; more often if a watchdog is to be fed."""
RETRY_AFTER_FAILURE = timedelta(seconds=30)
"""Shortest pause after a run that failed, so that a lasting failure does not fill the log. A job
that the database failed is tried again after it, however rarely it usually runs: the alarm ends
when a write succeeds and nothing has failed for longer than that (`DatabaseAlarm.quiet`)."""
POLL_INTERVAL = timedelta(seconds=1)
"""How often each feed is checked for a poll that is due."""

JOB_INTERVALS: Mapping[str, timedelta] = {
    "settle": timedelta(seconds=30),
    "judge_again": timedelta(seconds=2),
    "derive_stops": timedelta(minutes=15),
    "fetch_track": timedelta(seconds=30),
    "evaluate_day_end": timedelta(minutes=1),
    "calculate_chances": timedelta(minutes=1),
    "owe_digest": timedelta(minutes=1),
    "check_citations": timedelta(minutes=1),
    "compare_weeks": timedelta(minutes=10),
    "send": timedelta(seconds=10),
    "check_conditions": timedelta(minutes=1),
    "prune": timedelta(hours=6),
    "prune_database": timedelta(hours=6),
    "ping": timedelta(minutes=5),
}
"""How often each job checks whether something is due; the keys are methods of `Jobs`."""

PROOF, CHECK = "prove_storage", "check_storage"
"""Names of the two jobs of `StorageProof`."""

Job = Callable[[], bool]


@dataclass
class Daemon:
    """Runs the jobs until a signal stops it."""

    jobs: Jobs
    clock: SystemClock
    alarm: DatabaseAlarm
    notifier: SystemdNotifier
    hold_lock: Callable[[], bool] = lambda: False
    """See `StorageProof.hold_lock`."""
    storage: StorageProof = field(init=False)
    _jobs: dict[str, Job] = field(default_factory=dict)
    _runs: JobRuns = field(default_factory=JobRuns)
    _awake: AwakeTime = field(init=False)
    _busy: int = 0
    _signal: str | None = None
    gives_up_on: str | None = None
    """The stuck job for whose sake the process ends, None as long as none is."""
    _idle: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self._awake = AwakeTime(self.clock)
        store, clock = self.jobs.services.store, self.jobs.clock
        self.storage = StorageProof(store, self.alarm, clock, self.hold_lock)
        self.jobs.all_jobs_work = self.all_jobs_work

    def run(self) -> int | None:
        """Run until SIGTERM or SIGINT, or until a job is stuck for good.

        1. Catch the signals, prove that the database takes writes, and resume the state of an
           earlier run.
        2. Start the jobs, each in its thread.
        3. Tell systemd that the daemon is ready.
        4. Until a signal arrives: restart lost threads, and feed the watchdog while database and
           polls work.
        5. Stop the jobs, end requests in progress, and wait a moment for running jobs.

        Return None if every job ended, else the exit code with which the process must end at once,
        because a thread still runs. Raises StoreError if the database fails at the start.
        """
        when_asked_to_end(self._stop)
        when_told_to_reload()
        self.storage.prove()
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
        jobs: list[Job] = [self.storage.prove, self.jobs.resume]
        jobs += [self.jobs.judge_again, self.jobs.calculate_chances]
        jobs += [partial(self.jobs.poll, feed) for feed in self.jobs.pollers]
        jobs += [
            self.jobs.settle,
            self.jobs.fetch_track,
            self.jobs.derive_stops,
            self.jobs.compare_weeks,
            self.jobs.owe_digest,
            self.jobs.check_citations,
            self.jobs.check_conditions,
        ]
        jobs += [self.jobs.prune, self.jobs.prune_database]
        self.jobs.clock_trust.patience = timedelta()  # nobody would ask again in this process
        self.jobs.outbox_sender.at_once = True  # nobody would send an alert a minute later
        jobs += [self.jobs.send, self.jobs.ping]
        for job in jobs:
            while job():
                pass

    def is_working(self) -> bool:
        """Return whether writes and polls succeeded in time and no job hangs.

        Only then is the watchdog fed. A poll succeeds here if its outcome was stored, whatever the
        feed answered: a new process would be refused just as well.
        """
        now = self._awake.monotonic()
        vital = {PROOF, *map(_poll_name, self.jobs.pollers)}
        return not (self.alarm.failing or self.stuck_jobs() or self._runs.overdue(now, vital))

    def stuck_jobs(self) -> list[str]:
        """Return the jobs whose present run lasts so long that it hangs, longest first."""
        return [run.name for run in self._runs.stuck(self._awake.monotonic())]

    def all_jobs_work(self) -> bool:
        """Return whether every job also ended well in time; only then is the ping sent."""
        return self.is_working() and not self._runs.overdue(self._awake.monotonic())

    def job_states(self) -> list[JobState]:
        """Return how every job does, by name; none before they are added."""
        return self._runs.states(self._awake.monotonic())

    def run_job(self, job: Job) -> bool:
        """Run a job until no more of it waits; return whether the database worked.

        A failing database is reported to the alarm. That it worked is not: a job often only reads.
        Does nothing if the daemon is stopping.
        """
        with self._idle:
            if self.clock.stopped:
                return True
            self._busy += 1
        try:
            while job() and not self.clock.stopped:
                pass
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
        for run in self.add_jobs():
            self._start_thread(run)

    def add_jobs(self) -> list[JobRun]:
        """Add every job, and one for every feed; return them before their first run."""
        self._jobs = {
            PROOF: self.storage.prove,
            CHECK: self.storage.check,
            **{name: getattr(self.jobs, name) for name in JOB_INTERVALS},
            **{_poll_name(feed): partial(self.jobs.poll, feed) for feed in self.jobs.pollers},
        }
        intervals = {PROOF: PROOF_INTERVAL, CHECK: CHECK_INTERVAL, **JOB_INTERVALS}
        now = self._awake.monotonic()
        return [
            self._runs.add(name, intervals.get(name, POLL_INTERVAL), now) for name in self._jobs
        ]

    def run_added(self, run: JobRun) -> timedelta:
        """Run an added job, whatever it raises; return how long to wait before its next run."""
        self._runs.begin(run.name, self._awake.monotonic())
        try:
            worked, failure = self.run_job(partial(self._run_part, run.name)), ""
        except Exception as error:  # a defect in one run must not end the job
            worked, failure = False, f"{type(error).__name__}: {error}"
            new = failure != run.failure and not isinstance(error, CollectorError)
            trace = traceback.format_exc() if new else None
            log.error("job failed", job=run.name, error=str(error), exception=trace)
        run.failure = failure
        self._runs.end(run.name, self._awake.monotonic(), well=worked)
        if worked or run.name == CHECK:  # reads the whole file; damage does not end by itself
            return run.interval
        return max(run.interval, RETRY_AFTER_FAILURE) if failure else RETRY_AFTER_FAILURE

    def _run_part(self, name: str) -> bool:
        """Do one unit of a job's work; however many wait, what ends well one by one is no hang."""
        if more := self._jobs[name]():
            self._runs.go_on(name, self._awake.monotonic())
        return more

    def _start_thread(self, run: JobRun) -> None:
        run.thread = threading.Thread(target=self._repeat, args=(run,), name=run.name, daemon=True)
        run.thread.start()

    def _repeat(self, run: JobRun) -> None:
        """Run a job and wait, again and again until the clock is stopped."""
        while not self.clock.wait(self.run_added(run)):
            pass

    def _supervise(self) -> None:
        """Check jobs and clock, and feed the watchdog while the daemon works, until stopped.

        Also ends, with `gives_up_on` set, if a job is stuck for good.
        """
        wait = min(self.notifier.watchdog_every or LONGEST_WAIT, LONGEST_WAIT)
        began_at = self.clock.now() - self.clock.monotonic()
        while not self._awake.wait(wait):
            step = self.clock.now() - self.clock.monotonic() - began_at
            if abs(step) > LONGEST_WAIT:
                began_at += step
                what = "clock was set back" if step < timedelta() else "clock went ahead"
                log.warning(what, by_s=abs(round(step.total_seconds())))
            if self.is_working():
                self.notifier.watchdog()
            self.supervise_jobs()
            if self.gives_up_on is not None:
                return

    def supervise_jobs(self) -> None:
        """Start lost threads again, and log the jobs that are stuck."""
        if self.clock.stopped:
            return
        now = self._awake.monotonic()
        for run in self._runs.lost():
            log.error("job lost its thread, started again", job=run.name)
            run.began_at = None
            self._start_thread(run)
        for run in self._runs.stuck(now):
            if not run.reported:
                run.reported = True
                minutes = round(run.lasts(now) / timedelta(minutes=1))
                log.error("job is stuck", job=run.name, for_min=minutes, at=run.stack())
        for run in self._runs.stuck(now, GIVE_UP_AFTER)[:1]:
            self.gives_up_on = run.name

    def _stop(self, asked: signal.Signals) -> None:
        self._signal = asked.name
        self.clock.stop()

    def _end(self) -> int | None:
        self.notifier.stopping()
        log.info("stopping", signal=self._signal)
        # Requests in progress are cancelled; a mail that is being sent may finish.
        self.jobs.http.close()
        with self._idle:
            ended = self._idle.wait_for(lambda: self._busy == 0, SHUTDOWN_WAIT.total_seconds())
        log.info("stopped", abandoned=self._busy)
        if self.gives_up_on is not None:
            log.error("ended for a new process, since a job is stuck", job=self.gives_up_on)
            return TEMPORARY
        return None if ended else 0


def _poll_name(feed: str) -> str:
    return f"poll {feed}"

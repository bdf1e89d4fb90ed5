"""Is a job whose thread is lost started again, and does a stuck one end the daemon honestly?"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from collector.clock import SystemClock
from collector.daemon.job_runs import GIVE_UP_AFTER, OVERDUE_AFTER
from collector.daemon.scheduler import Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.errors import TEMPORARY
from collector.notify.database_alarm import DatabaseAlarm
from tests.daemon.test_scheduler import running, soon
from tests.support.clock import TickingClock
from tests.support.desk import desk
from tests.support.sky import Sky
from tests.support.station import DEADLINE_S

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_lost_thread_is_started_again_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with desk(tmp_path, WEDNESDAY, Sky()) as at, structlog.testing.capture_logs() as lines:
        runs: list[str] = []

        def settle() -> bool:
            runs.append(threading.current_thread().name)
            if len(runs) == 2:
                raise SystemExit  # what a library does to a thread: no Exception catches it
            return False

        monkeypatch.setattr(at.jobs, "settle", settle)
        with running(at) as daemon:
            soon(lambda: len(runs) == 2, "the run that ends the thread")
            soon(lambda: "settle" not in {t.name for t in threading.enumerate()}, "its end")
            daemon.supervise_jobs()
            soon(lambda: len(runs) > 4, "more runs")
            assert daemon.all_jobs_work()
        assert [line["job"] for line in lines if "lost its thread" in line["event"]] == ["settle"]


def given_up(daemon: Daemon) -> str | None:
    return daemon.gives_up_on


def test_a_stuck_job_stops_ping_and_watchdog_and_then_ends_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, structlog.testing.capture_logs() as lines:
        entered, leave = threading.Event(), threading.Event()

        def stuck_here() -> bool:
            entered.set()
            leave.wait(20)
            return False

        monkeypatch.setattr(at.jobs, "settle", stuck_here)
        with running(at) as daemon:
            clock = daemon.clock
            assert isinstance(clock, TickingClock)
            soon(entered.is_set, "the run that is stuck")
            at.clock.move_to(at.clock.now() + timedelta(hours=8))
            assert daemon.is_working(), "the machine slept"
            clock.awake += OVERDUE_AFTER + SECOND
            assert not daemon.is_working()
            assert not at.jobs.all_jobs_work()
            daemon.supervise_jobs()
            daemon.supervise_jobs()
            stuck = [line for line in lines if line["event"] == "job is stuck"]
            (line,) = [line for line in stuck if line["job"] == "settle"]
            assert line["for_min"] == 10
            assert "in stuck_here" in line["at"], "where it is stuck"
            assert given_up(daemon) is None
            soon(lambda: daemon.stuck_jobs() == ["settle"], "the end of the other jobs' runs")
            clock.awake += GIVE_UP_AFTER - OVERDUE_AFTER
            daemon.supervise_jobs()
            assert given_up(daemon) == "settle"
            leave.set()


def test_a_queue_that_takes_long_is_no_hang(tmp_path: Path) -> None:
    """A mail server that takes nine minutes for each of several mails."""
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, at.jobs.outbox_sender.sender, "x")
        clock = TickingClock(at.clock)
        daemon = Daemon(at.jobs, clock, alarm, SystemdNotifier({}))
        (run,) = (run for run in daemon.add_jobs() if run.name == "send")
        stuck, mails = [], 5

        def send() -> bool:
            nonlocal mails
            clock.awake += timedelta(minutes=9)
            mails -= 1
            stuck.append(daemon.stuck_jobs())
            return mails > 0

        daemon._jobs["send"] = send
        daemon.run_added(run)
        assert stuck == [[]] * 5
        (state,) = (state for state in daemon.job_states() if state.name == "send")
        assert not state.overdue


class StoppedClock(TickingClock):
    """That of a process that is stopped for an hour in its first wait, as by SIGSTOP."""

    stopped_once = False
    goes_on: Callable[[], None]
    """What another thread does before the one that waits goes on."""

    def wait(self, span: timedelta) -> bool:
        self.awake += span if self.stopped_once else span + timedelta(hours=1)
        if not self.stopped_once:
            self.goes_on()
        self.stopped_once = True
        return super().wait(span)


def test_a_process_that_was_stopped_for_an_hour_goes_on(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, structlog.testing.capture_logs() as lines:
        alarm = DatabaseAlarm(at.jobs.services.health, at.jobs.outbox_sender.sender, "x")
        clock = StoppedClock(at.clock)
        daemon = Daemon(at.jobs, clock, alarm, SystemdNotifier({}))
        runs = daemon.add_jobs()
        told: list[tuple[list[str], bool]] = []
        for run in runs:  # stopped in the middle of every one
            daemon._runs.begin(run.name, timedelta())
        clock.goes_on = lambda: told.append((daemon.stuck_jobs(), daemon.is_working()))
        assert daemon._awake.wait(SECOND) is False
        assert told == [([], True)]
        daemon.supervise_jobs()
        assert (daemon.stuck_jobs(), given_up(daemon)) == ([], None)
        assert daemon.is_working()
        for _ in range(GIVE_UP_AFTER // SECOND):
            daemon._awake.wait(SECOND)
        daemon.supervise_jobs()
        assert given_up(daemon) is not None, "what still hangs afterwards is found as ever"
    assert [line["for_s"] for line in lines if "stood still" in line["event"]] == [3600]


STUCK = """
import sys, threading
from collector.daemon import start
lock = threading.RLock()
held = threading.Event()
def hold():
    with lock:
        held.set()
        threading.Event().wait()
threading.Thread(target=hold, daemon=False).start()
held.wait()
start.leave(75)
"""


def test_a_process_with_a_stuck_thread_ends_with_the_code_of_a_temporary_failure() -> None:
    done = subprocess.run([sys.executable, "-c", STUCK], timeout=60, check=False)
    assert done.returncode == TEMPORARY == 75


def test_a_machine_that_gives_no_thread_is_a_temporary_failure_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under a limit of processes or memory, which several programs may use up together."""
    given: list[threading.Thread] = []
    start = threading.Thread.start

    def start_five(thread: threading.Thread) -> None:
        if len(given) == 5:
            raise RuntimeError("can't start new thread")
        given.append(thread)
        start(thread)

    with desk(tmp_path, WEDNESDAY, Sky()) as at, structlog.testing.capture_logs() as lines:
        alarm = DatabaseAlarm(at.jobs.services.health, at.jobs.outbox_sender.sender, "x")
        daemon = Daemon(at.jobs, SystemClock(), alarm, SystemdNotifier({}))
        monkeypatch.setattr(threading.Thread, "start", start_five)
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        assert daemon.run() == TEMPORARY
        monkeypatch.undo()
        for thread in given:
            thread.join(DEADLINE_S)
    (told,) = [line for line in lines if line["event"] == "no thread can be started"]
    assert "--pids-limit" in told["hint"]
    assert not [line for line in lines if line["event"] == "running"]

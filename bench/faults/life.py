"""How does a daemon live in a simulated world? In a process of its own, which can really be killed.

The process builds everything that `collector run` builds, with three things exchanged: the clock,
which moves on to the next thing that is due instead of waiting; the network, which is simulated
below httpx; and the threads, since the jobs run one after the other. What happens is told to the
parent through a pipe, line by line, so that a kill loses none of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import structlog

from collector.clock import SystemClock
from collector.daemon import start
from collector.daemon.scheduler import Daemon
from collector.mail import Outgoing
from collector.model.notice import Owed
from collector.settings import load

from .network import PING_HOST, Network, Transport
from .sky import Sky

STOPPED = 4
"""The exit code of a life that ended for an operator."""
SECRETS = {
    "COLLECTOR_DEAD_MAN_URL": f"https://{PING_HOST}/ping",
    "COLLECTOR_FEEDS__ADSBEXCHANGE__API_KEY": "k3y",
    "COLLECTOR_FEEDS__OPENSKY__CLIENT_ID": "simulated",
    "COLLECTOR_FEEDS__OPENSKY__CLIENT_SECRET": "s3cret",
}
LONGEST_STEP = timedelta(minutes=1)
MET_WITHIN = timedelta(minutes=12)
SHORTEST_STEP = timedelta(seconds=1)


class Stopped(BaseException):
    """This life ends for an operator."""


class WorldClock(SystemClock):
    """A clock of a machine: the true time, how far it is off, and how long it was awake."""

    def __init__(self, true_now: datetime, off: timedelta = timedelta()) -> None:
        super().__init__()
        self.true_now = true_now
        self.off = off
        self.awake = timedelta()

    def now(self) -> datetime:
        return self.true_now + self.off

    def monotonic(self) -> timedelta:
        return self.awake

    def wait(self, span: timedelta) -> bool:
        span = max(span, timedelta())
        self.true_now += span
        self.awake += span
        return False

    def sleep(self, span: timedelta) -> None:
        """Let the time pass while the machine is asleep."""
        self.true_now += span


@dataclass
class Life:
    """One daemon, from its start to its end, and what a fault may reach."""

    folder: Path
    sky: Sky
    kind: str
    clock: WorldClock
    events: int
    """The pipe's end."""
    rng: random.Random
    daemon: Daemon = field(init=False)
    network: Network = field(init=False)
    on_mail: Callable[[str], None] = lambda _: None
    """Called when the mail server has taken a mail, before that is stored."""
    running: list[Stage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = Network(
            self.sky, self.kind, lambda: self.clock.true_now, self.clock.wait, self.tell, self.rng
        )

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "var" / "collector.sqlite"

    def tell(self, event: str, what: dict[str, Any]) -> None:
        """Tell the parent."""
        line = {
            "off": self.clock.off.total_seconds(),
            "at": self.clock.true_now.timestamp(),
            "event": event,
            **what,
        }
        os.write(self.events, json.dumps(line).encode() + b"\n")

    @contextmanager
    def built(self) -> Iterator[None]:
        """Build the daemon, and close everything at the end."""
        transport = type("Here", (Transport,), {"network": self.network})
        with ExitStack() as stack:
            stack.enter_context(mock.patch("collector.http.client.httpx.HTTPTransport", transport))
            stack.enter_context(
                mock.patch("collector.daemon.start.SystemClock", return_value=self.clock)
            )
            settings = load(self.folder / "collector.toml", environ=SECRETS)
            self.daemon = stack.enter_context(start.daemon(settings, {}))
            sender = _Told(self.daemon.jobs.outbox_sender.sender, self)
            self.daemon.jobs.outbox_sender.sender = sender
            self.daemon.alarm.sender = sender
            yield

    def kill(self) -> None:
        """End this process as kill -9 does."""
        self.tell("killed", {})
        os.kill(os.getpid(), signal.SIGKILL)
        signal.pause()

    def stop(self, why: str) -> None:
        """End this life in order, for what an operator must do to its files."""
        raise Stopped(why)

    def live(self, until: datetime, stages: Sequence[Stage]) -> None:
        """Do every job when it is due until then, with each fault in its time."""
        self.daemon.storage.prove()
        self.daemon.jobs.resume()
        waiting, jobs = list(stages), self.daemon.jobs
        runs = self.daemon.add_jobs()
        due = dict.fromkeys((run.name for run in runs), self.clock.awake)
        while self.clock.true_now < until:
            self._begin_and_end(waiting)
            for run in runs:
                poll = run.name.startswith("poll ")
                if poll or due[run.name] <= self.clock.awake:
                    before = self.clock.awake
                    pause = self.daemon.run_added(run)
                    due[run.name] = before + pause
                    if run.failure and run.failure not in self._seen:
                        self._seen.add(run.failure)
                        self.tell("failure", {"job": run.name, "what": run.failure})
            ends = [self.clock.true_now + LONGEST_STEP, until]
            ends += [at.begins_at for at in waiting[:1]]
            ends += [at.ends_at for at in self.running if at.ends_at > self.clock.true_now]
            next_at = min(ends)
            for poller in jobs.pollers.values():
                next_at = min(next_at, self._next_poll(poller.next_poll_at))
            self.clock.wait(max(SHORTEST_STEP, next_at - self.clock.true_now))
        for at in list(self.running):
            self._end(at)

    _seen: set[str] = field(default_factory=set)

    def _next_poll(self, next_poll_at: Callable[[], datetime]) -> datetime:
        try:
            return next_poll_at() - self.clock.off
        except Exception:  # the database fails on purpose
            return self.clock.true_now + LONGEST_STEP

    def _begin_and_end(self, waiting: list[Stage]) -> None:
        now = self.clock.true_now
        for at in [each for each in self.running if each.ends_at <= now]:
            if at.met(self) or now - at.begins_at > MET_WITHIN:
                self._end(at)
        while waiting and waiting[0].begins_at <= now:
            for before in list(self.running):
                self._end(before)
            at = waiting.pop(0)
            self.tell("fault begins", {"number": at.number, "silences": at.silences})
            self.running.append(at)
            at.begin(self)

    def _end(self, at: Stage) -> None:
        """End a fault, whether it was met or not."""
        self.running.remove(at)
        self.tell("fault ends", {"number": at.number, "met": at.met(self)})
        at.end(self)


@dataclass
class Stage:
    """One fault in its time: what to do to a life at its begin and at its end."""

    number: int
    begins_at: datetime
    ends_at: datetime
    begin: Callable[[Life], object]
    end: Callable[[Life], object]
    met: Callable[[Life], bool] = lambda _: True
    """Whether the daemon met the fault; one that it did not meet goes on for a while."""
    silences: bool = False
    """Whether nothing can be stored while it lasts: then the ping must stop, whatever comes."""


@dataclass
class _Told:
    """Sends mails as the daemon does, and tells of each that was taken."""

    real: Outgoing
    life: Life

    def send(self, owed: Owed) -> None:
        """Send one mail."""
        self.real.send(owed)
        self.life.tell("mail", {"subject": owed.message.subject, "key": owed.key})
        self.life.on_mail(owed.key)


def in_child(life: Callable[[int], Life], until: datetime, stages: Sequence[Stage]) -> Told:
    """Let a daemon live in a child process; return what it told, and how it ended."""
    reads, writes = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            os.close(reads)
            structlog.configure(logger_factory=lambda *_: structlog.ReturnLogger())
            one = life(writes)
            try:
                with one.built():
                    one.live(until, stages)
                one.tell("end", {})
                code = 0
            except Stopped as stopped:
                one.tell("stopped", {"why": str(stopped)})
                code = STOPPED
            except BaseException:
                one.tell("crash", {"what": traceback.format_exc()})
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        events = [json.loads(line) for line in pipe if line.endswith(b"\n")]
    return Told(events, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


@dataclass(frozen=True, slots=True)
class Told:
    """What a life told, and its exit code; -9 if it was killed."""

    events: list[dict[str, Any]]
    code: int

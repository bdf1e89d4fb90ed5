"""A whole daemon under injected time: who was told what, and when, while something is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from collector.daemon.scheduler import Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.model.notice import Owed
from collector.notify.database_alarm import DatabaseAlarm
from collector.secret import Secret
from tests.support.clock import TickingClock
from tests.support.desk import Desk, desk
from tests.support.fake_feed import Answer, FakeFeed, Seen
from tests.support.sky import Sky

STEP, MINUTE = timedelta(seconds=30), timedelta(minutes=1)


@dataclass
class Outage:
    """A daemon whose jobs run when they are due, in one thread, and what came out of it."""

    at: Desk
    daemon: Daemon
    pings: list[datetime] = field(default_factory=list)
    watchdog_fed: list[datetime] = field(default_factory=list)
    mails: list[tuple[datetime, Owed]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._due = {run.name: (self.at.clock.now(), run) for run in self.daemon.add_jobs()}

    def work(self, span: timedelta) -> None:
        """Let this much time pass, in both clocks."""
        clock = self.daemon.clock
        assert isinstance(clock, TickingClock)
        end = self.at.clock.now() + span
        while self.at.clock.now() < end:
            for name, (due, run) in self._due.items():
                if due <= self.at.clock.now():
                    pause = self.daemon.run_added(run)
                    # The dead man's page is served by the real clock.
                    self.at.jobs.http.host_clocks.forget()
                    self._due[name] = (self.at.clock.now() + pause, run)
            if self.daemon.is_working():
                self.watchdog_fed.append(self.at.clock.now())
            before = self.at.clock.now()
            self.at.clock.wait(STEP)
            clock.awake += self.at.clock.now() - before

    def mails_since(self, begin: datetime) -> list[str]:
        """The subjects of the mails sent since, in order."""
        return [owed.message.subject for sent_at, owed in self.mails if sent_at >= begin]


@dataclass
class _Letters:
    now: Callable[[], datetime]
    sent: list[tuple[datetime, Owed]]

    def send(self, owed: Owed) -> None:
        self.sent.append((self.now(), owed))


@contextmanager
def outage(folder: Path, at: datetime, sky: Sky) -> Iterator[Outage]:
    """A daemon that starts `at` in `folder`, with a dead man's page that notes each visit."""
    letters = _Letters(lambda: at, [])
    pings: list[datetime] = []
    with FakeFeed() as page, desk(folder, at, replace(sky, others=2), sender=letters) as run:
        letters.now = run.clock.now

        def visit(_: Seen) -> Answer:
            pings.append(run.clock.now())
            return Answer(b"ok")

        page.on("/ping", visit)
        jobs = run.jobs
        url = Secret(f"{page.url}/ping")
        jobs.services = replace(
            jobs.services, settings=replace(jobs.services.settings, dead_man_url=url)
        )
        alarm = DatabaseAlarm(jobs.services.health, letters, "collector.sqlite")
        daemon = Daemon(jobs, TickingClock(run.clock), alarm, SystemdNotifier({}))
        # Ten seconds for another writer are much in a test, and so is a power cut.
        run.store.execute("PRAGMA busy_timeout = 20")
        run.store.execute("PRAGMA synchronous = OFF")
        poller = jobs.pollers["adsblol"]
        poller.polling = replace(
            poller.polling, far=5 * MINUTE, near=2 * MINUTE, inbound=timedelta(seconds=20)
        )
        yield Outage(run, daemon, pings=pings, mails=letters.sent)

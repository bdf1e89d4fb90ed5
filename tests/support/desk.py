"""All jobs of a collector in this process, under a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from collector.daemon.jobs import Jobs
from collector.errors import FeedError
from collector.feeds import KINDS
from collector.feeds.budget import RequestBudget
from collector.http import Http
from collector.mail import Outgoing, outgoing
from collector.model.reply import Area, Ask, Fleet, Reply
from collector.model.terms import Terms
from collector.notify.delivery import OutboxSender
from collector.polling.poller import Poller
from collector.recording import Recorder
from collector.services import build_services
from collector.settings import load
from collector.settings.derived import areas, default_mail_folder, fleet
from collector.store import Store, outbox
from tests.support.clock import ManualClock
from tests.support.pen import Pen
from tests.support.sky import Sky
from tests.support.station import Station


@dataclass
class SkyFeed:
    """A feed that tells the sky as it is by the clock, or fails as it is told to."""

    clock: ManualClock
    sky: Sky
    per_day: int | None = None
    name: str = "adsblol"
    error: FeedError | None = None
    cached: bytes | None = None
    """The body that a cache answers with, instead of the sky's."""
    asked: list[tuple[datetime, Ask]] = field(default_factory=list)
    terms: Terms = KINDS["adsblol"].terms
    default_poll: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        self.budget = RequestBudget(self.per_day)

    @property
    def daily_budget(self) -> int | None:
        """Requests a day."""
        return self.per_day

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:
        """The fleet at once, then each area."""
        return [Fleet(tuple(fleet)), *areas]

    def cost(self, ask: Ask) -> int:
        """One request."""
        return 1

    def fetch(self, ask: Ask) -> Reply:
        """Half a second of the clock later."""
        now = self.clock.now()
        self.budget.pay(1, now)
        self.asked.append((now, ask))
        if self.error is not None:
            raise self.error
        self.clock.wait(timedelta(milliseconds=500))
        reply = self.sky.reply(now, ask)
        return reply if self.cached is None else replace(reply, body=self.cached)


@dataclass
class Desk:
    """The jobs, and hands to do them with."""

    clock: ManualClock
    feed: SkyFeed
    jobs: Jobs
    store: Store

    def work(self, until: datetime, every: timedelta = timedelta(seconds=10)) -> None:
        """Do whatever is due, again and again, as the daemon would."""
        due: list[Callable[[], bool]] = [
            lambda: self.jobs.poll("adsblol"),
            self.jobs.settle,
            self.jobs.evaluate_day_end,
            self.jobs.check_conditions,
            self.jobs.owe_digest,
            self.jobs.send,
        ]
        while self.clock.now() < until:
            for job in due:
                while job():
                    pass
            self.clock.wait(every)

    def owed(self) -> list[str]:
        """The keys of all mails ever owed, oldest first."""
        mails = outbox.listing(self.store)
        return [one.key for one in sorted(mails, key=lambda one: (one.owed.created_at, one.key))]


@contextmanager
def desk(
    folder: Path,
    at: datetime,
    sky: Sky,
    *,
    per_day: int | None = None,
    smtp_port: int | None = None,
    sender: Outgoing | None = None,
    extra: str = "",
    patience: timedelta = timedelta(),
) -> Iterator[Desk]:
    """A collector that starts `at`, in `folder` (again, if it ran there before).

    It believes its clock if nobody has said for `patience` that it is right or wrong.
    """
    clock = ManualClock(at)
    settings = load(Station(folder, smtp_port=smtp_port, extra=extra).config, environ={})
    feed = SkyFeed(clock, sky, per_day)
    http = Http(contact=None, clock=clock, version="0")
    assert settings.recordings is not None
    recorder = Recorder(settings.recordings, started_at=at, software="test", contact=None)
    try:
        with Store.open(settings.database) as store:
            whole = build_services(settings, store)
            jobs = Jobs(
                services=whole,
                clock=clock,
                http=http,
                pollers={
                    "adsblol": Poller(
                        feed,
                        store,
                        whole.pipeline,
                        whole.health,
                        settings.polling,
                        settings.watched,
                        fleet(settings),
                        areas(settings),
                        recorder,
                        clock,
                    )
                },
                outbox_sender=OutboxSender(
                    store=store,
                    sender=sender or outgoing(settings.mail, default_mail_folder(settings)),
                    sender_address=settings.mail.sender,
                    health=whole.health,
                    clock=clock,
                    drawer=Pen(),
                ),
                started_at=at,
            )
            jobs.clock_trust.patience = patience
            jobs.resume()
            yield Desk(clock, feed, jobs, store)
    finally:
        recorder.close()
        http.close()

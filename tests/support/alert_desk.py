"""A collector whose landings are given, two rules, and a mail server: which mails leave?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector.mail import MailSettings, Security, SmtpSender
from collector.model import Landing, Revision
from collector.model.review import Review
from collector.notify.delivery import OutboxSender
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, reviews
from tests.support.clock import ManualClock
from tests.support.pen import Pen
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station
from tests.support.touchdowns import touchdown

SUNDAY = datetime(2026, 11, 22, 20, 25, tzinfo=UTC)
"""22:25 in Jerusalem, an hour and a half before the week ends."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RULES = """
[[watch.rule]]
name = "two"
at = "LLOV"
count = 2
undetermined = true
mail_end = {mail_end}

[[watch.rule]]
name = "fortnight"
at = "LLOV"
count = 2
days = 14

[[watch]]
name = "other"
title = "Other aircraft"
places = ["LLOV"]
icao24 = ["4b1a01"]
"""
SENDER = "collector@example.net"


@dataclass
class Desk:
    """A collector whose landings are given, and its mail server."""

    services: Services
    clock: ManualClock
    sender: OutboxSender
    inbox: Inbox

    def find(self, *found: Landing) -> None:
        """Store landings and evaluate the rules, in one transaction for each."""
        for landing in found:
            now = self.clock.now()
            revision = Revision(landing.id, now, "found", "Heard.", "1")
            with self.services.store.transaction():
                landings.save(self.services.store, landing, revision)
                self.evaluate([landing.detection.touchdown_at])

    def evaluate(self, touchdowns: Sequence[datetime]) -> None:
        names = ("w", "other")
        moments = dict.fromkeys(names, touchdowns)
        self.services.alert_evaluator.evaluate_touchdowns(moments, self.clock.now())

    def review(self, landing: Landing, verdict: str | None) -> None:
        with self.services.store.transaction():
            review = Review(
                at=self.clock.now(), by="Anna", verdict=verdict, note="Seen.", airfield=None
            )
            reviews.store_review(self.services.store, landing.id, review)
            self.evaluate([landing.detection.touchdown_at])

    def work(self, span: timedelta, step: timedelta = MINUTE) -> None:
        end = self.clock.now() + span
        while self.clock.now() < end:
            self.services.alert_evaluator.evaluate_day_end(self.clock.now())
            self.sender.send_all()
            self.clock.wait(step)

    @property
    def mails(self) -> list[Any]:
        return self.inbox.taken

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        part = self.mails[number].get_body(("plain",))
        return " ".join(part.get_content().split())


@contextmanager
def desk(folder: Path, mail_end: bool = False) -> Iterator[Desk]:
    station = Station(folder, extra="")
    text = station.config.read_text()
    text = text.replace('name = "w"\n', 'name = "w"\ntitle = "Silk Way Il-76s"\n')
    head, rule = text[: text.index("[[watch.rule]]")], text[text.index("\n[feeds") :]
    station.config.write_text(head + RULES.format(mail_end=str(mail_end).lower()) + rule)
    inbox, clock = Inbox(), ManualClock(SUNDAY)
    with smtp_server(inbox) as port, Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        mail = MailSettings(host="127.0.0.1", port=port, security=Security.NONE, sender=SENDER)
        sender = OutboxSender(store, SmtpSender(mail), SENDER, services.health, clock, drawer=Pen())
        yield Desk(services, clock, sender, inbox)


def two(at: datetime = SUNDAY) -> tuple[Landing, Landing]:
    first = touchdown(at - timedelta(hours=20), watch="w", known_at=at)
    return first, touchdown(at - timedelta(hours=3), watch="w", icao24="600866", known_at=at)

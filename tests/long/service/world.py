"""Whom does the service talk to? A feed, a mail server and a dead man's page, all on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import AREA, Sky, Visit
from tests.support.smtp import Inbox, certificate, smtp_server

FLEET = [f"6008{number:02x}" for number in range(0x65, 0x85)]
"""The watched aircraft; each lands once."""
PASSWORD = "p4ssw0rd/of+the desk"
PING = "/ping/4f1c9e7a-dead-man"
LOGIN = ("desk", PASSWORD)
CA_FILE = "/etc/collector/mail-ca.pem"

CONFIG = """
contact = "ops@example.org"

[[recipient]]
name = "ops"
address = "ops@example.org"

[polling]
far_s = 10
near_s = 5
inbound_s = 5

[[watch]]
name = "w"
places = ["LLOV"]
icao24 = {fleet}
recipients = ["ops"]

[[watch.rule]]
name = "any"
kind = "threshold"
at = "LLOV"
count = 1

[feeds.adsblol]
url = "{feed}"
"""
MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "{security}"
sender = "collector@example.org"
"""


@dataclass
class World:
    """The servers, and what they saw."""

    feed: FakeFeed
    inbox: Inbox
    plain_port: int
    login_port: int
    ca: str
    visits: list[Visit] = field(default_factory=list)

    def config(self, *, login: bool) -> str:
        """Return the configuration, with a mail server that demands a login, or one without."""
        text = CONFIG.format(fleet=str(FLEET).replace("'", '"'), feed=self.feed.url)
        port, security = (self.login_port, "starttls") if login else (self.plain_port, "none")
        text += MAIL.format(port=port, security=security)
        if not login:
            return text
        return text + f'username = "{LOGIN[0]}"\nca_file = "{CA_FILE}"\ngroup_wait_s = 0\n'

    def land(self) -> str:
        """Let the next aircraft be seen in flight and then land; return its address."""
        icao24 = FLEET[len(self.visits)]
        at = datetime.now(UTC) + timedelta(seconds=16)
        self.visits.append(Visit(lands_at=at, icao24=icao24))
        return icao24

    def body(self) -> bytes:
        """Return the sky of this moment."""
        return Sky(tuple(self.visits)).body(datetime.now(UTC), AREA)

    @property
    def pings(self) -> int:
        """How often the dead man's page was fetched."""
        return sum(seen.path == PING for seen in self.feed.requests)

    def subjects(self) -> list[str]:
        """The subjects of all mails that arrived."""
        return [str(mail["Subject"]) for mail in self.inbox.taken]


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """Run the servers; `folder` takes the mail server's certificate."""
    ca_file, context = certificate(folder)
    inbox = Inbox()
    with (
        FakeFeed() as feed,
        smtp_server(inbox) as plain,
        smtp_server(inbox, starttls=context, login=LOGIN, require_login=True) as login,
    ):
        world = World(feed, inbox, plain, login, ca_file.read_text())
        feed.on("/v2/*", lambda _: Answer(world.body()))
        feed.on(PING, Answer(b"OK"))
        yield world

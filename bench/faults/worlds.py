"""What is a world? A configuration, a sky, a mail server, and one daemon after the other.

A daemon that is killed is started again after ten simulated seconds, as systemd does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from .life import STOPPED, Life, Stage, WorldClock, in_child
from .mail_server import MailServer
from .sky import FLEET, Sky

RESTART = timedelta(seconds=10)
"""systemd's `RestartSec` of the unit."""
FEEDS: dict[str, str] = {
    "adsblol": "",
    "adsbfi": 'consent = "a simulation"\n',
    "airplaneslive": 'consent = "a simulation"\n',
    "adsbexchange": 'consent = "a simulation"\ndaily_requests = 5000\n',
    "opensky": 'consent = "a simulation"\ntoken_url = "https://opensky.test/token"\n',
    "readsb": "daily_requests = 5000\n",
}
"""Each kind of feed, and its settings beside the address."""
CONFIGURATION = """
contact = "bench@example.org"
data = "{folder}/var"

[[recipient]]
name = "ops"
address = "ops@example.org"

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "collector@example.org"
timeout_s = 1
group_wait_s = 0

[web]
enabled = false

[polling]
far_s = 300
near_s = 300
inbound_s = 75
"""
WATCH = """
[[watch]]
name = "{icao24}"
places = ["LLOV"]
icao24 = ["{icao24}"]
recipients = ["ops"]

[[watch.rule]]
name = "one"
at = "LLOV"
count = 1
days = 1
"""


@dataclass
class World:
    """One world, and everything that was told of it."""

    folder: Path
    sky: Sky
    kind: str
    server: MailServer
    seed: int
    now: datetime
    """The true time at which the present life began, or the last one ended."""
    events: list[dict[str, Any]] = field(default_factory=list)
    kills: int = 0
    operator: Callable[[World, str], object] = lambda *_: None
    """What an operator does who stopped the daemon."""

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "var" / "collector.sqlite"

    def run(self, until: datetime, stages: Sequence[Stage] = ()) -> None:
        """Let daemons live until then, one after the other."""
        left, off = sorted(stages, key=lambda each: each.begins_at), timedelta()
        while self.now < until:
            told = in_child(partial(self._life, off), until, left)
            self.events += told.events
            self.now = datetime.fromtimestamp(told.events[-1]["at"], self.now.tzinfo)
            begun = {one["number"] for one in told.events if one["event"] == "fault begins"}
            left = [each for each in left if each.number not in begun]
            if told.code == 0:
                return
            if told.code == STOPPED:
                self.operator(self, told.events[-1]["why"])
            self.kills += told.code == -9
            self.now += RESTART

    def _life(self, off: timedelta, events: int) -> Life:
        rng = random.Random(f"{self.seed} {self.now}")
        clock = WorldClock(self.now, off)
        return Life(self.folder, self.sky, self.kind, clock, events, rng)


@contextmanager
def world(folder: Path, sky: Sky, kind: str, seed: int) -> Iterator[World]:
    """Make a world in an empty folder."""
    folder.mkdir()
    server = MailServer(folder)
    server.start()
    try:
        text = CONFIGURATION.format(folder=folder, port=server.port)
        text += "".join(WATCH.format(icao24=one) for one in FLEET)
        text += "[feeds.adsblol]\nenabled = false\n" if kind != "adsblol" else ""
        text += f'[feeds.{kind}]\nurl = "https://{kind}.test/api"\n{FEEDS[kind]}'
        (folder / "collector.toml").write_text(text)
        yield World(folder, sky, kind, server, seed, sky.begins_at)
    finally:
        server.stop()


Begin = Callable[[Life], object]

"""How does the daemon of `corrections.py` live, and what does its operator do? A `Life`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import structlog
from _claims import short
from _corrected_sky import Call, write_receiver
from click.testing import CliRunner

from collector import settings
from collector.cli import logs, main
from collector.clock import SystemClock
from collector.daemon import start
from collector.daemon.job_runs import JobRun
from collector.daemon.scheduler import Daemon
from collector.drawing import Drawer

BEGINS_AT = datetime(2026, 11, 16, tzinfo=UTC)
"""A Monday."""
POLL_EVERY = timedelta(minutes=10)
FLEET = ("600864", "600865", "60083c", "6008a1")
CONFIGURATION = """
contact = "bench@example.org"
data = "{folder}"
[recording]
enabled = false
[feeds.adsblol]
enabled = false
[feeds.receiver]
kind = "readsb"
url = "file://{folder}/aircraft.json"
daily_requests = 5000
[polling]
far_s = 600
near_s = 600
inbound_s = 120
[web]
enabled = false
[visitors]
enabled = false
"""
WATCH = """
[[recipient]]
name = "{name}"
address = "{name}@example.org"
[[watch]]
name = "{name}"
places = {places}
icao24 = {icao24}
zone = "{zone}"
count_from = "{count_from}"
recipients = ["{name}"]
"""
RULE = """
[[watch.rule]]
name = "two"
at = "LLOV"
count = 2
"""
"""How often it fires by chance takes seconds to compute, so the short form has none."""


@dataclass
class Watched:
    """What the configuration says of one watch."""

    zone: str
    icao24: tuple[str, ...] = FLEET
    places: tuple[str, ...] = ("LLOV",)
    count_from: str = "probable"


@dataclass
class Life:
    """A daemon on a clock that only this object moves, and the commands of its operator."""

    folder: Path
    calls: Sequence[Call]
    watches: dict[str, Watched] = field(
        default_factory=lambda: {
            "silkway": Watched("Asia/Jerusalem"),
            "elsewhere": Watched("America/New_York"),
        }
    )
    now: datetime = BEGINS_AT
    polls: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)
    _daemon: Daemon | None = None
    _runs: list[JobRun] = field(default_factory=list)
    _due: dict[str, datetime] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "collector.sqlite"

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "collector.toml"

    def configure(self, **watches: Watched) -> None:
        """Write the configuration, and start the daemon anew."""
        self.stop()
        self.watches |= watches
        text = CONFIGURATION.format(folder=self.folder)
        for name, watch in self.watches.items():
            lists = {"places": json.dumps(watch.places), "icao24": json.dumps(watch.icao24)}
            parts = {"name": name, "zone": watch.zone, "count_from": watch.count_from, **lists}
            text += WATCH.format(**parts) + ("" if short() else RULE)
        self.config.write_text(text)
        self.start()

    def start(self) -> None:
        """Start the daemon."""
        self._daemon = self._stack.enter_context(
            start.daemon(settings.load(self.config, environ={}), {})
        )
        self._daemon.storage.prove()
        self._daemon.jobs.resume()
        self._runs = self._daemon.add_jobs()
        self._due = {run.name: self.now for run in self._runs}

    def stop(self) -> None:
        """Stop the daemon."""
        self._daemon = None
        self._stack.close()

    def live(self, until: datetime) -> None:
        """Poll until then, with every job that is due; end the process if one fails."""
        daemon = self._daemon
        if daemon is None:
            self.now = max(self.now, until)
            return
        while self.now < until:
            ask_at = min(each.next_poll_at() for each in daemon.jobs.pollers.values())
            self.now = max(self.now + timedelta(seconds=1), min(ask_at, until))
            write_receiver(self.folder / "aircraft.json", self.calls, self.now)
            for run in self._runs:
                if self._due[run.name] <= self.now:
                    self._due[run.name] = self.now + run.interval
                    daemon.run_added(run)
                    if run.failure or daemon.alarm.failing:
                        sys.exit(f"{run.name} failed on {self.now:%F %T}: {run.failure}")
            self.polls += 1

    def command(self, *words: str) -> str:
        """Run a command of the collector beside the daemon; return its output."""
        head = ["--config", str(self.config), "--log", "error"]
        done = CliRunner().invoke(main, [*head, *words], catch_exceptions=False)
        if done.exit_code:
            sys.exit(f"{' '.join(words)} on {self.now:%F %T}: {done.output}")
        return done.stdout

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Return what a command prints as JSON."""
        found: list[dict[str, Any]] = json.loads(self.command(*words, "--json"))
        return found


@contextmanager
def lived(folder: Path, calls: Sequence[Call]) -> Iterator[Life]:
    """Yield a life that begins; stop its daemon at the end."""
    life = Life(folder, calls)
    with (
        (folder / "log").open("w") as log,
        mock.patch.object(SystemClock, "now", side_effect=lambda: life.now),
        mock.patch.object(SystemClock, "monotonic", side_effect=lambda: life.now - BEGINS_AT),
        mock.patch.object(SystemClock, "wait", return_value=False),
        mock.patch.object(logs, "configure"),
        # Another process draws pictures, which are no part of this.
        mock.patch.object(Drawer, "drawn", side_effect=lambda orders: [None] * len(orders)),
    ):
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
        life.configure()
        try:
            yield life
        finally:
            life.stop()

"""Do all programs of ours work beside each other in one database, while any of them is killed?

At the end everything that they were to read is read once more without a kill. What then stands in
the database must be what one program after the other makes of it.
"""

from __future__ import annotations

import random
import socket
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.support.dump import dump
from tests.support.fake_feed import Answer, FakeFeed, Seen
from tests.support.past import archive
from tests.support.sky import AREA, Sky, Visit
from tests.support.station import Process, Station, end, record, wait_for

COMPARED = ("observations", "matches", "landings", "outbox")
"""What does not depend on the daemon, which hears nobody and ends the alerts of past weeks."""
KILLED_SHARE = 0.5
LONGEST_S = 4.0
"""A command that is killed is killed within so many seconds: it takes about as long."""
PATIENCE_S = 1800.0
"""How long a program that is not killed may take, on a machine that has much else to do."""
BUSY = "is running on this database"


def together(
    folder: Path, seconds: float, rng: random.Random, lands: Sequence[bool], replayed: datetime
) -> tuple[int, int, list[str]]:
    """Return how many programs were started, how many of them killed, and what was wrong."""
    past, recorded = folder / "past", folder / "recorded"
    archive(past, lands, airliners=2)
    minutes = timedelta(minutes=10)
    sky = Sky((Visit(lands_at=replayed),))
    record(recorded, list(sky.replies(replayed - minutes, replayed + minutes, minutes / 30)))
    reads = (("backfill", "traces", "--sample=1", str(past)), ("replay", str(recorded)))
    alone = _station(folder / "alone", None)
    for words in reads:
        alone.run(*words, timeout_s=PATIENCE_S)
    wanted = dump(alone.database)
    with FakeFeed() as feed:
        feed.on("/*", _nobody)
        station = _station(folder / "shared", feed.url)
        work = _Work(
            station,
            rng,
            [*reads, ("status",), ("db", "check"), ("serve", "--port", f"{_free_port()}")],
        )
        work.go_on(seconds)
        for words in reads:
            station.run(*words, timeout_s=PATIENCE_S)
        work.wrong += [] if feed.requests else ["the daemon never polled"]
    found = dump(station.database)
    for table in COMPARED:
        if found[table] != wanted[table]:
            odd = sorted({*map(repr, found[table])} ^ {*map(repr, wanted[table])})
            work.wrong.append(f"other {table}: {'; '.join(odd[:4])[:800]}")
    if station.run("db", "check", check=False, timeout_s=PATIENCE_S).returncode != 0:
        work.wrong.append("the database is damaged")
    return work.tried, work.kills, work.wrong


def _nobody(_: Seen) -> Answer:
    return Answer(Sky(()).body(datetime.now(UTC), AREA))


def _station(folder: Path, feed_url: str | None) -> Station:
    folder.mkdir()
    return Station(folder, feed_url=feed_url, afresh=True)


class _Work:
    """A daemon, and other programs beside it, each begun by chance."""

    def __init__(
        self, station: Station, rng: random.Random, words: Sequence[tuple[str, ...]]
    ) -> None:
        self.station, self.rng, self.words = station, rng, words
        self.tried = self.kills = 0
        self.wrong: list[str] = []

    def go_on(self, seconds: float) -> None:
        """Begin one program after another for so long, three beside the daemon at a time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.wrong:
            with self.station.daemon() as daemon:
                wait_for(partial(self._runs, daemon.pid), "the daemon's start", PATIENCE_S)
                for _ in range(self.rng.randrange(1, 4)):
                    self._second_daemon()
                    self._beside()
                if daemon.poll() is not None:
                    self.wrong.append(f"the daemon ended with {daemon.returncode}")
                elif self.rng.random() < KILLED_SHARE:
                    daemon.kill()
                    self.kills += 1
                else:
                    end(daemon)
            self.tried += 1

    def _runs(self, pid: int) -> bool:
        return any(
            "event=running" in line and f"pid={pid}" in line
            for line in self.station.log.splitlines()
        )

    def _beside(self) -> None:
        """Begin three programs and a backup, and kill some of them."""
        with ExitStack() as stack:
            chosen = self.rng.sample(list(self.words), 3)
            backup = self.station.folder / "backups" / f"{self.tried}.sqlite"
            backup.parent.mkdir(exist_ok=True)
            chosen.append(("db", "backup", str(backup)))
            begun = [(words, stack.enter_context(self.station.daemon(*words))) for words in chosen]
            self.tried += len(begun)
            for words, process in begun:
                if words[0] == "serve":
                    self._look_at_the_page(words[-1], process)
                elif self.rng.random() < KILLED_SHARE:
                    time.sleep(self.rng.random() * LONGEST_S)
                    self.kills += process.poll() is None
                    process.kill()
                else:
                    self._ends_well(words, process)
        for old in backup.parent.glob("*"):
            old.unlink()

    def _ends_well(self, words: tuple[str, ...], process: Process) -> None:
        code = process.wait(timeout=PATIENCE_S)
        if code != 0:
            self.wrong.append(f"{' '.join(words[:2])} ended with {code}: {self.station.log[-800:]}")

    def _look_at_the_page(self, port: str, process: Process) -> None:
        wait_for(lambda: process.poll() is not None or _answers(port), "the page", PATIENCE_S)
        if process.poll() is None:
            end(process)
        else:
            self.wrong.append(f"serve ended with {process.returncode}: {self.station.log[-800:]}")

    def _second_daemon(self) -> None:
        done = self.station.run("run", check=False, timeout_s=PATIENCE_S)
        self.tried += 1
        if done.returncode == 0 or BUSY not in done.stderr:
            self.wrong.append(f"a second daemon ended with {done.returncode}: {done.stderr}")


def _answers(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

"""How does the daemon spend a day? This process builds everything that `collector run` builds, on a
faster clock.

memory.py starts it: `_day.py CONFIGURATION PORT-OF-THE-FEED HOURS`. Database, recording, HTTP
client, status page and jobs are the daemon's own. Only the clock differs: it jumps to the next job
that is due instead of waiting. It prints one JSON object at the end.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest import mock

import _as_installed  # noqa: F401 - before anything that imports what developers have

from collector import settings
from collector.cli import logs
from collector.clock import SystemClock
from collector.daemon import start
from collector.daemon.scheduler import JOB_INTERVALS, Daemon
from collector.store import landings
from collector.web.server import page_beside

BEGINS_AT = datetime(2026, 11, 16, tzinfo=UTC)
"""A Monday, so that a digest is due within the day."""

PAGE_EVERY = timedelta(minutes=15)


class DayClock(SystemClock):
    """A clock that moves only when it is set or waited on."""

    def __init__(self) -> None:
        super().__init__()
        self._at = BEGINS_AT

    def now(self) -> datetime:
        return self._at

    def wait(self, span: timedelta) -> bool:
        self._at += max(span, timedelta())
        return False

    def reach(self, at: datetime) -> None:
        """Move on to a time; never go back."""
        self._at = max(self._at, at)


def get(port: int, path: str) -> None:
    """Fetch a page of this machine and discard it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        sys.exit(f"{path} answered {answer.status}")


def wait_for(port: int) -> None:
    """Wait until a server listens on the port: the page starts in a thread of its own."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    sys.exit(f"no server listens on port {port}")


def live(daemon: Daemon, clock: DayClock, feed_port: int, page_port: int, end: datetime) -> int:
    """Do every job when it is due until `end`, and return the number of polls."""
    jobs, polls = daemon.jobs, 0
    daemon.run_job(jobs.resume)
    due = dict.fromkeys([*JOB_INTERVALS, "page"], clock.now())
    while clock.now() < end:
        feeds = {name: poller.next_poll_at() for name, poller in jobs.pollers.items()}
        clock.reach(min(*due.values(), *feeds.values()))
        for name, every in JOB_INTERVALS.items():
            if due[name] <= clock.now():
                due[name] = clock.now() + every
                daemon.run_job(getattr(jobs, name))
        if due["page"] <= clock.now():
            due["page"] = clock.now() + PAGE_EVERY
            get(page_port, "/")
        for name, at in feeds.items():
            if at <= clock.now():
                get(feed_port, f"/now?{clock.now().timestamp()}")
                daemon.run_job(partial(jobs.poll, name))
                polls += 1
    return polls


def memory_kb() -> dict[str, int]:
    """Return the resident memory now and at its highest, in kB, as the kernel counts it."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {key: int(status[key].split()[0]) for key in ("VmRSS", "VmHWM")}


def main() -> None:
    config, feed_port, hours = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    logs.configure()
    chosen = settings.load(config, environ={})
    with (
        mock.patch("collector.daemon.start.SystemClock", DayClock),
        start.daemon(chosen, {}) as daemon,
        page_beside(chosen, daemon.job_states),
    ):
        clock = daemon.clock
        assert isinstance(clock, DayClock)
        end = BEGINS_AT + timedelta(hours=hours)
        wait_for(chosen.web.port)
        polls = live(daemon, clock, feed_port, chosen.web.port, end)
        found = landings.find(daemon.jobs.services.store)
        for each in found:  # a process draws, and the page passes on what it drew
            get(chosen.web.port, f"/landings/{each.id}/track.svg")
    print(json.dumps({"polls": polls, "landings": len(found), **memory_kb()}))


if __name__ == "__main__":
    main()

"""Does anything grow in a year? The daemon lives 365 simulated days and is measured by the day.

Everything that `collector run` builds reads a receiver's file every five minutes with 46 aircraft
in view, and more often during visits (`_year_sky.py`). Replies are recorded, decoded and stored,
landings derived, rules judged, mails and digests written into a folder, old recordings pruned. Only
the waiting is left out: the clock moves to the next poll, and every job that came due meanwhile
runs then. HTTP and the status page are measured by `memory.py`. `DAYS=30` in the environment
simulates another number of days; `TMPDIR=/dev/shm` spares the disk's syncs.

Processor time is compared in units of a fixed work that is done beside each poll, since other
programs on the machine slow both down.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from unittest import mock

from _claims import Claim, report, short
from _day import BEGINS_AT, DayClock, memory_kb
from _year_sky import IN_VIEW, Sky, Visit, quiet, visits

from collector import settings
from collector.cli import logs
from collector.daemon import start
from collector.daemon.scheduler import Daemon
from collector.drawing import Drawer
from collector.settings import derived as derived_settings
from collector.store import landings

BOUND = 1.1
MIB = 1 << 20
DAY = timedelta(days=1)
KEEP_DAYS = 92
"""Recordings of 90 days are kept whole, and those that are begun or pruned in part."""
RECORDINGS_MB, KEPT_MB, DATABASE_MB = (
    45 + 1.7 * IN_VIEW,
    (90 + 3.2 * IN_VIEW) / 150,
    20 + 0.7 * IN_VIEW,
)
"""The budget that `disk_year.py` claims: recordings of 90 days with a poll every five minutes, what
one landing keeps of pruned ones, and the database's coverage of a year."""
EMPTY_MB, LANDING_MB = 1.0, 12 / 150
"""The database's bounds when nothing is stored, and for the reports of one landing
(docs/operating.md)."""

RHYTHM = "" if not short() else "[polling]\nfar_s = 1800\nnear_s = 900\ninbound_s = 120\n"
"""The short form polls less often; its sizes are smaller than the bounds by as much."""
CONFIGURATION = f"""
contact = "bench@example.org"
data = "{{data}}"
[feeds.adsblol]
enabled = false
[feeds.receiver]
kind = "readsb"
url = "file://{{data}}/aircraft.json"
daily_requests = 5000
{RHYTHM}
[web]
enabled = false
"""


@dataclass(frozen=True, slots=True)
class Lived:
    """What one simulated day took."""

    polls: int
    processor_s: float
    """Of all that the daemon did, polls and other jobs."""
    reference_s: float
    """Of decoding the text of each reply with the standard library's json."""
    resident_mb: float
    """At the end of the day."""

    def __str__(self) -> str:
        poll_ms = 1000 * self.processor_s / self.polls
        return f"{self.resident_mb:.1f} MB resident, {poll_ms:.2f} ms a poll, {self.polls} polls"


class YearClock(DayClock):
    """A clock whose monotonic time passes with the simulated days, too."""

    def monotonic(self) -> timedelta:
        return self.now() - BEGINS_AT


class Recordings:
    """The recordings' folder, whose files get the simulated time at which they were written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._dated: dict[Path, int] = {}

    def date(self, now_s: float) -> None:
        """Set the time of each file that was written since the last call."""
        found = {path: path.stat().st_mtime_ns for path in self._folder.glob("*.warc.gz")}
        for path, written_ns in found.items():
            if self._dated.get(path) != written_ns:
                os.utime(path, ns=(round(now_s * 1e9),) * 2)
                found[path] = path.stat().st_mtime_ns
        self._dated = found

    def mib(self) -> float:
        """Return the size of all files, kept ones included."""
        return sum(each.stat().st_size for each in self._folder.rglob("*.warc.gz")) / MIB


def live(daemon: Daemon, sky: Sky, recordings: Recordings, days: int) -> Iterator[Lived]:
    """Yield each of so many days when it has passed. Ends the process if a job fails."""
    clock, jobs = daemon.clock, daemon.jobs
    daemon.storage.prove()
    jobs.resume()
    runs = daemon.add_jobs()
    due = dict.fromkeys((run.name for run in runs), clock.now())
    for day in range(1, days + 1):
        polls, took_s, reference_s = 0, 0.0, 0.0
        while clock.now() < BEGINS_AT + day * DAY:
            next_at = min(each.next_poll_at() for each in jobs.pollers.values())
            clock.wait(next_at - clock.now())
            text = sky.write(clock.now().timestamp())
            if due["prune"] <= clock.now():
                recordings.date(clock.now().timestamp())
            began_s = time.process_time()
            for run in runs:
                if due[run.name] <= clock.now():
                    due[run.name] = clock.now() + run.interval
                    daemon.run_added(run)
                    if run.failure or daemon.alarm.failing:
                        sys.exit(f"{run.name} failed on {clock.now():%F %T}: {run.failure}")
            ended_s = time.process_time()
            json.loads(text)
            polls, took_s = polls + 1, took_s + ended_s - began_s
            reference_s += time.process_time() - ended_s
        yield Lived(polls, took_s, reference_s, memory_kb()["VmRSS"] / 1024)


@contextmanager
def built(folder: Path) -> Iterator[Daemon]:
    """Build the daemon, and close everything at the end."""
    config = folder / "collector.toml"
    config.write_text(CONFIGURATION.format(data=folder))
    with (
        mock.patch("collector.daemon.start.SystemClock", YearClock),
        # Another process draws pictures; here memory and time of this one are measured.
        mock.patch.object(Drawer, "drawn", lambda _, orders: [None] * len(orders)),
        start.daemon(settings.load(config, environ={}), {}) as daemon,
    ):
        yield daemon


def claims_of(past: Sequence[Lived], come: Sequence[Visit]) -> list[Claim]:
    """Return what is claimed of memory and, in full, of processor time."""
    claims = [
        Claim(
            "resident memory at the end ÷ after day 2",
            past[-1].resident_mb / past[1].resident_mb,
            BOUND,
            "×",
        )
    ]
    if short():
        return claims
    days = [day for day in range(len(past)) if quiet(come, day)]
    first, last = (
        median(past[day].processor_s / past[day].reference_s for day in days if begin <= day < end)
        for begin, end in ((1, 8), (len(past) - 7, len(past)))
    )
    return [*claims, Claim("processor time a poll, last week ÷ first", last / first, BOUND, "×")]


def main() -> int:
    """Simulate the days, print the claims, and return the exit code."""
    days = int(os.environ.get("DAYS", "3" if short() else "365"))
    fleet = derived_settings.fleet(settings.load(None, environ={})).fleet_addresses()
    come = visits(fleet, days)
    with tempfile.TemporaryDirectory() as name, (Path(name) / "log").open("w") as log:
        logs.configure(stream=log)
        folder, past = Path(name), []
        sky = Sky(folder / "aircraft.json", BEGINS_AT.timestamp(), come)
        with built(folder) as daemon:
            recordings = Recordings(folder / "recordings")
            for lived in live(daemon, sky, recordings, days):
                past.append(lived)
                if len(past) % 5 == 2 and not short():
                    print(f"day {len(past)}: {lived}", file=sys.stderr)
            found = len(landings.find(daemon.jobs.services.store))
            daemon.jobs.services.store.backup(folder / "copy")
            database = (folder / "copy").stat().st_size / MIB
            recorded = recordings.mib()
        mails = len(list((folder / "mail").glob("*.eml")))
    lived_days = set(range(1, days + 1))
    recorded_polls = sum(each.polls for each in past[-KEEP_DAYS:])
    kept = sum(visit.day < days - KEEP_DAYS for visit in come)
    claims = [
        *claims_of(past, come),
        Claim(f"landings missed, of {len(come)}", abs(len(come) - found), 0, ""),
        Claim(
            "recordings of 90 days, and replies kept of landings",
            recorded,
            RECORDINGS_MB * recorded_polls / (90 * 288) + KEPT_MB * kept,
            "MB",
        ),
        Claim("database", database, EMPTY_MB + DATABASE_MB * days / 365 + LANDING_MB * found, "MB"),
    ]
    notes = [
        f"{days} days, {sum(each.polls for each in past):,} polls, {IN_VIEW} aircraft in view",
        f"{mails} mails",
        *(
            f"day {day}: {past[day - 1]}"
            for day in sorted({2, 30, 90, 180, 270, days} & lived_days)
        ),
    ]
    return report("A year", claims, notes)


if __name__ == "__main__":
    sys.exit(main())

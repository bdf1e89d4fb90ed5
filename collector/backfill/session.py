"""What does a command that fetches the past need? A `Session`: client, settings, workers, counts.

Each day (or request) is fetched, checked, read as `backfill traces` reads files, and recorded with
its outcome. So a command may be killed at any moment, and the next run goes on from there. The
outcomes stay in the database, so that a day without data is not mistaken for a day without flights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from collector import __version__
from collector.archives.config import ArchiveSettings
from collector.archives.traces import Skipped
from collector.backfill.batches import units_of
from collector.backfill.derive import SilentProgress
from collector.backfill.run import derive_and_judge, read_all
from collector.backfill.sample import Sample
from collector.backfill.search import Search, prepared, search_for
from collector.backfill.workers import InProcess, Workers
from collector.clock import Clock
from collector.errors import Interrupted, RateLimited
from collector.http import Http, Trust
from collector.lock import SingleInstance
from collector.services import Services
from collector.settings import Settings
from collector.store import Store, archive_requests
from collector.store.archive_requests import ArchiveRequest

T = TypeVar("T")

LONGEST_WAIT = timedelta(hours=1)
"""If a server asks for a longer pause, the run ends; the rest is for another day."""
FIRST_WAIT, LAST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
"""Pause after a 429 that names no time, doubled each time in a row up to the second value."""
MAX_CONSECUTIVE_429 = 6
"""The run ends after this many 429 in a row."""


@dataclass(slots=True)
class Report:
    """Functions that are called with messages while a command runs."""

    problem: Callable[[str], None] = lambda _: None
    """Something could not be read or fetched."""
    day: Callable[[str], None] = lambda _: None
    """Something else is worth a line, such as a day without an archive."""
    step: Callable[[str], None] = lambda _: None
    """One step of the whole command is done; its name."""


@dataclass(slots=True)
class Session:
    """What one run of a fetching command needs, and what it has done so far."""

    services: Services
    http: Http
    clock: Clock
    report: Report = field(default_factory=Report)
    search: Search | None = None
    """What is looked for in traces, and which aircraft prove coverage; None: watched aircraft."""
    workers: Workers = field(default_factory=lambda: Workers(InProcess(), 1))
    """The processes that read traces."""
    again: bool = False
    """Whether to fetch what was fetched before for the same watches."""
    partial: bool = False
    """Whether to read days that are known to be incomplete."""
    keep: bool = False
    """Whether to keep fetched tars."""
    ended: Counter[str] = field(default_factory=Counter)
    """Outcome → number of days (or requests) that ended so in this run."""
    traces: int = 0
    sampled: int = 0
    reports: int = 0
    changes: int = 0
    arrivals: int = 0
    """Number of arrivals that other sources state."""

    def read_traces(self, paths: Sequence[Path], feed: str, search: Search) -> None:
        """Read trace files or a day's tar as `backfill traces` does, and derive landings.

        The reports are stored under the name `feed`, so that its terms are printed. Raises
        StoreError, BackfillError.
        """

        def report(skipped: Skipped) -> None:
            self.report.problem(str(skipped))

        search = replace(search, feed=feed)
        # The workers of a cluster have other working folders.
        absolute = [path.absolute() for path in paths]
        units = units_of(absolute, prepared(search).is_worth_reading, report)
        done = read_all(
            self.services,
            search,
            units,
            self.workers,
            self.clock,
            again=self.again,
            report=report,
            progress=SilentProgress(),
        )
        derive_and_judge(self.services, done, self.clock, SilentProgress())
        self.traces += done.traces
        self.sampled += done.sampled
        self.reports += done.reports
        self.changes += done.changes

    @property
    def search_used(self) -> Search:
        """The search as given, or the one for watched aircraft alone."""
        return self.search or search_for(self.services.settings, Sample(0.0))

    def record_outcome(
        self, source: str, subject: str, scope: str, outcome: str, **detail: Any
    ) -> None:
        """Store and count how a day or request ended. Raises StoreError."""
        self.ended[outcome] += 1
        found = ArchiveRequest(
            source=source,
            subject=subject,
            scope=scope,
            outcome=outcome,
            at=self.clock.now(),
            detail=detail,
        )
        archive_requests.store_request(self.services.store, found)

    def with_patience(self, ask: Callable[[], T]) -> T:
        """Return what `ask` returns; after a 429, wait as long as the server wishes and try again.

        Raises what `ask` raises; RateLimited if the wait would be too long; Interrupted.
        """
        for attempt in range(MAX_CONSECUTIVE_429):
            try:
                return ask()
            except RateLimited as limit:
                usual = min(LAST_WAIT, FIRST_WAIT * (1 << attempt))
                span = usual if limit.retry_after is None else limit.retry_after
                if span > LONGEST_WAIT or attempt == MAX_CONSECUTIVE_429 - 1:
                    raise
                if self.clock.wait(span):
                    raise Interrupted("the collector is stopping") from limit
        raise AssertionError("the last attempt returns or raises")


@contextmanager
def client(settings: Settings, clock: Clock) -> Iterator[Http]:
    """Open the polite client, and close it at the end."""
    http = Http(
        contact=settings.contact,
        clock=clock,
        version=__version__,
        trust=Trust(settings.ca_files),
    )
    try:
        yield http
    finally:
        http.close()


def download_lock(settings: ArchiveSettings) -> SingleInstance:
    """Return the lock of the archives' folder. Entering raises StoreError if another run has it."""
    return SingleInstance(
        settings.folder / "fetching",
        busy="is downloading into this folder; wait until it is done, or stop it",
    )


def requests_before(store: Store, source: str, scope: str) -> dict[str, ArchiveRequest]:
    """Return the earlier requests for the same watches, by subject. Raises StoreError."""
    return requests_in_scope(archive_requests.requests_of(store, source), scope)


def requests_in_scope(asks: Mapping[str, ArchiveRequest], scope: str) -> dict[str, ArchiveRequest]:
    """Return those requests that were made for the same watches."""
    return {key: request for key, request in asks.items() if request.scope == scope}


def days_between(begin: date, end: date) -> list[date]:
    """Return every day from `begin` on, before `end`."""
    return [begin + timedelta(days=number) for number in range((end - begin).days)]

"""How do days of the past come from the archives of the net into the line?

Day by day: what is asked for is looked up, fetched, checked, read as `backfill traces` reads it,
and noted, in this order. So a run may be killed at any moment and goes on with the next one. How
each day ended stays in the database: a hole in the record is told apart from silence.
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
from collector.backfill.derive import Unseen
from collector.backfill.run import derive_and_judge, read_all
from collector.backfill.sample import Sample
from collector.backfill.search import Search, search_for, tools
from collector.backfill.workers import InProcess, Workers
from collector.clock import Clock
from collector.errors import Interrupted, RateLimited
from collector.http import Http
from collector.lock import SingleInstance
from collector.services import Services
from collector.settings import Settings
from collector.store import Store, archive_requests
from collector.store.archive_requests import Asked

T = TypeVar("T")

LONGEST_WAIT = timedelta(hours=1)
"""A server that wants to be left alone for longer ends the run: it goes on another day."""
FIRST_WAIT, LAST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
"""After a 429 that names no time; doubled each time in a row."""
MAX_CONSECUTIVE_429 = 6
"""So many 429 in a row end the run."""


@dataclass(slots=True)
class Report:
    """Who is told what, while it goes on."""

    problem: Callable[[str], None] = lambda _: None
    """What could not be read or fetched."""
    day: Callable[[str], None] = lambda _: None
    """What else is worth a line: a day without an archive."""
    step: Callable[[str], None] = lambda _: None
    """One step of the whole is done."""


@dataclass(slots=True)
class Session:
    """What a run needs, and what came of it."""

    services: Services
    http: Http
    clock: Clock
    report: Report = field(default_factory=Report)
    search: Search | None = None
    """What is looked for in traces, and whose hearing is proof; None: the watches' aircraft."""
    workers: Workers = field(default_factory=lambda: Workers(InProcess(), 1))
    """Who reads traces."""
    again: bool = False
    """Also what was asked before for the same watches."""
    partial: bool = False
    """Also days that are known to be incomplete."""
    keep: bool = False
    """Fetched tars stay."""
    ended: Counter[str] = field(default_factory=Counter)
    """Outcome → how many days (or asks) ended so, in this run."""
    traces: int = 0
    sampled: int = 0
    reports: int = 0
    changes: int = 0
    stated: int = 0
    """Arrivals that other sources state."""

    def read_traces(self, paths: Sequence[Path], feed: str, search: Search) -> None:
        """Read trace files or a day's tar as `backfill traces` does; stored under the feed's name,
        for the sake of its terms. Raises StoreError, BackfillError.
        """

        def report(skipped: Skipped) -> None:
            self.report.problem(str(skipped))

        search = replace(search, feed=feed)
        # Absolute: a cluster's workers have folders of their own to start from.
        named = [path.absolute() for path in paths]
        units = units_of(named, tools(search).worth, report)
        done = read_all(
            self.services,
            search,
            units,
            self.workers,
            self.clock,
            again=self.again,
            report=report,
            progress=Unseen(),
        )
        derive_and_judge(self.services, done, self.clock, Unseen())
        self.traces += done.traces
        self.sampled += done.sampled
        self.reports += done.reports
        self.changes += done.changes

    @property
    def sought(self) -> Search:
        """What is looked for in traces."""
        return self.search or search_for(self.services.settings, Sample(0.0))

    def record_outcome(
        self, source: str, subject: str, scope: str, outcome: str, **detail: Any
    ) -> None:
        """Remember how it ended. Raises StoreError."""
        self.ended[outcome] += 1
        found = Asked(
            source=source,
            subject=subject,
            scope=scope,
            outcome=outcome,
            at=self.clock.now(),
            detail=detail,
        )
        archive_requests.note(self.services.store, found)

    def with_patience(self, ask: Callable[[], T]) -> T:
        """What `ask` gives, waiting as long as a server that was asked too often wishes.

        Raises what `ask` raises; RateLimited if the wait would be too long.
        """
        for turn in range(MAX_CONSECUTIVE_429):
            try:
                return ask()
            except RateLimited as limit:
                usual = min(LAST_WAIT, FIRST_WAIT * (1 << turn))
                span = usual if limit.retry_after is None else limit.retry_after
                if span > LONGEST_WAIT or turn == MAX_CONSECUTIVE_429 - 1:
                    raise
                if self.clock.wait(span):
                    raise Interrupted("the collector is stopping") from limit
        raise AssertionError("the last turn returns or raises")


@contextmanager
def client(settings: Settings, clock: Clock) -> Iterator[Http]:
    """The polite client, closed at the end."""
    http = Http(contact=settings.contact, clock=clock, version=__version__)
    try:
        yield http
    finally:
        http.close()


def download_lock(settings: ArchiveSettings) -> SingleInstance:
    """The lock that keeps a second run away. Taking it raises StoreError if another has it."""
    return SingleInstance(
        settings.folder / "fetching",
        busy="is fetching into this folder; wait until it is done, or stop it",
    )


def known(store: Store, source: str, scope: str) -> dict[str, Asked]:
    """What was asked before for the same watches, by subject. Raises StoreError."""
    return same_scope(archive_requests.of(store, source), scope)


def same_scope(asks: Mapping[str, Asked], scope: str) -> dict[str, Asked]:
    """Those of them that were for the same watches."""
    return {key: each for key, each in asks.items() if each.scope == scope}


def days_between(begin: date, end: date) -> list[date]:
    """Every day from `begin` on, before `end`."""
    return [begin + timedelta(days=number) for number in range((end - begin).days)]

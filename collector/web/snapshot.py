"""Where does a page get its facts? From a read-only view of the database, opened for each page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from collector.clock import Clock
from collector.model.terms import Terms
from collector.queries.citing import KnownCitations
from collector.queries.coverage import CoverageQuery
from collector.queries.followed import with_times
from collector.queries.snapshot import Shares, Snapshot
from collector.settings import Settings
from collector.settings.derived import terms_of_feeds
from collector.store import Store


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """The database and the settings that the pages are made from."""

    path: Path
    settings: Settings
    clock: Clock
    shares: Shares = field(default_factory=Shares)
    cited: KnownCitations = field(default_factory=KnownCitations)

    @contextmanager
    def open(self) -> Iterator[Snapshot]:
        """Open the database as it is now. Raises StoreError.

        It is opened for each page, so that a database restored from a backup is read at once.
        """
        settings = self.settings
        zones = frozenset(watch.zone for watch in settings.watches)
        with Store.open(self.path, read_only=True) as store, store.transaction():
            yield Snapshot(
                with_times(settings, store),
                store,
                self.clock.now(),
                self.shares,
                CoverageQuery(store, settings.airfields, zones),
                cited=self.cited,
            )

    def terms(self) -> list[Terms]:
        """Return the terms of every enabled feed, each once: whose data the pages show."""
        terms = terms_of_feeds(self.settings)
        enabled = [terms[feed.name] for feed in self.settings.feeds if feed.enabled]
        return list(dict.fromkeys(enabled))

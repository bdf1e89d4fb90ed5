"""What is the database asked for one page? One unchanging view of it, read-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from collector.clock import Clock
from collector.model.terms import Terms
from collector.queries.coverage import CoverageQuery
from collector.queries.snapshot import Shares, Snapshot
from collector.settings import Settings
from collector.settings.derived import terms_of_feeds
from collector.store import Store


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """Where pages get their facts from."""

    path: Path
    settings: Settings
    clock: Clock
    shares: Shares = field(default_factory=Shares)

    @contextmanager
    def present(self) -> Iterator[Snapshot]:
        """The database as it is now. Raises StoreError.

        Opened for each page, so that a database put back from a backup is the one that is read.
        """
        settings = self.settings
        zones = frozenset(watch.zone for watch in settings.watches)
        with Store.open(self.path, read_only=True) as store, store.transaction():
            yield Snapshot(
                settings,
                store,
                self.clock.now(),
                self.shares,
                CoverageQuery(store, settings.airfields, zones),
            )

    def terms(self) -> list[Terms]:
        """Whose data the pages show: every enabled feed's terms, once."""
        terms = terms_of_feeds(self.settings)
        enabled = [terms[feed.name] for feed in self.settings.feeds if feed.enabled]
        return list(dict.fromkeys(enabled))

"""What is the database asked for one page? One unchanging view of it, read-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from collector.clock import Clock
from collector.model import Airfield, Place, Watch
from collector.model.coverage import slot_begin
from collector.model.reply import Terms
from collector.queries.coverage import CoverageQuery
from collector.services import home_zone, terms_of_feeds
from collector.settings import Settings
from collector.store import Store


@dataclass
class Shares:
    """How much of each week could be seen, kept for five minutes: it is read from every slot."""

    _at: datetime | None = None
    _known: dict[tuple[Place, str, str], float] = field(default_factory=dict)

    def of(
        self, visibility: CoverageQuery, place: Place, zone: str, key: str, now: datetime
    ) -> float:
        """The share, 0 … 1, of the week `key`. Raises StoreError."""
        if self._at != slot_begin(now):
            self._at, self._known = slot_begin(now), {}
        known = self._known
        if (place, zone, key) not in known:
            known[place, zone, key] = visibility.of_week(place, zone, key, now)
        return known[place, zone, key]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The moment that a page tells of."""

    settings: Settings
    store: Store
    now: datetime
    shares: Shares
    visibility: CoverageQuery

    @property
    def zone(self) -> str:
        """The zone that times are told in where no airfield is meant."""
        return home_zone(self.settings)

    def share(self, watch: Watch, place: Place, key: str) -> float:
        """How much of the week could be seen at the place, 0 … 1. Raises StoreError."""
        return self.shares.of(self.visibility, place, watch.zone, key, self.now)

    @property
    def watched(self) -> list[Airfield]:
        """The airfields that are watched today, in order."""
        return [each for each in self.settings.watched if each.exists_on(self.now.date())]


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

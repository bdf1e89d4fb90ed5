"""What is the database asked at one moment? One unchanging view of it, read-only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from collector.model import Airfield, Place, Watch
from collector.model.coverage import slot_begin
from collector.queries.coverage import CoverageQuery
from collector.settings import Settings
from collector.settings.derived import home_zone
from collector.store import Store


@dataclass
class Shares:
    """How much of each week could be seen, kept for five minutes: it is read from every slot."""

    _at: datetime | None = None
    _known: dict[tuple[Place, str, str], float] = field(default_factory=dict)

    def of(
        self, coverage: CoverageQuery, place: Place, zone: str, key: str, now: datetime
    ) -> float:
        """The share, 0 … 1, of the week `key`. Raises StoreError."""
        if self._at != slot_begin(now):
            self._at, self._known = slot_begin(now), {}
        known = self._known
        if (place, zone, key) not in known:
            known[place, zone, key] = coverage.of_week(place, zone, key, now)
        return known[place, zone, key]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The moment that a page tells of."""

    settings: Settings
    store: Store
    now: datetime
    shares: Shares
    coverage: CoverageQuery

    @property
    def zone(self) -> str:
        """The zone that times are told in where no airfield is meant."""
        return home_zone(self.settings)

    def share(self, watch: Watch, place: Place, key: str) -> float:
        """How much of the week could be seen at the place, 0 … 1. Raises StoreError."""
        return self.shares.of(self.coverage, place, watch.zone, key, self.now)

    @property
    def watched(self) -> list[Airfield]:
        """The airfields that are watched today, in order."""
        return [each for each in self.settings.watched if each.exists_on(self.now.date())]

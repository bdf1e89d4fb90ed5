"""What does a page show? A read-only view of the database that does not change while it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from collector.coverage.sight import Sight
from collector.model import Airfield, Place, Watch
from collector.model.coverage import slot_begin
from collector.queries.citing import KnownCitations
from collector.queries.coverage import CoverageQuery
from collector.settings import Settings
from collector.settings.derived import home_zone
from collector.store import Store
from collector.weeks import week_of


@dataclass
class Shares:
    """How much of each week could be seen, kept for five minutes: computing it reads every slot."""

    _slot: datetime | None = None
    _sights: dict[tuple[Place, str, str], Sight] = field(default_factory=dict)

    def of(
        self, coverage: CoverageQuery, place: Place, zone: str, key: str, now: datetime
    ) -> Sight:
        """Return how much of the week `key` could be seen. Raises StoreError."""
        if self._slot != slot_begin(now):
            self._slot, self._sights = slot_begin(now), {}
        sights = self._sights
        if (place, zone, key) not in sights:
            sights[place, zone, key] = coverage.sight_of_week(place, zone, key, now)
        return sights[place, zone, key]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The stored data and the settings at the moment `now`."""

    settings: Settings
    store: Store
    now: datetime
    shares: Shares
    coverage: CoverageQuery
    last_week: str | None = None
    """The newest week that is shown (`2026-W47`); None: the present one."""
    cited: KnownCitations = field(default_factory=KnownCitations)

    def newest_week(self, zone: str) -> str:
        """Return the newest week that is shown, for a watch with this time zone."""
        return self.last_week or week_of(self.now, zone)

    @property
    def zone(self) -> str:
        """The time zone for times that belong to no airfield."""
        return home_zone(self.settings)

    def sight(self, watch: Watch, place: Place, key: str) -> Sight:
        """Return how much of the week could be seen at the place. Raises StoreError."""
        return self.shares.of(self.coverage, place, watch.zone, key, self.now)

    @property
    def watched(self) -> list[Airfield]:
        """The airfields that are watched and open today, in order."""
        today = self.now.date()
        return [airfield for airfield in self.settings.watched if airfield.exists_on(today)]

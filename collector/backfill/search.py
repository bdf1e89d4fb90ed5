"""What is looked for in archives? A `Search` holds everything that a worker must know. Pure.

A search travels to worker processes and to other machines. So it holds no connection and no
secret, and a worker need not import much for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from collector.archives.traces import FEED
from collector.backfill.sample import Sample
from collector.backfill.scope import trace_fingerprint
from collector.coverage.region import Region
from collector.landings.rules import RULES_VERSION
from collector.model import Airfield, Watch
from collector.watches.following import NOBODY, Followed
from collector.watches.matcher import Matcher
from collector.watches.visitors import VISITORS, VisitorRule, Visitors

if TYPE_CHECKING:
    from collector.settings import Settings

BELOW_FT = 29_000.0
"""With `--any-aircraft`: an aircraft above this is not about to land, as for visitors."""

NEAR_NM = 30.0
"""With `--any-aircraft`: a trace without a row this close to a watched airfield is not read.
With the margin of `archives/near_airfields.py` that is 40 NM. On a 3° path (320 ft/NM) an aircraft
is 12,000 ft above the field there, so it is missed only where coverage ends above that height."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which aircraft are looked for, where, and which ones prove coverage."""

    watches: tuple[Watch, ...]
    """Without rules and recipients: a worker needs no mail address."""
    circles: tuple[tuple[float, float, float], ...]
    """Around the watched airfields: latitude, longitude, radius in NM."""
    watched: tuple[Airfield, ...]
    airfields: tuple[Airfield, ...]
    sample: Sample
    visitors: VisitorRule | None
    """Which aircraft near the watched airfields are followed though no watch names them."""
    feed: str = FEED
    followed: Followed = field(default=NOBODY, compare=False)
    """The aircraft that earlier matches make followed. No part of the key: `backfill/catch_up.py`
    reads a unit again for those that are followed only since."""
    followed_number: int = field(default=0, compare=False)
    """How many stored matches that is."""

    @property
    def open_ended(self) -> bool:
        """Whether an address alone cannot say if a watch wants the aircraft: all must be read."""
        return any(
            watch.registrations
            or watch.callsigns
            or watch.operators
            or watch.types
            or any("-" in line for line in watch.icao24)
            for watch in self.watches
        )

    @property
    def more(self) -> tuple[Sample, VisitorRule | None]:
        """What is looked for besides the watches: the sample, and the rule for visitors."""
        return self.sample, self.visitors

    @property
    def near(self) -> tuple[tuple[float, float, float], ...]:
        """Circles that a landing aircraft passes through: latitude, longitude, radius in NM."""
        return tuple((field.lat_deg, field.lon_deg, NEAR_NM) for field in self.watched)

    @property
    def fingerprint(self) -> str:
        """The key of this search: it changes with everything that may change the result.

        Runways that were looked up are no part of it, or else each new edition of the shipped table
        would have every archive read again.
        """
        parts = (
            RULES_VERSION,
            self.watches,
            self.circles,
            tuple(field.as_configured() for field in self.watched),
            tuple(field.as_configured() for field in self.airfields),
            self.sample,
            self.visitors,
            NEAR_NM,
            self.feed,
        )
        return trace_fingerprint(parts)


@dataclass(frozen=True, slots=True)
class PreparedSearch:
    """A search made ready for use, once in each process."""

    matcher: Matcher
    visitors: Visitors | None
    region: Region
    wanted: Callable[[str], bool]
    """Whether a watch may want the trace of this address."""
    sample: Sample
    few: frozenset[str] | None
    """All addresses that are looked for, if they are few: their files are then opened by name."""

    def is_worth_reading(self, icao24: str) -> bool:
        """Return whether the trace of this address is worth unpacking."""
        return self.visitors is not None or self.is_named(icao24)

    def is_named(self, icao24: str) -> bool:
        """Return whether a watch or the sample wants this address, wherever the aircraft flew."""
        return self.wanted(icao24) or icao24 in self.sample


@lru_cache(maxsize=2)
def prepared(search: Search) -> PreparedSearch:
    """Return the search made ready for use; the last two are kept."""
    matcher = Matcher(search.watches)
    fleet = frozenset(matcher.fleet_addresses())
    visitors = search.visitors
    sampled = None if search.open_ended else search.sample.few()
    return PreparedSearch(
        matcher,
        None if visitors is None else Visitors(visitors, search.watched),
        Region(search.circles),
        (lambda _: True) if search.open_ended else fleet.__contains__,
        search.sample,
        None if sampled is None else fleet | sampled,
    )


def search_for(settings: Settings, sample: Sample, *, any_aircraft: bool = False) -> Search:
    """Return the search that a configuration asks for."""
    radius_nm = settings.polling.area_radius_nm
    watched = settings.watched
    circles = {(field.lat_deg, field.lon_deg, radius_nm): None for field in watched}
    return Search(
        watches=tuple(replace(watch, rules=(), recipients=()) for watch in settings.watches),
        circles=tuple(circles),
        watched=watched,
        airfields=settings.airfields,
        sample=sample,
        visitors=_anybody(radius_nm) if any_aircraft else None,
    )


def _anybody(within_nm: float) -> VisitorRule:
    """Return the rule that follows every aircraft near a watched airfield."""
    everybody = Watch(name=VISITORS, places=(), icao24=("000000-ffffff",))
    return VisitorRule(
        lines=everybody, categories=frozenset(), within_nm=within_nm, below_ft=BELOW_FT
    )

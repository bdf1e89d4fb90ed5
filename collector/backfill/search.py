"""What is looked for in archives? All that a worker must know, as one value. Pure.

It travels to worker processes and machines, so it holds no connection and no secret, and what a
worker must import for it is little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from collector.archives.traces import FEED
from collector.backfill.sample import Sample
from collector.backfill.scope import trace_fingerprint
from collector.coverage.region import Region
from collector.landings.rules import RULES_VERSION
from collector.model import Airfield, Watch
from collector.watches.matcher import Matcher
from collector.watches.visitors import VISITORS, VisitorRule, Visitors

if TYPE_CHECKING:
    from collector.settings import Settings

BELOW_FT = 29_000.0
"""With `--any-aircraft`: higher than this nobody is about to land, as for unlisted visitors."""

NEAR_NM = 30.0
"""With `--any-aircraft`: a trace without a row so near a watched airfield is passed over unread.
With the margin of `archives/near.py` that is 40 NM: on a 3° path (320 ft/NM) an aircraft is heard
there unless nobody hears below 12,000 ft above the field."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which aircraft, where, and whose hearing is proof."""

    watches: tuple[Watch, ...]
    """Without rules and recipients: a worker needs to know nobody's address."""
    circles: tuple[tuple[float, float, float], ...]
    """Around the watched airfields: latitude, longitude, radius in NM."""
    watched: tuple[Airfield, ...]
    airfields: tuple[Airfield, ...]
    sample: Sample
    visitors: VisitorRule | None
    """Whom to follow near the watched airfields though no watch wants them; None: nobody."""
    feed: str = FEED

    @property
    def open_ended(self) -> bool:
        """Whether a trace's address does not tell if a watch wants it: all must be read."""
        return any(
            watch.registrations
            or watch.callsigns
            or watch.operators
            or watch.types
            or any("-" in each for each in watch.icao24)
            for watch in self.watches
        )

    @property
    def more(self) -> tuple[Sample, VisitorRule | None]:
        """What is looked for besides the watches."""
        return self.sample, self.visitors

    @property
    def near(self) -> tuple[tuple[float, float, float], ...]:
        """Where anybody who is about to land must pass: latitude, longitude, radius in NM."""
        return tuple((field.lat_deg, field.lon_deg, NEAR_NM) for field in self.watched)

    @property
    def fingerprint(self) -> str:
        """Changes with everything that may change what is found."""
        parts = (
            RULES_VERSION,
            self.watches,
            self.circles,
            self.watched,
            self.airfields,
            self.sample,
            self.visitors,
            NEAR_NM,
            self.feed,
        )
        return trace_fingerprint(parts)


@dataclass(frozen=True, slots=True)
class Tools:
    """A search made ready for use, once a process."""

    matcher: Matcher
    visitors: Visitors | None
    region: Region
    wanted: Callable[[str], bool]
    """Whether a trace may hold what a watch wants, by its address."""
    sample: Sample
    few: frozenset[str] | None
    """All who are named, where they are few: then their traces are opened by name."""

    def worth(self, icao24: str) -> bool:
        """Whether a trace is worth unpacking, by its address."""
        return self.visitors is not None or self.named(icao24)

    def named(self, icao24: str) -> bool:
        """Whether it is, wherever the aircraft flew."""
        return self.wanted(icao24) or icao24 in self.sample


@lru_cache(maxsize=2)
def tools(search: Search) -> Tools:
    """What a worker reads with."""
    matcher = Matcher(search.watches)
    known = frozenset(matcher.fleet_addresses())
    visitors = search.visitors
    sampled = None if search.open_ended else search.sample.few()
    return Tools(
        matcher,
        None if visitors is None else Visitors(visitors, search.watched),
        Region(search.circles),
        (lambda _: True) if search.open_ended else known.__contains__,
        search.sample,
        None if sampled is None else known | sampled,
    )


def search_for(settings: Settings, sample: Sample, *, any_aircraft: bool = False) -> Search:
    """The search that a configuration asks for."""
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
    """Every aircraft near a watched airfield, as a visitor's rule."""
    everybody = Watch(name=VISITORS, places=(), icao24=("000000-ffffff",))
    return VisitorRule(
        lines=everybody, categories=frozenset(), within_nm=within_nm, below_ft=BELOW_FT
    )

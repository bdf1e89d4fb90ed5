"""Which aircraft on no watch are followed near a watched airfield? Visitors match criteria of their
own and are never counted.

Visitors take the same way as watched aircraft, under a reserved name that no watch can have. To
keep the database small, they are followed only within some distance of a watched airfield, and
below the altitude at which aircraft merely cross it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from collector.geo import distance_nm
from collector.model import Airfield, Watch, WatchMatch
from collector.watches.criteria import Identity
from collector.watches.matcher import Matcher

VISITORS = "~visitors"
"""Stands for a watch's name in visitors' matches; a configured name begins with a letter."""


class SizedIdentity(Identity, Protocol):
    """The identity and the size in a row of a reply."""

    @property
    def category(self) -> str | None:
        """The emitter category of DO-260B, `A1` … `D7`; A5 is above 300,000 lb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorRule:
    """Which aircraft on no watch are followed, and where."""

    lines: Watch
    """Types, callsigns … and exclusions, as a watch's. Its name is VISITORS, and it has no
    rules."""
    categories: frozenset[str]
    within_nm: float
    """Distance from a watched airfield, NM."""
    below_ft: float
    """Altitude, ft. An aircraft higher than this is not about to land; one without an altitude is
    followed."""


class Visitors:
    """The rule, prepared for rows that no watch wants."""

    def __init__(self, rule: VisitorRule, airfields: Sequence[Airfield]) -> None:
        self._rule = rule
        self._matcher = Matcher([rule.lines])
        self._places = tuple(dict.fromkeys((each.lat_deg, each.lon_deg) for each in airfields))

    def match(self, row: SizedIdentity, day: date) -> tuple[WatchMatch, ...]:
        """Return why this aircraft is followed on that day (UTC); empty if it is not."""
        found = self._matcher(row, day)
        if found:
            return (WatchMatch(VISITORS, found[0].matched_by, counted=False),)
        category = row.category
        if category in self._rule.categories and row.icao24 and not self._matcher.excludes(row):
            return (WatchMatch(VISITORS, f"category {category}", counted=False),)
        return ()

    def near(self, lat_deg: float, lon_deg: float, altitude_ft: float | None) -> bool:
        """Return whether the place is near a watched airfield, and low enough."""
        if altitude_ft is not None and altitude_ft >= self._rule.below_ft:
            return False
        within_nm = self._rule.within_nm
        return any(distance_nm(lat_deg, lon_deg, *place) <= within_nm for place in self._places)


def unlisted(matches: Iterable[WatchMatch]) -> bool:
    """Return whether the aircraft is a visitor: followed, and on no watch.

    >>> unlisted([WatchMatch(VISITORS, "type A124", False)])
    True
    >>> unlisted([WatchMatch(VISITORS, "type IL76", False), WatchMatch("w", "callsign AZQ*", True)])
    False
    """
    names = {match.watch for match in matches}
    return names == {VISITORS}


def without_visitor_if_watched(matches: Iterable[WatchMatch]) -> tuple[WatchMatch, ...]:
    """Return the matches without the visitor's, if a watch wants the aircraft as well.

    An aircraft may be a visitor for a while, until a report has the callsign that a watch knows.
    """
    found = tuple(matches)
    return tuple(m for m in found if m.watch != VISITORS) or found

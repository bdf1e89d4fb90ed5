"""Which aircraft that no watch wants are worth following near a watched airfield? Pure; step 1.

Unlisted visitors are found by the same line as watched aircraft, under a reserved name that no
watch can have, and never counted. So that the database stays small, they are followed only within
some distance of a watched airfield, and below the height at which others merely cross it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from collector.geo import distance_nm
from collector.model import Airfield, Watch, WatchMatch
from collector.watches.matcher import Identity, Matcher

VISITORS = "~visitors"
"""What their matches bear in place of a watch's name; a configured name begins with a letter."""


class SizedIdentity(Identity, Protocol):
    """Who a row says it is, and how large."""

    @property
    def category(self) -> str | None:
        """The emitter category of DO-260B, `A1` … `D7`; A5 is above 300,000 lb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorRule:
    """Whom to follow though no watch names them, and where."""

    lines: Watch
    """Types, callsigns … and exclusions, as a watch's; its name is VISITORS, it has no rules."""
    categories: frozenset[str]
    within_nm: float
    """Of a watched airfield."""
    below_ft: float
    """Higher than this nobody is about to land; a height that is not reported is followed."""


class Visitors:
    """The rule, ready to be asked about rows that no watch wanted."""

    def __init__(self, rule: VisitorRule, airfields: Sequence[Airfield]) -> None:
        self._rule = rule
        self._matcher = Matcher([rule.lines])
        self._places = tuple(dict.fromkeys((each.lat_deg, each.lon_deg) for each in airfields))

    def match(self, row: SizedIdentity, day: date) -> tuple[WatchMatch, ...]:
        """Why this aircraft would be followed on that day (UTC); empty if it would not."""
        found = self._matcher(row, day)
        if found:
            return (WatchMatch(VISITORS, found[0].matched_by, counted=False),)
        category = row.category
        if category in self._rule.categories and row.icao24 and not self._matcher.excludes(row):
            return (WatchMatch(VISITORS, f"category {category}", counted=False),)
        return ()

    def near(self, lat_deg: float, lon_deg: float, altitude_ft: float | None) -> bool:
        """Whether that is near a watched airfield, and low enough to matter."""
        if altitude_ft is not None and altitude_ft >= self._rule.below_ft:
            return False
        within_nm = self._rule.within_nm
        return any(distance_nm(lat_deg, lon_deg, *place) <= within_nm for place in self._places)


def unlisted(matches: Iterable[WatchMatch]) -> bool:
    """Whether this is a visitor: followed, and by no watch.

    >>> unlisted([WatchMatch(VISITORS, "type A124", False)])
    True
    >>> unlisted([WatchMatch(VISITORS, "type IL76", False), WatchMatch("w", "callsign AZQ*", True)])
    False
    """
    names = {match.watch for match in matches}
    return names == {VISITORS}


def without_visitor_if_watched(matches: Iterable[WatchMatch]) -> tuple[WatchMatch, ...]:
    """The same without the visitor's match where a watch wants the aircraft as well.

    A report without the callsign that a watch knows it by may make a visitor of it for a while.
    """
    found = tuple(matches)
    return tuple(m for m in found if m.watch != VISITORS) or found

"""Which of several matches of one watch is shown and counted? The strongest: a counted one first,
then one that is not in doubt, then by criterion."""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import WatchMatch
from collector.watches.visitors import without_visitor_if_watched


def strongest_matches(matches: Sequence[WatchMatch]) -> tuple[WatchMatch, ...]:
    """Return the strongest match of each watch, by the watch's name.

    Early reports may lack the type by which an aircraft is counted, or have only a callsign to
    match. An aircraft is a visitor only while no watch wants it.

    >>> weak, strong = WatchMatch("w", "callsign AZQ*", False), WatchMatch("w", "fleet x", True)
    >>> [match.matched_by for match in strongest_matches([weak, strong])]
    ['fleet x']
    """
    best: dict[str, WatchMatch] = {}
    for match in sorted(without_visitor_if_watched(matches), key=_strength):
        best.setdefault(match.watch, match)
    return tuple(best[watch] for watch in sorted(best))


_REASONS = ("fleet", "icao24", "registration", "callsign", "operator", "type", "category")
"""Criteria, the strongest first."""


def _strength(match: WatchMatch) -> tuple[bool, bool, int, str]:
    kind = match.matched_by.partition(" ")[0]
    rank = _REASONS.index(kind) if kind in _REASONS else len(_REASONS)
    return not match.counted, bool(match.doubt), rank, match.matched_by

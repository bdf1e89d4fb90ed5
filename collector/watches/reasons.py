"""Of several reasons why a watch wanted an aircraft, which one is told and counted?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import WatchMatch
from collector.watches.visitors import without_visitor_if_watched


def strongest_matches(matches: Sequence[WatchMatch]) -> tuple[WatchMatch, ...]:
    """Of several reasons why one watch wanted an aircraft the strongest, each watch once.

    Early reports may lack what counts it (its type), or have only a callsign to know it by. A
    visitor is one only while no watch wants it.

    >>> strongest_matches([WatchMatch("w", "callsign AZQ*", False), WatchMatch("w", "fleet x", True)])
    (WatchMatch(watch='w', matched_by='fleet x', counted=True),)
    """
    best: dict[str, WatchMatch] = {}
    for match in sorted(without_visitor_if_watched(matches), key=_strength):
        best.setdefault(match.watch, match)
    return tuple(best[watch] for watch in sorted(best))


_REASONS = ("fleet", "icao24", "registration", "callsign", "operator", "type", "category")


def _strength(match: WatchMatch) -> tuple[bool, int, str]:
    kind = match.matched_by.partition(" ")[0]
    known = _REASONS.index(kind) if kind in _REASONS else len(_REASONS)
    return not match.counted, known, match.matched_by

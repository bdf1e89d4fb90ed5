"""Which aircraft landed, by what is this known, and for which watches does it count?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.landings.identity_conflicts import Conflict
from collector.model import Landing, WatchMatch
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.watches.visitors import VISITORS

UNCONTRADICTED = (
    "No report of this address around that time contradicts this: there was no other registration, "
    "and no second place at the same time."
)


def identity_lines(landing: Landing, conflicts: Sequence[Conflict] | None, zone: str) -> list[str]:
    """Return the address and its owner, each watch that matched, and the `conflicts` of the
    address around that time; none of them if they were not looked up (None)."""
    detection = landing.detection
    mark = landing.registration
    owner = f"which belongs to {mark}" if mark else "whose registration is not known"
    type_code = f", type {landing.type_code}" if landing.type_code else ""
    lines = [f"The aircraft itself sent the address {detection.icao24}, {owner}{type_code}."]
    if detection.callsign:
        lines.append(f"It used the callsign {detection.callsign}; a callsign alone proves nothing.")
    return [*lines, *map(_match_words, landing.watches), *_conflicts(conflicts, zone)]


def _conflicts(conflicts: Sequence[Conflict] | None, zone: str) -> list[str]:
    if conflicts is None:
        return []
    return conflict_lines(conflicts, zone) or [UNCONTRADICTED]


def _match_words(match: WatchMatch) -> str:
    if match.watch == VISITORS:
        return (
            "No watch names this aircraft; it is followed as an unlisted visitor: "
            f"{match.matched_by}."
        )
    followed = "" if match.counted else " It is followed, not counted."
    doubt = f" {match.doubt}" if match.doubt else ""
    return f"Watch {match.watch} names this aircraft: {match.matched_by}.{doubt}{followed}"

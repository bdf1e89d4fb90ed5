"""How low was the aircraft while its position was unknown? Altitudes without a position exclude
fields.

Under jamming the position is lost and the altitude goes on
(docs/landing-rules.md#what-goes-wrong-in-practice, 5). An aircraft received below a field's
elevation does not land there; one that sank towards it probably did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.landings.contacts import Contact
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fix

FASTEST_FPM = 8000.0
"""ft/min. No transport aircraft climbs or sinks faster: an emergency descent is at 6,000 to
8,000."""


@dataclass(frozen=True, slots=True)
class BlindHeights:
    """Altitudes received without a position, between a fix with a position and a silence."""

    lowest_ft: float
    nearest_ft: float
    """The altitude next to the silence."""
    error_ft: float
    """Error of the lowest altitude."""

    def below(self, field: Airfield, rules: LandingRules) -> bool:
        """Return whether the aircraft was received lower than the field lies, beyond the altitude's
        error."""
        return self.lowest_ft < field.elevation_ft - self.error_ft - rules.below_field_ft


def blind_heights(
    contacts: Sequence[Contact], placed: Fix, *, silence_first: bool = False
) -> BlindHeights | None:
    """Return the altitudes of the contacts without a position; None if there are none.

    `contacts` are in order of time. The silence follows them, or precedes them if `silence_first`.
    `placed` is the fix with a position next to them. An altitude that cannot be reached from there
    is an old one repeated, and is ignored.
    """
    altitudes = [
        (contact.fix.altitude_ft, contact.fix.altitude_error_ft)
        for contact in contacts
        if not contact.fix.placed
        and contact.fix.altitude_ft is not None
        and _reachable(contact.fix, placed)
    ]
    if not altitudes:
        return None
    lowest, error = min(altitudes)
    return BlindHeights(lowest, altitudes[0 if silence_first else -1][0], error)


def _reachable(fix: Fix, placed: Fix) -> bool:
    """Return whether the aircraft can have changed its altitude from one fix to the other."""
    if fix.altitude_ft is None or placed.altitude_ft is None:
        return True
    minutes = abs((fix.at - placed.at).total_seconds()) / 60.0
    slack_ft = fix.altitude_error_ft + placed.altitude_error_ft
    return abs(fix.altitude_ft - placed.altitude_ft) <= slack_ft + FASTEST_FPM * minutes

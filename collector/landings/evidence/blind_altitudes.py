"""How low was it heard while nobody knew where? Heights without a position exclude fields.

Under jamming the position goes and the altitude stays (LANDING §4.5): who was heard below a
field's elevation does not land there, who sank to it probably did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.landings.contacts import Contact
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fix

FASTEST_FPM = 8000.0
"""No transport climbs or sinks faster: an emergency descent is at 6,000 to 8,000 ft/min."""


@dataclass(frozen=True, slots=True)
class BlindHeights:
    """Heights that were heard without a position, between a placed fix and a silence."""

    lowest_ft: float
    nearest_ft: float
    """The one next to the silence."""
    error_ft: float
    """Of the lowest."""

    def below(self, field: Airfield, rules: LandingRules) -> bool:
        """Whether it was heard lower than a field lies, beyond the altitude's error."""
        return self.lowest_ft < field.elevation_ft - self.error_ft - rules.below_field_ft


def blind_heights(
    contacts: Sequence[Contact], placed: Fix, *, silence_first: bool = False
) -> BlindHeights | None:
    """The heights of the contacts without a position; None if there are none.

    `contacts` are in order of time; the silence follows them, or comes before (`silence_first`);
    `placed` is the fix with a position beside them. What cannot be reached from its height is an
    altitude of before that was repeated, and says nothing.
    """
    heard = [
        (contact.fix.altitude_ft, contact.fix.altitude_error_ft)
        for contact in contacts
        if not contact.fix.placed
        and contact.fix.altitude_ft is not None
        and _reachable(contact.fix, placed)
    ]
    if not heard:
        return None
    lowest, error = min(heard)
    return BlindHeights(lowest, heard[0 if silence_first else -1][0], error)


def _reachable(fix: Fix, placed: Fix) -> bool:
    if fix.altitude_ft is None or placed.altitude_ft is None:
        return True
    minutes = abs((fix.at - placed.at).total_seconds()) / 60.0
    slack_ft = fix.altitude_error_ft + placed.altitude_error_ft
    return abs(fix.altitude_ft - placed.altitude_ft) <= slack_ft + FASTEST_FPM * minutes

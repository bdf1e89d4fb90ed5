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


@dataclass(frozen=True, slots=True)
class Blind:
    """Heights that were heard without a position, between a placed fix and a silence."""

    lowest_ft: float
    nearest_ft: float
    """The one next to the silence."""
    error_ft: float
    """Of the lowest."""

    def below(self, field: Airfield, rules: LandingRules) -> bool:
        """Whether it was heard lower than a field lies, beyond the altitude's error."""
        return self.lowest_ft < field.elevation_ft - self.error_ft - rules.below_field_ft


def blind_heights(contacts: Sequence[Contact], *, silence_first: bool = False) -> Blind | None:
    """The heights of the contacts without a position; None if there are none.

    `contacts` are in order of time; the silence follows them, or comes before (`silence_first`).
    """
    heard = [
        (contact.fix.altitude_ft, contact.fix.altitude_error_ft)
        for contact in contacts
        if not contact.fix.placed and contact.fix.altitude_ft is not None
    ]
    if not heard:
        return None
    lowest, error = min(heard)
    return Blind(lowest, heard[0 if silence_first else -1][0], error)

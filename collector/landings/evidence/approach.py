"""Was it coming down toward a field when it fell silent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.landings.contacts import Contact
from collector.landings.fields import Bearing, bearing_to
from collector.landings.rules import LandingRules
from collector.landings.trend import descending
from collector.model import Airfield
from collector.tracking import Fix

TURN_FROM = timedelta(seconds=25)
TURN_WITHIN = timedelta(minutes=4)
"""A turn shows between fixes this far apart in time: at 3°/s a half turn takes a minute."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a silence near candidate fields: the fix, and how it lies to each of them."""

    fix: Fix
    bearings: dict[str, Bearing]
    """By ICAO code; only fields that are possible."""
    beside: Fix | None = None
    """A placed fix about a minute before (after, for a departure), which shows its turn."""
    rolling: str | None = None
    """The field on whose runway it was, taking off."""

    def height_ft(self, icao: str) -> float:
        """Height above a candidate's elevation, ft; 0 where unknown."""
        return max(0.0, self.bearings[icao].height_ft or 0.0)


def arrival_end(
    contacts: Sequence[Contact], last: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """How the track ended before a silence, if it ended in an approach; else None.

    The position is the last believed one, at most `rules.trend` before the last contact; it is
    never paired with an altitude heard later.
    """
    index = last
    while index >= 0 and not contacts[index].fix.placed:
        index -= 1
    if index < 0 or contacts[last].fix.at - contacts[index].fix.at > rules.trend:
        return None
    contact, fix = contacts[index], contacts[index].fix
    if contact.down or fix.altitude_ft is None or _climbs_after(contacts, index, last):
        return None
    if not descending(contacts, index, rules):
        return None
    return end_at(fix, fields, rules, beside=beside(contacts, index, -1), departing=False)


def beside(contacts: Sequence[Contact], index: int, step: int) -> Fix | None:
    """The nearest placed fix in that direction that is far enough in time to show a turn."""
    other = index + step
    while 0 <= other < len(contacts):
        fix = contacts[other].fix
        apart = abs(fix.at - contacts[index].fix.at)
        if apart > TURN_WITHIN:
            return None
        if fix.placed and apart >= TURN_FROM:
            return fix
        other += step
    return None


def end_at(
    fix: Fix,
    fields: Sequence[Airfield],
    rules: LandingRules,
    *,
    beside: Fix | None,
    departing: bool,
) -> End | None:
    """How a placed fix lies to every possible field; None if none is possible.

    A field is possible in range, below the ceiling, and not above the fix: who is heard below a
    field's elevation does not land there.
    """
    ceiling = rules.departure_ceiling_ft if departing else rules.approach_ceiling_ft
    bearings = {}
    for field in fields:
        bearing = bearing_to(field, fix, departing=departing)
        height = bearing.height_ft
        if bearing.distance_nm > rules.candidate_radius_nm or height is None:
            continue
        if -fix.altitude_error_ft - rules.below_field_ft <= height <= ceiling:
            bearings[field.icao] = bearing
    return End(fix, bearings, beside) if bearings else None


def _climbs_after(contacts: Sequence[Contact], index: int, last: int) -> bool:
    altitude = contacts[index].fix.altitude_ft or 0.0
    later = (contacts[after].fix.altitude_ft for after in range(index + 1, last + 1))
    return any(height is not None and height > altitude + 1500.0 for height in later)

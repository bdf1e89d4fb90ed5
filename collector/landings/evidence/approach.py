"""Was it coming down toward a field when it fell silent?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collector.landings.contacts import Contact
from collector.landings.fields import Bearing, bearing_to, fit_nats
from collector.landings.rules import LandingRules
from collector.landings.trend import descending
from collector.model import Airfield
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class End:
    """One end of a silence near candidate fields: the fix, and how it fits each field."""

    fix: Fix
    fits: dict[str, float]
    """ICAO code → nats ≤ 0 (−inf: impossible)."""
    bearings: dict[str, Bearing]
    rolling: str | None = None
    """The field on whose runway it was, taking off."""

    @property
    def best(self) -> float:
        """The best field's fit; −inf where none is possible."""
        return max(self.fits.values(), default=-math.inf)

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
    return end_at(fix, fields, rules, departing=False)


def end_at(
    fix: Fix, fields: Sequence[Airfield], rules: LandingRules, *, departing: bool
) -> End | None:
    """How a placed fix fits every field in range; None if it fits none."""
    ceiling = rules.departure_ceiling_ft if departing else rules.approach_ceiling_ft
    fits, bearings = {}, {}
    for field in fields:
        bearing = bearing_to(field, fix, departing=departing)
        if bearing.distance_nm > rules.candidate_radius_nm or bearing.height_ft is None:
            continue
        if bearing.height_ft > ceiling:
            continue
        fits[field.icao] = fit_nats(
            bearing, fix.altitude_error_ft, known_runways=bool(field.runways)
        )
        bearings[field.icao] = bearing
    end = End(fix, fits, bearings)
    return end if end.best > -8.0 else None


def _climbs_after(contacts: Sequence[Contact], index: int, last: int) -> bool:
    altitude = contacts[index].fix.altitude_ft or 0.0
    later = (contacts[after].fix.altitude_ft for after in range(index + 1, last + 1))
    return any(height is not None and height > altitude + 1500.0 for height in later)

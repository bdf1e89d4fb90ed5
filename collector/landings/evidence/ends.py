"""Was it coming down toward a field when it fell silent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.landings.contacts import Contact
from collector.landings.evidence.blind_altitudes import BlindHeights, blind_heights
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing, bearing_to
from collector.landings.rules import LandingRules
from collector.landings.trend import climbing, descending
from collector.model import Airfield
from collector.tracking import Fix

CLIMBED_FT = 1500.0
"""Heights without a position that change by this go on climbing, or sinking."""

TURN_FROM = timedelta(seconds=25)
TURN_WITHIN = timedelta(minutes=4)
"""A turn shows between fixes this far apart in time: at 3°/s a half turn takes a minute."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a silence near candidate fields: the fix, and how it lies to each of them."""

    fix: Fix
    bearings: dict[str, Bearing]
    """By ICAO code; only fields that are possible."""
    turn_fix: Fix | None = None
    """A placed fix about a minute before (after, for a departure), which shows its turn."""
    rolling: str | None = None
    """The field on whose runway it was, taking off."""
    excluded: frozenset[str] = frozenset()
    """Fields that it was heard lower than: it neither landed nor took off there."""
    blind: BlindHeights | None = None
    """What was heard of its height alone between the fix and the silence."""

    def height_ft(self, icao: str) -> float:
        """Height above a candidate's elevation, ft; 0 where unknown."""
        return max(0.0, self.bearings[icao].height_ft or 0.0)


def arrival_end(
    contacts: Sequence[Contact], last: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """How the track ended before a silence, if it ended in an approach; else None.

    The position is the last believed one, at most `rules.blind_reach` before the last contact; it
    is never paired with an altitude heard later: that is evidence of its own.
    """
    index = last_placed(contacts, last)
    if index is None or contacts[last].fix.at - contacts[index].fix.at > rules.blind_reach:
        return None
    contact, fix = contacts[index], contacts[index].fix
    if contact.down or fix.altitude_ft is None:
        return None
    after = blind_heights(contacts[index + 1 : last + 1], fix)
    if after is not None and after.nearest_ft > fix.altitude_ft + CLIMBED_FT:
        return None
    sank = after is not None and after.lowest_ft < fix.altitude_ft - CLIMBED_FT
    if not sank and not descending(contacts, index, rules):
        return None
    return end_at(fix, fields, rules, turn_fix=turn_fix_of(contacts, index, -1), blind=after)


def last_placed(contacts: Sequence[Contact], last: int) -> int | None:
    """The last contact up to `last` that says where it was; None if there is none."""
    return next((i for i in range(last, -1, -1) if contacts[i].fix.placed), None)


def turn_fix_of(contacts: Sequence[Contact], index: int, step: int) -> Fix | None:
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
    turn_fix: Fix | None,
    blind: BlindHeights | None = None,
    departing: bool = False,
) -> End | None:
    """How a placed fix lies to every possible field; None if none is possible.

    A field is possible in range, below the ceiling, not so far off and low that nobody flies in to
    it (or out of it) like that, and not above the fix: who is heard below a field's elevation does
    not land there.
    """
    bearings, excluded = {}, set()
    for field in fields:
        bearing = bearing_to(field, fix, departing=departing)
        if bearing.distance_nm > rules.candidate_radius_nm or bearing.height_ft is None:
            continue
        if _below(bearing.height_ft, fix, blind, field, rules):
            excluded.add(field.icao)
        elif _in_reach(bearing, fix, blind, rules, departing=departing):
            bearings[field.icao] = bearing
    if not bearings:
        return None
    return End(fix, bearings, turn_fix, excluded=frozenset(excluded), blind=blind)


def _below(
    height_ft: float, fix: Fix, blind: BlindHeights | None, field: Airfield, rules: LandingRules
) -> bool:
    """Whether it was heard lower than the field lies, with a position or without."""
    if height_ft < -fix.altitude_error_ft - rules.below_field_ft:
        return True
    return blind is not None and blind.below(field, rules)


def _in_reach(
    bearing: Bearing, fix: Fix, blind: BlindHeights | None, rules: LandingRules, *, departing: bool
) -> bool:
    """Whether it is neither too high for a flight to the field (or from it) nor too flat.

    Heights that were heard without a position after it are nearer to the silence than it is.
    """
    height_ft = bearing.height_ft or 0.0
    highest = rules.departure_ceiling_ft if departing else rules.approach_ceiling_ft
    if blind is not None and fix.altitude_ft is not None:
        highest += max(0.0, fix.altitude_ft - blind.nearest_ft)
    lowest = _flat_ft(bearing.distance_nm, rules) - fix.altitude_error_ft
    return lowest <= height_ft <= highest


def _flat_ft(distance_nm: float, rules: LandingRules) -> float:
    """The least height above a field from which it is approached so far out."""
    return rules.flattest_share * FT_PER_NM_AT_3_DEG * max(0.0, distance_nm - rules.level_within_nm)


def departure_end(
    contacts: Sequence[Contact], first: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """How the track began after a silence, if it began in a climb-out; else None."""
    index = next_placed(contacts, first)
    if index is None or contacts[index].fix.at - contacts[first].fix.at > rules.blind_reach:
        return None
    contact = contacts[index]
    if contact.down:
        return _rolling(contact)
    if contact.fix.altitude_ft is None:
        return None
    before = blind_heights(contacts[first:index], contact.fix, silence_first=True)
    rose = before is not None and before.lowest_ft < contact.fix.altitude_ft - CLIMBED_FT
    if not rose and not climbing(contacts, index, rules):
        return None
    around = turn_fix_of(contacts, index, 1)
    return end_at(contact.fix, fields, rules, turn_fix=around, blind=before, departing=True)


def next_placed(contacts: Sequence[Contact], first: int) -> int | None:
    """The first contact from `first` on that says where it was; None if there is none."""
    return next((i for i in range(first, len(contacts)) if contacts[i].fix.placed), None)


def _rolling(contact: Contact) -> End | None:
    """First heard on a runway at speed, then in the air: only that field is possible."""
    if contact.slow or contact.field is None:
        return None
    icao = contact.field.icao
    bearings = {icao: bearing_to(contact.field, contact.fix, departing=True)}
    return End(contact.fix, bearings, rolling=icao)

"""Did the aircraft descend towards a field before a silence, or climb out of one after it? An end
of a silence holds the fix and how it lies relative to each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from collector.geo import distance_nm
from collector.landings.contacts import Contact, fixes_in
from collector.landings.evidence.blind_altitudes import BlindHeights, blind_heights
from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing, bearing_to
from collector.landings.rules import LandingRules
from collector.landings.trend import climbing, descending
from collector.model import Airfield
from collector.tracking import Fix

CLIMBED_FT = 1500.0
"""ft. Altitudes without a position that change by this show that the climb, or the descent, goes
on."""

TAXIED_NM = 1.7
"""NM that an aircraft taxies in `LandingRules.late_ground_bit` at `LandingRules.slow_kt`."""

TURN_FROM = timedelta(seconds=25)
"""A turn shows between fixes at least this far apart in time: at 3°/s a half turn takes a
minute."""
TURN_WITHIN = timedelta(minutes=4)
"""Fixes farther apart in time show no turn."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a silence near candidate fields: the fix, and how it lies relative to each of
    them."""

    fix: Fix
    bearings: dict[str, Bearing]
    """By ICAO code; only fields that are possible."""
    turn_fix: Fix | None = None
    """A fix with a position about a minute before (after, for a departure), which shows the
    turn."""
    rolling: str | None = None
    """The field on whose runway the aircraft was taking off, if any."""
    excluded: frozenset[str] = frozenset()
    """Fields that lie higher than an altitude of the aircraft: it neither landed nor took off
    there."""
    blind: BlindHeights | None = None
    """The altitudes received without a position between the fix and the silence, if any."""

    def height_ft(self, icao: str) -> float:
        """Return the height above a candidate's elevation, ft; 0 if unknown."""
        return max(0.0, self.bearings[icao].height_ft or 0.0)


def arrival_end(
    contacts: Sequence[Contact], last: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """Return how the track ended before a silence, if it ended in an approach; else None.

    The position is the last believed one, at most `rules.blind_reach` before the last contact. It
    is never paired with an altitude received later, which is evidence of its own.
    """
    index = last_placed(contacts, last)
    while (
        index is not None and not contacts[index].down and contacts[index].fix.altitude_ft is None
    ):
        index = last_placed(contacts, index - 1)
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


def level_end(
    contacts: Sequence[Contact], last: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """Return how the track ended before a silence, if it ended in level flight where approaches
    are, towards a field; else None.

    So low and near, an aircraft may have levelled off before it lands, or pass by.
    """
    contact = contacts[last]
    fix = contact.fix
    if contact.down or not fix.placed or fix.altitude_ft is None:
        return None
    before = turn_fix_of(contacts, last, -1)
    if _climbs(fix, before, rules):
        return None
    end = end_at(fix, fields, rules, turn_fix=before)
    if end is None:
        return None
    near = {icao: each for icao, each in end.bearings.items() if _may_be_approach(each, fix, rules)}
    return replace(end, bearings=near) if near else None


def _climbs(fix: Fix, before: Fix | None, rules: LandingRules) -> bool:
    """Return whether an aircraft climbed, by its vertical rate or, without one, since the minute
    `before`."""
    if fix.vertical_rate_fpm is not None:
        return fix.vertical_rate_fpm >= rules.climb_fpm
    if before is None or fix.altitude_ft is None or before.altitude_ft is None:
        return False
    minutes = (fix.at - before.at).total_seconds() / 60.0
    return fix.altitude_ft - before.altitude_ft >= rules.climb_fpm * minutes


def _may_be_approach(bearing: Bearing, fix: Fix, rules: LandingRules) -> bool:
    """Return whether an aircraft lands there if it does not break off: it is near, no higher than
    circuits and finals are flown, no slower than in flight, and does not fly away."""
    return (
        bearing.distance_nm <= rules.level_nm
        and (bearing.height_ft or 0.0) <= rules.level_ft
        and (bearing.off_course_deg or 0.0) <= rules.away_deg
        and (fix.ground_speed_kt is None or fix.ground_speed_kt >= rules.flying_kt)
    )


def last_placed(contacts: Sequence[Contact], last: int) -> int | None:
    """Return the index of the last contact with a position up to `last`; None if there is none."""
    fixes = fixes_in(contacts)
    return next((index for index in range(last, -1, -1) if fixes.placed(index)), None)


def turn_fix_of(contacts: Sequence[Contact], index: int, step: int) -> Fix | None:
    """Return the nearest fix with a position in that direction that is far enough in time to show a
    turn; None if there is none."""
    fixes = fixes_in(contacts)
    for other in fixes.around(index, step, TURN_FROM):
        if abs(fixes.ats[other] - fixes.ats[index]) > TURN_WITHIN:
            return None
        if fixes.placed(other):
            return fixes[other]
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
    """Return how a fix with a position lies relative to every possible field; None if no field is
    possible.

    A field is possible if it is in range and below the ceiling, if approaches (or departures) are
    not flown so low that far out, and if it does not lie above the aircraft: an aircraft received
    below a field's elevation does not land there.
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
    """Return whether the aircraft was received lower than the field lies, with a position or
    without."""
    if height_ft < -fix.altitude_error_ft - rules.below_field_ft:
        return True
    return blind is not None and blind.below(field, rules)


def _in_reach(
    bearing: Bearing, fix: Fix, blind: BlindHeights | None, rules: LandingRules, *, departing: bool
) -> bool:
    """Return whether the aircraft is neither too high for a flight to the field (or from it) nor
    too low.

    Altitudes received without a position are nearer to the silence than the fix is.
    """
    height_ft = bearing.height_ft or 0.0
    highest = rules.departure_ceiling_ft if departing else rules.approach_ceiling_ft
    if blind is not None and fix.altitude_ft is not None:
        highest += max(0.0, fix.altitude_ft - blind.nearest_ft)
    lowest = _flat_ft(bearing.distance_nm, rules) - fix.altitude_error_ft
    return lowest <= height_ft <= highest


def _flat_ft(distance_nm: float, rules: LandingRules) -> float:
    """Return the least height above a field at which it is approached from that distance."""
    return rules.flattest_share * FT_PER_NM_AT_3_DEG * max(0.0, distance_nm - rules.level_within_nm)


def departure_end(
    contacts: Sequence[Contact], first: int, fields: Sequence[Airfield], rules: LandingRules
) -> End | None:
    """Return how the track began after a silence, if it began in a climb-out; else None."""
    index = next_placed(contacts, first)
    while index is not None and (
        _lone_roll(contacts, index)
        or (not contacts[index].down and contacts[index].fix.altitude_ft is None)
    ):
        index = next_placed(contacts, index + 1)
    if index is None or contacts[index].fix.at - contacts[first].fix.at > rules.blind_reach:
        return None
    contact = contacts[index]
    if contact.down:
        return None if _comes_to_a_stop(contacts, index) else _rolling(contact)
    if contact.fix.altitude_ft is None or _still_there(contacts, index, rules):
        return None
    before = blind_heights(contacts[first:index], contact.fix, silence_first=True)
    rose = before is not None and before.lowest_ft < contact.fix.altitude_ft - CLIMBED_FT
    if not rose and not climbing(contacts, index, rules):
        return None
    around = turn_fix_of(contacts, index, 1)
    return end_at(contact.fix, fields, rules, turn_fix=around, blind=before, departing=True)


def next_placed(contacts: Sequence[Contact], first: int) -> int | None:
    """Return the index of the first contact with a position from `first` on; None if there is
    none."""
    return next((i for i in range(first, len(contacts)) if contacts[i].fix.placed), None)


def _still_there(contacts: Sequence[Contact], index: int, rules: LandingRules) -> bool:
    """Return whether the aircraft is slow on the ground soon afterwards, no farther away than a
    taxi leads: a ground bit that comes late, and no climb-out."""
    here = contacts[index].fix
    slow = here.ground_speed_kt is not None and here.ground_speed_kt <= rules.slow_kt
    soon = rules.trend if slow else rules.late_ground_bit
    for other in range(index + 1, len(contacts)):
        contact = contacts[other]
        if contact.fix.at - here.at > soon:
            return False
        if contact.slow and contact.field is not None:
            there = contact.fix
            assert here.lat_deg is not None and here.lon_deg is not None  # noqa: S101, PT018
            assert there.lat_deg is not None and there.lon_deg is not None  # noqa: S101, PT018
            away = distance_nm(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
            return away <= TAXIED_NM
    return False


def _comes_to_a_stop(contacts: Sequence[Contact], index: int) -> bool:
    """Return whether a roll on the ground ends in a slow contact: it is that of a landing."""
    other: int | None = index
    while other is not None and contacts[other].down and not contacts[other].slow:
        other = next_placed(contacts, other + 1)
    return other is not None and other != index and contacts[other].slow


def _lone_roll(contacts: Sequence[Contact], index: int) -> bool:
    """Return whether a single report says that the aircraft rolls on the ground: it may be wrong,
    and what follows in the air decides."""
    if not contacts[index].down or contacts[index].slow:
        return False
    following = next_placed(contacts, index + 1)
    return following is not None and not contacts[following].down


def _rolling(contact: Contact) -> End | None:
    """Return the end of an aircraft first received at speed on a runway: only that field is
    possible."""
    if contact.slow or contact.field is None:
        return None
    icao = contact.field.icao
    bearings = {icao: bearing_to(contact.field, contact.fix, departing=True)}
    return End(contact.fix, bearings, rolling=icao)

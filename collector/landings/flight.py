"""Did the aircraft fly? Flight is shown by positions that moved as flight does, never by a ground
bit or a height alone.

A parked aircraft with a garbled height does not move, and a taxi is slower than any flight. Between
two stays at one field there must have been a flight; else they are one stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from collector.landings.contacts import Contacts
from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Doubt

MIN_FLIGHT_HEIGHTS = 3
"""This many different altitudes above `LandingRules.low_ft` prove a flight."""

LEAST_APART = timedelta(seconds=5)
"""Fixes nearer in time show no speed: positions are rounded, and dated to seconds."""

TURN_BACK = timedelta(seconds=60)
"""Nobody flies a full circle in less: at 3°/s it takes two minutes."""


def moves(contacts: Contacts, index: int, rules: LandingRules) -> bool:
    """Return whether the fix is in the air and moved at the speed of flight, to or from a
    neighbour.

    Neighbours are the nearest fixes with a position that are at least `LEAST_APART` away in time.
    Where none lies within `TURN_BACK`, the reported speed shows it as well: an aircraft that
    circles may come back to the same place. A fix without an altitude, whose ground bit may have
    been lost, must both report the speed of flight and have moved at it.
    """
    fixes, ats = contacts.fixes, contacts.ats
    if index in contacts.down or not fixes.placed(index) or fixes.claims_ground(index):
        return False
    speed_kt = fixes.report_or_fix(index).ground_speed_kt
    fast = speed_kt is not None and speed_kt >= rules.flying_kt
    has_height = fixes.altitude_ft(index) is not None
    if not fast and not has_height:
        return False
    near = False
    for step in (-1, 1):
        other = _neighbour(contacts, index, step)
        if other is None:
            continue
        apart = abs(ats[other] - ats[index])
        near = near or apart <= TURN_BACK
        hours = apart / timedelta(hours=1)
        if fixes.away_nm(index, other) >= rules.flying_kt * hours:
            return True
    return fast and has_height and not near


def away(contacts: Contacts, index: int, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the fix, which has a position, is in the air beyond the field or clearly above
    it. At the height of the field, a place beyond it is a false position of one that is parked."""
    fix = contacts.fixes[index]
    if fix.place is None or fix.altitude_ft is None:
        return False
    height_ft = fix.altitude_ft - field.elevation_ft
    if field_distance_nm(field, *fix.place) > rules.field_radius_nm:
        return height_ft > rules.below_field_ft
    return height_ft > rules.ground_height_ft + fix.altitude_error_ft


def _beyond(contacts: Contacts, index: int, field: Airfield, rules: LandingRules) -> bool:
    """Return whether the fix, which has a position and an altitude, is not on the field."""
    fix = contacts.fixes[index]
    if fix.place is None or fix.altitude_ft is None:
        return False
    return field_distance_nm(field, *fix.place) > rules.field_radius_nm


def flew_between(contacts: Contacts, first: int, last: int, rules: LandingRules) -> bool:
    """Return whether the aircraft flew between two contacts with the ground at one field.

    Proof is any of: two fixes in the air away from the field; movement at the speed of flight for
    longer than a roll lasts; altitudes without a position (`flew_blind`); or one fix away from the
    field between two silences in which it had time to land and leave.
    """
    field = contacts.down[first]
    if field is None:
        return False
    if flew_blind(contacts, first, last, field, rules):
        return True
    moving = [each for each in range(first + 1, last) if moves(contacts, each, rules)]
    seen_away = [each for each in moving if away(contacts, each, field, rules)]
    ats = contacts.ats
    if seen_away and ats[seen_away[-1]] - ats[seen_away[0]] >= LEAST_APART:
        return True
    alone = any(
        ats[each] - ats[first] >= rules.shortest_silence
        and ats[last] - ats[each] >= rules.shortest_silence
        for each in seen_away
    )
    return alone or _moved_long(contacts, moving, field, rules)


def _moved_long(
    contacts: Contacts, moving: Sequence[int], field: Airfield, rules: LandingRules
) -> bool:
    """Return whether the aircraft moved over the field at the speed of flight for longer than a
    roll lasts, in three fixes or more, with none between in which it did not."""
    begins = before = None
    for index in moving:
        if _beyond(contacts, index, field, rules):
            continue  # at the height of the field, and not on it: a false position
        if before is None or any(map(contacts.fixes.placed, range(before + 1, index))):
            begins = index
        before = index
        assert begins is not None  # noqa: S101 - set with the first
        long = contacts.ats[index] - contacts.ats[begins] >= rules.longest_roll
        if long and index - begins >= 2:
            return True
    return False


def flew_blind(
    contacts: Contacts, first: int, last: int, field: Airfield, rules: LandingRules
) -> bool:
    """Return whether altitudes high above the field were received between two contacts there,
    without a position.

    A single altitude may be an old one that a feed repeats for a parked aircraft. Nobody climbs
    that high and lands again within minutes.
    """
    if contacts.ats[last] - contacts.ats[first] < rules.shortest_silence:
        return False
    heights_ft = _blind_heights_ft(contacts, range(first + 1, last))
    return (
        sum(height - field.elevation_ft > rules.low_ft for height in heights_ft)
        >= MIN_FLIGHT_HEIGHTS
    )


def proofs_before(
    contacts: Contacts, first: int, earliest: int, field: Airfield, rules: LandingRules
) -> Iterator[int]:
    """Yield, latest first, the contacts before `first` that show the aircraft elsewhere or in
    flight, back to the index `earliest` or the last break.

    Altitudes without a position count if they differ, as in a descent, or if a usual descent leads
    from there to the ground. One that comes with a slow speed is as likely a wrong height.
    """
    fixes = contacts.fixes
    flies = len(_blind_heights_ft(contacts, range(earliest, first))) >= MIN_FLIGHT_HEIGHTS
    for index in range(first - 1, earliest - 1, -1):
        if fixes.broken(index, first):
            return
        believed = fixes.placed(index) or flies or _sinks_to(contacts, index, first, field, rules)
        if believed and elsewhere_or_flying(contacts, index, field, rules):
            yield index


def _blind_heights_ft(contacts: Contacts, indexes: range) -> set[float]:
    """Return the different altitudes without a position, but for those whose position was given
    and stood still or was slow: their height is as likely wrong."""
    fixes = contacts.fixes
    blind = [fixes[each] for each in fixes.unplaced(indexes.start, indexes.stop)]
    return {
        fix.altitude_ft
        for fix in blind
        if fix.altitude_ft is not None and fix.doubt not in (Doubt.CIRCLING, Doubt.FROZEN)
    }


def _sinks_to(
    contacts: Contacts, index: int, first: int, field: Airfield, rules: LandingRules
) -> bool:
    """Return whether an altitude without a position leads to the ground by a usual descent."""
    fix = contacts.fixes[index]
    if fix.altitude_ft is None or fix.doubt in (Doubt.CIRCLING, Doubt.FROZEN):
        return False
    minutes = (contacts.ats[first] - fix.at) / timedelta(minutes=1)
    return fix.altitude_ft - field.elevation_ft <= rules.steepest_approach_fpm * minutes


def elsewhere_or_flying(
    contacts: Contacts, index: int, field: Airfield, rules: LandingRules
) -> bool:
    """Return whether a contact shows that the aircraft is not on the ground at the field.

    It moves in the air, or stands so far away that no taxi and no spoofed circle lies between, or
    has an altitude high above the field and no position.
    """
    fixes = contacts.fixes
    if not fixes.placed(index):
        height_ft = fixes.altitude_ft(index)
        return height_ft is not None and height_ft - field.elevation_ft > rules.low_ft
    if index not in contacts.down:
        return moves(contacts, index, rules)
    place = fixes.report_or_fix(index).place
    return place is not None and field_distance_nm(field, *place) > rules.astray_nm


def next_flying(contacts: Contacts, last: int, before: int, rules: LandingRules) -> int | None:
    """Return the first contact after `last`, up to `before`, with a position from which the
    aircraft had left; None if there is none."""
    field = contacts.down[last]
    for index in range(last + 1, min(before + 1, len(contacts))):
        if contacts.fixes.broken(last, index):
            return None
        if contacts.fixes.placed(index) and (
            moves(contacts, index, rules)
            or (field is not None and elsewhere_or_flying(contacts, index, field, rules))
        ):
            return index
    return None


def sank_until(
    contacts: Contacts, first: int, rules: LandingRules, *, moving: bool = False
) -> datetime | None:
    """Return the last time before the contact `first`, within `rules.sinking_within`, at which the
    aircraft was still clearly higher than in a report after it, so that it had not landed; None if
    no two reports show that: one height may be wrong.

    If `moving`, only reports of an aircraft that moves as in flight show it: a parked one may have
    garbled heights.
    """
    fixes, ats, lowest_ft, error_ft, higher = contacts.fixes, contacts.ats, math.inf, None, 0
    for index in range(first - 1, -1, -1):
        if ats[first] - ats[index] > rules.sinking_within or fixes.broken(index, first):
            return None
        fix = fixes[index]
        if index in contacts.down or fix.altitude_ft is None:
            continue
        error_ft = fix.altitude_error_ft if error_ft is None else error_ft
        if fix.altitude_error_ft != error_ft:
            continue  # the other altitude, which is off by something else
        if fix.altitude_ft - lowest_ft >= rules.sinking_ft and (
            not moving or moves(contacts, index, rules)
        ):
            higher += 1
            if higher == 2:
                return ats[index]
        lowest_ft = min(lowest_ft, fix.altitude_ft)
    return None


def _neighbour(contacts: Contacts, index: int, step: int) -> int | None:
    fixes, ats = contacts.fixes, contacts.ats
    other = index + step
    while 0 <= other < len(ats):
        if fixes.broken(min(index, other), max(index, other)):
            return None
        if abs(ats[other] - ats[index]) >= LEAST_APART and fixes.placed(other):
            return other
        other += step
    return None


def spread(contacts: Contacts, indexes: Sequence[int], least: timedelta) -> int:
    """Return how many of the contacts, in order, are at least so far apart in time from the one
    counted before."""
    count, counted_at = 0, None
    for index in indexes:
        if counted_at is None or contacts.ats[index] - counted_at >= least:
            count, counted_at = count + 1, contacts.ats[index]
    return count

"""When was the aircraft at its last position before a silence? A feed may give a position again
with a later time; the way from the position before then takes less time than passed.

Such a position is dated by that way: where it led straight on, to seconds; otherwise only if the
feed is seen to repeat it, and then to no better than the time between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.landings.contacts import Contact
from collector.landings.evidence.ends import last_placed
from collector.tracking import Doubt, Fix

COMPARED_WITHIN = timedelta(minutes=6)
"""A position that lies farther back says nothing: polls of five minutes come within."""
LEAST_LATE = timedelta(seconds=5)
STRAIGHT_SHARE, TURNING_SHARE = 0.05, 0.12
"""A position is not late by no more than this and this share of the time that passed, on a straight
way or any other: positions are dated to seconds, and speeds are those of two moments."""
STRAIGHT_DEG = 15.0
"""Both directions of flight and that between the positions differ by no more on a straight way."""
CIRCLE_S_PER_KT = 0.57
"""A full circle, banked by 30°, takes so many seconds for each kt, 2π v / (g tan 30°): 54 s at
95 kt. A straight way that lost less was flown in no circle."""
CLOSELY = timedelta(minutes=2)
"""The speeds of two positions this near in time give the time between them to seconds."""


def passed_between(contacts: Sequence[Contact], index: int) -> tuple[datetime, datetime]:
    """Return the first and the last time at which the aircraft may have been at the position of a
    contact in flight; both are its own time if nothing says that it is late."""
    fix = contacts[index].fix
    own = fix.at, fix.at
    earlier = last_placed(contacts, index - 1)
    if earlier is None or fix.at - contacts[earlier].fix.at > COMPARED_WITHIN:
        return own
    before = contacts[earlier].fix
    way = _way(before, fix)
    if way is None:
        return own
    took, straight, mean_kt = way
    no_circle = timedelta(seconds=CIRCLE_S_PER_KT * mean_kt)
    passed, there = fix.at - before.at, before.at + took
    share = STRAIGHT_SHARE if straight else TURNING_SHARE
    if fix.at - there <= LEAST_LATE + share * passed:
        return own
    repeated = _repeated(contacts, index)
    if not (straight or repeated):
        return own
    surely = straight and (repeated or fix.at - there < no_circle) and passed <= CLOSELY
    return there, there if surely else fix.at


def _way(before: Fix, fix: Fix) -> tuple[timedelta, bool, float] | None:
    """Return how long the straight way between two positions takes at the speeds reported there,
    whether the aircraft flew straight, and its mean speed, kt; None if a speed is not known."""
    if before.place is None or fix.place is None:
        return None
    if not before.ground_speed_kt or not fix.ground_speed_kt:
        return None
    ends = *before.place, *fix.place
    mean_kt = (before.ground_speed_kt + fix.ground_speed_kt) / 2.0
    took = timedelta(hours=distance_nm(*ends) / mean_kt)
    if before.track_deg is None or fix.track_deg is None:
        return took, False, mean_kt
    course = bearing_deg(*ends)
    tracks = before.track_deg, fix.track_deg
    straight = all(angle_between_deg(course, track) <= STRAIGHT_DEG for track in tracks)
    return took, straight, mean_kt


def _repeated(contacts: Sequence[Contact], index: int) -> bool:
    """Return whether the next report gives the same position again in flight."""
    following = index + 1
    return following < len(contacts) and contacts[following].fix.doubt is Doubt.FROZEN

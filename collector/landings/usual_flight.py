"""Can the aircraft have come to a stay, and left it, by a usual flight? The last reports before it
and the first after it say so.

What is possible is judged before (`landings.ground`). A short stay that only an unusual flight
explains is as likely a false one: some wrong rows say "on the ground", while the aircraft flies on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from collector.landings.contacts import Contacts
from collector.landings.fields import bearing_to, flight_time_s
from collector.landings.flight import LEAST_APART
from collector.landings.last_reports import agree
from collector.landings.rules import LandingRules
from collector.landings.trend import descending
from collector.model import Airfield
from collector.tracking import Fix
from collector.tracking.motion import POSITION_SLACK_NM, STEEPEST_CLIMB_FPM

NEAR_NM = 40.0
"""A flight from a place this near to the field takes no stated time."""

COMPARED = 3
"""Proofs of flight next to a stay that are compared with each other: one of them may be wrong."""

CIRCUIT_FT = 2000.0
"""ft above the field. An aircraft that climbs higher has left, and lands no sooner than
`LandingRules.trend`: circuits are flown at 1,000 to 1,500 ft."""

HOP_GROUND = timedelta(minutes=5)
"""Between two stays a taxi, a take-off and a circuit take at least this, besides the way."""

HOP_READY = timedelta(minutes=2)
"""From the last report on the ground at one field to the first at another, a hop takes at least
this, for lining up, both rolls and the turns, besides the way."""

MOST_WRONG = 5
"""Wrong reports in a group: more of them that last as long as a stay are one, and what comes too
soon afterwards is wrong itself."""

HOP_NM = 15.0
"""A hop to a close neighbour leads no farther. Longer flights are faster on average."""

ONE_FLIGHT = timedelta(minutes=10)
"""Proofs farther apart in time say nothing about each other."""


def comes_usually(
    contacts: Contacts, proofs: Sequence[int], between: tuple[int | None, int], rules: LandingRules
) -> bool:
    """Return whether there was time for a usual flight and descent to a stay, and the aircraft may
    have been on its way down; `proofs` are those of flight, latest first.

    `between` are the last contact of the stay before, None if there is none, and the first of this
    one. The last proof decides, unless the next ones contradict it and agree with each other.
    """
    left, first = between
    field = contacts.down[first]
    if field is None or (left is not None and _too_soon(contacts, left, first, rules)):
        return False
    near = list(islice(_separate(contacts, proofs), COMPARED))
    if not near:
        return False
    near = near[near.index(_supported(contacts, near)) :]
    # What contradicted the stay has lost its height: the next one tells how high it was.
    near = [each for each in near if contacts.fixes.altitude_ft(each) is not None] or near
    fix, apart = contacts.fixes[near[0]], contacts.ats[first] - contacts.ats[near[0]]
    if fix.altitude_ft is not None:
        height_ft = fix.altitude_ft - field.elevation_ft - fix.altitude_error_ft
        if height_ft > rules.steepest_approach_fpm * (apart / timedelta(minutes=1)):
            return False
    placed = next((each for each in near if contacts.fixes.placed(each)), near[0])
    if contacts.ats[first] - contacts.ats[placed] < least_flight(
        contacts.fixes[placed], field, rules
    ):
        return False
    departs = (
        left is not None
        and contacts.down[left] != field
        and fix.at < contacts.ats[left] + rules.trend
    )
    return (
        _in_the_circuit(fix, field, rules, departs=departs)
        or may_sink(contacts, near[0], first, rules)
        or (len(near) > 1 and _sank(contacts.fixes[near[1]], fix, rules))
    )


def leaves_usually(
    contacts: Contacts,
    group: Sequence[int],
    after: int | None,
    field: Airfield,
    rules: LandingRules,
) -> bool:
    """Return whether the aircraft can have climbed from the stay `group` to the fix `after`, the
    first that shows that it had left, as usual; True if none does, or if the next one contradicts
    it.

    Nobody leaves to where no aircraft can have been so soon (a break in the track): then a single
    report on the ground is as likely the wrong one. After several, what follows is spoofed.
    """
    last = group[-1]
    if after is None:
        soon = contacts.fixes.around(last, 1, LEAST_APART)
        return not (
            soon
            and len(group) == 1
            and contacts.fixes.broken(last, soon[0])
            and contacts.ats[soon[0]] - contacts.ats[last] <= rules.trend
        )
    if contacts.fixes.altitude_ft(after) is None:
        return True
    following = (each for each in range(after + 1, len(contacts)) if contacts.fixes.placed(each))
    second = next(following, None)
    if second is not None and not agree(contacts.fixes[after], contacts.fixes[second]):
        return True
    fix, apart = contacts.fixes[after], contacts.ats[after] - contacts.ats[last]
    height_ft = (fix.altitude_ft or 0.0) - field.elevation_ft - fix.altitude_error_ft
    if height_ft > STEEPEST_CLIMB_FPM * (apart / timedelta(minutes=1)):
        return False
    return apart >= least_flight(fix, field, rules)


def hops(
    contacts: Contacts,
    group: Sequence[int],
    left: int | None,
    following: Sequence[int],
    rules: LandingRules,
) -> bool:
    """Return whether the aircraft is on the ground at another field too soon after the stay
    `group`, in at least as many reports: then these are wrong.

    Between close neighbours a hop takes minutes. Several reports are believed if it was heard in
    flight between them and the others, no farther away than a usual departure leads (`left`, the
    first that shows that it had left), or if nobody heard it while it had time to fly there.
    """
    if len(following) < len(group):
        return False
    there, here = following[0], group[-1]
    apart = contacts.ats[there] - contacts.ats[here]
    if apart >= rules.shortest_stay or len(group) == 1:
        return apart < rules.shortest_stay
    stayed = contacts.ats[here] - contacts.ats[group[0]]
    few = len(group) <= MOST_WRONG or stayed < rules.surely_stayed
    if few and _too_soon(contacts, here, there, rules):
        return True
    seen = there if left is None else left
    ready = HOP_GROUND if seen == there else timedelta(0)
    apart = contacts.ats[seen] - contacts.ats[here] - ready
    within_nm = POSITION_SLACK_NM + rules.terminal_kt * (apart / timedelta(hours=1))
    return contacts.fixes.farther(here, seen, within_nm)


def _too_soon(contacts: Contacts, here: int, there: int, rules: LandingRules) -> bool:
    """Return whether no usual hop leads from a contact with the ground to a later one in that time;
    False if more than two reports between them show the way themselves."""
    if there - here > COMPARED:
        return False
    apart = contacts.ats[there] - contacts.ats[here] - HOP_READY
    distance = contacts.fixes.away_nm(here, there)
    if distance > HOP_NM:
        return apart < _least_flight(distance, rules)
    within_nm = POSITION_SLACK_NM + rules.terminal_kt * (apart / timedelta(hours=1))
    return distance > max(rules.field_radius_nm, within_nm)


def least_flight(fix: Fix, field: Airfield, rules: LandingRules) -> timedelta:
    """Return the least time of a flight between a fix and the field; 0 if the fix has no
    position."""
    if not fix.placed:
        return timedelta(0)
    distance = bearing_to(field, fix).distance_nm
    return timedelta(0) if distance <= NEAR_NM else _least_flight(distance, rules)


def _least_flight(distance: float, rules: LandingRules) -> timedelta:
    return timedelta(seconds=rules.flight_bound_share * flight_time_s(distance, rules))


def may_sink(contacts: Contacts, proof: int, first: int, rules: LandingRules) -> bool:
    """Return whether the aircraft descended in a proof of flight, did not report its vertical rate
    there, or had time to descend until the contact `first`."""
    fix = contacts.fixes[proof]
    return (
        fix.vertical_rate_fpm is None
        or contacts.ats[first] - fix.at >= rules.trend
        or descending(contacts, proof, rules)
    )


def _in_the_circuit(fix: Fix, field: Airfield, rules: LandingRules, *, departs: bool) -> bool:
    """Return whether the aircraft was as near and as low as one that has begun its approach.

    `departs` says that it had left another field just before: then it does not while it climbs.
    """
    if not fix.placed or fix.altitude_ft is None:
        return False
    climbs = (fix.vertical_rate_fpm or 0.0) >= 2.0 * rules.climb_fpm
    if climbs and departs:
        return False
    highest_ft = CIRCUIT_FT if climbs else rules.low_ft
    near = bearing_to(field, fix).distance_nm <= rules.level_within_nm
    return near and fix.altitude_ft - field.elevation_ft <= highest_ft


def _sank(before: Fix, fix: Fix, rules: LandingRules) -> bool:
    """Return whether the height says that the aircraft descended, whatever rate it reports."""
    if before.altitude_ft is None or fix.altitude_ft is None:
        return False
    return before.altitude_ft - fix.altitude_ft >= rules.trend_ft


def _separate(contacts: Contacts, proofs: Sequence[int]) -> Iterator[int]:
    """Yield the proofs, latest first, that are at least `LEAST_APART` from the one before, as long
    as they belong to one flight."""
    before = None
    for proof in proofs:
        if before is not None:
            apart = contacts.ats[before] - contacts.ats[proof]
            if apart > ONE_FLIGHT:
                return
            if apart < LEAST_APART:
                continue
        yield proof
        before = proof


def _supported(contacts: Contacts, proofs: Sequence[int]) -> int:
    """Return the first of the proofs, unless two others agree with each other and not with it."""
    if len(proofs) < COMPARED:
        return proofs[0]
    first, second, third = (contacts.fixes[each] for each in proofs[:COMPARED])
    return proofs[1] if agree(second, third) and not agree(first, second) else proofs[0]

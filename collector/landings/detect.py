"""Where did this aircraft land? One pure function of the set of its observations gives the
landings.

  observations ─► fixes ─► contacts ─► stays on the ground ─┐
                                    └► silences weighed    ─┴► detections
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.coverage.learned import Learned
from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.evidence.ends import arrival_end, level_end
from collector.landings.fields import circle_above_ft, usable_fields
from collector.landings.last_reports import believed_ends
from collector.landings.lone_reports import supported
from collector.landings.rules import LandingRules
from collector.landings.second_track import beside_another, between_hops, told_twice
from collector.landings.segments import gaps_of, stays_of
from collector.landings.slow_types import HOVERING_TYPES
from collector.landings.stay_lengths import StayLengths, prior
from collector.landings.stays import approach_heard, landing_of_stay
from collector.landings.unheard_landings import inferred_landing
from collector.landings.working_types import works_aloft
from collector.model import Airfield, Detection, Observation
from collector.model.coverage import SLOT, CoverageSlot
from collector.tracking import tracks_of


@dataclass(frozen=True, slots=True)
class DerivedLandings:
    """The landings derived from one aircraft's observations in a time span."""

    detections: tuple[Detection, ...] = ()
    starts_down: bool = False
    """The span begins on the ground, so the arrival lies before it: load earlier observations."""
    wakeup_at: datetime | None = None
    """Derive again at this time even without new reports, because the silence will then be longer
    evidence. None if that changes nothing."""


def detect(
    observations: Sequence[Observation],
    slots: Sequence[CoverageSlot],
    airfields: Sequence[Airfield],
    rules: LandingRules,
    now: datetime,
    *,
    type_code: str | None = None,
    learned: Sequence[Learned] = (),
    lengths: StayLengths | None = None,
) -> DerivedLandings:
    """Return all landings of one aircraft, in order of touchdown.

    `observations` are of one aircraft, in any order, repeats allowed; none may be newer than `now`.
    `slots` are the coverage of the same time (empty if nothing is known about it). `airfields` are
    all possible landing places, rivals included, with their validity. `type_code` (ICAO) excludes
    runways that are too short for the type; without it the type in the observations is used.
    `learned` is the usual coverage of the weeks that the observations touch, where it is known.
    `lengths` says how long aircraft of the fleet stay; None: too little is known of it.

    1. Fuse the observations into fixes, and the fixes into contacts with the ground. A steady track
       beside the aircraft's own is judged by itself.
    2. Turn contacts on the ground into stays, and each stay into a landing.
    3. Weigh each silence in which no feed received a stay.
    4. Sort the landings, and say when to derive again.
    """
    if not observations:
        return DerivedLandings()
    icao24 = observations[0].icao24
    fixes, beside = tracks_of(observations, circle_above_ft(airfields))
    if not fixes:
        return DerivedLandings()
    type_code = type_code or _own_type(observations)
    hovers = type_code in HOVERING_TYPES
    fields, short = usable_fields(airfields, fixes[-1], type_code, rules)
    context = Context(
        fields,
        slots,
        rules,
        now,
        learned,
        lengths or prior(),
        observations,
        short,
        works_aloft(type_code),
    )
    contacts = contacts_of(believed_ends(fixes, rules), fields, rules, short)
    found = _landings(icao24, contacts, context, hovers=hovers)
    if beside:
        found = beside_another(found, beside, rules, lighter=False)
        for track in beside:
            other = contacts_of(track, fields, rules, short)
            alone = _landings(icao24, other, context, hovers=hovers)
            others = [each for each in alone if not told_twice(each, found)]
            found += beside_another(others, [fixes], rules, lighter=True)
    return DerivedLandings(
        detections=tuple(sorted(found, key=lambda each: (each.visit_from, each.touchdown_at))),
        starts_down=_starts_down(contacts),
        wakeup_at=_wakeup_at(contacts, fields, rules, now),
    )


def _landings(
    icao24: str, contacts: Contacts, context: Context, *, hovers: bool
) -> list[Detection]:
    """Return the landings of one track, in any order."""
    rules, hopped = context.rules, contacts.fixes.hopped
    found: list[Detection] = []
    begun: dict[datetime, int] = {}  # when each stay was first received, and its landing's place
    for stay in stays_of(contacts, rules):
        landing = landing_of_stay(icao24, stay, rules, context.lengths, hovers=hovers)
        if landing is not None:
            begun[stay.first.fix.at] = len(found)
            heard = stay.before is not None and approach_heard(stay.before, stay)
            landing = supported(landing, stay, contacts, context)
            found.append(between_hops(landing, hopped, rules, approach_heard=heard))
    for gap in gaps_of(contacts, rules):
        landing = inferred_landing(icao24, contacts, gap, context)
        if landing is None:
            continue
        landing = between_hops(landing, hopped, rules, approach_heard=False)
        place = None if gap.end is None else begun.get(contacts.ats[gap.end])
        if place is None or not _is_one(landing, found[place]):
            place = _of_same_approach(landing, found)
        if place is None:
            found.append(landing)
        elif landing.grade.rank >= found[place].grade.rank:
            found[place] = landing
    return [_with_callsign(each, contacts) for each in found]


def _is_one(hidden: Detection, received: Detection) -> bool:
    """Return whether the landing that a silence hides is that of the stay which ends it: the
    aircraft was first received there when it rolled."""
    return received.airfield in {each.airfield for each in hidden.candidates}


def _of_same_approach(landing: Detection, found: Sequence[Detection]) -> int | None:
    """Return the place of a landing that follows from the same approach: only altitudes were
    received between their silences. None if there is none."""
    told = landing.airfield, landing.touchdown_at
    same = (place for place, each in enumerate(found) if (each.airfield, each.touchdown_at) == told)
    return next(same, None)


def _own_type(observations: Sequence[Observation]) -> str | None:
    """Return the type that the observations report; of several the first by code, None if none
    does."""
    types = {observation.type_code for observation in observations}
    return min(filter(None, types), default=None)


def _starts_down(contacts: Contacts) -> bool:
    """Return whether the first fix with a position is on the ground."""
    placed = (index for index in range(len(contacts)) if contacts.fixes.placed(index))
    return next(placed, -1) in contacts.down


def _with_callsign(detection: Detection, contacts: Contacts) -> Detection:
    """Return the detection with the callsign used before the visit, if the visit itself had
    none."""
    if detection.callsign is not None:
        return detection
    for index in range(bisect_right(contacts.ats, detection.visit_until) - 1, -1, -1):
        callsign = contacts.fixes.report_or_fix(index).callsign
        if callsign:
            return replace(detection, callsign=callsign)
    return detection


def _wakeup_at(
    contacts: Contacts, fields: Sequence[Airfield], rules: LandingRules, now: datetime
) -> datetime | None:
    """Return when the last silence must be judged again; None if it is no approach or is already
    settled."""
    last = contacts.ats[-1]
    ends = (each(contacts, len(contacts) - 1, fields, rules) for each in (arrival_end, level_end))
    if all(end is None for end in ends):
        return None
    witnessed_after = rules.witness_window + 2 * SLOT
    for wait in (rules.settle_after, witnessed_after, rules.settle_again_after):
        if now < last + wait:
            return last + wait
    return None

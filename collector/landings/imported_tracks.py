"""Which landings do imported tracks show that no feed received? Stays on the ground alone count.

Imported tracks are judged by themselves, beside what was received: they may contain positions that
a tracker made up, and leave out what nobody exported. So their gaps are no silences, what they show
is at most `probable`, and a landing that the received reports show at that time is the same one.
Where received reports show the aircraft elsewhere and leave no time for a landing, there was none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from collector.landings.contacts import contacts_of
from collector.landings.fields import circle_above_ft, field_distance_nm, usable_fields
from collector.landings.fleet_proofs import AT_FIELD_FT, AT_FIELD_NM
from collector.landings.rules import LandingRules
from collector.landings.segments import stays_of
from collector.landings.slow_types import HOVERING_TYPES
from collector.landings.stay_lengths import StayLengths, prior
from collector.landings.stays import landing_of_stay
from collector.model import Airfield, Detection, Evidence, Grade, Observation
from collector.tracking import Fixes, fixes_of
from collector.tracking.motion import FASTEST_KT, STEEPEST_DESCENT_FPM

SAME_VISIT = timedelta(minutes=30)
"""Visits that overlap, or are no farther apart, are one: no aircraft lands twice so soon
(`LandingRules.shortest_stay`), and trackers' clocks differ by minutes."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""By so much a tracker's touchdown may differ from the received one of the same flight."""

_TEXT = (
    "No feed of the collector received this: it follows from a track that was exported from "
    "another tracker. Such tracks may contain estimated positions, and never confirm a landing "
    "alone."
)


def imported_landings(
    imported: Sequence[Observation],
    received: Sequence[Observation],
    shown: Sequence[Detection],
    airfields: Sequence[Airfield],
    rules: LandingRules,
    *,
    type_code: str | None = None,
    lengths: StayLengths | None = None,
) -> list[Detection]:
    """Return the landings that imported reports of one aircraft show, by touchdown.

    `received` are its received reports of that time, and `shown` the landings that follow from
    received reports: what they show already is left out, and so is what they leave no time for.
    `lengths` of stays date an arrival that the track does not show; without them the prior.
    """
    circle_ft = circle_above_ft(airfields)
    fixes = fixes_of(tuple(imported), circle_ft)
    if not fixes:
        return []
    heard = fixes_of(tuple(received), circle_ft)
    fields, short = usable_fields(airfields, fixes[-1], type_code, rules)
    hovers = type_code in HOVERING_TYPES
    found = []
    for stay in stays_of(contacts_of(fixes, fields, rules, short), rules):
        landing = landing_of_stay(
            imported[0].icao24, stay, rules, lengths or prior(), hovers=hovers
        )
        if landing is None or any(_same_visit(landing, other) for other in shown):
            continue
        if _had_time(landing, stay.field, heard, rules):
            found.append(_lowered(landing, rules))
    return found


def _had_time(landing: Detection, field: Airfield, heard: Fixes, rules: LandingRules) -> bool:
    """Return whether the aircraft can have come to the field at about that time, stood there, and
    left, between two received fixes that show it elsewhere."""
    earliest, latest = landing.touchdown_span
    elsewhere = (None, *_elsewhere(field, heard), None)
    for before, after in pairwise(elsewhere):
        begin = earliest - CLOCKS_DIFFER if before is None else before[0] + before[1]
        end = latest + CLOCKS_DIFFER
        if after is not None:
            end = after[0] - after[1] - rules.shortest_stay
        if max(begin, earliest - CLOCKS_DIFFER) <= min(end, latest + CLOCKS_DIFFER):
            return True
    return False


def _elsewhere(field: Airfield, heard: Fixes) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the time of each fix that is not at the field, and the least flight from or to it."""
    for index, at in enumerate(heard.ats):
        place = heard.report_or_fix(index).place
        if place is None:
            continue
        away_nm = field_distance_nm(field, *place)
        altitude_ft = heard.altitude_ft(index)
        above_ft = 0.0
        if altitude_ft is not None and not heard.has_ground_bit(index):
            above_ft = altitude_ft - field.elevation_ft
        if away_nm > AT_FIELD_NM or above_ft > AT_FIELD_FT:
            flown = timedelta(hours=away_nm / FASTEST_KT)
            yield at, max(flown, timedelta(minutes=above_ft / STEEPEST_DESCENT_FPM))


def _same_visit(landing: Detection, other: Detection) -> bool:
    return (
        other.visit_from - SAME_VISIT <= landing.visit_until
        and landing.visit_from - SAME_VISIT <= other.visit_until
    )


def _lowered(landing: Detection, rules: LandingRules) -> Detection:
    lower = landing.grade is Grade.CONFIRMED
    line = Evidence(landing.touchdown_at, "imported", _TEXT, "against", None, landing.feeds)
    return replace(
        landing,
        grade=Grade.PROBABLE if lower else landing.grade,
        probability=min(landing.probability, rules.lone_ground_probability),
        evidence=(*landing.evidence, line),
    )

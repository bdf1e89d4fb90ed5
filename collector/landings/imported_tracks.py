"""Which landings do imported tracks show that no feed received? Stays on the ground alone count.

Imported tracks are judged by themselves, beside what was received: they may contain positions that
a tracker made up, and leave out what nobody exported. So their gaps are no silences, what they show
is at most `probable`, and a landing that the received reports show at that time is the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from collector.landings.contacts import contacts_of
from collector.landings.fields import circle_above_ft, usable_fields
from collector.landings.rules import LandingRules
from collector.landings.segments import stays_of
from collector.landings.stay_lengths import prior
from collector.landings.stays import landing_of_stay
from collector.model import Airfield, Detection, Evidence, Grade, Observation
from collector.tracking import fixes_of

SAME_VISIT = timedelta(minutes=30)
"""Visits that overlap, or are no farther apart, are one: no aircraft lands twice so soon
(`LandingRules.shortest_stay`), and trackers' clocks differ by minutes."""

_TEXT = (
    "No feed of the collector received this: it follows from a track that was exported from "
    "another tracker. Such tracks may contain estimated positions, and never confirm a landing "
    "alone."
)


def imported_landings(
    imported: Sequence[Observation],
    received: Sequence[Detection],
    airfields: Sequence[Airfield],
    rules: LandingRules,
    *,
    type_code: str | None = None,
) -> list[Detection]:
    """Return the landings that imported reports of one aircraft show, by touchdown.

    `received` are the landings that follow from the received reports of that time; what they show
    already is left out.
    """
    fixes = fixes_of(tuple(imported), circle_above_ft(airfields))
    if not fixes:
        return []
    fields = usable_fields(airfields, fixes[-1], type_code, rules)
    stays = stays_of(contacts_of(fixes, fields, rules), rules)
    found = (landing_of_stay(imported[0].icao24, stay, rules, prior()) for stay in stays)
    return [
        _lowered(landing, rules)
        for landing in found
        if landing is not None and not any(_same_visit(landing, other) for other in received)
    ]


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

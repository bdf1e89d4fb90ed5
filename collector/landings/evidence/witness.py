"""What speaks for a landing besides its approach? Without a witness a landing is graded possible at
most, however probable it is.

An approach that an outage cuts off looks like one that ends on the runway. A low pass or a
touch-and-go would have been received climbing away, had there been coverage. Only a short final
needs no listeners: hardly any approach is broken off so late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from collector.coverage.others import without
from collector.landings.evidence.silence_coverage import proven_slots, traffic_near
from collector.landings.rules import LandingRules
from collector.model import Observation
from collector.model.coverage import SLOT, CoverageSlot, band_of, slot_begin
from collector.tracking import Fix


class Witness(StrEnum):
    """What the witness is."""

    RETURN = "return"
    """The aircraft was heard again, climbing out or taking off; low, if its approach was not
    received."""
    LISTENERS = "listeners"
    """Feeds were proven to cover the region while the aircraft, flying on, would have been there
    and high enough."""
    LOW_LISTENERS = "low listeners"
    """It was lost on a low final, and soon afterwards others were received low there: who went
    around would have been received again."""
    SHORT_FINAL = "short final"
    """It was about to touch down: nearly every aircraft that comes so far lands."""
    SOLITUDE = "solitude"
    """The aircraft had been the only one in the feeds' replies, and the feeds then kept replying
    without any. In an outage others fall silent at the same moment; here there were no others."""


WITNESS_TEXTS = {
    Witness.LISTENERS: "But from 10 to 40 minutes after the silence began, the same feed "
    "received other aircraft nearby for 10 minutes or more: climbing away again would have "
    "been heard.",
    Witness.LOW_LISTENERS: "But it was low on final, and four minutes after the silence began or "
    "later the same feed received other aircraft low at that place: going around would have been "
    "heard.",
    Witness.SHORT_FINAL: "Afterwards nobody was proven to listen there, but it was seconds from "
    "touchdown, on the centreline and sinking: hardly any aircraft breaks off so late.",
    Witness.SOLITUDE: "But it had been the only aircraft in the feed's replies for minutes "
    "before it fell silent, and the feed went on replying without any: no sign of an outage.",
}
"""The sentence about each witness of an approach, for the explanation."""


def no_witness_text(*, practises: bool, aloft: bool) -> str:
    """Return why nothing witnesses a landing, for the explanation (see `landings.silences.Silence`
    for both)."""
    if practises:
        return "soon before or afterwards it came down here and climbed away again, as in practice"
    if aloft:
        return (
            "aircraft of this type also work in the air, and neither end of the silence shows a "
            "runway; flying about low without being heard would look the same"
        )
    return "flying on, or landing where there is no coverage, would look the same"


def silence_witness(
    slots: Sequence[CoverageSlot], last: Fix, silent: tuple[datetime, datetime], rules: LandingRules
) -> Witness | None:
    """Return what proves that flying away would have been received during the silence; None if
    nothing does.

    `last` (with a position) is the last place. `silent` is the beginning and the end of the time
    without any report: under jamming the aircraft may have been heard long after its last position,
    and once it is heard again it is itself among the traffic that proves coverage.
    """
    steps = range(rules.witness_from // SLOT, rules.witness_window // SLOT)
    if proven_slots(slots, last, silent, steps, rules) * SLOT >= rules.witness_least:
        return Witness.LISTENERS
    return Witness.SOLITUDE if _alone(slots, last, silent, rules) else None


def low_listeners(
    slots: Sequence[CoverageSlot],
    last: Fix,
    silent: tuple[datetime, datetime],
    reports: Sequence[Observation],
    rules: LandingRules,
) -> bool:
    """Return whether a feed that had received this aircraft received another one low and near its
    last place (`last`), after it would have been back at this height, had it gone around.

    `reports` are all of this aircraft, also those that make no fix: a position that is repeated
    while it stands on the ground is no other aircraft. Only slots that are over by the end of the
    silence count.
    """
    since, until = silent
    begin, end = since + rules.back_up_within, since + rules.witness_window
    highest = band_of((last.altitude_ft or 0.0) + rules.low_heard_ft)
    after = [
        slot
        for slot in slots
        if begin <= slot.begins_at <= end
        and slot.begins_at + SLOT <= until
        and slot.feed in last.feeds
        and slot.area_minutes
    ]
    if not after:
        return False
    own = [report for report in reports if since <= report.heard_at <= end + SLOT]
    return any(
        traffic_near(
            [cell for cell in slot.cells if cell[2] <= highest], last, rules.lowest_radius_nm
        )
        for slot in without(after, own)
    )


def _alone(
    slots: Sequence[CoverageSlot], last: Fix, silent: tuple[datetime, datetime], rules: LandingRules
) -> bool:
    """Return whether the aircraft was alone in the replies of each feed that had received it.

    Every feed that received it and answered area polls there must have counted exactly one aircraft
    in the five minutes in which it fell silent and in the five before. It must then have answered
    with none throughout `heard_window`, no poll failing: of several polled areas, the one that
    fails may be the one where the aircraft was.
    """
    since, until = silent
    at = slot_begin(since)
    before = {at - SLOT: 1, at: 1}
    after = {at + SLOT * (step + 1): 0 for step in range(rules.heard_window // SLOT)}
    if max(after) + SLOT > until:
        return False
    counts = before | after
    answers_by_feed = (
        {
            slot.begins_at: slot
            for slot in slots
            if slot.feed == feed and slot.begins_at in counts and slot.area_minutes
        }
        for feed in last.feeds
    )
    counted = [answers for answers in answers_by_feed if answers]
    return bool(counted) and all(
        set(answers) == set(counts)
        and all(answers[each].aircraft == most for each, most in counts.items())
        and not any(answers[each].failed_minutes for each in after)
        and _counted(last, answers, rules)
        for answers in counted
    )


def _counted(last: Fix, answers: Mapping[datetime, CoverageSlot], rules: LandingRules) -> bool:
    """Return whether an aircraft was counted where this one was: a reply about another place is
    empty whoever flies here."""
    slot = answers.get(slot_begin(last.at))
    return slot is not None and traffic_near(slot.cells, last, rules.lowest_radius_nm)

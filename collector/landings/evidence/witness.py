"""What speaks of a landing besides its approach? Without a witness no probability counts.

An approach that an outage cuts off looks like one that ends on the runway; a low pass or a
touch-and-go would have been heard climbing away, had anybody listened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from collector.landings.evidence.silence import proven_slots, traffic_near
from collector.landings.rules import LandingRules
from collector.model.coverage import SLOT, CoverageSlot, slot_begin
from collector.tracking import Fix


class Witness(StrEnum):
    """Who or what it is."""

    RETURN = "return"
    """It was heard again, climbing out or taking off; low, if its approach was not heard."""
    LISTENERS = "listeners"
    """Feeds were proven to hear the region while it would have been there, and high enough."""
    SOLITUDE = "solitude"
    """It had been alone in the sky, and the feeds went on answering: nobody. In an outage others
    fall silent at the same moment; here there was nobody else who could."""


def silence_witness(
    slots: Sequence[CoverageSlot], last: Fix, silent: tuple[datetime, datetime], rules: LandingRules
) -> Witness | None:
    """Who can say that flying away would have been heard while it was silent.

    `last` (placed) is where it was last; `silent` is from when until when nothing at all was heard
    of it: jammed, it may have been heard long after it was placed, and once it is heard again it
    is among those who prove that the region is heard.
    """
    steps = range(rules.witness_from // SLOT, rules.witness_window // SLOT)
    if proven_slots(slots, last, silent, steps, rules) * SLOT >= rules.witness_least:
        return Witness.LISTENERS
    return Witness.SOLITUDE if _alone(slots, last, silent, rules) else None


def _alone(
    slots: Sequence[CoverageSlot], last: Fix, silent: tuple[datetime, datetime], rules: LandingRules
) -> bool:
    """Whether each feed that heard it, and is asked by place there, told of one aircraft, never
    two, in the last five minutes and the five before, and then answered throughout
    `heard_window`, no poll failing: nobody at all. (Of several places that are asked about, the
    one that fails may be the one where it was.)"""
    since, until = silent
    at = slot_begin(since)
    before = {at - SLOT: 1, at: 1}
    after = {at + SLOT * (step + 1): 0 for step in range(rules.heard_window // SLOT)}
    if max(after) + SLOT > until:
        return False
    wanted = before | after
    answered = (
        {
            slot.begins_at: slot
            for slot in slots
            if slot.feed == feed and slot.begins_at in wanted and slot.area_minutes
        }
        for feed in last.feeds
    )
    asked = [answers for answers in answered if answers]
    return bool(asked) and all(
        set(answers) == set(wanted)
        and all(answers[each].aircraft == most for each, most in wanted.items())
        and not any(answers[each].failed_minutes for each in after)
        and _counted(last, answers, rules)
        for answers in asked
    )


def _counted(last: Fix, answers: Mapping[datetime, CoverageSlot], rules: LandingRules) -> bool:
    """Whether somebody was counted where it was: cells lie where everybody is asked for, and an
    answer about elsewhere is empty whoever flies here."""
    slot = answers.get(slot_begin(last.at))
    return slot is not None and traffic_near(slot.cells, last, rules.lowest_radius_nm)

"""What speaks of a landing besides its approach? Without a witness no probability counts.

An approach that an outage cuts off looks like one that ends on the runway; a low pass or a
touch-and-go would have been heard climbing away, had anybody listened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from collector.hearing import SLOT, Slot, slot_begin
from collector.landings.evidence.silence import proven
from collector.landings.rules import LandingRules
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
    slots: Sequence[Slot], last: Fix, now: datetime, rules: LandingRules
) -> Witness | None:
    """Who can say of the time after `last` (placed) that flying away would have been heard."""
    steps = range(rules.witness_from // SLOT, rules.witness_window // SLOT)
    if proven(slots, last, now, steps, rules) * SLOT >= rules.witness_least:
        return Witness.LISTENERS
    return Witness.SOLITUDE if _alone(slots, last, now, rules) else None


def _alone(slots: Sequence[Slot], last: Fix, now: datetime, rules: LandingRules) -> bool:
    """Whether each feed that heard it had no other aircraft in any answer of the last five minutes
    and the five before, and then answered throughout `heard_window`: nobody at all."""
    at = slot_begin(last.at)
    before = {at - SLOT: 1, at: 1}
    after = {at + SLOT * (step + 1): 0 for step in range(rules.heard_window // SLOT)}
    if max(after) + SLOT > now:
        return False
    wanted = before | after
    told = {
        (slot.feed, slot.begins_at): slot.aircraft
        for slot in slots
        if slot.begins_at in wanted and slot.area_minutes
    }
    feeds = [feed for feed in last.feeds if any(feed == one for one, _ in told)]
    return bool(feeds) and all(
        told.get((feed, each), -1) == most for feed in feeds for each, most in wanted.items()
    )

"""Which silences may hide a landing, and how does each begin and end? A silence is weighed if it
begins with an approach or ends with a climb-out, unless a received stay explains it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.landings.contacts import Contact, fixes_in
from collector.landings.context import Context
from collector.landings.evidence.ends import (
    End,
    arrival_end,
    departure_end,
    last_placed,
    level_end,
    next_placed,
)
from collector.landings.evidence.silence_coverage import coverage_after, coverage_later, polled_on
from collector.landings.evidence.witness import Witness, low_listeners, silence_witness
from collector.landings.finals import on_low_final, on_short_final, shows_runway
from collector.landings.late_positions import passed_between
from collector.landings.practice import around_a_turn, turns_quickly
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap
from collector.model.coverage import SLOT
from collector.tracking import Fix


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap with its two ends judged; at least one of `arrival` and `departure` is not None."""

    begins: Contact
    ends: Contact | None
    arrival: End | None
    departure: End | None
    coverage_after: float | None
    """Share of the quarter of an hour after the last fix with a position in which flying on would
    have been received; None if nothing is known about the coverage (a trace from an archive)."""
    coverage_later: float | None
    """The same for the following hours; also None if the aircraft was heard again, or while they
    are not yet over."""
    approach_witness: Witness | None
    """The witness of the silence after the approach, if any."""
    heard_low: bool
    """Whether others were received low near the last fix soon after a silence began: who went
    around from a low final would have been received, too."""
    from_afar: bool
    """Whether it came to the last fix from outside a circuit, so that it hardly practises touching
    down and flying on."""
    practises: bool
    """Whether it came down and climbed away again there soon before or after, as in practice."""
    quick: bool
    """Whether it lasted longer than a circuit, after a flight from afar, so that it may hide a stay
    of some minutes."""
    level: bool
    """Whether it flew level when it was last heard, near a field: it may have passed by."""
    aloft: bool
    """Whether it may have flown about low all the time: its type does so in its work."""
    passed: tuple[datetime, datetime] | None
    """When it was at the last fix of the arrival, which may be dated late; None without one."""
    placed: Fix | None
    """The last fix with a position, which shows where the aircraft came from."""
    placed_again: Fix | None
    """The first fix with a position afterwards."""

    @property
    def near_at(self) -> datetime:
        """When the aircraft was at the end near the field: on its approach, else on its climb."""
        end = self.arrival or self.departure
        return end.fix.at if end else self.begins.fix.at

    def witness(self, icao: str, rules: LandingRules) -> Witness | None:
        """Return what speaks for a landing at that field besides the approach; None if nothing
        does."""
        if self.level or (
            self.aloft and not shows_runway(self.arrival, self.departure, icao, rules)
        ):
            return None
        if self.departure is None:
            return self.approach_witness or self._final_witness(icao, rules)
        if self.arrival is None:
            high = self.departure.height_ft(icao) >= rules.return_alone_ft
            return None if high else Witness.RETURN
        # Who practises is lost and heard again within half an hour, too, like one that flies about.
        return None if self.practises and self._soon_elsewhere(rules) else Witness.RETURN

    def least_stay(self, icao: str, rules: LandingRules) -> timedelta:
        """Return how long a stay at that field must be: a shorter one only if the silence shows
        it."""
        if not self.quick or self.arrival is None or self.departure is None:
            return rules.shortest_stay
        quickly = turns_quickly(self.arrival, self.departure, icao, rules)
        return rules.quick_stay if quickly else rules.shortest_stay

    def _final_witness(self, icao: str, rules: LandingRules) -> Witness | None:
        """Return what a final to that field witnesses by itself."""
        if self.arrival is None:
            return None
        if self.heard_low and on_low_final(self.arrival, icao, rules):
            return Witness.LOW_LISTENERS
        short = self.from_afar and on_short_final(self.arrival, icao, rules)
        return Witness.SHORT_FINAL if short and not self._soon_elsewhere(rules) else None

    def _soon_elsewhere(self, rules: LandingRules) -> bool:
        """Return whether the aircraft is heard again so soon that it may have passed low over the
        runway and flown on."""
        if self.ends is None:
            return False
        return self.ends.fix.at - self.begins.fix.at < rules.shortest_unpaired_stay

    def lowest_ft(self, icao: str) -> float:
        """Return the lowest height above that field at either end, ft; infinite if neither is near
        it."""
        ends = [end for end in (self.arrival, self.departure) if end is not None]
        heights = [end.height_ft(icao) for end in ends if icao in end.bearings]
        return min(heights, default=math.inf)

    def for_field(self, icao: str) -> Silence | None:
        """Return the silence with only those ends that may belong to this field; None if neither
        does, or if an altitude excludes the field."""
        ends = [end for end in (self.arrival, self.departure) if end is not None]
        if any(icao in end.excluded for end in ends):
            return None
        if all(icao in end.bearings for end in ends):
            return self
        if not any(icao in end.bearings for end in ends):
            return None
        if self.arrival is not None and icao not in self.arrival.bearings:
            return replace(
                self,
                arrival=None,
                coverage_after=None,
                coverage_later=None,
                approach_witness=None,
                heard_low=False,
            )
        return replace(self, departure=None)


def silence_of(contacts: Sequence[Contact], gap: Gap, context: Context) -> Silence | None:
    """Return the gap with its ends judged; None if neither end suggests a landing, or if a received
    stay explains it."""
    rules, now = context.rules, context.now
    begins = contacts[gap.start]
    ends = contacts[gap.end] if gap.end is not None else None
    if ends is None and now - begins.fix.at < rules.settle_after:
        return None
    arrival, departure = _ends(contacts, gap, context)
    level = arrival is None and departure is None
    if level:
        arrival = level_end(contacts, gap.start, context.fields, rules)
        if arrival is None:
            return None
    placed = last_placed(contacts, gap.start)
    afar = placed is not None and arrival is not None and _from_afar(contacts, placed, rules)
    practised, quick = around_a_turn(contacts, gap, (arrival, departure), rules)
    quick = quick and afar and polled_on(context.slots, begins.fix, ended_at(ends, now))
    short = ends is not None and ends.fix.at - begins.fix.at < rules.shortest_silence
    if _explained(begins, ends, arrival, departure) or (short and not quick):
        return None
    if ends is not None and ends.fix.at - begins.fix.at > rules.longest_stay:
        if arrival is not None:
            # What is heard after so long is no part of the visit: it is judged as if it lasted. So
            # long nobody works in the air.
            lasting = replace(context, works_aloft=False)
            return silence_of(contacts, Gap(gap.start, None), lasting)
        # It was at the field, if it is heard low; when it came, and how often, is not known.
        departure = None if departure is None else _low_only(departure, rules)
        if departure is None:
            return None
    after, later = _coverage(arrival, ends, context)
    again = None if gap.end is None else next_placed(contacts, gap.end)
    return Silence(
        begins,
        ends,
        arrival,
        departure,
        after,
        later,
        *_witness(arrival, begins, ends, context),
        afar,
        practised,
        quick,
        level,
        context.works_aloft
        and (ends is None or ends.fix.at - begins.fix.at <= rules.longest_aloft),
        None if arrival is None else _passed(contacts, gap.start, arrival),
        None if placed is None else contacts[placed].fix,
        None if again is None else contacts[again].fix,
    )


def _ends(contacts: Sequence[Contact], gap: Gap, context: Context) -> tuple[End | None, End | None]:
    """Return the approach before a gap and the climb-out after it, as far as they are such."""
    fields, rules = context.fields, context.rules
    begins = contacts[gap.start]
    ends = contacts[gap.end] if gap.end is not None else None
    departure = None if gap.end is None else departure_end(contacts, gap.end, fields, rules)
    arrival = arrival_end(contacts, gap.start, fields, rules)
    if departure is not None and begins.down:
        departure = _low_only(departure, rules)
    if arrival is not None and ends is not None and ends.down:
        arrival = _low_only(arrival, rules)
    return arrival, departure


def _from_afar(contacts: Sequence[Contact], last: int, rules: LandingRules) -> bool:
    """Return `Silence.from_afar` of a track whose last fix with a position has that index."""
    fix = contacts[last].fix
    if fix.vertical_rate_fpm is None or fix.vertical_rate_fpm > rules.final_fpm:
        return False  # it is on no final, and nobody asks
    fixes = fixes_in(contacts)
    for index in range(last - 1, -1, -1):
        if fix.at - fixes.ats[index] > rules.circuit_within:
            return False
        if fixes.farther(last, index, rules.circuit_nm):
            return True
    return False


def _passed(contacts: Sequence[Contact], last: int, arrival: End) -> tuple[datetime, datetime]:
    """Return `Silence.passed` of an arrival that ends at most at that index."""
    index = last
    while contacts[index].fix.at > arrival.fix.at:
        index -= 1
    return passed_between(contacts, index)


def _coverage(
    arrival: End | None, ends: Contact | None, context: Context
) -> tuple[float | None, float | None]:
    """Return `Silence.coverage_after` and `Silence.coverage_later`."""
    slots, rules, now = context.slots, context.rules, context.now
    if not slots or arrival is None:
        return None, None
    after = coverage_after(slots, arrival.fix, ended_at(ends, now), rules)
    if ends is None and now - arrival.fix.at > rules.later_window + SLOT:
        return after, coverage_later(slots, arrival.fix, now, rules)
    return after, None


def ended_at(contact: Contact | None, now: datetime) -> datetime:
    """Return when a silence ended: at that contact, or now if it still lasts."""
    return contact.fix.at if contact else now


def _low_only(end: End, rules: LandingRules) -> End | None:
    """Return the end for the fields that it is low above; None if there are none.

    Next to a received stay, an aircraft that is high up may as well fly from there (or to there),
    however far away it is.
    """
    if end.rolling:
        return end
    low = {icao: each for icao, each in end.bearings.items() if end.height_ft(icao) < rules.low_ft}
    return replace(end, bearings=low) if low else None


def _explained(
    begins: Contact,
    ends: Contact | None,
    arrival: End | None,
    departure: End | None,
) -> bool:
    """Return whether a stay on the ground already explains this silence; a take-off run that ends
    it does not."""
    if ends is not None and ends.slow and _down_at_one_of(ends, arrival):
        return True
    return _down_at_one_of(begins, departure)


def _down_at_one_of(contact: Contact, end: End | None) -> bool:
    return end is not None and contact.field is not None and contact.field.icao in end.bearings


def _witness(
    arrival: End | None, begins: Contact, ends: Contact | None, context: Context
) -> tuple[Witness | None, bool]:
    """Return `Silence.approach_witness` and `Silence.heard_low`."""
    if arrival is None:
        return None, False
    silent, slots = (begins.fix.at, ended_at(ends, context.now)), context.slots
    witness = silence_witness(slots, arrival.fix, silent, context.rules)
    if witness is not None:
        return witness, False
    return None, low_listeners(slots, arrival.fix, silent, context.reports, context.rules)

"""Could a landing have been noticed? Every five minutes at an airfield have one of five states.

"No landing" and "could not see" are different answers. For one feed and five minutes:

- ALIVE: the feed was polled by area and gave a new reply, with a fresh position of at least one
  aircraft within 100 NM of the airfield. The height does not matter here: an aircraft in cruise
  proves only that cruise is received. See below for what is seen of landings.
- JAMMED: there was such a reply, but at least half of its aircraft (and at least 3) had no usable
  position. For the same feed this goes before ALIVE: the few positions left may be luck.
- EMPTY: there was such a reply without any aircraft near, while the same feed received one near the
  airfield within the hour before or after. The sky was most likely empty. Not counted as covered.
- REGIONALLY_DEAD: the feed answered, but received nothing near the airfield for longer than that,
  or was asked only for single aircraft. This proves nothing about the airfield.
- DEAD: there was no new reply, or no poll. Five minutes without a record are DEAD.

Polls may be minutes apart. A slot without a record, between two replies to polls by area that are
at most 10 minutes apart, has the weaker state of the two. Of several feeds the best state wins, in
the order ALIVE, JAMMED, EMPTY, REGIONALLY_DEAD, DEAD: one feed that received aircraft is enough,
and jamming explains why another feed received none.

A slot is *seen*, so that a landing in it would have been noticed, if it is ALIVE for a feed that
also received somebody low (below 18,000 ft and within 30 NM) in it, or within the hour before or
after. Whoever stands on another airfield is not low in this sense (`coverage.near`). How low a
place is received changes with receivers, jammers and weather: an aircraft received low in the
morning proves nothing about the night.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from collector.coverage.near import LOW_NM, Near, lowest_band
from collector.model import Airfield
from collector.model.coverage import SLOT, CoverageSlot, slot_begin
from collector.weeks import local_date, next_midnight


class State(StrEnum):
    """What five minutes prove about reception around an airfield, best first."""

    ALIVE = "alive"
    JAMMED = "jammed"
    EMPTY = "empty"
    REGIONALLY_DEAD = "regionally-dead"
    DEAD = "dead"

    @property
    def rank(self) -> int:
        """0 for the best state."""
        return _ORDER.index(self)


_ORDER = tuple(State)

NEAR_NM = 100.0
"""An aircraft received within this distance proves that the region is received. An arrival takes
about a quarter of an hour for it, and receivers that cover the area at all reach farther."""

ANSWER_REACH = timedelta(minutes=10)
"""Two replies to polls by area at most this far apart prove the time between them: an aircraft that
lands in between was received before, or is received after, in the last 40 NM of its approach. The
times of replies are known to the minute."""

EMPTY_WITHIN = timedelta(hours=1)
"""If no aircraft is received near for longer than this on either side, the region is taken to be
without reception, not the sky to be empty."""

LOW_WITHIN = EMPTY_WITHIN
"""For so long before and after somebody low was received, the sky below is taken to be empty, and
not to be without reception: the same as for an empty sky at any height."""

JAMMED_SHARE = 0.5
JAMMED_LEAST = 3
"""In an hour of jamming over Israel 36 of 60 rows had no fresh position; an undisturbed area
reply has few (its rows are chosen by position)."""

MARGIN = EMPTY_WITHIN + SLOT
"""Slots this much before and after a time are needed, so that its states do not change later."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a time at one airfield."""

    share: float
    """The ALIVE share of the time, 0 … 1; 0 for no time at all."""
    seen: float
    """The share of the time in which a landing would have been noticed; at most `share`."""
    seconds: dict[State, float]
    """The seconds in each state; every state is a key."""
    lowest_band: int | None
    """The lowest altitude band (`BAND_FLOORS_FT`) received within 30 NM; None: no aircraft was."""


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """The coverage of one local day, as far as the day lies in the time asked for."""

    day: date
    coverage: Coverage


class SlotProof(NamedTuple):
    """What is proven of five minutes at an airfield."""

    at: datetime
    """When they begin."""
    state: State
    seen: bool
    """Whether a landing would have been noticed."""


def proofs(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime
) -> list[SlotProof]:
    """Return what is proven of every five minutes that touch [begin, end), in order.

    `slots`: of any feeds, in any order, from `MARGIN` before `begin` to `MARGIN` after `end`.
    """
    best: dict[datetime, State] = {}
    seen: set[datetime] = set()
    near = Near(airfield.lat_deg, airfield.lon_deg, NEAR_NM)
    around = Near(airfield.lat_deg, airfield.lon_deg, LOW_NM)
    for of_feed in _by_feed(slots).values():
        found = _states_of_feed(of_feed, near)
        for at, state in found.items():
            if at not in best or state.rank < best[at].rank:
                best[at] = state
        alive = [at for at, state in found.items() if state is State.ALIVE]
        low = sorted(
            at
            for at, slot in of_feed.items()
            if slot.area_minutes and found[at] is State.ALIVE and around.any_low(slot)
        )
        seen.update(at for at in alive if _any_between(low, at - LOW_WITHIN, at + LOW_WITHIN))
    at, proven = slot_begin(begin), []
    while at < end:
        proven.append(SlotProof(at, best.get(at, State.DEAD), at in seen))
        at += SLOT
    return proven


def states(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime
) -> list[tuple[datetime, State]]:
    """Return the state of every five minutes that touch [begin, end), in order; see `proofs`."""
    return [(each.at, each.state) for each in proofs(slots, airfield, begin, end)]


def coverage(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime
) -> Coverage:
    """Return the coverage of [begin, end) at the airfield; `slots` as for `states`."""
    slots = list(slots)
    seconds, seen_s = dict.fromkeys(State, 0.0), 0.0
    for at, state, seen in proofs(slots, airfield, begin, end):
        lasted_s = (min(at + SLOT, end) - max(at, begin)).total_seconds()
        seconds[state] += lasted_s
        seen_s += lasted_s if seen else 0.0
    total_s = (end - begin).total_seconds()
    alive_s = seconds[State.ALIVE]
    shares = (alive_s / total_s, seen_s / total_s) if total_s > 0 else (0.0, 0.0)
    where = (airfield.lat_deg, airfield.lon_deg)
    lowest = lowest_band(slots, *where, radius_nm=LOW_NM, begin=begin, end=end)
    return Coverage(*shares, seconds, lowest)


def coverage_by_day(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime, zone: str
) -> list[DayCoverage]:
    """Return the coverage of each local day of `zone` that touches [begin, end), in order."""
    slots = sorted(slots, key=lambda slot: slot.begins_at)
    days, at = [], begin
    while at < end:
        until = min(end, next_midnight(at, zone))
        around = [s for s in slots if at - MARGIN <= s.begins_at < until + MARGIN]
        days.append(DayCoverage(local_date(at, zone), coverage(around, airfield, at, until)))
        at = until
    return days


def coverage_of_place(
    slots: Iterable[CoverageSlot], airfields: Sequence[Airfield], begin: datetime, end: datetime
) -> Coverage:
    """Return the coverage of several airfields counted together: the worst of each value.

    The states are those of the airfield with the least share. Raises ValueError if `airfields` is
    empty.
    """
    slots = list(slots)
    found = [coverage(slots, airfield, begin, end) for airfield in airfields]
    bands = [each.lowest_band for each in found if each.lowest_band is not None]
    return replace(
        min(found, key=lambda each: each.share),
        seen=min(each.seen for each in found),
        lowest_band=max(bands) if len(bands) == len(found) else None,
    )


def looks_jammed(aircraft: int, unplaced: int) -> bool:
    """Return whether a reply with so many aircraft, `unplaced` of them, shows jamming.

    An aircraft is unplaced if its report has no usable position.
    """
    return unplaced >= max(JAMMED_LEAST, JAMMED_SHARE * aircraft)


def _by_feed(slots: Iterable[CoverageSlot]) -> dict[str, dict[datetime, CoverageSlot]]:
    feeds: dict[str, dict[datetime, CoverageSlot]] = {}
    for slot in slots:
        feeds.setdefault(slot.feed, {})[slot.begins_at] = slot
    return feeds


def _states_of_feed(slots: dict[datetime, CoverageSlot], near: Near) -> dict[datetime, State]:
    answered = sorted(at for at, slot in slots.items() if slot.area_minutes)
    with_aircraft = [at for at in answered if near.any_aircraft(slots[at])]
    alive = set(with_aircraft)
    found: dict[datetime, State] = {}
    for at, slot in slots.items():
        if not slot.area_minutes:
            found[at] = State.REGIONALLY_DEAD if slot.alive_minutes else State.DEAD
        elif looks_jammed(slot.aircraft, slot.unplaced):
            found[at] = State.JAMMED
        elif at in alive:
            found[at] = State.ALIVE
        else:
            soon = _any_between(with_aircraft, at - EMPTY_WITHIN, at + EMPTY_WITHIN)
            found[at] = State.EMPTY if soon else State.REGIONALLY_DEAD
    for before, after in pairwise(answered):
        if _first_minute(slots[after]) - _last_minute(slots[before]) <= ANSWER_REACH:
            weaker = max(found[before], found[after], key=lambda state: state.rank)
            at = before + SLOT
            while at < after:
                found[at] = weaker
                at += SLOT
    return found


def _any_between(times: Sequence[datetime], first: datetime, last: datetime) -> bool:
    """Return whether any of the ordered `times` lies in [first, last]."""
    return bisect_left(times, first) < bisect_right(times, last)


def _first_minute(slot: CoverageSlot) -> datetime:
    lowest = slot.area_minutes & -slot.area_minutes
    return slot.begins_at + timedelta(minutes=lowest.bit_length() - 1)


def _last_minute(slot: CoverageSlot) -> datetime:
    return slot.begins_at + timedelta(minutes=slot.area_minutes.bit_length() - 1)

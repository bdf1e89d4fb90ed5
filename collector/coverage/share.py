"""Could we see? What the feeds proved around an airfield, in each five minutes.

"No landing" and "could not see" are different answers. For one feed and five minutes:

- ALIVE: an ask by place was answered with something new, and at least one aircraft was heard
  with a fresh position within 100 NM of the airfield. At any height: who was heard only in
  cruise proves only cruise; `lowest_band` says how low.
- JAMMED: such an answer, but at least half of its aircraft (and at least 3) had no usable
  position. Stronger than ALIVE for the same feed: what has a position may be the lucky rest.
- EMPTY: such an answer with nobody near, while the same feed heard somebody near within the hour
  before or after: a quiet sky, most likely. Not counted as seen.
- REGIONALLY_DEAD: the feed answered, but heard nobody near for longer, or was asked only for
  single aircraft: nothing is proven here.
- DEAD: no new answer, or nobody asked. Five minutes without a record are DEAD.

Polls may be minutes apart: a slot without a record between two area answers at most 10 minutes
apart is what the weaker of the two was. Of several feeds the best state wins, in the order ALIVE,
JAMMED, EMPTY, REGIONALLY_DEAD, DEAD: one feed that heard is enough, and jamming explains another
feed's emptiness.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from collector.coverage.region import field_away_nm
from collector.model import Airfield
from collector.model.coverage import SLOT, CoverageSlot, slot_begin
from collector.weeks import local_date, next_midnight


class State(StrEnum):
    """What five minutes prove about hearing around an airfield, best first."""

    ALIVE = "alive"
    JAMMED = "jammed"
    EMPTY = "empty"
    REGIONALLY_DEAD = "regionally-dead"
    DEAD = "dead"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return _ORDER.index(self)


_ORDER = tuple(State)

NEAR_NM = 100.0
"""Who is heard within this distance proves that the region is heard: about a quarter of an hour
of an arrival, and less than the reach of the receivers that hear the area at all."""

LOW_NM = 30.0
"""Who is heard within this distance tells how low the airfield's surroundings are heard; it
includes the neighbours (Ramon 13 NM, Aqaba 20 NM from Ovda)."""

ANSWER_REACH = timedelta(minutes=10)
"""Two area answers at most this far apart prove the time between them: an aircraft that lands in
it was heard before, or is heard after, within an approach's last 40 NM. Answers are known to the
minute."""

EMPTY_WITHIN = timedelta(hours=1)
"""Nobody near for longer than this on either side is not a quiet sky but a deaf region."""

JAMMED_SHARE = 0.5
JAMMED_LEAST = 3
"""In an hour of jamming over Israel 36 of 60 rows had no fresh position; an undisturbed area
reply has few (its rows are chosen by position)."""

MARGIN = EMPTY_WITHIN + SLOT
"""Slots this much before and after a time are needed to judge it as it will be judged later."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a time was seen at one airfield."""

    share: float
    """ALIVE share of the time, 0 … 1; 0 for no time at all."""
    seconds: dict[State, float]
    """The whole time, by state; every state is there."""
    lowest_band: int | None
    """Lowest altitude band (`hearing.BAND_FLOORS_FT`) heard within 30 NM; None: nobody."""


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """How well one local day was seen, as far as it lies in the time asked for."""

    day: date
    coverage: Coverage


def states(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime
) -> list[tuple[datetime, State]]:
    """The state of every five minutes that touch [begin, end), in order.

    `slots`: of any feeds, in any order, from `MARGIN` before `begin` to `MARGIN` after `end`.
    """
    best: dict[datetime, State] = {}
    near = _Near(airfield.lat_deg, airfield.lon_deg, NEAR_NM)
    for mine in _by_feed(slots).values():
        for at, state in _states_of_feed(mine, near).items():
            if at not in best or state.rank < best[at].rank:
                best[at] = state
    at, found = slot_begin(begin), []
    while at < end:
        found.append((at, best.get(at, State.DEAD)))
        at += SLOT
    return found


def coverage(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime
) -> Coverage:
    """How well [begin, end) was seen at the airfield; `slots` as for `states`."""
    slots = list(slots)
    seconds = dict.fromkeys(State, 0.0)
    for at, state in states(slots, airfield, begin, end):
        seconds[state] += (min(at + SLOT, end) - max(at, begin)).total_seconds()
    total = (end - begin).total_seconds()
    share = seconds[State.ALIVE] / total if total > 0 else 0.0
    where = (airfield.lat_deg, airfield.lon_deg)
    lowest = lowest_band(slots, *where, radius_nm=LOW_NM, begin=begin, end=end)
    return Coverage(share, seconds, lowest)


def coverage_by_day(
    slots: Iterable[CoverageSlot], airfield: Airfield, begin: datetime, end: datetime, zone: str
) -> list[DayCoverage]:
    """The same for each local day of `zone` that touches [begin, end): rows for the digest."""
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
    """How well several airfields taken together were seen: as well as the worst of them.

    Raises ValueError if `airfields` is empty.
    """
    slots = list(slots)
    return min((coverage(slots, each, begin, end) for each in airfields), key=lambda c: c.share)


def lowest_band(
    slots: Iterable[CoverageSlot],
    lat_deg: float,
    lon_deg: float,
    *,
    radius_nm: float,
    begin: datetime,
    end: datetime,
) -> int | None:
    """The lowest altitude band heard near a point in [begin, end); None if nobody was heard."""
    near = _Near(lat_deg, lon_deg, radius_nm)
    return min((band for s in _touching(slots, begin, end) for band in near(s)), default=None)


def jammed(aircraft: int, unplaced: int) -> bool:
    """Whether an answer with so many aircraft, and so many of them unplaced, shows jamming."""
    return unplaced >= max(JAMMED_LEAST, JAMMED_SHARE * aircraft)


class _Near:
    """Which altitude bands of a slot were heard near a point."""

    def __init__(self, lat_deg: float, lon_deg: float, radius_nm: float) -> None:
        self._at = (lat_deg, lon_deg)
        self._radius_nm = radius_nm

    def __call__(self, slot: CoverageSlot) -> set[int]:
        return {
            band
            for (row, column, band), count in slot.cells.items()
            if count > 0 and field_away_nm(row, column, *self._at) <= self._radius_nm
        }

    def anybody(self, slot: CoverageSlot) -> bool:
        """Whether anybody was heard near, at whatever height."""
        return any(
            count > 0 and field_away_nm(row, column, *self._at) <= self._radius_nm
            for (row, column, _), count in slot.cells.items()
        )


def _by_feed(slots: Iterable[CoverageSlot]) -> dict[str, dict[datetime, CoverageSlot]]:
    feeds: dict[str, dict[datetime, CoverageSlot]] = {}
    for slot in slots:
        feeds.setdefault(slot.feed, {})[slot.begins_at] = slot
    return feeds


def _states_of_feed(slots: dict[datetime, CoverageSlot], near: _Near) -> dict[datetime, State]:
    answered = sorted(at for at, slot in slots.items() if slot.area_minutes)
    heard = {at for at in answered if near.anybody(slots[at])}
    order = sorted(heard)
    found: dict[datetime, State] = {}
    for at, slot in slots.items():
        if not slot.area_minutes:
            found[at] = State.REGIONALLY_DEAD if slot.alive_minutes else State.DEAD
        elif jammed(slot.aircraft, slot.unplaced):
            found[at] = State.JAMMED
        elif at in heard:
            found[at] = State.ALIVE
        else:
            within = _any_between(order, at - EMPTY_WITHIN, at + EMPTY_WITHIN)
            found[at] = State.EMPTY if within else State.REGIONALLY_DEAD
    for before, after in pairwise(answered):
        if _first_minute(slots[after]) - _last_minute(slots[before]) <= ANSWER_REACH:
            weaker = max(found[before], found[after], key=lambda state: state.rank)
            at = before + SLOT
            while at < after:
                found[at] = weaker
                at += SLOT
    return found


def _any_between(order: Sequence[datetime], first: datetime, last: datetime) -> bool:
    return bisect_left(order, first) < bisect_right(order, last)


def _first_minute(slot: CoverageSlot) -> datetime:
    lowest = slot.area_minutes & -slot.area_minutes
    return slot.begins_at + timedelta(minutes=lowest.bit_length() - 1)


def _last_minute(slot: CoverageSlot) -> datetime:
    return slot.begins_at + timedelta(minutes=slot.area_minutes.bit_length() - 1)


def _touching(
    slots: Iterable[CoverageSlot], begin: datetime, end: datetime
) -> Iterable[CoverageSlot]:
    return (slot for slot in slots if slot.begins_at < end and begin < slot.begins_at + SLOT)

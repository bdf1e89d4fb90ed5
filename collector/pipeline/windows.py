"""Which stored reports must be looked at again when new ones of an aircraft arrive? Step 2.

Landings are a function of all reports of an aircraft, but looking at all of them for each new
one would cost ever more. A track may be cut where nothing about a landing is open: in cruise or
far from every airfield, between two reports that leave no time to have landed in between. The
window runs from one such cut to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.model import Airfield, Observation
from collector.model.coverage import CoverageSlot
from collector.store import Store, coverage_slots, observations

FLIGHT_CONTEXT = timedelta(minutes=90)
"""Of flight kept on both sides: a descent from cruise takes 25 minutes, with holding an hour."""
STRETCH_STEP = timedelta(hours=6)
"""How far a window that must not end yet is stretched at a time."""
LONGEST_STRETCH = timedelta(days=6)
"""Nor farther than this: beyond the longest stay that rules pair (4 days) nothing hangs on it."""
DENSE_WITHIN = timedelta(minutes=10)
"""Reports closer than this leave no silence to be judged between them."""
FASTEST_KT = 620.0
"""A freighter with a strong tail wind; faster than it can fly, so that a cut is never wrong."""
SHORTEST_STAY = timedelta(minutes=15)
"""As the rules have it: nobody lands, unloads and leaves in less."""
CALM_ABOVE_FT = 24_000.0
"""Approaches that end higher are judged as well, but not cut off: CONTEXT keeps what they need."""
CALM_BEYOND_NM = 150.0
"""Farther than any field is a candidate (130 NM)."""
COVERAGE_BEFORE = timedelta(hours=4)
COVERAGE_AFTER = timedelta(hours=2)
"""Hearings so long before and after each end of a silence are what it is judged by: how low others
were heard (3 h before a position that is at most 40 min older), and who listened (2 h after)."""

SilenceSpan = tuple[datetime, datetime | None]
"""When a silence began and ended; None: it lasts."""


@dataclass(frozen=True, slots=True)
class Window:
    """Reports of one aircraft from one harmless cut to the next."""

    begin: datetime
    end: datetime
    observations: tuple[Observation, ...]
    goes_on: bool
    """There are later reports: silence after the last one here means nothing."""

    def silences(self) -> list[SilenceSpan]:
        """Those that may have to be judged, in order of time."""
        times = sorted(observation.at for observation in self.observations)
        return [
            (at, following)
            for at, following in pairwise([*times, None])
            if at is not None and (following is None or following - at > DENSE_WITHIN)
        ]


def window(
    store: Store,
    icao24: str,
    first_at: datetime,
    last_at: datetime,
    airfields: Sequence[Airfield],
) -> Window:
    """The window around reports that live between `first_at` and `last_at`. Raises StoreError."""
    begin = _begin(store, icao24, first_at, airfields)
    end, goes_on = _end(store, icao24, last_at, airfields)
    found = observations.reports_between(store, icao24, begin, end)
    return Window(begin, end, tuple(found), goes_on)


def knowledge_cutoff(seen: Window, now: datetime) -> datetime:
    """The present as this window may know it: where it was cut, no silence follows its last
    report; and what was heard "later" than a replay's clock was heard."""
    latest = max(observation.heard_at for observation in seen.observations)
    return latest if seen.goes_on else max(now, latest)


def with_wakeup(
    wakes: dict[str, datetime], icao24: str, seen: Window, wakeup_at: datetime | None
) -> dict[str, datetime]:
    """When which aircraft is to be derived again, once this window of one of them was: one that
    goes on says nothing about the aircraft's last silence."""
    if seen.goes_on:
        return wakes
    others = {one: at for one, at in wakes.items() if one != icao24}
    return others if wakeup_at is None else others | {icao24: wakeup_at}


def slots_around(store: Store, silences: Iterable[SilenceSpan]) -> list[CoverageSlot]:
    """Who could be heard about both ends of each silence. Raises StoreError."""
    slots: dict[tuple[datetime, str], CoverageSlot] = {}
    known = datetime.min.replace(tzinfo=UTC)
    for silence in silences:
        for end in silence:
            if end is not None and end + COVERAGE_AFTER > known:
                begin = max(end - COVERAGE_BEFORE, known)
                for slot in coverage_slots.slots_between(store, begin, end + COVERAGE_AFTER):
                    slots[slot.begins_at, slot.feed] = slot
                known = end + COVERAGE_AFTER
    return [slots[key] for key in sorted(slots)]


def _begin(
    store: Store, icao24: str, first_at: datetime, airfields: Sequence[Airfield]
) -> datetime:
    begin = (observations.last_before(store, icao24, first_at) or first_at) - FLIGHT_CONTEXT
    while first_at - begin < LONGEST_STRETCH:
        earliest = _at_or_after(store, icao24, begin)
        if earliest is None:
            return begin
        prior = observations.last_before(store, icao24, earliest)
        if prior is None:
            return begin
        if _harmless(store, icao24, prior, earliest, airfields):
            return begin
        begin = prior - STRETCH_STEP
    return begin


def _end(
    store: Store, icao24: str, last_at: datetime, airfields: Sequence[Airfield]
) -> tuple[datetime, bool]:
    end = (observations.first_after(store, icao24, last_at) or last_at) + FLIGHT_CONTEXT
    while True:
        latest = _at_or_before(store, icao24, end)
        later = None if latest is None else observations.first_after(store, icao24, latest)
        if latest is None or later is None:
            return end, False
        if _harmless(store, icao24, latest, later, airfields):
            return end, True
        if end - last_at >= LONGEST_STRETCH:
            return end, True
        end = later + STRETCH_STEP


def _at_or_after(store: Store, icao24: str, at: datetime) -> datetime | None:
    return observations.first_after(store, icao24, at - timedelta(microseconds=1))


def _at_or_before(store: Store, icao24: str, at: datetime) -> datetime | None:
    return observations.last_before(store, icao24, at + timedelta(microseconds=1))


def _harmless(
    store: Store, icao24: str, before: datetime, after: datetime, airfields: Sequence[Airfield]
) -> bool:
    """Whether the track may be cut between these two reports, one right after the other."""
    one = observations.reports_between(store, icao24, before, before)
    other = observations.reports_between(store, icao24, after, after)
    ends = (*one, *other)
    if not one or not other or not all(calm(observation, airfields) for observation in ends):
        return False
    return after - before < DENSE_WITHIN or not could_have_landed(one[-1], other[0], airfields)


def could_have_landed(
    before: Observation, after: Observation, airfields: Sequence[Airfield]
) -> bool:
    """Whether there was time to fly to any of the airfields, stay, and fly on. Both are placed."""
    spare = after.at - before.at - SHORTEST_STAY
    within_nm = FASTEST_KT * (spare / timedelta(hours=1))
    return any(_away_nm(before, field) + _away_nm(after, field) <= within_nm for field in airfields)


def calm(observation: Observation, airfields: Sequence[Airfield]) -> bool:
    """Whether no landing can hang on this very moment: in cruise, or far from every airfield."""
    if not observation.fresh or observation.lat_deg is None or observation.lon_deg is None:
        return False
    if all(_away_nm(observation, field) > CALM_BEYOND_NM for field in airfields):
        return True
    heights = (observation.baro_altitude_ft, observation.geom_altitude_ft)
    known = [height for height in heights if height is not None]
    return not observation.on_ground and bool(known) and min(known) > CALM_ABOVE_FT


def _away_nm(observation: Observation, field: Airfield) -> float:
    lat_deg, lon_deg = observation.lat_deg, observation.lon_deg
    if lat_deg is None or lon_deg is None:
        return 0.0
    return distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg)


def spans_of(
    seen: Iterable[tuple[Observation, object]], changed: set[str]
) -> dict[str, tuple[datetime, datetime]]:
    """When the new reports of each changed aircraft live: first and last."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for observation, _ in seen:
        icao24, at = observation.icao24, observation.at
        if icao24 in changed:
            first, last = spans.get(icao24, (at, at))
            spans[icao24] = (min(first, at), max(last, at))
    return spans

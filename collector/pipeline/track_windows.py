"""Which stored reports are read again when new reports of an aircraft arrive? One window of them.

Landings are a function of all reports of an aircraft, but reading all of them for each new report
would cost more and more. A track may be cut where no landing is in question: in cruise or far from
every airfield, between two reports that leave no time for a landing. A window runs from one such
cut to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.model import Airfield, Observation
from collector.model.coverage import CoverageSlot
from collector.store import Store, coverage_slots, observations
from collector.store.imported_reports import imported_between

FLIGHT_CONTEXT = timedelta(minutes=90)
"""Flight time kept on both sides: a descent from cruise takes 25 minutes, with holding an hour."""
LONGEST_FLIGHT = timedelta(days=1)
"""No flight of a freighter lasts longer, and an exported file holds one flight."""
STRETCH_STEP = timedelta(hours=6)
"""How far a window that may not be cut yet is stretched at a time."""
LONGEST_STRETCH = timedelta(days=6)
"""A window is stretched no farther beyond the report next to the new ones: the longest stay that
the rules recognise is 4 days. That report may lie months away, as a silence has both its ends in
the window; counted from the new ones, the window would begin or end in the middle of a stay."""
DENSE_WITHIN = timedelta(minutes=10)
"""Reports closer together than this leave no silence to be judged."""
FASTEST_KT = 620.0
"""Faster than a freighter flies with a strong tail wind, so that no landing is ever cut away."""
SHORTEST_STAY = timedelta(minutes=15)
"""As in the landing rules: no freighter lands, unloads and leaves in less time."""
CALM_ABOVE_FT = 24_000.0
"""Approaches that end higher are judged too; FLIGHT_CONTEXT keeps the reports that they need."""
CALM_BEYOND_NM = 150.0
"""Farther than the distance at which an airfield is a candidate (130 NM)."""
COVERAGE_BEFORE = timedelta(hours=4)
COVERAGE_AFTER = timedelta(hours=2)
"""A silence is judged by the coverage so long before and after each of its ends: by how low other
aircraft were received (3 h before a position that is at most 40 min older), and by which feeds
answered (2 h after)."""

SilenceSpan = tuple[datetime, datetime | None]
"""Begin and end of a silence; None: it still lasts."""


@dataclass(frozen=True, slots=True)
class Window:
    """Reports of one aircraft from one cut to the next."""

    begin: datetime
    end: datetime
    observations: tuple[Observation, ...]
    goes_on: bool
    """Whether there are later reports, so that the window's end is no silence."""
    imported: tuple[Observation, ...] = ()
    """Reports from other trackers' exports, of this time and a day around it, so that none of their
    flights is cut. They are no part of `observations`."""

    def silences(self) -> list[SilenceSpan]:
        """Return the silences that may have to be judged, oldest first."""
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
    """Return the window around the reports from `first_at` to `last_at`. Raises StoreError."""
    begin, end, goes_on = bounds(store, icao24, first_at, last_at, airfields)
    found = observations.reports_between(store, icao24, begin, end)
    imported = imported_between(store, icao24, begin - LONGEST_FLIGHT, end + LONGEST_FLIGHT)
    return Window(begin, end, tuple(found), goes_on, tuple(imported))


def bounds(
    store: Store,
    icao24: str,
    first_at: datetime,
    last_at: datetime,
    airfields: Sequence[Airfield],
) -> tuple[datetime, datetime, bool]:
    """Return begin and end of that window, and whether there are later reports.

    Raises StoreError.
    """
    return (
        _begin(store, icao24, first_at, airfields),
        *_end(store, icao24, last_at, airfields),
    )


def knowledge_cutoff(reports: Window, now: datetime) -> datetime:
    """Return the time up to which this window's reports are complete.

    If there are later reports, this is the last report of the window: no silence follows it.
    Otherwise it is the present, or the last report if that is later than a replay's clock.
    """
    latest = max(observation.heard_at for observation in reports.observations)
    return latest if reports.goes_on else max(now, latest)


def slots_around(store: Store, silences: Iterable[SilenceSpan]) -> list[CoverageSlot]:
    """Return the coverage around both ends of each silence. Raises StoreError."""
    slots: dict[tuple[datetime, str], CoverageSlot] = {}
    read_until = datetime.min.replace(tzinfo=UTC)
    for silence in silences:
        for end in silence:
            if end is not None and end + COVERAGE_AFTER > read_until:
                begin = max(end - COVERAGE_BEFORE, read_until)
                for slot in coverage_slots.slots_between(store, begin, end + COVERAGE_AFTER):
                    slots[slot.begins_at, slot.feed] = slot
                read_until = end + COVERAGE_AFTER
    return [slots[key] for key in sorted(slots)]


def _begin(
    store: Store, icao24: str, first_at: datetime, airfields: Sequence[Airfield]
) -> datetime:
    nearest = observations.last_before(store, icao24, first_at) or first_at
    begin = nearest - FLIGHT_CONTEXT
    while nearest - begin < LONGEST_STRETCH:
        earliest = _at_or_after(store, icao24, begin)
        if earliest is None:
            return begin
        prior = observations.last_before(store, icao24, earliest)
        if prior is None:
            return begin
        if _may_cut(store, icao24, prior, earliest, airfields):
            return begin
        begin = prior - STRETCH_STEP
    return begin


def _end(
    store: Store, icao24: str, last_at: datetime, airfields: Sequence[Airfield]
) -> tuple[datetime, bool]:
    nearest = observations.first_after(store, icao24, last_at) or last_at
    end = nearest + FLIGHT_CONTEXT
    while True:
        latest = _at_or_before(store, icao24, end)
        later = None if latest is None else observations.first_after(store, icao24, latest)
        if latest is None or later is None:
            return end, False
        if _may_cut(store, icao24, latest, later, airfields):
            return end, True
        if end - nearest >= LONGEST_STRETCH:
            return end, True
        end = later + STRETCH_STEP


def _at_or_after(store: Store, icao24: str, at: datetime) -> datetime | None:
    return observations.first_after(store, icao24, at - timedelta(microseconds=1))


def _at_or_before(store: Store, icao24: str, at: datetime) -> datetime | None:
    return observations.last_before(store, icao24, at + timedelta(microseconds=1))


def _may_cut(
    store: Store, icao24: str, before: datetime, after: datetime, airfields: Sequence[Airfield]
) -> bool:
    """Return whether the track may be cut between these two consecutive reports."""
    earlier = observations.reports_between(store, icao24, before, before)
    later = observations.reports_between(store, icao24, after, after)
    ends = (*earlier, *later)
    if not earlier or not later or not all(calm(observation, airfields) for observation in ends):
        return False
    return after - before < DENSE_WITHIN or not could_have_landed(earlier[-1], later[0], airfields)


def could_have_landed(
    before: Observation, after: Observation, airfields: Sequence[Airfield]
) -> bool:
    """Return whether there was time to fly to an airfield, stay, and fly on.

    Both reports have a position.
    """
    spare = after.at - before.at - SHORTEST_STAY
    within_nm = FASTEST_KT * (spare / timedelta(hours=1))
    return any(_away_nm(before, field) + _away_nm(after, field) <= within_nm for field in airfields)


def calm(observation: Observation, airfields: Sequence[Airfield]) -> bool:
    """Return whether a report is of no landing: in cruise, or far from every airfield."""
    if not observation.fresh or observation.lat_deg is None or observation.lon_deg is None:
        return False
    if all(_away_nm(observation, field) > CALM_BEYOND_NM for field in airfields):
        return True
    heights = (observation.baro_altitude_ft, observation.geom_altitude_ft)
    reported = [height for height in heights if height is not None]
    return not observation.on_ground and bool(reported) and min(reported) > CALM_ABOVE_FT


def _away_nm(observation: Observation, field: Airfield) -> float:
    lat_deg, lon_deg = observation.lat_deg, observation.lon_deg
    if lat_deg is None or lon_deg is None:
        return 0.0
    return distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg)


def spans_of(
    reports: Iterable[tuple[Observation, object]], changed: set[str]
) -> dict[str, tuple[datetime, datetime]]:
    """Return the first and last time of the new reports of each changed aircraft."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for observation, _ in reports:
        icao24, at = observation.icao24, observation.at
        if icao24 in changed:
            first, last = spans.get(icao24, (at, at))
            spans[icao24] = (min(first, at), max(last, at))
    return spans


def joined(
    spans: Mapping[str, tuple[datetime, datetime]], others: Mapping[str, tuple[datetime, datetime]]
) -> dict[str, tuple[datetime, datetime]]:
    """Return the spans of both; of an aircraft in both, from the first to the last time."""
    found = dict(spans)
    for icao24, (first, last) in others.items():
        earlier = found.get(icao24, (first, last))
        found[icao24] = (min(earlier[0], first), max(earlier[1], last))
    return found

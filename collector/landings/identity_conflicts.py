"""Is it really that airframe? Another registration, or two places at once, speak against it. Pure.

Neither changes a landing. Both are told beside it: an address can be set by hand, sent by two
aircraft, or carry positions that somebody makes up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from statistics import median

from collector.geo import distance_nm
from collector.model import Aircraft, Observation
from collector.model.sighting import plain_registration
from collector.tracking.chain import (
    DEFAULT_TIME_SLACK_S,
    FASTEST_KT,
    POSITION_SLACK_NM,
    TIME_SLACK_S,
)
from collector.tracking.quality import doubt_of

APART_NM = 30.0
"""Two tracks nearer than this may be one, told by a feed whose clock is off by minutes."""
SUSTAINED = 3
"""Fixes that each of two tracks must have while the other goes on: a jump is no second aircraft."""
FORGOTTEN = timedelta(minutes=10)
"""A track without a fix for so long has ended."""
TRACKS_AT_MOST = 6
"""Going on at one time: hostile scatter must not cost more than that."""


class ConflictKind(StrEnum):
    """What does not fit together."""

    REGISTRATION = "registration"
    TWO_PLACES = "two-places"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One thing that was seen of a watched address, and does not fit the airframe."""

    icao24: str
    kind: ConflictKind
    subject: str
    """The other registration; empty for two places."""
    begins_at: datetime
    ends_at: datetime
    detail: str
    """One plain sentence; may quote text from the air."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A registration under which an address was told of, and when first and last."""

    registration: str
    first_at: datetime
    last_at: datetime


def other_marks(icao24: str, listed: Aircraft | None, seen: Iterable[Mark]) -> list[Conflict]:
    """Registrations that are neither the fleet file's (nor an old one there), in order of time.

    Of an address that no fleet file names, others than the one it was first known by.
    """
    marks = sorted(seen, key=lambda one: (one.first_at, one.registration))
    if listed is not None and listed.registration is not None:
        known, source = (
            listed.registration,
            f"in fleet {listed.fleet}" if listed.fleet else "listed",
        )
        right = {plain_registration(known), *map(plain_registration, listed.old_registrations)}
    elif marks:
        known, source = marks[0].registration, "as first known"
        right = {plain_registration(known)}
    else:
        return []
    return [
        Conflict(
            icao24=icao24,
            kind=ConflictKind.REGISTRATION,
            subject=one.registration,
            begins_at=one.first_at,
            ends_at=one.last_at,
            detail=f"Seen as {one.registration}, but {icao24} is {known} {source}.",
        )
        for one in marks
        if plain_registration(one.registration) not in right
    ]


def two_places(observations: Iterable[Observation]) -> list[Conflict]:
    """When one aircraft's reports were two tracks that nobody can have flown, each sustained.

    The order of `observations` does not matter. Positions that are doubtful by themselves (stale,
    saturated, crowded …) are left out: a spoofed circle is no second aircraft.
    """
    placed = [one for one in observations if one.fresh and doubt_of(one) is None]
    placed = [one for one in placed if one.lat_deg is not None and one.lon_deg is not None]
    found: list[Conflict] = []
    for one, other in combinations(_tracks(sorted(placed, key=_order)), 2):
        conflict = _conflict(one, other)
        if conflict is not None:
            found.append(conflict)
    return _apart_in_time(found)


def _order(one: Observation) -> tuple[object, ...]:
    return (one.at, one.feed, one.lat_deg, one.lon_deg, one.heard_at)


def _tracks(placed: Sequence[Observation]) -> list[list[Observation]]:
    """Each report goes to the nearest track that can have flown there, else begins one."""
    ended: list[list[Observation]] = []
    going: list[list[Observation]] = []
    for one in placed:
        ended += [track for track in going if one.at - track[-1].at > FORGOTTEN]
        going = [track for track in going if one.at - track[-1].at <= FORGOTTEN]
        reached = [(_away_nm(track[-1], one), index) for index, track in enumerate(going)]
        near = [(nm, index) for nm, index in reached if nm <= _reach_nm(going[index][-1], one)]
        if near:
            going[min(near)[1]].append(one)
            continue
        if len(going) == TRACKS_AT_MOST:
            ended.append(going.pop(min(range(len(going)), key=lambda i: going[i][-1].at)))
        going.append([one])
    return [track for track in (*ended, *going) if len(track) >= SUSTAINED]


def _conflict(one: Sequence[Observation], other: Sequence[Observation]) -> Conflict | None:
    begin, end = max(one[0].at, other[0].at), min(one[-1].at, other[-1].at)
    here = [seen for seen in one if begin <= seen.at <= end]
    there = [seen for seen in other if begin <= seen.at <= end]
    if len(here) < SUSTAINED or len(there) < SUSTAINED:
        return None
    nearest = [min(there, key=lambda b: (abs(b.at - a.at), b.feed)) for a in here]
    apart_nm = median(_away_nm(a, b) for a, b in zip(here, nearest, strict=True))
    if apart_nm < APART_NM:
        return None
    return Conflict(
        icao24=here[0].icao24,
        kind=ConflictKind.TWO_PLACES,
        subject="",
        begins_at=begin,
        ends_at=end,
        detail=f"Heard {_where(here)} and, {apart_nm:.0f} NM away, {_where(there)} in the same "
        "minutes: two transmitters use the address, or one of the positions is false.",
    )


def _apart_in_time(found: Iterable[Conflict]) -> list[Conflict]:
    """Of those that overlap the longest, in order of time."""
    kept: list[Conflict] = []
    longest = sorted(
        found, key=lambda one: (one.begins_at - one.ends_at, one.begins_at, one.detail)
    )
    for one in longest:
        if all(one.ends_at < each.begins_at or each.ends_at < one.begins_at for each in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.begins_at)


def _where(seen: Sequence[Observation]) -> str:
    """`at 29.9 N 34.9 E (adsblol)`: the first of the reports, with all their feeds."""
    lat, lon = seen[0].lat_deg or 0.0, seen[0].lon_deg or 0.0
    north = f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}"
    east = f"{abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
    return f"at {north} {east} ({', '.join(sorted({one.feed for one in seen}))})"


def _away_nm(a: Observation, b: Observation) -> float:
    return distance_nm(a.lat_deg or 0.0, a.lon_deg or 0.0, b.lat_deg or 0.0, b.lon_deg or 0.0)


def _reach_nm(a: Observation, b: Observation) -> float:
    """How far it can have flown from one report to the other, whose times are not exact."""
    slack_s = max(TIME_SLACK_S.get(one.source, DEFAULT_TIME_SLACK_S) for one in (a, b))
    seconds = (b.at - a.at).total_seconds() + slack_s
    return POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0

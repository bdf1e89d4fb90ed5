"""Do the reports fit the airframe that is known for an address? Another registration, or two places
at once, is a conflict.

A conflict changes no landing; it is shown beside the landing. An address can be set by hand, sent
by two aircraft, or carry invented positions.
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
from collector.tracking.motion import (
    DEFAULT_TIME_SLACK_S,
    FASTEST_KT,
    POSITION_SLACK_NM,
    TIME_SLACK_S,
)
from collector.tracking.quality import doubt_of
from collector.watches.criteria import without_hyphens

MIN_APART_NM = 30.0
"""Two tracks nearer than this may be one aircraft, reported by a feed whose clock is minutes
off."""
MIN_TRACK_FIXES = 3
"""Fixes that each of two tracks needs while the other goes on: a single jump is no second
aircraft."""
TRACK_ENDS_AFTER = timedelta(minutes=10)
"""A track without a fix for this long has ended."""
MAX_TRACKS = 6
"""Tracks followed at one time, so that hostile scatter cannot cost more time than that."""


class ConflictKind(StrEnum):
    """What contradicts the known airframe."""

    REGISTRATION = "registration"
    TWO_PLACES = "two-places"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One observation about a watched address that contradicts the known airframe."""

    icao24: str
    kind: ConflictKind
    subject: str
    """The other registration; empty for two places."""
    begins_at: datetime
    ends_at: datetime
    detail: str
    """One sentence for an editor. It may quote text from the air, so escape it."""


@dataclass(frozen=True, slots=True)
class SeenRegistration:
    """A registration reported with an address, and when it was first and last reported."""

    registration: str
    first_at: datetime
    last_at: datetime


def registration_conflicts(
    icao24: str, listed: Aircraft | None, registrations: Iterable[SeenRegistration]
) -> list[Conflict]:
    """Return a conflict for every registration that is not the fleet file's, nor an old one listed
    there, in order of time.

    For an address that no fleet file names, the first known registration takes that place.
    """
    marks = sorted(registrations, key=lambda one: (one.first_at, one.registration))
    if listed is not None and listed.registration is not None:
        registration, source = (
            listed.registration,
            f"in fleet {listed.fleet}" if listed.fleet else "listed",
        )
        right = {
            without_hyphens(registration),
            *map(without_hyphens, listed.old_registrations),
        }
    elif marks:
        registration, source = marks[0].registration, "as first known"
        right = {without_hyphens(registration)}
    else:
        return []
    return [
        Conflict(
            icao24=icao24,
            kind=ConflictKind.REGISTRATION,
            subject=one.registration,
            begins_at=one.first_at,
            ends_at=one.last_at,
            detail=f"Seen as {one.registration}, but {icao24} is {registration} {source}.",
        )
        for one in marks
        if without_hyphens(one.registration) not in right
    ]


def position_conflicts(observations: Iterable[Observation]) -> list[Conflict]:
    """Return the times in which one address had two sustained tracks that no single aircraft can
    have flown.

    `observations` may be in any order. Positions that are doubtful by themselves (stale, saturated,
    crowded …) are ignored: a spoofed circle is no second aircraft.
    """
    placed = [one for one in observations if one.fresh and doubt_of(one) is None]
    placed = [one for one in placed if one.place is not None]
    found: list[Conflict] = []
    for one, other in combinations(_tracks(sorted(placed, key=_order)), 2):
        conflict = _conflict(one, other)
        if conflict is not None:
            found.append(conflict)
    return _apart_in_time(found)


def _order(one: Observation) -> tuple[object, ...]:
    return (one.at, one.feed, one.lat_deg, one.lon_deg, one.heard_at)


def _tracks(placed: Sequence[Observation]) -> list[list[Observation]]:
    """Return the tracks: each report joins the nearest track that can have flown there, else begins
    a new one."""
    ended: list[list[Observation]] = []
    going: list[list[Observation]] = []
    for one in placed:
        at = one.at
        over = [track for track in going if at - track[-1].at > TRACK_ENDS_AFTER]
        if over:
            ended += over
            going = [track for track in going if at - track[-1].at <= TRACK_ENDS_AFTER]
        if len(going) == 1 and _away_nm(going[0][-1], one) <= POSITION_SLACK_NM:
            going[0].append(one)  # as nearly always; it can have flown there at any speed
            continue
        reached = [(_away_nm(track[-1], one), index) for index, track in enumerate(going)]
        near = [(nm, index) for nm, index in reached if nm <= _reach_nm(going[index][-1], one)]
        if near:
            going[min(near)[1]].append(one)
            continue
        if len(going) == MAX_TRACKS:
            ended.append(going.pop(min(range(len(going)), key=lambda i: going[i][-1].at)))
        going.append([one])
    return [track for track in (*ended, *going) if len(track) >= MIN_TRACK_FIXES]


def _conflict(one: Sequence[Observation], other: Sequence[Observation]) -> Conflict | None:
    """Return the conflict of two tracks that go on at the same time and far apart; None if they do
    not."""
    begin, end = max(one[0].at, other[0].at), min(one[-1].at, other[-1].at)
    here = [report for report in one if begin <= report.at <= end]
    there = [report for report in other if begin <= report.at <= end]
    if len(here) < MIN_TRACK_FIXES or len(there) < MIN_TRACK_FIXES:
        return None
    nearest = [min(there, key=lambda b: (abs(b.at - a.at), b.feed)) for a in here]
    apart_nm = median(_away_nm(a, b) for a, b in zip(here, nearest, strict=True))
    if apart_nm < MIN_APART_NM:
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
    """Return the longest of overlapping conflicts, in order of time."""
    kept: list[Conflict] = []
    longest = sorted(
        found, key=lambda one: (one.begins_at - one.ends_at, one.begins_at, one.detail)
    )
    for one in longest:
        if all(one.ends_at < each.begins_at or each.ends_at < one.begins_at for each in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.begins_at)


def _where(reports: Sequence[Observation]) -> str:
    """Return the first report's place and the feeds of all reports: `at 29.9 N 34.9 E
    (adsblol)`."""
    lat, lon = reports[0].place or (0.0, 0.0)
    north = f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}"
    east = f"{abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
    return f"at {north} {east} ({', '.join(sorted({report.feed for report in reports}))})"


def _away_nm(a: Observation, b: Observation) -> float:
    here, there = a.place, b.place
    return 0.0 if here is None or there is None else distance_nm(*here, *there)


def _reach_nm(a: Observation, b: Observation) -> float:
    """Return how far the aircraft can have flown between the two reports, whose times are not
    exact."""
    slack_s = max(TIME_SLACK_S.get(one.source, DEFAULT_TIME_SLACK_S) for one in (a, b))
    seconds = (b.at - a.at).total_seconds() + slack_s
    return POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0

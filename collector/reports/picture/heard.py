"""What was heard, on paper: believed points, legs where they join, doubted marks, gaps."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.landings.fields import circle_above_ft
from collector.model import Airfield, Observation
from collector.reports.formatting import duration
from collector.reports.landing.gaps import Gap
from collector.reports.picture.ground import Origin, Spot
from collector.tracking import Doubt, Fix
from collector.tracking.quality import altitude_of, doubt_of
from collector.tracking.track import SAME_PLACE_DEG, SAME_TRANSMISSION

JOINED_WITHIN = timedelta(seconds=150)
"""Two polls and a half at one a minute: one missed poll is still a track, two are a gap."""
THIN_TO = timedelta(seconds=4)
"""Points closer in time than this look like one."""
STANDING_NM = 0.02
STANDING_TOLD_EVERY = timedelta(minutes=20)


class Side(StrEnum):
    """Which part of the visit a point belongs to."""

    ARRIVAL = "arrival"
    GROUND = "on the ground"
    DEPARTURE = "departure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One believed report. Without a spot only its height is believed."""

    at: datetime
    side: Side
    spot: Spot | None
    altitude_ft: float | None
    """Above sea level; on the ground as reported, which may be off by hundreds of feet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A reported position that is not believed, where it claimed to be."""

    at: datetime
    spot: Spot
    altitude_ft: float | None
    why: Doubt


@dataclass(frozen=True, slots=True)
class Leg:
    """Points near enough in time to be joined; at least one."""

    side: Side
    points: tuple[Point, ...]

    @property
    def spots(self) -> list[Spot]:
        """Its places, in order of time."""
        return [point.spot for point in self.points if point.spot is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A gap on paper: between two places, or after the last one."""

    begins_at: datetime
    ends_at: datetime
    begin: Spot
    end: Spot | None
    length: str
    """In words, to two units."""
    visit: bool
    """Whether the landing lies in it."""
    silent: bool
    """Whether not even a height was heard."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """The direction of flight at a place: east and north parts of a unit vector."""

    spot: Spot
    way: Spot
    side: Side


def points_of(fixes: Iterable[Fix], touchdown_at: datetime, origin: Origin) -> list[Point]:
    """Every believed report as a point, in order."""
    return [_point(fix, touchdown_at, origin) for fix in fixes]


def _point(fix: Fix, touchdown_at: datetime, origin: Origin) -> Point:
    side = Side.ARRIVAL if fix.at <= touchdown_at else Side.DEPARTURE
    spot = None
    if fix.lat_deg is not None and fix.lon_deg is not None:
        spot = origin.spot(fix.lat_deg, fix.lon_deg)
    return Point(
        at=fix.at,
        side=Side.GROUND if fix.on_ground else side,
        spot=spot,
        altitude_ft=fix.altitude_ft,
    )


def thinned(points: Iterable[Point]) -> Iterator[Point]:
    """Without what stands still, and what follows too soon; the first and the last stay."""
    kept: Point | None = None
    skipped: Point | None = None
    for point in points:
        if kept is not None and _like(kept, point):
            skipped = point
            continue
        if skipped is not None and point.at - skipped.at > THIN_TO:
            yield skipped
        yield point
        kept, skipped = point, None
    if skipped is not None:
        yield skipped


def _like(kept: Point, point: Point) -> bool:
    if kept.side is not point.side or (kept.spot is None) != (point.spot is None):
        return False
    if point.at - kept.at < THIN_TO:
        return True
    if point.side is not Side.GROUND or kept.spot is None or point.spot is None:
        return False
    still = math.dist(kept.spot, point.spot) < STANDING_NM
    return still and point.at - kept.at < STANDING_TOLD_EVERY


def legs_of(points: Sequence[Point]) -> list[Leg]:
    """Placed points joined where the track is continuous; a leg ends where its side does.

    `points` are all there are, legs keep of them what can be told apart. The point at which the
    side changes belongs to both legs, so that the line has no break.
    """
    legs: list[Leg] = []
    now: list[Point] = []
    for point in points:
        if point.spot is None:
            continue
        if now and point.at - now[-1].at > JOINED_WITHIN:
            legs.append(Leg(now[-1].side, tuple(now)))
            now = []
        elif now and point.side is not now[-1].side:
            legs.append(Leg(now[-1].side, (*now, point)))
            now = []
        now.append(point)
    if now:
        legs.append(Leg(now[-1].side, tuple(now)))
    return [Leg(leg.side, tuple(thinned(leg.points))) for leg in legs]


def holes_of(gaps: Iterable[Gap], touchdown_at: datetime, origin: Origin) -> list[Hole]:
    """Gaps on paper."""
    holes = []
    for gap in gaps:
        begin, end = _spot(gap.begin, origin), None if gap.end is None else _spot(gap.end, origin)
        if begin is None:
            continue
        holes.append(
            Hole(
                begins_at=gap.begin.at,
                ends_at=gap.until_at,
                begin=begin,
                end=end,
                length=duration(gap.length),
                visit=gap.begin.at <= touchdown_at <= gap.until_at,
                silent=gap.heights == 0,
            )
        )
    return holes


def _spot(fix: Fix, origin: Origin) -> Spot | None:
    if fix.lat_deg is None or fix.lon_deg is None:
        return None
    return origin.spot(fix.lat_deg, fix.lon_deg)


def doubted_of(
    observations: Iterable[Observation],
    fixes: Sequence[Fix],
    airfields: Sequence[Airfield],
    origin: Origin,
) -> list[Doubted]:
    """Every reported position that is not among the believed ones, and why not, in order."""
    circle_ft = circle_above_ft(airfields)
    believed = [fix for fix in fixes if fix.placed]
    times = [fix.at for fix in believed]
    found: dict[tuple[Doubt, float, float], Doubted] = {}
    for seen in sorted(observations, key=lambda one: (one.at, one.feed)):
        if seen.lat_deg is None or seen.lon_deg is None:
            continue
        why = doubt_of(seen, circle_ft)
        if why is None:
            if _is_believed(seen, believed, times):
                continue
            why = Doubt.UNREACHABLE
        # A frozen position is told once, however often it was repeated.
        key = (why, round(seen.lat_deg, 4), round(seen.lon_deg, 4))
        found.setdefault(
            key,
            Doubted(
                at=seen.at,
                spot=origin.spot(seen.lat_deg, seen.lon_deg),
                altitude_ft=altitude_of(seen)[0],
                why=why,
            ),
        )
    return list(found.values())


def _is_believed(seen: Observation, believed: Sequence[Fix], times: Sequence[datetime]) -> bool:
    index = bisect_left(times, seen.at - SAME_TRANSMISSION)
    while index < len(times) and times[index] <= seen.at + SAME_TRANSMISSION:
        fix = believed[index]
        if (
            abs((fix.lat_deg or 0.0) - (seen.lat_deg or 0.0)) <= SAME_PLACE_DEG
            and abs((fix.lon_deg or 0.0) - (seen.lon_deg or 0.0)) <= SAME_PLACE_DEG
        ):
            return True
        index += 1
    return False


def arrows_of(legs: Iterable[Leg], every_nm: float) -> list[Arrow]:
    """Arrows in the middle of a leg's segments, about `every_nm` apart, none on the ground."""
    arrows = []
    for leg in legs:
        if leg.side is Side.GROUND:
            continue
        since_nm = every_nm / 2
        for one, other in itertools.pairwise(leg.spots):
            length = math.dist(one, other)
            since_nm += length
            if since_nm < every_nm or length < 0.05:
                continue
            since_nm = 0.0
            way = ((other[0] - one[0]) / length, (other[1] - one[1]) / length)
            middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
            arrows.append(Arrow(middle, way, leg.side))
    return arrows

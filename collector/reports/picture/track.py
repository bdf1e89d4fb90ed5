"""How does the track look on the sheet? Position reports become points, joined legs, gaps, arrows
and marks of doubted positions.
"""

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
from collector.reports.picture.airfields import Origin, Spot
from collector.tracking import Doubt, Fix
from collector.tracking.quality import altitude_of, doubt_of
from collector.tracking.track import SAME_PLACE_DEG, SAME_TRANSMISSION

JOINED_WITHIN = timedelta(seconds=150)
"""Two and a half polls at one a minute: one missed poll does not interrupt the track, two do."""
SHORTEST_STEP = timedelta(seconds=4)
"""Points closer in time than this look like one point."""
STANDING_NM = 0.02
STANDING_POINT_EVERY = timedelta(minutes=20)


class Side(StrEnum):
    """Which part of the visit a point belongs to."""

    ARRIVAL = "arrival"
    GROUND = "on the ground"
    DEPARTURE = "departure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One believed report. Without a spot, only its height is believed."""

    at: datetime
    side: Side
    spot: Spot | None
    altitude_ft: float | None
    """Above sea level; on the ground as reported, which may be off by hundreds of feet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtedPosition:
    """A reported position that is not believed."""

    at: datetime
    spot: Spot
    altitude_ft: float | None
    reason: Doubt


@dataclass(frozen=True, slots=True)
class Leg:
    """One or more points that are near enough in time to be joined."""

    side: Side
    points: tuple[Point, ...]

    @property
    def spots(self) -> list[Spot]:
        """The positions of the leg in order of time."""
        return [point.spot for point in self.points if point.spot is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGap:
    """A gap on the sheet, between two positions or after the last position."""

    begins_at: datetime
    ends_at: datetime
    begin: Spot
    end: Spot | None
    length: str
    """The length in words, to two units."""
    visit: bool
    """Whether the landing lies in the gap."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """The direction of flight at a spot, as the east and north parts of a unit vector."""

    spot: Spot
    way: Spot
    side: Side


def points_of(fixes: Iterable[Fix], touchdown_at: datetime, origin: Origin) -> list[Point]:
    """Return every believed report as a point, in the order of the fixes."""
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
    """Return the points without those that stand still or follow too soon.

    The first and the last point stay.
    """
    kept: Point | None = None
    skipped: Point | None = None
    for point in points:
        if kept is not None and _is_redundant(kept, point):
            skipped = point
            continue
        if skipped is not None and point.at - skipped.at > SHORTEST_STEP:
            yield skipped
        yield point
        kept, skipped = point, None
    if skipped is not None:
        yield skipped


def _is_redundant(kept: Point, point: Point) -> bool:
    if kept.side is not point.side or (kept.spot is None) != (point.spot is None):
        return False
    if point.at - kept.at < SHORTEST_STEP:
        return True
    if point.side is not Side.GROUND or kept.spot is None or point.spot is None:
        return False
    still = math.dist(kept.spot, point.spot) < STANDING_NM
    return still and point.at - kept.at < STANDING_POINT_EVERY


def legs_of(points: Sequence[Point]) -> list[Leg]:
    """Return the points with a position, joined into legs where the track is continuous.

    A leg ends where its side of the visit ends. The point at which the side changes belongs to
    both legs, so that the line has no break. Each leg is thinned out.
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


def drawn_gaps(gaps: Iterable[Gap], touchdown_at: datetime, origin: Origin) -> list[DrawnGap]:
    """Return the gaps as they are drawn; a gap without a first position is left out."""
    drawn = []
    for gap in gaps:
        begin, end = (
            _spot_of(gap.begin, origin),
            None if gap.end is None else _spot_of(gap.end, origin),
        )
        if begin is None:
            continue
        drawn.append(
            DrawnGap(
                begins_at=gap.begin.at,
                ends_at=gap.until_at,
                begin=begin,
                end=end,
                length=duration(gap.length),
                visit=gap.begin.at <= touchdown_at <= gap.until_at,
            )
        )
    return drawn


def _spot_of(fix: Fix, origin: Origin) -> Spot | None:
    if fix.lat_deg is None or fix.lon_deg is None:
        return None
    return origin.spot(fix.lat_deg, fix.lon_deg)


def doubted_positions(
    observations: Iterable[Observation],
    fixes: Sequence[Fix],
    airfields: Sequence[Airfield],
    origin: Origin,
) -> list[DoubtedPosition]:
    """Return every reported position that is not believed, with the reason, in order of time."""
    circle_ft = circle_above_ft(airfields)
    believed = [fix for fix in fixes if fix.placed]
    times = [fix.at for fix in believed]
    by_neighbours = {fix.at: fix.doubt for fix in fixes if fix.doubt is not None}
    doubted: dict[tuple[Doubt, float, float], DoubtedPosition] = {}
    for report in sorted(observations, key=lambda one: (one.at, one.feed)):
        if report.lat_deg is None or report.lon_deg is None:
            continue
        reason = doubt_of(report, circle_ft)
        if reason is None:
            if _is_believed(report, believed, times):
                continue
            reason = by_neighbours.get(report.at, Doubt.UNREACHABLE)
        # A frozen position is drawn once, however often it was repeated.
        key = (reason, round(report.lat_deg, 4), round(report.lon_deg, 4))
        doubted.setdefault(
            key,
            DoubtedPosition(
                at=report.at,
                spot=origin.spot(report.lat_deg, report.lon_deg),
                altitude_ft=altitude_of(report)[0],
                reason=reason,
            ),
        )
    return list(doubted.values())


def _is_believed(report: Observation, believed: Sequence[Fix], times: Sequence[datetime]) -> bool:
    index = bisect_left(times, report.at - SAME_TRANSMISSION)
    while index < len(times) and times[index] <= report.at + SAME_TRANSMISSION:
        fix = believed[index]
        if (
            abs((fix.lat_deg or 0.0) - (report.lat_deg or 0.0)) <= SAME_PLACE_DEG
            and abs((fix.lon_deg or 0.0) - (report.lon_deg or 0.0)) <= SAME_PLACE_DEG
        ):
            return True
        index += 1
    return False


def arrows_along(legs: Iterable[Leg], every_nm: float) -> list[Arrow]:
    """Return arrows in the middle of segments, about `every_nm` apart, none on the ground."""
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

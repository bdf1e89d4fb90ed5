"""Is a leg between two stops direct, or may there have been another landing in between?

A landing that nobody heard needs a silence that leaves time for it. So every silence of the leg is
compared with the time that the way across it takes at the speed of the aircraft.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from collector.geo import distance_nm
from collector.landings.fields import flight_time_s
from collector.landings.rules import LandingRules
from collector.model import Airfield
from collector.tracking import Fixes

LEG_SHARE = 1.25
SPARE = timedelta(minutes=30)
"""A leg is direct if it lasts no longer than `LEG_SHARE` of the usual flight time and `SPARE`, for
wind and vectors. A landing in between costs a quarter of an hour for the descent and the climb, at
`LandingRules.terminal_kt`, and a quarter of an hour on the ground (`shortest_stay`). In a silence
no more than `SPARE` beyond the way at the aircraft's own speed may be left."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When an aircraft was at one of some airfields."""

    at: datetime
    fields: Sequence[Airfield]


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    places: Sequence[tuple[float, float]]
    """Where it was; several if that is undetermined."""
    speed_kt: float | None = None

    def away_nm(self, other: _Point) -> float:
        """Return the least distance to another point."""
        return min(distance_nm(*here, *there) for here in self.places for there in other.places)


def room_for_a_stop(left: Moment, arrived: Moment, fixes: Fixes, rules: LandingRules) -> str:
    """Return why a landing between two airfields is not excluded, in a sentence; empty if no time
    is left for one.

    `left.at` is the first moment at which the aircraft may have left, `arrived.at` the last at
    which it may have arrived. A track that is broken, because no aircraft flies from one fix to the
    next, shows nothing.
    """
    if not left.fields or not arrived.fields:
        return "Where the flight began or ended is not known."
    first = bisect_right(fixes.ats, left.at)
    last = bisect_left(fixes.ats, arrived.at)
    if fixes.broken(first - 1, last - 1):
        return "The track between is broken: no aircraft flies from one position to the next."
    points = [_point(left), *_points(fixes, range(first, last)), _point(arrived)]
    flight_s = flight_time_s(points[0].away_nm(points[-1]), rules)
    longest = timedelta(seconds=LEG_SHARE * flight_s) + SPARE
    if arrived.at - left.at > longest:
        return (
            f"The flight may have taken {_minutes(arrived.at - left.at)}; a direct one takes "
            f"{_minutes(longest)} at most."
        )
    for before, after in pairwise(points):
        if not _leaves_no_time(before, after, rules):
            return (
                f"Nothing was heard from {before.at:%H:%M} to {after.at:%H:%M} UTC, which leaves "
                "time for a landing."
            )
    return ""


def _minutes(span: timedelta) -> str:
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    if not hours:
        return f"{minutes} minutes"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _leaves_no_time(before: _Point, after: _Point, rules: LandingRules) -> bool:
    """Return whether a silence is too short for a landing on the way."""
    apart = after.at - before.at
    if apart < rules.shortest_silence:
        return True
    speeds = [each for each in (before.speed_kt, after.speed_kt) if each is not None]
    fastest_kt = max([rules.cruise_kt, *speeds])
    return apart <= timedelta(hours=before.away_nm(after) / fastest_kt) + SPARE


def _points(fixes: Fixes, indexes: range) -> Iterator[_Point]:
    for index in indexes:
        entry = fixes.report_or_fix(index)
        if (place := entry.place) is not None:
            yield _Point(fixes.ats[index], [place], entry.ground_speed_kt)


def _point(moment: Moment) -> _Point:
    return _Point(moment.at, [(field.lat_deg, field.lon_deg) for field in moment.fields])

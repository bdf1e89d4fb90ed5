"""Where was one aircraft? Observations in any order, from any feeds, become fixes in time order.

The same set of observations gives the same fixes: the sort order is total, and every choice is made
by content, never by order of arrival.

Most reports of a dense track are plain: believed, later than the one before, and at another place.
For these, the few comparisons in `_FixBuilder.add_in_order` are all that is done: an aircraft that
has only gone north (or south, east, west) for longer than SAME_TRANSMISSION, and farther than
SAME_PLACE_DEG since the last report, was not at this place in that time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.model import Observation
from collector.tracking.chain import SURELY_REACHED_DEG, consistent
from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes, fix_of
from collector.tracking.hops import hops
from collector.tracking.late_feeds import on_time
from collector.tracking.motion import follows
from collector.tracking.quality import CIRCLE_ABOVE_FT, doubt_of, ground_bit_believed
from collector.tracking.spoofed_places import without_spoofed

SAME_TRANSMISSION = timedelta(seconds=4)
"""Derived times of one transmission differ by 0.2 s in the median and 3.7 s at most
(docs/landing-rules.md#what-goes-wrong-in-practice, 12)."""

SAME_PLACE_DEG = 0.0002
"""Degrees. Feeds round to 4 to 6 decimals; 0.0002° is 22 m."""

MOVING_KT = 60.0
"""kt. In the 4 s of `SAME_TRANSMISSION` an aircraft at this speed moves by 120 m: at the same place
still, its position is frozen."""

FROZEN_WITHIN = timedelta(minutes=20)
"""An aircraft that was not heard for longer may be at the same place again, on its way back."""

_SAME_SQUARE = SAME_PLACE_DEG * SAME_PLACE_DEG
_NEAR_SQUARE = SURELY_REACHED_DEG * SURELY_REACHED_DEG
_EVER = datetime.min.replace(tzinfo=UTC)


def track(
    observations: Iterable[Observation], circle_above_ft: float = CIRCLE_ABOVE_FT
) -> list[Fix]:
    """Return all fixes of one aircraft in time order; positions that are not believed become fixes
    with an altitude only."""
    return list(fixes_of(tuple(observations), circle_above_ft))


def fixes_of(
    observations: Sequence[Observation], circle_above_ft: float = CIRCLE_ABOVE_FT
) -> Fixes:
    """Return the same as `track`, but build a fix only when it is used."""
    return tracks_of(observations, circle_above_ft)[0]


def tracks_of(
    observations: Sequence[Observation], circle_above_ft: float = CIRCLE_ABOVE_FT
) -> tuple[Fixes, list[Fixes]]:
    """Return the fixes of the aircraft, and those of each steady track beside it that no single
    aircraft can have flown as well."""
    builder = _FixBuilder(circle_above_ft)
    if observations and not builder.add_in_order(observations):
        builder = _built(observations, circle_above_ft)
    if builder.jumps or builder.froze:
        dated_back = on_time(sorted(observations, key=_total_order))
        if dated_back is not None:
            builder = _built(dated_back, circle_above_ft)
    fixes = Fixes(builder.reports, builder.ats, builder.special, circle_above_ft)
    fixes = without_spoofed(fixes, builder.reports)
    return consistent(fixes, builder.reports, builder.jumps, builder.hops)


def _built(observations: Iterable[Observation], circle_above_ft: float) -> _FixBuilder:
    builder = _FixBuilder(circle_above_ft)
    builder.add_in_order(sorted(observations, key=_total_order), in_order=True)
    return builder


def _total_order(observation: Observation) -> tuple[object, ...]:
    return (
        observation.at,
        observation.feed,
        observation.heard_at,
        _none_last(observation.lat_deg),
        _none_last(observation.lon_deg),
        _none_last(observation.baro_altitude_ft),
        observation.callsign or "",
    )


def _none_last(value: float | None) -> float:
    return math.inf if value is None else value


@dataclass(slots=True)
class _FixBuilder:
    """The parts of `Fixes`, while reports are added in order of time."""

    circle_above_ft: float
    reports: list[Observation] = field(default_factory=list)
    ats: list[datetime] = field(default_factory=list)
    special: dict[int, Fix] = field(default_factory=dict)
    jumps: list[int] = field(default_factory=list)
    """Fixes, as indexes, that cannot be reached from the fix with a position before."""
    hops: list[int] = field(default_factory=list)
    """Those to which no flight at the reported speeds leads from there."""
    frozen_at: datetime = _EVER
    """When a place was last given again in flight."""
    froze: bool = False
    """Whether another feed gave it again."""

    def add_in_order(self, observations: Sequence[Observation], *, in_order: bool = False) -> bool:
        """Add reports in order of time, fused with the last ones. Return False at the first that is
        not later than the one before, unless they are fully sorted (`in_order`)."""
        add, add_at, last = self.reports.append, self.ats.append, observations[0]
        circle_above_ft = self.circle_above_ft
        last_at = placed_at = stood_at = north_from = east_from = _EVER
        last_lat, last_lon, northward, eastward = math.nan, math.nan, False, False
        for report in observations:
            at, lat, lon = report.position_at, report.lat_deg, report.lon_deg
            if (
                at is None
                or lat is None
                or lon is None
                or doubt_of(report, circle_above_ft) is not None
                or (report.on_ground and not ground_bit_believed(report))
            ):
                at = report.at
                if at <= last_at and not in_order:
                    return False
                self.add_doubtful(report, last, at, stood_at)
                last_at = placed_at = at
                north_from = east_from = at + SAME_TRANSMISSION
                last_lat = last_lon = math.nan
                continue
            if at <= last_at and not in_order:
                return False
            last_at, north, east = at, lat - last_lat, lon - last_lon
            if (north > 0.0) is not northward:
                northward, north_from = not northward, placed_at + SAME_TRANSMISSION
            if (east > 0.0) is not eastward:
                eastward, east_from = not eastward, placed_at + SAME_TRANSMISSION
            gone = north * north > _SAME_SQUARE and at > north_from
            if not gone and not (east * east > _SAME_SQUARE and at > east_from):
                stands = abs(north) <= SAME_PLACE_DEG and abs(east) <= SAME_PLACE_DEG
                alike = report.feed == last.feed and report.on_ground == last.on_ground
                again = stands and alike and at - placed_at <= SAME_TRANSMISSION
                if again or self.fuse(report, at) or self.freezes(report, last, at, stood_at):
                    continue
            add(report)
            add_at(at)
            if not north * north + east * east < _NEAR_SQUARE:  # or NaN
                self.record_jump()
            last, last_lat, last_lon, placed_at = report, lat, lon, at
            stood_at = at
        return True

    def add_exception(self, report: Observation, at: datetime, doubt: Doubt | None = None) -> None:
        """Add a report that is not plain, unless it has neither position nor altitude."""
        fix = fix_of(report, self.circle_above_ft, doubt)
        if fix is not None and not self.fuse(report, at, fix):
            self.special[len(self.ats)] = fix
            self.reports.append(report)
            self.ats.append(at)
            if fix.placed:
                self.record_jump()

    def freezes(
        self, report: Observation, last: Observation, at: datetime, stood_at: datetime
    ) -> bool:
        """Return whether a report gives the place of the last plain one, heard at `stood_at`, again
        although it reports the speed of flight, and add its altitude, once a transmission."""
        if (report.ground_speed_kt or 0.0) < MOVING_KT or not _same_place(report, last):
            return False
        if at - max(stood_at, self.frozen_at) > FROZEN_WITHIN:
            return False
        if at - self.frozen_at > SAME_TRANSMISSION:
            self.add_exception(report, at, Doubt.FROZEN)
            self.frozen_at = at
            self.froze = self.froze or report.feed != last.feed
        return True

    def add_doubtful(
        self, report: Observation, last: Observation, at: datetime, stood_at: datetime
    ) -> None:
        """Add a report that is not plain.

        One that says "on the ground" at the speed of flight, where the last plain one was, has no
        position: a feed that lost the position goes on with the ground bit.
        """
        fix = fix_of(report, self.circle_above_ft)
        rolls = report.on_ground and fix is not None and fix.placed
        if not (rolls and (self.fuse(report, at, fix) or self.freezes(report, last, at, stood_at))):
            self.add_exception(report, at)

    def fuse(self, report: Observation, at: datetime, fix: Fix | None = None) -> bool:
        """Return whether a report is the transmission of one of the last fixes again, and complete
        that fix with it.

        The earlier fix stands and takes from the report what it lacks. `fix` is None for a plain
        report.
        """
        entry, ats, special = fix or report, self.ats, self.special
        for index in range(len(ats) - 1, -1, -1):
            if at - ats[index] > SAME_TRANSMISSION:
                return False
            last = special[index] if index in special else self.reports[index]
            if last.on_ground == entry.on_ground and _same_place(last, entry):
                feeds = last.feeds if isinstance(last, Fix) else (last.feed,)
                if report.feed not in feeds:
                    other = fix or self._build(report)
                    kept = special.get(index) or self._build(self.reports[index])
                    special[index] = _with_feed(kept, other)
                return True
        return False

    def record_jump(self) -> None:
        """Record the last fix as a jump if it cannot be reached from the fix with a position
        before, and as a hop if no usual flight leads to it."""
        last = len(self.ats) - 1
        before = last - 1
        while before in self.special and not self.special[before].placed:
            before -= 1
        if before < 0:
            return
        apart, source = self.ats[last] - self.ats[before], self.reports[last].source
        here, there = self._report_or_fix(before), self._report_or_fix(last)
        if not follows(here, there, apart, source):
            self.jumps.append(last)
        if hops(here, there, apart):
            self.hops.append(last)

    def _report_or_fix(self, index: int) -> Fix | Observation:
        return self.special.get(index) or self.reports[index]

    def _build(self, report: Observation) -> Fix:
        fix = fix_of(report, self.circle_above_ft)
        assert fix is not None  # noqa: S101 - a plain report is placed
        return fix


def _same_place(a: Fix | Observation, b: Fix | Observation) -> bool:
    """Return whether both have the same place or, without a position, the same altitude."""
    here, there = a.place, b.place
    if here is None or there is None:
        if isinstance(a, Fix) and isinstance(b, Fix):
            return a.placed == b.placed and a.altitude_ft == b.altitude_ft
        return False
    return abs(here[0] - there[0]) <= SAME_PLACE_DEG and abs(here[1] - there[1]) <= SAME_PLACE_DEG


def _with_feed(kept: Fix, other: Fix) -> Fix:
    feeds = tuple(sorted({*kept.feeds, *other.feeds}))
    better = kept if kept.altitude_error_ft <= other.altitude_error_ft else other
    if better.altitude_ft is None:
        better = kept if kept.altitude_ft is not None else other
    return Fix(
        at=kept.at,
        lat_deg=kept.lat_deg,
        lon_deg=kept.lon_deg,
        altitude_ft=better.altitude_ft,
        altitude_error_ft=better.altitude_error_ft,
        on_ground=kept.on_ground,
        ground_speed_kt=_first(kept.ground_speed_kt, other.ground_speed_kt),
        track_deg=_first(kept.track_deg, other.track_deg),
        vertical_rate_fpm=_first(kept.vertical_rate_fpm, other.vertical_rate_fpm),
        callsign=kept.callsign or other.callsign,
        feeds=feeds,
        doubt=kept.doubt,
    )


def _first(a: float | None, b: float | None) -> float | None:
    return a if a is not None else b

"""Which reports are late, and by how much? A feed whose clock or delivery lags puts an aircraft
where another feed had it minutes before.

Such reports contradict those of the other feed, and both are steady. A feed can be late but never
early, so the one that leads is right, and what the other one says is true of the time before.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import is_
from statistics import median_low

from collector.geo import distance_nm
from collector.model import Observation
from collector.tracking.flown_path import FlownPath, Spot, spot_of, wrapped

LEAST_LATE = timedelta(seconds=10)
"""Less is within what the bounds of speed allow (1 NM and 5 s at 700 kt)."""
LATEST = timedelta(minutes=10)
"""Positions that a feed delivers later than this are stale by its own account."""
BRACKET = timedelta(minutes=6)
"""Two reports of the other feed this near show where the aircraft was in between: a little more
than the longest usual interval between polls, 5 minutes."""
LAGS_ON = timedelta(hours=1)
"""A feed that is late is late for this long before and after, while nothing says otherwise: the
other feed fell silent, or the aircraft stood still. A clock that is late stays late for hours. A
feed that was in time is so for as long, until a report shows that it is late."""
APART_NM = 1.2
"""NM from where the other feed has the aircraft: less is no contradiction."""
SAME_PATH_NM = 1.0
"""NM. A late position lies this near to the path that the other feed had seen before."""
FLEW_ON = timedelta(seconds=60)
"""An aircraft that was elsewhere so long before shows that a feed which has it here is in time."""
ALIKE = timedelta(seconds=20)
"""Lags that differ by no more are the same: between polls of five minutes a path is known roughly.
"""
LEAST_ALIKE = 3
ALIKE_SHARE = 0.5
"""So many reports late by the same, and this share of those that tell it, show that a feed is late.
"""
MOST_LATE_FEEDS = 4
"""Feeds of one aircraft that may be late, each by another time."""
MOVING_KT = 60.0
"""kt. Only the place of an aircraft that moves as in flight tells the time; where it stood, it was
there for longer."""


@dataclass(slots=True)
class _Run:
    """Consecutive reports of a feed while it is late."""

    reports: list[Observation]
    judged_at: datetime
    """When the other feed last showed that it is late."""
    moving: list[timedelta] = field(default_factory=list)
    """By how much they are late, as far as the other feed saw the aircraft move there."""
    standing: timedelta = LEAST_LATE
    """The longest time since the other feed saw it stand there."""
    _counted: int = 0
    _found: tuple[int, timedelta] = (0, LEAST_LATE)

    @property
    def lag(self) -> timedelta:
        """By how much the feed is late."""
        return self._usual[1] if self.moving else self.standing

    @property
    def alike(self) -> int:
        """How many of its reports are late by that. Where an aircraft flies back on its own path,
        it was at each place before, but ever longer ago."""
        return self._usual[0]

    @property
    def _usual(self) -> tuple[int, timedelta]:
        """How many are near to the time that most others are near to, and that time. Where the
        aircraft came by several times, other reports show less."""
        if self._counted != len(self.moving):
            lags = sorted(self.moving)
            near = [
                bisect_right(lags, each + ALIKE) - bisect_left(lags, each - ALIKE) for each in lags
            ]
            most = max(near)
            times = [lag for lag, count in zip(lags, near, strict=True) if count == most]
            self._counted, self._found = len(self.moving), (most, median_low(times))
        return self._found

    @property
    def steady(self) -> bool:
        """Whether enough of its reports are, and half of those that tell it."""
        return self.alike >= max(LEAST_ALIKE, ALIKE_SHARE * len(self.moving))

    def overlaps(self, other: _Run) -> bool:
        """Return whether neither ends before the other begins."""
        mine, theirs = self.reports, other.reports
        return mine[0].at <= theirs[-1].at and theirs[0].at <= mine[-1].at


def on_time(reports: Sequence[Observation]) -> list[Observation] | None:
    """Return the reports, those of late feeds dated back by as much as they are late; None if
    no feed is late.

    `reports` are of one aircraft, in order of time. A report is late if another feed had reported
    its place at least `LEAST_LATE` before, and has the aircraft elsewhere at its time. On a circuit
    or a way back each of two feeds was where the other one is: then the one is late that a greater
    share of its reports shows to be late, or else by less.
    """
    told = list(reports)
    for _ in range(MOST_LATE_FEEDS):
        runs = _late_runs(sorted(told, key=lambda each: (each.at, each.feed)))
        if not runs:
            break
        lags: dict[int, timedelta] = {}
        kept: list[_Run] = []
        for run in sorted(runs, key=_by_proof):
            if not any(run.overlaps(other) for other in kept):
                kept.append(run)
                lags.update(dict.fromkeys(map(id, run.reports), run.lag))
        told = [_back(each, lags[id(each)]) if id(each) in lags else each for each in told]
    return None if all(map(is_, told, reports)) else told


def _by_proof(run: _Run) -> tuple[float, timedelta, str]:
    """Return what puts the runs with the best proof first: a feed with more reports has no more
    of it."""
    return -run.alike / len(run.reports), run.lag, run.reports[0].feed


def _late_runs(reports: Sequence[Observation]) -> list[_Run]:
    """Return the stretches in which a feed is late by a steady time."""
    by_feed: dict[str, list[Observation]] = {}
    for report in reports:
        by_feed.setdefault(report.feed, []).append(report)
    if len(by_feed) < 2:
        return []
    paths = {
        feed: FlownPath([spot for spot in map(spot_of, own) if spot], longest=BRACKET)
        for feed, own in by_feed.items()
    }
    runs: list[_Run] = []
    for feed, own in by_feed.items():
        others = [path for name, path in paths.items() if name != feed]
        runs += [run for run in _runs(own, others) if run.steady]
    return runs


def _runs(own: Sequence[Observation], others: Sequence[FlownPath]) -> list[_Run]:
    """Return the stretches of a feed's reports, in order of time, in which it seems to be late."""
    runs: list[_Run] = []
    waiting: list[Observation] = []  # of which nothing is known, nor of those before
    run, in_time_at = None, None
    for report in own:
        spot = spot_of(report)
        lag = next(filter(None, (_lag(spot, path) for path in others if spot)), None)
        if lag is not None:
            if run is None:
                waited = [each for each in waiting if report.at - each.at <= LAGS_ON]
                run = _Run(waited, report.at)
                runs.append(run)
            waiting, run.judged_at = [], report.at
            run.reports.append(report)
            seconds, moved = lag
            if moved:
                run.moving.append(seconds)
            else:
                run.standing = max(run.standing, seconds)
        elif spot and any(_in_time(spot, path, run.lag if run else FLEW_ON) for path in others):
            run, waiting, in_time_at = None, [], report.at
        elif run is not None and report.at - run.judged_at <= LAGS_ON:
            run.reports.append(report)
        else:
            run = None
            if in_time_at is None or report.at - in_time_at > LAGS_ON:
                waiting.append(report)
    return runs


def _back(report: Observation, lag: timedelta) -> Observation:
    position_at = report.position_at and report.position_at - lag
    return replace(report, heard_at=report.heard_at - lag, position_at=position_at)


def _in_time(spot: Spot, other: FlownPath, lag: timedelta) -> bool:
    """Return whether the other feed has the aircraft there at that time, and had it elsewhere
    before, by the time that the feed may lag."""
    around = other.around(spot.at)
    if around is None or _beside_nm(spot, *around, spot.at) > APART_NM:
        return False
    before = other.around(spot.at - lag)
    return before is not None and _beside_nm(spot, *before, spot.at - lag) > APART_NM


def _lag(spot: Spot, other: FlownPath) -> tuple[timedelta, bool] | None:
    """Return how long before the other feed had the aircraft there, if it has it elsewhere at that
    time, and whether it saw it move there; None if it does not show that."""
    at, around = spot.at, other.around(spot.at)
    if around is None or _beside_nm(spot, *around, at) <= APART_NM:
        return None
    where = spot.lat_deg, spot.lon_deg
    best: tuple[float, timedelta, bool] | None = None
    for before, after in other.stretches_near(*where, SAME_PATH_NM, at - LATEST, at):
        if at - before.at < LEAST_LATE:
            continue
        nearest_nm, share = _nearest(spot, before, after)
        if best is not None and nearest_nm >= best[0]:
            break  # the aircraft came nearer only later
        if nearest_nm <= SAME_PATH_NM:
            apart = after.at - before.at
            flown_nm = _away_nm(before, before, after, 1.0)
            lag = at - before.at - share * apart
            best = nearest_nm, lag, flown_nm >= MOVING_KT * (apart / timedelta(hours=1))
    return None if best is None else (max(best[1], LEAST_LATE), best[2])


def _beside_nm(spot: Spot, a: Spot, b: Spot, at: datetime) -> float:
    """Return how far the spot is from the place between two others at that time."""
    whole = (b.at - a.at).total_seconds()
    return _away_nm(spot, a, b, (at - a.at).total_seconds() / whole if whole else 0.0)


def _nearest(spot: Spot, a: Spot, b: Spot) -> tuple[float, float]:
    """Return how near the spot is to the straight way between two others, NM, and at which share of
    that way."""
    shrunk = math.cos(math.radians(a.lat_deg))
    north, east = b.lat_deg - a.lat_deg, wrapped(b.lon_deg - a.lon_deg) * shrunk
    to_north, to_east = spot.lat_deg - a.lat_deg, wrapped(spot.lon_deg - a.lon_deg) * shrunk
    square = north * north + east * east
    share = (to_north * north + to_east * east) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    return _away_nm(spot, a, b, share), share


def _away_nm(spot: Spot, a: Spot, b: Spot, share: float) -> float:
    """Return how far the spot is from the place at that share of the way between two others, NM."""
    lat_deg = a.lat_deg + share * (b.lat_deg - a.lat_deg)
    lon_deg = a.lon_deg + share * wrapped(b.lon_deg - a.lon_deg)
    return distance_nm(spot.lat_deg, spot.lon_deg, lat_deg, lon_deg)

"""Where was one aircraft? Observations in any order, from any feeds, become fixes in time order.

The same set of observations gives the same fixes: sorting is total, and every choice is made by
content, never by order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from collector.geo import distance_nm
from collector.model import Observation, Source
from collector.tracking.fix import Doubt, Fix
from collector.tracking.quality import (
    CIRCLE_ABOVE_FT,
    FASTEST_GROUND_KT,
    altitude_of,
    doubt_of,
)

SAME_TRANSMISSION = timedelta(seconds=4)
"""Derived times of one transmission differ by 0.2 s in the median, 3.7 s at most (captures)."""

SAME_PLACE_DEG = 0.0002
"""Feeds round to 4–6 decimals; 0.0002° is 22 m."""

FASTEST_KT = 700.0
"""A jet at Mach 0.85 with a 150 kt jet stream: about 640 kt over the ground."""

POSITION_SLACK_NM = 1.0
TIME_SLACK_S = {Source.MLAT: 20.0}
"""MLAT positions arrive 5–20 s late; others are dated to a few seconds."""
DEFAULT_TIME_SLACK_S = 5.0

LONGEST_DETOUR_RUNS = 50
"""How many runs back a chain may reach; keeps hostile zigzags from costing quadratic time."""


def track(
    observations: Iterable[Observation], circle_above_ft: float = CIRCLE_ABOVE_FT
) -> list[Fix]:
    """All fixes of one aircraft in time order; unbelieved positions become altitude-only fixes."""
    ordered = sorted(observations, key=_total_order)
    fixes: list[Fix] = []
    slacks: list[float] = []
    for observation in ordered:
        fix = _fix(observation, circle_above_ft)
        if fix is None:
            continue
        if not _fused_into_last(fixes, fix):
            fixes.append(fix)
            slacks.append(TIME_SLACK_S.get(observation.source, DEFAULT_TIME_SLACK_S))
    return _consistent(fixes, slacks)


def _total_order(observation: Observation) -> tuple[object, ...]:
    return (
        observation.at,
        observation.feed,
        observation.heard_at,
        observation.lat_deg is None,
        observation.lat_deg or 0.0,
        observation.lon_deg or 0.0,
        observation.baro_altitude_ft is None,
        observation.baro_altitude_ft or 0.0,
        observation.callsign or "",
    )


def _fix(observation: Observation, circle_above_ft: float) -> Fix | None:
    doubt = doubt_of(observation, circle_above_ft)
    placed = observation.fresh and doubt is None and observation.lat_deg is not None
    altitude_ft, error_ft = altitude_of(observation)
    speed = observation.ground_speed_kt
    on_ground = observation.on_ground
    if on_ground and speed is not None and speed > FASTEST_GROUND_KT:
        on_ground = None
    if not placed and altitude_ft is None:
        return None
    return Fix(
        at=observation.at,
        lat_deg=observation.lat_deg if placed else None,
        lon_deg=observation.lon_deg if placed else None,
        altitude_ft=altitude_ft,
        altitude_error_ft=error_ft,
        on_ground=on_ground if placed else None,
        # What freezes with the position is not used without it.
        ground_speed_kt=speed if placed else None,
        track_deg=observation.track_deg if placed else None,
        vertical_rate_fpm=observation.vertical_rate_fpm if placed else None,
        callsign=observation.callsign,
        feeds=(observation.feed,),
        doubt=doubt,
    )


def _fused_into_last(fixes: list[Fix], fix: Fix) -> bool:
    """Whether `fix` is one of the last fixes' transmission again; the earlier one stands."""
    for index in range(len(fixes) - 1, -1, -1):
        last = fixes[index]
        if fix.at - last.at > SAME_TRANSMISSION:
            return False
        if _same_place(last, fix) and last.on_ground == fix.on_ground:
            if fix.feeds[0] not in last.feeds:
                fixes[index] = _with_feed(last, fix)
            return True
    return False


def _same_place(a: Fix, b: Fix) -> bool:
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return a.placed == b.placed and a.altitude_ft == b.altitude_ft
    near_lat = abs(a.lat_deg - b.lat_deg) <= SAME_PLACE_DEG
    return near_lat and abs(a.lon_deg - b.lon_deg) <= SAME_PLACE_DEG


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


def _reachable(a: Fix, b: Fix, slack_s: float) -> bool:
    """Whether an aircraft can be at both placed fixes."""
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return True
    seconds = abs((b.at - a.at).total_seconds()) + slack_s
    distance = distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
    return distance <= POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0


def _consistent(fixes: Sequence[Fix], slacks: Sequence[float]) -> list[Fix]:
    """The heaviest chain of mutually reachable runs; positions of the other runs are dropped.

    A run is a stretch in which each placed fix can be reached from the one before. Spoofed
    circles and jumps are runs of their own; the chain with most fixes is what flew.
    """
    placed = [index for index, fix in enumerate(fixes) if fix.placed]
    runs: list[list[int]] = []
    for index in placed:
        if runs and _reachable(fixes[runs[-1][-1]], fixes[index], slacks[index]):
            runs[-1].append(index)
        else:
            runs.append([index])
    if len(runs) <= 1:
        return list(fixes)
    keep = _heaviest_chain(fixes, slacks, runs)
    kept = {index for run in keep for index in runs[run]}
    return [
        fix if index in kept or not fix.placed else _unplaced(fix)
        for index, fix in enumerate(fixes)
        if index in kept or not fix.placed or fix.altitude_ft is not None
    ]


def _heaviest_chain(
    fixes: Sequence[Fix], slacks: Sequence[float], runs: Sequence[Sequence[int]]
) -> list[int]:
    best = [len(run) for run in runs]
    previous = [-1] * len(runs)
    for later in range(len(runs)):
        head = runs[later][0]
        for earlier in range(max(0, later - LONGEST_DETOUR_RUNS), later):
            weight = best[earlier] + len(runs[later])
            if weight > best[later] and _reachable(
                fixes[runs[earlier][-1]], fixes[head], slacks[head]
            ):
                best[later], previous[later] = weight, earlier
    at = max(range(len(runs)), key=lambda run: (best[run], -run))
    chain = []
    while at >= 0:
        chain.append(at)
        at = previous[at]
    return chain


def _unplaced(fix: Fix) -> Fix:
    return Fix(
        at=fix.at,
        altitude_ft=fix.altitude_ft,
        altitude_error_ft=fix.altitude_error_ft,
        callsign=fix.callsign,
        feeds=fix.feeds,
        doubt=Doubt.UNREACHABLE,
    )

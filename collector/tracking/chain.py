"""Which positions contradict the rest of the track?

A run is a stretch in which each placed fix can be reached from the one before. Spoofed circles and
jumps are runs of their own; the chain of mutually reachable runs with most fixes is what flew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from collector.geo import distance_nm
from collector.model import Observation, Source
from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes

FASTEST_KT = 700.0
"""A jet at Mach 0.85 with a 150 kt jet stream: about 640 kt over the ground."""

POSITION_SLACK_NM = 1.0
TIME_SLACK_S = {Source.MLAT: 20.0}
"""MLAT positions arrive 5–20 s late; others are dated to a few seconds."""
DEFAULT_TIME_SLACK_S = 5.0

SURELY_REACHED_DEG = 0.03
"""Degrees of latitude and longitude, added as a square's sides: at most 1.8 NM, which the slacks of
place and time allow by themselves (1 NM, and 0.97 NM for 5 s)."""

LONGEST_DETOUR_RUNS = 50
"""How many runs back a chain may reach; keeps hostile zigzags from costing quadratic time."""


def reachable(a: Fix | Observation, b: Fix | Observation, apart: timedelta, source: Source) -> bool:
    """Whether an aircraft can be at both places, so long after another; `source` is that of the
    later one, `b`."""
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return True
    seconds = abs(apart.total_seconds()) + TIME_SLACK_S.get(source, DEFAULT_TIME_SLACK_S)
    distance = distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
    return distance <= POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0


def consistent(fixes: Fixes, reports: Sequence[Observation], jumps: Sequence[int]) -> Fixes:
    """Only the heaviest chain of mutually reachable runs; positions of the others are dropped.

    `reports` are what the fixes were first told by; `jumps` (in order) the placed fixes that
    cannot be reached from the placed one before.
    """
    if not jumps:
        return fixes
    special = fixes.special
    placed = [index for index in range(len(fixes)) if index not in special or special[index].placed]
    runs: list[list[int]] = [[]]
    begins = set(jumps)
    for index in placed:
        if index in begins:
            runs.append([])
        runs[-1].append(index)
    believed = {i for run in _heaviest_chain(fixes, reports, runs) for i in runs[run]}
    dropped = set(placed) - believed
    kept = [i for i in range(len(fixes)) if i not in dropped or fixes[i].altitude_ft is not None]
    return fixes.only(kept, {index: _unplaced(fixes[index]) for index in dropped})


def _heaviest_chain(
    fixes: Fixes, reports: Sequence[Observation], runs: Sequence[Sequence[int]]
) -> list[int]:
    best = [len(run) for run in runs]
    previous = [-1] * len(runs)
    for later in range(len(runs)):
        head = runs[later][0]
        for earlier in range(max(0, later - LONGEST_DETOUR_RUNS), later):
            weight = best[earlier] + len(runs[later])
            if weight > best[later] and _follows(fixes, reports, runs[earlier][-1], head):
                best[later], previous[later] = weight, earlier
    at = max(range(len(runs)), key=lambda run: (best[run], -run))
    chain = []
    while at >= 0:
        chain.append(at)
        at = previous[at]
    return chain


def _follows(fixes: Fixes, reports: Sequence[Observation], tail: int, head: int) -> bool:
    apart = fixes.ats[head] - fixes.ats[tail]
    return reachable(
        fixes.report_or_fix(tail), fixes.report_or_fix(head), apart, reports[head].source
    )


def _unplaced(fix: Fix) -> Fix:
    return Fix(
        at=fix.at,
        altitude_ft=fix.altitude_ft,
        altitude_error_ft=fix.altitude_error_ft,
        callsign=fix.callsign,
        feeds=fix.feeds,
        doubt=Doubt.UNREACHABLE,
    )

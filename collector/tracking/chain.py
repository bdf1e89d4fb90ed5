"""Which positions contradict the rest of the track? Runs of fixes that cannot be reached from the
heaviest chain are dropped.

A run is a stretch in which each fix with a position can be reached from the one before. Spoofed
circles and jumps are runs of their own. The chain of mutually reachable runs with the most fixes is
what the aircraft flew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from collector.geo import distance_nm
from collector.model import Observation, Source
from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes

FASTEST_KT = 700.0
"""kt over the ground. A jet at Mach 0.85 with a jet stream of 150 kt makes about 640."""

POSITION_SLACK_NM = 1.0
"""NM that a position may be off."""
TIME_SLACK_S = {Source.MLAT: 20.0}
"""Seconds that a position's time may be off, by source: MLAT positions arrive 5 to 20 s late."""
DEFAULT_TIME_SLACK_S = 5.0
"""The same for all other sources, which are dated to a few seconds."""

SURELY_REACHED_DEG = 0.03
"""Degrees of latitude and longitude, as the sides of a square: at most 1.8 NM, which the slacks of
place and time allow by themselves (1 NM, and 0.97 NM for 5 s)."""

LONGEST_DETOUR_RUNS = 50
"""Runs that a chain may skip, so that hostile zigzags do not cost quadratic time."""


def reachable(a: Fix | Observation, b: Fix | Observation, apart: timedelta, source: Source) -> bool:
    """Return whether an aircraft can be at both places, `apart` from each other in time.

    `source` is that of the later one, `b`. True if either has no position.
    """
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return True
    seconds = abs(apart.total_seconds()) + TIME_SLACK_S.get(source, DEFAULT_TIME_SLACK_S)
    distance = distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
    return distance <= POSITION_SLACK_NM + FASTEST_KT * seconds / 3600.0


def consistent(fixes: Fixes, reports: Sequence[Observation], jumps: Sequence[int]) -> Fixes:
    """Return the fixes with the positions outside the heaviest chain of mutually reachable runs
    dropped.

    `reports` are the observations from which the fixes were first made. `jumps` are the fixes, as
    indexes in order, that cannot be reached from the fix with a position before.
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

"""Which reports are late? A feed whose clock or delivery lags puts an aircraft where another feed
had it minutes before.

Such positions contradict those of the other feed, and both are steady. A feed can be late but
never early, so the one that leads is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.model import Observation
from collector.tracking.flown_path import FlownPath

LEAST_LATE = timedelta(seconds=10)
"""Less is within what the bounds of speed allow (1 NM and 5 s at 700 kt)."""
LATEST = timedelta(minutes=10)
"""Positions that a feed delivers later than this are stale by its own account."""
BRACKET = timedelta(minutes=6)
"""Two reports of the other feed this near show where the aircraft was in between: a little more
than the longest usual interval between polls, 5 minutes."""
LAGS_ON = timedelta(minutes=15)
"""A feed that was late is late for this long after the other feed fell silent."""
APART_NM = 1.2
"""NM from where the other feed has the aircraft: less is no contradiction."""
SAME_PATH_NM = 1.0
"""NM. A late position lies this near to the path that the other feed had seen before."""


def late_reports(reports: Sequence[Observation]) -> set[int]:
    """Return the `id` of each report whose position another feed had reported at least
    `LEAST_LATE` before.

    `reports` are of one aircraft, in order of time.
    """
    by_feed: dict[str, list[Observation]] = {}
    for report in reports:
        if report.fresh and report.lat_deg is not None and report.lon_deg is not None:
            by_feed.setdefault(report.feed, []).append(report)
    if len(by_feed) < 2:
        return set()
    paths = {feed: FlownPath(own, longest=BRACKET) for feed, own in by_feed.items()}
    late: set[int] = set()
    for feed, own in by_feed.items():
        others = [path for name, path in paths.items() if name != feed]
        judged_at, lags = None, False
        for report in own:
            verdicts = [_late(report, path) for path in others]
            if any(verdict is not None for verdict in verdicts):
                judged_at, lags = report.at, any(verdicts)
            elif judged_at is None or report.at - judged_at > LAGS_ON:
                lags = False
            if lags:
                late.add(id(report))
    return late


def _late(report: Observation, other: FlownPath) -> bool | None:
    """Return whether the other feed had the aircraft elsewhere at that time, and there before; None
    if it does not show where the aircraft was."""
    at = report.at
    around = other.around(at)
    if around is None:
        return None
    if _beside_nm(report, *around, at) <= APART_NM:
        return False
    where = (report.lat_deg or 0.0, report.lon_deg or 0.0)
    return any(
        at - before.at >= LEAST_LATE and _nearest_nm(report, before, after) <= SAME_PATH_NM
        for before, after in other.stretches_near(*where, SAME_PATH_NM, at - LATEST, at)
    )


def _beside_nm(report: Observation, a: Observation, b: Observation, at: datetime) -> float:
    """Return how far the report is from the place between two others at that time."""
    whole = (b.at - a.at).total_seconds()
    return _away_nm(report, a, b, (at - a.at).total_seconds() / whole if whole else 0.0)


def _nearest_nm(report: Observation, a: Observation, b: Observation) -> float:
    """Return how near the report is to the straight way between two others, to a twentieth of
    it."""
    return min(_away_nm(report, a, b, step / 20.0) for step in range(21))


def _away_nm(report: Observation, a: Observation, b: Observation, share: float) -> float:
    lat, lon = a.lat_deg or 0.0, a.lon_deg or 0.0
    east = ((b.lon_deg or 0.0) - lon + 180.0) % 360.0 - 180.0
    return distance_nm(
        report.lat_deg or 0.0,
        report.lon_deg or 0.0,
        lat + share * ((b.lat_deg or 0.0) - lat),
        lon + share * east,
    )

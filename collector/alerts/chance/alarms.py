"""When would a rule have fired in a drawn future? Each kind of rule, as the daemon evaluates it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from collector.alerts.chance.past import Past
from collector.alerts.chance.paths import Path
from collector.alerts.surge import Surge, SurgeWeeks
from collector.model import Rule, RuleKind

EPISODE_WEEKS = 8.0
"""Alarms that are less than so many weeks apart belong to one episode."""


def alarms(rule: Rule, path: Path) -> list[float]:
    """Return the landings, in weeks from the beginning of the path, at which a threshold fires.

    A rule for undetermined landings fires where they are needed.
    """
    needed = max(1, rule.count)
    undetermined = rule.kind is RuleKind.UNDETERMINED
    counted = list(accumulate((mark.counted for mark in path.marks), initial=0))
    found = []
    for last, at in enumerate(path.times):
        begin = float(int(at)) if rule.days is None else at - rule.days / 7
        first = bisect_right(path.times, begin)
        count, at_most = counted[last + 1] - counted[first], last + 1 - first
        level = at_most if undetermined else count
        if level >= needed and not (undetermined and count >= needed):
            found.append(at)
    return found


def surge_alarms(
    rule: Rule, past: Past, path: Path, p_below: float, weights: Iterable[float]
) -> list[float]:
    """Return the same for a surge; `weights` are those of the weeks of the past, by its alarms."""
    here = len(past.shares)
    surge = surge_on(rule, past, path, p_below, list(weights))
    return [look.at - here for look in surge.alarms(here)]


def surge_on(rule: Rule, past: Past, path: Path, p_below: float, weights: list[float]) -> Surge:
    """Return a surge that stands at the beginning of a future, with the past behind it."""
    here = len(past.shares)
    weeks = SurgeWeeks(
        [*past.shares, *path.shares],
        [*past.times, *(at + here for at in path.times)],
        [mark.probability for mark in (*past.marks, *path.marks)],
    )
    return Surge(weeks, p_below, max(1, rule.count), rule.stated_usual, weights)


def episode_starts(times: Iterable[float]) -> list[float]:
    """Return the first alarm of each episode; `times` in order.

    >>> episode_starts([1.0, 8.5, 16.0, 24.5])
    [1.0, 24.5]
    """
    starts: list[float] = []
    before = -math.inf
    for at in times:
        if at - before >= EPISODE_WEEKS:
            starts.append(at)
        before = at
    return starts

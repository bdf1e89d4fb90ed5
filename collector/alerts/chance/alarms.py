"""When would a rule have fired in a drawn future? Each kind of rule, as the daemon evaluates it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate

from collector.alerts.chance.past import Past
from collector.alerts.chance.paths import Path
from collector.alerts.usual import (
    MIN_COVERED_SHARE,
    TRAILING_WEEKS,
    Baseline,
    fit_baseline,
    tail_probability,
)
from collector.model import Rule, RuleKind

EPISODE_WEEKS = 8.0
"""Alarms that are less than so many weeks apart belong to one episode."""

Reached = Callable[[int, float, float], bool]
"""Whether so many landings in a window (its beginning and its end, in weeks) are enough."""


def alarms(rule: Rule, past: Past, path: Path) -> list[float]:
    """Return the landings, in weeks from the beginning of the path, at which the rule fires.

    A rule for undetermined landings fires where they are needed.
    """
    surge = RuleKind.SURGE in (rule.kind, rule.base)
    reached = _improbable(rule, past, path) if surge else _enough(rule)
    undetermined = rule.kind is RuleKind.UNDETERMINED
    counted = list(accumulate((mark.counted for mark in path.marks), initial=0))
    found = []
    for last, at in enumerate(path.times):
        if rule.days is None:
            begin, end = float(int(at)), int(at) + 1.0
            first = bisect_right(path.times, begin)
        else:
            begin, end = at - rule.days / 7, at
            first = bisect_right(path.times, begin)
        count, at_most = counted[last + 1] - counted[first], last + 1 - first
        level = at_most if undetermined else count
        if reached(level, begin, end) and not (undetermined and reached(count, begin, end)):
            found.append(at)
    return found


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


def landings_needed(rule: Rule, past: Past) -> int:
    """Return the least number of landings in a fully seen window at which the rule would fire now;
    for a surge that cannot fire yet, its smallest count."""
    needed = max(1, rule.count)
    if RuleKind.SURGE not in (rule.kind, rule.base):
        return needed
    year = [week for week in _counted_weeks(past, Path([], [], []))[-TRAILING_WEEKS:] if week[1]]
    if len(year) < rule.min_covered_weeks:
        return needed
    baseline = fit_baseline(year)
    mean = baseline.rate_per_week * (rule.days or 7) / 7
    while tail_probability(needed, mean, baseline.dispersion) >= max(rule.p_below, 1e-9):
        needed += 1
    return needed


def _enough(rule: Rule) -> Reached:
    needed = max(1, rule.count)
    return lambda landings, _begin, _end: landings >= needed


def _improbable(rule: Rule, past: Past, path: Path) -> Reached:
    """Return whether a count is improbable by the year before the window, as a surge has it."""
    needed = max(1, rule.count)
    weeks = _counted_weeks(past, path)
    here = len(past.shares)

    @cache
    def year_before(until: int) -> Baseline | None:
        year = [week for week in weeks[max(0, until - TRAILING_WEEKS) : until] if week[1] > 0]
        return fit_baseline(year) if len(year) >= rule.min_covered_weeks else None

    def reached(landings: int, begin: float, end: float) -> bool:
        if landings < needed:
            return False
        baseline = year_before(here + math.floor(begin))
        if baseline is None:
            return False
        mean = baseline.rate_per_week * _exposure(path.shares, begin, end)
        return tail_probability(landings, mean, baseline.dispersion) < rule.p_below

    return reached


def _counted_weeks(past: Past, path: Path) -> list[tuple[int, float]]:
    """Return landings and share of each week of both, share 0 for one that says nothing."""
    shares = [*past.shares, *path.shares]
    counts = [0] * len(shares)
    times = [*past.times, *(at + len(past.shares) for at in path.times)]
    for at, mark in zip(times, [*past.marks, *path.marks], strict=True):
        counts[int(at)] += mark.counted
    return [
        (count, share if share >= MIN_COVERED_SHARE else 0.0)
        for count, share in zip(counts, shares, strict=True)
    ]


def _exposure(shares: Sequence[float], begin: float, end: float) -> float:
    """Return the weeks of a window that could be seen, at least half of it; what lies before the
    path counts as seen."""
    seen, at = max(0.0, -begin), max(0.0, begin)
    while at < end:
        until = min(end, math.floor(at) + 1.0)
        seen += (until - at) * shares[int(at)]
        at = until
    return max(seen, MIN_COVERED_SHARE * (end - begin))

"""When do rules fire in many series at once? The formulas of `chance/alarms.py` with arrays;
`twin.py` compares them with the functions that the daemon calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from collector.alerts.chance.alarms import EPISODE_WEEKS
from collector.alerts.usual import (
    MIN_COVERED_SHARE,
    PRIOR_DISPERSION,
    PRIOR_LANDINGS,
    PRIOR_WEEKS,
    TRAILING_WEEKS,
)
from collector.model import Rule, RuleKind

from .worlds import Floats, Ints, Lives

Bools = NDArray[np.bool_]


def tail(count: Ints, mean: Floats, dispersion: Floats) -> Floats:
    """Return `usual.tail_probability` of each."""
    dispersion = np.maximum(dispersion, 1e-6)
    odds = dispersion * mean
    return np.asarray(betainc(count, 1 / dispersion, odds / (1 + odds)))


def fired(rule: Rule, lives: Lives, before: tuple[Ints, Floats] | None = None) -> Bools:
    """Return at which landings `alarms` says that the rule fires; `before` are the counts and
    shares of the weeks before the series begin."""
    stride = lives.shares.shape[1] + 1000.0
    key = lives.row * stride + lives.at
    begin = np.floor(lives.at) if rule.days is None else lives.at - rule.days / 7
    first = np.searchsorted(key, lives.row * stride + begin, side="right")
    counted = np.arange(len(key)) + 1 - first
    reached: Bools = counted >= max(1, rule.count)
    if rule.kind is not RuleKind.SURGE:
        return reached
    some = np.flatnonzero(reached)
    reached[some] = _improbable(rule, lives, before, (some, counted[some], begin[some]))
    return reached


@dataclass(frozen=True, slots=True)
class Baselines:
    """`usual.fit_baseline` of the year before each of many windows."""

    weeks: Floats
    rate: Floats
    dispersion: Floats


def baselines(counts: Ints, shares: Floats, row: Ints, until: Ints) -> Baselines:
    """Return the fits of the 52 weeks of these rows before these weeks."""
    share = np.where(shares >= MIN_COVERED_SHARE, shares, 0.0)
    count = np.where(share > 0, counts, 0).astype(float)
    since = np.maximum(0, until - TRAILING_WEEKS)

    def year(weekly: Floats) -> Floats:
        sums = np.pad(weekly.cumsum(axis=1), ((0, 0), (1, 0)))
        return np.asarray(sums[row, until] - sums[row, since])

    weeks, landings, exposure = year((share > 0).astype(float)), year(count), year(share)
    rate = (landings + PRIOR_LANDINGS) / np.maximum(1.0, exposure)
    squares = year(count**2) - 2 * rate * year(count * share) + rate**2 * year(share**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (squares * weeks / (weeks - 1) - rate * exposure) / (rate**2 * year(share**2))
    observed = np.where(weeks > 1, np.maximum(0.0, observed), 0.0)
    drawn = (weeks * observed + PRIOR_WEEKS * PRIOR_DISPERSION) / (weeks + PRIOR_WEEKS)
    return Baselines(weeks, rate, drawn + 1 / (landings + PRIOR_LANDINGS))


def landings_needed(rule: Rule, counts: Ints, shares: Floats) -> Ints:
    """Return `alarms.landings_needed` of each row."""
    least = max(1, rule.count)
    needed = np.full(len(counts), least)
    if rule.kind is not RuleKind.SURGE:
        return needed
    year = baselines(counts, shares, np.arange(len(counts)), np.full(len(counts), counts.shape[1]))
    mean = year.rate * (rule.days or 7) / 7
    short = year.weeks >= rule.min_covered_weeks
    while short.any():
        short &= tail(needed, mean, year.dispersion) >= rule.p_below
        needed[short] += 1
    return needed


def _improbable(
    rule: Rule,
    lives: Lives,
    before: tuple[Ints, Floats] | None,
    windows: tuple[Ints, Ints, Floats],
) -> Bools:
    """Return which windows, each with its last landing, its count and its beginning, hold more than
    the year before lets expect."""
    some, counted, begin = windows
    counts, shares, here = lives.counts, lives.shares, 0
    if before is not None:
        here = before[1].shape[1]
        counts, shares = np.hstack([before[0], counts]), np.hstack([before[1], shares])
    row = lives.row[some]
    end = begin + (rule.days or 7) / 7
    until = np.maximum(0, here + np.floor(begin).astype(np.int64))
    year = baselines(counts, shares, row, until)
    seen = np.pad(lives.shares.cumsum(axis=1), ((0, 0), (1, 0)))

    def upto(at: Floats) -> Floats:
        week = np.clip(np.floor(at).astype(np.int64), 0, lives.shares.shape[1] - 1)
        inside = seen[row, week] + (at - week) * lives.shares[row, week]
        return np.where(at < 0, at, inside)

    exposed = np.maximum(upto(end) - upto(begin), MIN_COVERED_SHARE * (end - begin))
    p = tail(counted, year.rate * exposed, year.dispersion)
    return np.asarray((year.weeks >= rule.min_covered_weeks) & (p < rule.p_below))


def episodes(lives: Lives, alarms: Bools, since: float, weeks: int) -> tuple[Ints, Ints]:
    """Return the episodes that begin in these weeks of each series, and the weeks with an alarm."""
    row, at = lives.row[alarms], lives.at[alarms]
    number = len(lives.shares)
    first = np.ones(len(at), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (at[1:] - at[:-1] >= EPISODE_WEEKS)
    inside = (at >= since) & (at < since + weeks)
    begun = np.bincount(row[first & inside], minlength=number)
    week = np.unique(row[inside] * 1000 + at[inside].astype(np.int64))
    return begun, np.bincount(week // 1000, minlength=number)

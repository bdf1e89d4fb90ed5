"""When do rules fire in many series at once? The formulas of `chance/alarms.py` with arrays;
`twin.py` compares them with the functions that the daemon calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from collector.alerts.chance.alarms import EPISODE_WEEKS
from collector.model import Rule

from .worlds import Floats, Ints, Lives

Bools = NDArray[np.bool_]


def tail(count: Ints, mean: Floats, dispersion: Floats) -> Floats:
    """Return `usual.tail_probability` of each."""
    dispersion = np.maximum(dispersion, 1e-6)
    odds = dispersion * mean
    return np.asarray(betainc(count, 1 / dispersion, odds / (1 + odds)))


def fired(rule: Rule, lives: Lives) -> Bools:
    """Return at which landings `alarms` says that a threshold fires."""
    stride = lives.shares.shape[1] + 1000.0
    key = lives.row * stride + lives.at
    begin = np.floor(lives.at) if rule.days is None else lives.at - rule.days / 7
    first = np.searchsorted(key, lives.row * stride + begin, side="right")
    counted = np.arange(len(key)) + 1 - first
    reached: Bools = counted >= max(1, rule.count)
    return reached


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

"""Which thresholds give surges in many series the stated rate? `chance/threshold.py` with arrays.

The same steps, for all pasts of a chunk at once; `twin.py` compares the search with the daemon's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.alerts.chance.alarms import EPISODE_WEEKS
from collector.alerts.chance.past import LEAST_COVERED_WEEKS, LEAST_SHARE
from collector.alerts.chance.threshold import LEAST, STEPS, WEEKS_PER_YEAR, YEAR_WEEKS
from collector.alerts.surge import IMPROBABLE, LEAST_LANDINGS

from . import many_fits, many_rules
from .many_rules import Bools
from .many_surges import ManySurges
from .worlds import Floats, Lives

WARM = int(EPISODE_WEEKS)


@dataclass(frozen=True, slots=True)
class Calibrations:
    """What each of many pasts gives, as `Calibrated` has it."""

    below: Floats
    """The thresholds."""
    stated: Floats
    """Episodes a year that come in the futures at these thresholds: less than was wanted where not
    even the most probable count of all makes a surge fire so often."""
    weights: Floats
    """Of each week of each past, by the alarms in it."""


def known(lives: Lives, past: int) -> Bools:
    """Return of which series the first weeks are enough for a threshold."""
    shares = lives.shares[:, :past]
    seen = shares >= LEAST_SHARE
    landings = np.where(seen, lives.counts[:, :past], 0).sum(axis=1)
    enough: Bools = (seen.sum(axis=1) >= LEAST_COVERED_WEEKS) & (landings >= LEAST_LANDINGS)
    return enough


def calibrate(
    lives: Lives, past: int, per_year: float, draws: int, noise: np.random.Generator
) -> Calibrations:
    """Return the thresholds of series that are all known, each from its first weeks."""
    before = first_weeks(lives, past)
    fits = many_fits.fit(before.counts, before.shares)
    futures, _ = many_fits.futures(fits, before.shares, WARM + YEAR_WEEKS, draws, noise)
    whole = _after(before, futures, draws)
    surges = ManySurges(whole, past)
    below, stated = thresholds(whole, surges.look(), past, per_year, draws)
    weights = ManySurges(before).fire(below).weights
    again = np.flatnonzero((weights < 1).any(axis=1))
    if len(again):
        each = np.ones(whole.shares.shape)
        each[:, :past] = np.repeat(weights, draws, axis=0)
        new, then = thresholds(whole, surges.look(each), past, per_year, draws)
        below[again], stated[again] = new[again], then[again]
    return Calibrations(below, stated, weights)


def thresholds(
    lives: Lives, score: Floats, past: int, per_year: float, draws: int
) -> tuple[Floats, Floats]:
    """Return the threshold of each past, and the episodes a year below it; so many series in turn
    are its futures. `score` is that of each landing."""
    some = (lives.at > past) & (score < IMPROBABLE)
    looks = Lives(lives.shares, lives.row[some], lives.at[some])
    scores, owner = score[some], lives.row[some] // draws
    number = len(lives.shares) // draws
    wanted = per_year * YEAR_WEEKS / WEEKS_PER_YEAR * draws
    low, high = np.full(number, LEAST), np.full(number, IMPROBABLE)
    came = np.zeros(number)
    for _ in range(STEPS):
        middle = np.sqrt(low * high)
        begun = many_rules.episodes(looks, scores < middle[owner], past + WARM, YEAR_WEEKS)[0]
        each = begun.reshape(number, draws).sum(axis=1)
        few = each <= wanted
        low, high = np.where(few, middle, low), np.where(few, high, middle)
        came = np.where(few, each, came)
    return low, came / draws * WEEKS_PER_YEAR / YEAR_WEEKS


def first_weeks(lives: Lives, past: int) -> Lives:
    """Return the first weeks alone."""
    early = lives.at < past
    return Lives(lives.shares[:, :past], lives.row[early], lives.at[early])


def those(lives: Lives, some: Bools) -> Lives:
    """Return some of the series."""
    number, kept = some.cumsum() - 1, some[lives.row]
    return Lives(lives.shares[some], number[lives.row[kept]], lives.at[kept])


def _after(before: Lives, futures: Lives, draws: int) -> Lives:
    """Return each future with the past before it."""
    past = before.shares.shape[1]
    landings = np.bincount(before.row, minlength=len(before.shares))
    begin = landings.cumsum() - landings
    owner = np.repeat(np.arange(len(before.shares)), draws)
    each = landings[owner]
    row = np.repeat(np.arange(len(owner)), each)
    at = before.at[begin[owner][row] + np.arange(each.sum()) - (each.cumsum() - each)[row]]
    row, at = np.concatenate([row, futures.row]), np.concatenate([at, futures.at + past])
    order = np.lexsort((at, row))
    shares = np.hstack([np.repeat(before.shares, draws, axis=0), futures.shares])
    return Lives(shares, row[order], at[order])

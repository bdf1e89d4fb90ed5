"""When does a surge fire in many series at once? The formulas of `alerts/surge.py` and of
`chance/threshold.py` with arrays; `twin.py` compares them with the functions that the daemon calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collector.alerts.chance.past import LEAST_COVERED_WEEKS, LEAST_SHARE, PAST_WEEKS
from collector.alerts.surge import (
    ALARM_WEIGHT,
    IMPROBABLE,
    LEAST_LANDINGS,
    LEAST_P,
    PAST_TO_WINDOW,
    WINDOWS_WEEKS,
)
from collector.alerts.usual import MIN_COVERED_SHARE, PRIOR_LANDINGS

from .many_rules import Bools, tail
from .worlds import Floats, Ints, Lives

LEAST = 2
"""Landings that a surge has at least, unless configured."""
NEVER = 1.0
"""The score where nothing is improbable, or too little is known."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What each landing of many series shows, as `Look` has it."""

    score: Floats
    """`NEVER` if there is none."""
    alarm: Bools
    weights: Floats
    """Of each week of each series, after the last landing."""


class ManySurges:
    """A surge on its way through many series. All landings are certain, all weeks are alike."""

    def __init__(self, lives: Lives, since: int = 0) -> None:
        """Take series of which the landings from the week `since` on are looked at."""
        self.lives = lives
        shares = lives.shares
        exposures = np.where(shares >= LEAST_SHARE, shares, 0.0)
        counts = np.where(exposures > 0, lives.counts, 0).astype(float)
        self._counts, self._exposures = counts, exposures
        covered, landings = _sums(exposures > 0), _sums(counts)
        seen = _sums(shares)
        stride = shares.shape[1] + 1000.0
        all_keys = lives.row * stride + lives.at
        self._looked = np.flatnonzero(lives.at > since) if since else np.arange(len(lives.at))
        row, at = lives.row[self._looked], lives.at[self._looked]
        self._row, self._at, key = row, at, all_keys[self._looked]
        last = np.searchsorted(all_keys, key, side="right")
        upto = _upto(seen, shares, row, at)
        shape = (len(WINDOWS_WEEKS), len(at))
        self._count, self._week = np.empty(shape, np.int64), np.empty(shape, np.int64)
        self._exposure, self._known = np.empty(shape), np.empty(shape, bool)
        for number, weeks in enumerate(WINDOWS_WEEKS):
            self._count[number] = last - np.searchsorted(all_keys, key - weeks, side="right")
            begin = np.floor(at - weeks).astype(np.int64)
            week, before = begin.clip(min=0), (begin - PAST_WEEKS).clip(min=0)
            compared = covered[row, week] - covered[row, before]
            self._known[number] = (
                (begin >= LEAST_COVERED_WEEKS)
                & (compared >= max(LEAST_COVERED_WEEKS, weeks * PAST_TO_WINDOW))
                & (landings[row, week] - landings[row, before] >= LEAST_LANDINGS)
                & (self._count[number] >= LEAST)
            )
            self._week[number] = week
            self._exposure[number] = np.maximum(
                upto - _upto(seen, shares, row, at - weeks), MIN_COVERED_SHARE * weeks
            )

    def look(self, weights: Floats | None = None, windows: Sequence[int] = WINDOWS_WEEKS) -> Floats:
        """Return the score of each landing if alarms change nothing, by some of the windows."""
        given = np.ones(self.lives.shares.shape) if weights is None else weights
        scores = np.full(len(self.lives.at), NEVER)
        number = np.arange(len(self._looked))
        scores[self._looked] = self._scores(number, *self._weighed(given), windows)[0]
        return scores

    def fire(self, below: Floats, weights: Floats | None = None) -> Fired:
        """Return the score of each landing, and the alarms below the threshold of each series;
        these change what is usual after them."""
        kept = np.ones(self.lives.shares.shape) if weights is None else weights.copy()
        landings, weeks = self._weighed(kept)
        scores = np.full(len(self.lives.at), NEVER)
        alarm = np.zeros(len(self.lives.at), bool)
        number = np.bincount(self._row, minlength=len(kept))
        first = number.cumsum() - number
        for step in range(number.max(initial=0)):
            at = first[number > step] + step
            found, longest = self._scores(at, landings, weeks)
            fires = found < below[self._row[at]]
            scores[self._looked[at]], alarm[self._looked[at]] = found, fires
            if fires.any():
                self._reweigh(at[fires], longest[fires], kept, landings, weeks)
        return Fired(scores, alarm, kept)

    def _reweigh(
        self, at: Ints, windows: Ints, kept: Floats, landings: Floats, weeks: Floats
    ) -> None:
        row, time = self._row[at], self._at[at]
        begin = np.floor(time - windows).clip(min=0)[:, None]
        number = np.arange(kept.shape[1])
        inside = (number >= begin) & (number <= np.floor(time)[:, None])
        kept[row] = np.where(inside, ALARM_WEIGHT, kept[row])
        landings[row] = _sums(kept[row] * self._counts[row])
        weeks[row] = _sums(kept[row] * self._exposures[row])

    def _weighed(self, weights: Floats) -> tuple[Floats, Floats]:
        return _sums(weights * self._counts), _sums(weights * self._exposures)

    def _scores(
        self,
        at: Ints,
        landings: Floats,
        weeks: Floats,
        windows: Sequence[int] = WINDOWS_WEEKS,
    ) -> tuple[Floats, Ints]:
        """Return the score of some landings, and the length of the least probable window."""
        best, longest = np.full(len(at), IMPROBABLE), np.zeros(len(at), np.int64)
        roots = np.zeros(len(at))
        for number, length in enumerate(WINDOWS_WEEKS):
            if length not in windows:
                continue
            here = np.flatnonzero(self._known[number, at])
            some = at[here]
            row, week = self._row[some], self._week[number, some]
            since = (week - PAST_WEEKS).clip(min=0)
            total = landings[row, week] - landings[row, since] + PRIOR_LANDINGS
            rate = total / np.maximum(1.0, weeks[row, week] - weeks[row, since])
            mean, dispersion = rate * self._exposure[number, some], 1 / total
            count = self._count[number, some]
            enough = count >= mean + np.sqrt(mean + dispersion * mean * mean)
            here = here[enough]
            p = tail(count[enough], mean[enough], dispersion[enough])
            improbable = p < IMPROBABLE
            roots[here[improbable]] += np.maximum(p[improbable], LEAST_P) ** -0.5
            less = p < best[here]
            best[here[less]], longest[here[less]] = p[less], length
        scores = np.minimum(best, np.maximum(roots, 1.0) ** -2)
        return np.where(longest > 0, scores, NEVER), longest


def _upto(seen: Floats, shares: Floats, row: Ints, at: Floats) -> Floats:
    week = at.astype(np.int64).clip(0, shares.shape[1] - 1)
    return np.where(at <= 0, 0.0, seen[row, week] + (at - week) * shares[row, week])


def _sums(weeks: Floats | Bools) -> Floats:
    return np.pad(weeks.cumsum(axis=1, dtype=float), ((0, 0), (1, 0)))

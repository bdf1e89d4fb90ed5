"""What happens at a made place while nothing changes? Landings, and how much of each week is seen.

Nothing here is drawn from the model that the calibration fits. A burst begins in any week, once in
`QUIET_WEEKS` quiet ones, lasts `BURST_WEEKS` in the mean (any number of weeks, geometric), and
has `BURST_RATE` times as many landings as a quiet week. A week differs from the next by a gamma
factor of the given variance. Blind weeks lie together, three in the mean. `OTHERS` are worlds of
another kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUIET_WEEKS, BURST_WEEKS, BURST_RATE = 20.0, 4.0, 6.0
BLIND_WEEKS = 3.0
YEAR = 52
COINCIDING = 3.0
"""Weeks with more than the mean are blind so many times as often as others, if these coincide."""


@dataclass(frozen=True, slots=True)
class World:
    """One cell of the table, whose truth no calibration knows."""

    base: float
    """Landings in a week that is fully seen, in the mean."""
    weekly: float
    """The variance of the factor by which weeks differ."""
    bursts: bool
    past: int
    """Weeks that the calibration may learn from."""
    sight: str = "all seen"
    """A key of `SIGHTS`."""
    other: str = ""
    """A key of `OTHERS`, how flights come there; empty: as `bursts` says."""


SIGHTS = {
    "all seen": 0.0,
    "30 % blind": 0.3,
    "60 % blind": 0.6,
    "30 % blind with flights": 0.3,
    "60 % blind with flights": 0.6,
    "feeds change": 0.0,
}
"""How much of the weeks is blind, in the mean. Where feeds change, 40 % of each week is seen until
the middle of the past, and 95 % from then on."""


OTHERS = {"bursts of 10 weeks": 10.0, "bursts of 1.5 weeks": 1.5, "half a year busy": 0.0}
"""How many weeks a burst lasts in the mean. Where half a year is busy, each summer has
`SEASON_RATE` times as many landings as the winter, rising and falling as a sine."""
SEASON_RATE = 4.0


@dataclass(frozen=True, slots=True)
class Lives:
    """Many series side by side: the share of each week that is seen, and the landings noticed."""

    shares: Floats
    """One row a series."""
    row: Ints
    """The series of each landing, in order …"""
    at: Floats
    """… and its touchdown in weeks from the beginning, in order within the series."""

    @property
    def counts(self) -> Ints:
        """Return the landings of each week of each series."""
        weeks = self.shares.shape[1]
        flat = np.bincount(self.row * weeks + self.at.astype(np.int64), minlength=self.shares.size)
        return flat.reshape(self.shares.shape)


def live(world: World, number: int, noise: np.random.Generator) -> Lives:
    """Return so many series of the past and the year after it."""
    shape = (number, world.past + YEAR)
    level = np.full(shape, float(world.base))
    if OTHERS.get(world.other) == 0:
        level *= _seasons(shape, noise)
    elif world.bursts:
        level *= _bursts(shape, noise, OTHERS.get(world.other, BURST_WEEKS))
    if world.weekly > 0:
        level *= noise.gamma(1 / world.weekly, world.weekly, shape)
    shares = _shares(world, level, noise)
    return scatter(shares, noise.poisson(level * shares), noise)


def scatter(shares: Floats, counts: Ints, noise: np.random.Generator) -> Lives:
    """Return series with so many landings in each week, at random times of it."""
    series, weeks = counts.shape
    cell = np.repeat(np.arange(series * weeks), counts.ravel())
    place = np.sort(cell + noise.random(len(cell)), kind="stable")
    row = cell // weeks
    return Lives(shares, row, place - row * weeks)


def _runs(
    shape: tuple[int, int], begins: Floats, ends: float, noise: np.random.Generator
) -> Floats:
    """Return 1 in the weeks of runs that begin and end with these chances a week, else 0."""
    state = np.zeros(shape)
    at = noise.random(shape[0]) < begins[:, 0] / (begins[:, 0] + ends)
    for week in range(shape[1]):
        draw = noise.random(shape[0])
        at = np.where(at, draw >= ends, draw < begins[:, week])
        state[:, week] = at
    return state


def _bursts(shape: tuple[int, int], noise: np.random.Generator, weeks: float) -> Floats:
    begins = np.full(shape, 1 / QUIET_WEEKS)
    state = _runs(shape, begins, 1 / weeks, noise)
    share = weeks / (weeks + QUIET_WEEKS)
    return (1 + (BURST_RATE - 1) * state) / (1 + (BURST_RATE - 1) * share)


def _seasons(shape: tuple[int, int], noise: np.random.Generator) -> Floats:
    turn = (np.arange(shape[1]) + YEAR * noise.random((shape[0], 1))) / YEAR
    return 1 + (SEASON_RATE - 1) / (SEASON_RATE + 1) * np.sin(2 * np.pi * turn)


def _shares(world: World, level: Floats, noise: np.random.Generator) -> Floats:
    if world.sight == "feeds change":
        shares = np.full(level.shape, 0.95)
        shares[:, : world.past // 2] = 0.4
        return shares
    blind = SIGHTS[world.sight]
    if blind == 0:
        return np.ones(level.shape)
    ends = 1 / BLIND_WEEKS
    begins = np.full(level.shape, ends * blind / (1 - blind))
    if world.sight.endswith("with flights"):
        busy = noise.poisson(level) > world.base
        odds = np.where(busy, COINCIDING, 1.0)
        begins = np.minimum(0.95, begins * odds / odds.mean())
    return 1.0 - _runs(level.shape, begins, ends, noise)

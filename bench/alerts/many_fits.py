"""What does the calibration make of many pasts at once? The formulas of `chance/model.py` and
`chance/paths.py` with arrays; `twin.py` compares them with the functions that the daemon calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from collector.alerts.chance import model
from collector.alerts.chance.past import LATELY_COVERED_WEEKS, LEAST_SHARE

from .many_rules import tail
from .worlds import Floats, Ints, Lives, scatter

GRID = [(weekly, bursts) for weekly in model.VARIANCES for bursts in model.VARIANCES]


@dataclass(frozen=True, slots=True)
class Fits:
    """What each of many pasts leaves possible, as `ChanceModel` has it."""

    landings: Floats
    exposure: Floats
    cumulated: Floats
    """The cumulated weights of `GRID`, one row a past."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of each of many futures, as `Draw` has it."""

    rate: Floats
    weekly: Floats
    bursts: Floats

    def chance_of(self, landings: Ints, weeks: float) -> Floats:
        """Return `Draw.chance_of` of each."""
        return tail(landings, self.rate * weeks, (1 + self.weekly) * (1 + self.bursts) - 1)


def fit(counts: Ints, shares: Floats, *, independent: bool = False) -> Fits:
    """Return `model.fit_weeks` of each row; with `independent`, as if no bursts were possible."""
    seen = shares >= LEAST_SHARE
    exposures = np.where(seen, shares, 0.0)
    counts = np.where(seen, counts, 0)
    landings = counts.sum(axis=1).astype(float)
    exposure = np.maximum(1.0, exposures.sum(axis=1))
    rate = (landings + model.PRIOR_LANDINGS) / exposure
    c, e = _blocks(counts.astype(float)), _blocks(exposures)
    block, total = e.sum(axis=2), c.sum(axis=2)
    safe = np.where(block > 0, block, 1.0)
    spread = (e**2).sum(axis=2) / safe**2
    size = safe / np.maximum(1, (e > 0).sum(axis=2))
    several = (total >= 2) & (block > 0)
    logs = np.empty((len(counts), len(GRID)))
    for number, weekly in enumerate(model.VARIANCES):
        shared = np.zeros(total.shape)
        for week in range(model.BURST_WEEKS):
            some = several & (c[:, :, week] > 0) & (e[:, :, week] > 0)
            part, share = c[:, :, week][some], e[:, :, week][some]
            if weekly == 0:
                shared[some] += part * np.log(share / block[some])
            else:
                alpha = share / size[some] / weekly
                shared[some] += gammaln(part + alpha) - gammaln(alpha)
        if weekly > 0:
            alphas = block[several] / size[several] / weekly
            shared[several] += gammaln(alphas) - gammaln(total[several] + alphas)
        for other, bursts in enumerate(model.VARIANCES):
            dispersion = (1 + bursts * model.BURST_SHARE) * (1 + weekly * spread) - 1
            masses = _log_mass(total, rate[:, None] * safe, dispersion)
            at = number * len(model.VARIANCES) + other
            logs[:, at] = np.where(block > 0, masses + shared, 0.0).sum(axis=1)
            logs[:, at] += model.log_prior(weekly, bursts)
            if independent and bursts > 0:
                logs[:, at] = -np.inf
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    cumulated = weights.cumsum(axis=1)
    return Fits(landings, exposure, cumulated / cumulated[:, -1:])


def _blocks(weeks: Floats) -> Floats:
    short = -weeks.shape[1] % model.BURST_WEEKS
    padded = np.pad(weeks, ((0, 0), (short, 0)))
    return padded.reshape(len(weeks), -1, model.BURST_WEEKS)


def _log_mass(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    size = 1 / np.maximum(dispersion, 1e-9)
    clustered = (
        gammaln(count + size)
        - gammaln(size)
        - size * np.log1p(dispersion * mean)
        + count * (np.log(mean) - np.log(size + mean))
    )
    return np.where(dispersion < 1e-9, count * np.log(mean) - mean, clustered)


def futures(
    fits: Fits, shares: Floats, weeks: int, draws: int, noise: np.random.Generator
) -> tuple[Lives, Drawn]:
    """Return `paths.simulate` of so many futures of each past, those of one past together, and what
    was drawn of each."""
    pasts, length = shares.shape
    points = np.array(GRID)
    at = noise.random((pasts, draws))
    index = (at[:, :, None] >= fits.cumulated[:, None, :]).sum(axis=2).clip(max=len(GRID) - 1)
    weekly, bursts = points[index, 0].ravel(), points[index, 1].ravel()
    landings, exposure = np.repeat(fits.landings, draws), np.repeat(fits.exposure, draws)
    mean = (landings + model.PRIOR_LANDINGS) / exposure
    heaped = 1 + mean * (weekly + model.BURST_WEEKS * bursts)
    rate = noise.gamma((landings + model.PRIOR_LANDINGS) / heaped, heaped / exposure)
    latest = np.repeat(lately(shares), draws)[:, None]
    offset = (noise.random(len(latest)) * latest[:, 0]).astype(np.int64)
    turned = (offset[:, None] + np.arange(weeks)) % latest
    seen = shares[np.repeat(np.arange(pasts), draws)[:, None], length - latest + turned]
    turn = noise.integers(0, model.BURST_WEEKS, pasts * draws)
    block = (np.arange(weeks) - turn[:, None]) // model.BURST_WEEKS + 1
    factors = _gamma(np.broadcast_to(bursts[:, None], (len(rate), block.max() + 1)), noise)
    level = rate[:, None] * seen * np.take_along_axis(factors, block, axis=1)
    level *= _gamma(np.broadcast_to(weekly[:, None], level.shape), noise)
    return scatter(seen, noise.poisson(level), noise), Drawn(rate, weekly, bursts)


def lately(shares: Floats) -> Ints:
    """Return how many of the latest weeks of each row `Past.lately` has."""
    covered = (shares[:, ::-1] >= LEAST_SHARE).cumsum(axis=1)
    enough = covered >= LATELY_COVERED_WEEKS
    weeks: Ints = np.where(enough.any(axis=1), enough.argmax(axis=1) + 1, shares.shape[1])
    return weeks


def _gamma(variance: Floats, noise: np.random.Generator) -> Floats:
    some = variance > 0
    factors = np.ones(variance.shape)
    factors[some] = noise.gamma(1 / variance[some], variance[some])
    return factors

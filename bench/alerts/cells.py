"""How often do rules fire where nothing changes, and how often is it stated that they do? Series
that are each calibrated from their own past, and their year after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from collector.alerts.chance.alarms import EPISODE_WEEKS
from collector.alerts.chance.past import LEAST_COVERED_WEEKS, LEAST_SHARE
from collector.alerts.chance.rates import DRAWS, MIDDLE, TENTHS
from collector.alerts.chance.threshold import WEEKS_PER_YEAR
from collector.model import Place, Rule, RuleKind

from . import many_fits, many_rules
from .worlds import SIGHTS, YEAR, Floats, Ints, Lives, World, live

OVDA = Place(("LLOV",))
RULES = (
    *(Rule(name=f"{n} a week", kind=RuleKind.THRESHOLD, place=OVDA, count=n) for n in (2, 3, 4, 6)),
    *(
        Rule(name=f"{n} in 14 d", kind=RuleKind.THRESHOLD, place=OVDA, count=n, days=14)
        for n in (3, 5, 8)
    ),
)
BASES, WEEKLY, PASTS = (0.05, 0.2, 0.5, 1.0, 2.0), (0.0, 1.0, 2.0), (26, 52, 104)
FEW_DRAWS = 6
"""Futures of a series whose mean alone is needed; its middle third are two."""
SPREAD_OF = 20
"""So many of every `PER` series have as many futures as the calibration draws, for the spread."""
PER = 1000
WARM = int(EPISODE_WEEKS) + 3
PER_YEAR = WEEKS_PER_YEAR / YEAR


@dataclass
class Figures:
    """What one rule showed in one world; sums over series whose calibration states a rate."""

    series: int = 0
    stated: float = 0.0
    """Episodes a year."""
    came: float = 0.0
    """Episodes of the year after the calibration, in as many weeks as a year has."""
    weeks: float = 0.0
    """Weeks with an alarm in that year."""
    spread: tuple[tuple[float, float, float], ...] = ()
    """(low, stated, high) of some series, as the daemon would state them."""

    def add(self, other: Figures) -> None:
        """Add further series of the same rule and world."""
        self.series += other.series
        self.stated += other.stated
        self.came += other.came
        self.weeks += other.weeks
        self.spread = (*self.spread, *other.spread)


def all_worlds() -> Iterator[World]:
    """Yield every cell of the table, those in which all is seen first."""
    for base, weekly, bursts, past in product(BASES, WEEKLY, (False, True), PASTS):
        yield World(base, weekly, bursts, past)
    # 26 weeks of which a third is blind are too few to state anything.
    for bursts, base in product((True, False), BASES[1:4]):
        yield World(base, 1.0, bursts, PASTS[0], "feeds change")
    for past, bursts, base in product((104, 52), (True, False), BASES[1:4]):
        for sight in list(SIGHTS)[1:]:
            yield World(base, 1.0, bursts, past, sight)


def run(
    world: World, number: int, noise: np.random.Generator, *, independent: bool = False
) -> dict[str, Figures]:
    """Return what each rule shows in so many series of one world, a multiple of `PER`.

    With `independent`, the calibration knows of no bursts.
    """
    figures = {rule.name: Figures() for rule in RULES}
    for _ in range(0, number, PER):
        for name, found in _some(world, noise, independent=independent).items():
            figures[name].add(found)
    return figures


def _some(world: World, noise: np.random.Generator, *, independent: bool) -> dict[str, Figures]:
    lives = live(world, PER, noise)
    counts, shares = lives.counts[:, : world.past], lives.shares[:, : world.past]
    known = (shares >= LEAST_SHARE).sum(axis=1) >= LEAST_COVERED_WEEKS
    fits = many_fits.fit(counts, shares, independent=independent)
    stated = _stated(_Pasts(fits, counts, shares).those(known), FEW_DRAWS, noise)
    few = known & (known.cumsum() <= SPREAD_OF)
    wide = _stated(_Pasts(fits, counts, shares).those(few), DRAWS, noise)
    figures = {}
    for rule in RULES:
        alarms = many_rules.fired(rule, lives)
        came, weeks = many_rules.episodes(lives, alarms, world.past, YEAR)
        figures[rule.name] = Figures(
            int(known.sum()),
            float(stated[rule.name][:, 1].sum()),
            float(came[known].sum() * PER_YEAR),
            float(weeks[known].sum() * PER_YEAR),
            tuple((low, middle, high) for low, middle, high in wide[rule.name].tolist()),
        )
    return figures


@dataclass(frozen=True, slots=True)
class _Pasts:
    fits: many_fits.Fits
    counts: Ints
    shares: Floats

    def those(self, some: many_rules.Bools) -> _Pasts:
        fits = self.fits
        fitted = many_fits.Fits(fits.landings[some], fits.exposure[some], fits.cumulated[some])
        return _Pasts(fitted, self.counts[some], self.shares[some])


def _stated(past: _Pasts, draws: int, noise: np.random.Generator) -> dict[str, Floats]:
    """Return (low, stated, high) of each past by rule, as `rates_at_place` has them."""
    shares, pasts = past.shares, len(past.counts)
    if pasts == 0:
        return {rule.name: np.empty((0, 3)) for rule in RULES}
    futures, drawn = many_fits.futures(past.fits, shares, WARM + YEAR, draws, noise)
    found = {}
    for rule in RULES:
        needed = np.full(pasts * draws, rule.count)
        ease = drawn.chance_of(needed, (rule.days or 7) / 7).reshape(pasts, draws)
        begun = _episodes(rule, futures).reshape(pasts, draws)
        ordered = np.take_along_axis(begun, ease.argsort(axis=1, kind="stable"), axis=1)
        tenth, third = max(1, draws // TENTHS), draws // MIDDLE
        ends = np.stack(
            [
                ordered[:, :tenth].mean(axis=1),
                ordered[:, third : draws - third].mean(axis=1),
                ordered[:, -tenth:].mean(axis=1),
            ],
            axis=1,
        )
        found[rule.name] = PER_YEAR * np.stack(
            [ends.min(axis=1), ends[:, 1], ends.max(axis=1)], axis=1
        )
    return found


def _episodes(rule: Rule, futures: Lives) -> Ints:
    return many_rules.episodes(futures, many_rules.fired(rule, futures), WARM, YEAR)[0]

"""How often does each rule of a place fire by chance? Episodes a year, with the range that the past
leaves possible.

The rate is a property of the rule and of the past: how often such an alarm comes by itself at the
usual rate of landings. It is not the probability that a certain alarm is false, and it says nothing
of whether certain flights belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from collector.alerts.chance.alarms import (
    EPISODE_WEEKS,
    alarms,
    episode_starts,
    landings_needed,
)
from collector.alerts.chance.model import Draw, fit
from collector.alerts.chance.past import LEAST_COVERED_WEEKS, Past
from collector.alerts.chance.paths import simulate
from collector.model import Rule

DRAWS = 500
"""Futures that are drawn. A rule that fires once in two years has some 80 episodes in the middle
third of them, so that its rate is known to 11 %, far better than the past allows."""
WEEKS_PER_YEAR = 365.25 / 7
YEAR_WEEKS = 52
MIDDLE, TENTHS = 3, 10
"""The futures of a rule are put in order by how easily they make it fire. What is stated is the
mean of the middle third, which a few extreme futures do not decide, and the range goes from the
tenth in which it fires least easily to the tenth in which it does most easily."""


@dataclass(frozen=True, slots=True)
class Range:
    """What is stated, and how it would be if landings were as rare and even, or as frequent and
    clustered, as the past just allows: the ends of what it leaves possible."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StatedRate:
    """How often a rule fires at the usual rate."""

    episodes: Range
    """False episodes a year. A rule that is hardly ever silent has few, since they never end."""
    weeks: Range
    """Weeks of a year in which it fires."""


@dataclass(frozen=True, slots=True)
class PlaceRates:
    """The rates of a place's rules, from one past."""

    covered_weeks: int | None
    """None: nothing has been calculated yet."""
    by_rule: tuple[tuple[str, StatedRate], ...] = ()
    """The rate of each rule by its name; empty if too little of the past could be seen."""
    together: StatedRate | None = None
    """Episodes in which any of the rules fires."""

    @property
    def known(self) -> bool:
        """Whether enough of the past could be seen to state rates."""
        return self.together is not None


@dataclass(frozen=True, slots=True)
class RuleChance:
    """How often one rule fires by chance, as far as that is known."""

    rate: StatedRate | None
    """None: too little of the past could be seen, or nothing has been calculated yet."""
    covered_weeks: int | None
    """None: nothing has been calculated yet."""


def rates_at_place(rules: Sequence[Rule], past: Past, seed: str, draws: int = DRAWS) -> PlaceRates:
    """Return how often the rules of one place fire by chance.

    Nothing is stated with fewer than `LEAST_COVERED_WEEKS` covered weeks. The same seed gives the
    same rates.
    """
    if past.covered_weeks < LEAST_COVERED_WEEKS or not rules:
        return PlaceRates(past.covered_weeks)
    noise = Random(seed)  # noqa: S311 - a simulation, no secret
    model = fit(past)
    drawn = [model.draw(noise) for _ in range(draws)]
    by_rule: dict[str, list[tuple[int, int]]] = {rule.name: [] for rule in rules}
    together: list[tuple[int, int]] = []
    # The first weeks fill the windows, and show which episodes had begun before.
    warm = int(EPISODE_WEEKS) + max((rule.days or 7) for rule in rules) // 7 + 1
    for draw in drawn:
        path = simulate(draw, past, warm + YEAR_WEEKS, noise)
        fired: set[float] = set()
        for rule in rules:
            times = alarms(rule, past, path)
            fired.update(times)
            by_rule[rule.name].append(_in_year(times, warm))
        together.append(_in_year(sorted(fired), warm))
    ease = {rule.name: _ease(rule, past, drawn) for rule in rules}
    easiest = [max(each) for each in zip(*ease.values(), strict=True)]
    return PlaceRates(
        past.covered_weeks,
        tuple((name, _stated(years, ease[name])) for name, years in by_rule.items()),
        _stated(together, easiest),
    )


def sum_of_rates(rates: Iterable[StatedRate]) -> StatedRate:
    """Return how often any of these fires if they have nothing in common: at most so often."""
    rates = list(rates)
    return StatedRate(
        _sum_of_ranges([each.episodes for each in rates]),
        _sum_of_ranges([each.weeks for each in rates]),
    )


def _sum_of_ranges(ranges: Sequence[Range]) -> Range:
    return Range(
        sum(each.middle for each in ranges),
        sum(each.low for each in ranges),
        sum(each.high for each in ranges),
    )


def _in_year(times: Sequence[float], warm: int) -> tuple[int, int]:
    """Return the episodes that begin in the year after the first weeks, and the weeks with one."""
    episodes = sum(at >= warm for at in episode_starts(times))
    return episodes, len({int(at) for at in times if at >= warm})


def _ease(rule: Rule, past: Past, drawn: Sequence[Draw]) -> list[float]:
    """Return how easily each future makes the rule fire: the chance of its count in one window."""
    needed, weeks = landings_needed(rule, past), (rule.days or 7) / 7
    return [draw.chance_of(needed, weeks) for draw in drawn]


def _stated(years: Sequence[tuple[int, int]], ease: Sequence[float]) -> StatedRate:
    """Return the rate from futures of a year each, and how easily each makes the rule fire."""
    order = sorted(range(len(years)), key=lambda number: ease[number])
    return StatedRate(
        _range([years[number][0] for number in order]),
        _range([years[number][1] for number in order]),
    )


def _range(numbers: Sequence[int]) -> Range:
    length = len(numbers)
    tenth, third = max(1, length // TENTHS), length // MIDDLE
    low, middle, high = (
        WEEKS_PER_YEAR / YEAR_WEEKS * sum(part) / len(part)
        for part in (numbers[:tenth], numbers[third : length - third], numbers[-tenth:])
    )
    # What hardly ever rests has few episodes, so that the easiest futures may have the fewest.
    return Range(middle, min(low, middle, high), max(low, middle, high))

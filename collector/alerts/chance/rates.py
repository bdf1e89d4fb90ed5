"""How often does each rule of a place fire by chance? Episodes a year, with the range that the past
leaves possible.

The rate is a property of the rule and of the past: how often such an alarm comes by itself at the
usual rate of landings. It is not the probability that a certain alarm is false, and it says nothing
of whether certain flights belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from collector.alerts.chance.alarms import (
    EPISODE_WEEKS,
    alarms,
    surge_alarms,
    surge_on,
)
from collector.alerts.chance.model import BURST_WEEKS, Draw, fit
from collector.alerts.chance.past import LEAST_COVERED_WEEKS, Past
from collector.alerts.chance.paths import Path, simulate
from collector.alerts.chance.threshold import (
    WEEKS_PER_YEAR,
    YEAR_WEEKS,
    Calibrated,
    Threshold,
    calibrate,
    in_year,
)
from collector.model import Rule, RuleKind

DRAWS = 500
"""Futures that are drawn. A rule that fires once in two years has some 80 episodes in the middle
third of them, so that its rate is known to 11 %, far better than the past allows."""
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
    thresholds: tuple[tuple[str, Threshold], ...] = ()
    """The threshold of each surge by the name of its rule."""

    @property
    def known(self) -> bool:
        """Whether enough of the past could be seen to state rates."""
        return self.together is not None

    @property
    def settled(self) -> bool:
        """Whether they stay: rates are known, and each surge has a threshold."""
        return self.known and all(found.p_below is not None for _, found in self.thresholds)


@dataclass(frozen=True, slots=True)
class RuleChance:
    """How often one rule fires by chance, as far as that is known."""

    rate: StatedRate | None
    """None: too little of the past could be seen, or nothing has been calculated yet."""
    covered_weeks: int | None
    """None: nothing has been calculated yet."""
    threshold: Threshold | None = None
    """That of a surge; None for any other rule."""


def rates_at_place(
    rules: Sequence[Rule],
    past: Past,
    seed: str,
    draws: int = DRAWS,
    *,
    comparable: Past | None = None,
    of_weeks: int | None = None,
) -> PlaceRates:
    """Return how often the rules of one place fire by chance, and the thresholds of its surges.

    `comparable`: what surges may compare (`alerts.comparable`), of so many covered weeks; None: all
    of the past. Nothing is stated with fewer than `LEAST_COVERED_WEEKS` covered weeks, but of a
    surge that has a stated usual. The same seed gives the same rates.
    """
    comparable = past if comparable is None else comparable
    # Each surge has noise of its own, so that the rates of the others stay when it begins to fire.
    surges = {
        rule.name: calibrate(
            *(rule, comparable, Random(f"{seed} {rule.name}"), draws),  # noqa: S311 - no secret
            of_weeks=past.covered_weeks if of_weeks is None else of_weeks,
        )
        for rule in rules
        if rule.kind is RuleKind.SURGE
    }
    by_rule = {
        rule.name: _rate_of_surge(rule, comparable, surges[rule.name])
        for rule in rules
        if rule.name in surges and surges[rule.name].threshold.p_below is not None
    }
    together = None
    if past.covered_weeks >= LEAST_COVERED_WEEKS and rules:
        found, together = _rates(rules, surges, past, comparable, (seed, draws))
        by_rule = {**found, **by_rule}
    return PlaceRates(
        past.covered_weeks,
        tuple((rule.name, by_rule[rule.name]) for rule in rules if rule.name in by_rule),
        together,
        tuple((name, found.threshold) for name, found in surges.items()),
    )


def _rates(
    rules: Sequence[Rule],
    surges: Mapping[str, Calibrated],
    past: Past,
    comparable: Past,
    drawing: tuple[str, int],
) -> tuple[dict[str, StatedRate], StatedRate]:
    """Return the rate of each rule but the surges, and of all together, in the futures of the whole
    past."""
    (seed, draws), model = drawing, fit(past)
    noise = Random(seed)  # noqa: S311 - a simulation, no secret
    drawn = [model.draw(noise) for _ in range(draws)]
    by_rule: dict[str, list[tuple[int, int]]] = {
        rule.name: [] for rule in rules if rule.name not in surges
    }
    together: list[tuple[int, int]] = []
    # The first weeks fill the windows, and show which episodes had begun before.
    warm = int(EPISODE_WEEKS) + max((rule.days or 7) for rule in rules) // 7 + 1
    for draw in drawn:
        path = simulate(draw, past, warm + YEAR_WEEKS, noise)
        fired: set[float] = set()
        for rule in rules:
            calibrated = surges.get(rule.name)
            if calibrated is not None:
                fired.update(_surge_fires(rule, comparable, path, calibrated))
            else:
                times = alarms(rule, path)
                fired.update(times)
                by_rule[rule.name].append(in_year(times, warm))
        together.append(in_year(sorted(fired), warm))
    ease = {rule.name: _ease(rule, comparable, surges.get(rule.name), drawn) for rule in rules}
    easiest = [max(each) for each in zip(*ease.values(), strict=True)]
    return (
        {name: _stated(years, ease[name]) for name, years in by_rule.items()},
        _stated(together, easiest),
    )


def _surge_fires(rule: Rule, past: Past, path: Path, calibrated: Calibrated) -> list[float]:
    p_below = calibrated.threshold.p_below
    return [] if p_below is None else surge_alarms(rule, past, path, p_below, calibrated.weights)


def _rate_of_surge(rule: Rule, past: Past, calibrated: Calibrated) -> StatedRate:
    """Return the rate of a surge in the futures on which its threshold was found: the mean over all
    of them, which the threshold was made for, and the tenths in which it fires least and most
    easily."""
    years = calibrated.years
    stated = _stated(years, _ease(rule, past, calibrated, calibrated.drawn))
    return StatedRate(
        _with_mean(stated.episodes, [episodes for episodes, _ in years]),
        _with_mean(stated.weeks, [weeks for _, weeks in years]),
    )


def _with_mean(ends: Range, numbers: Sequence[int]) -> Range:
    mean = WEEKS_PER_YEAR / YEAR_WEEKS * sum(numbers) / len(numbers)
    return Range(mean, min(mean, ends.low), max(mean, ends.high))


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


def _ease(
    rule: Rule, past: Past, calibrated: Calibrated | None, drawn: Sequence[Draw]
) -> list[float]:
    """Return how easily each future makes the rule fire: the chance of its count in one window."""
    needed, weeks = max(1, rule.count), (rule.days or 7) / 7
    if calibrated is not None:
        needed, weeks = _needed_in_burst(rule, past, calibrated), float(BURST_WEEKS)
    return [draw.chance_of(needed, weeks) for draw in drawn]


def _needed_in_burst(rule: Rule, past: Past, calibrated: Calibrated) -> int:
    """Return the least number of landings in so many weeks as a burst has at which a surge fires
    now."""
    needed, p_below = max(1, rule.count), calibrated.threshold.p_below
    surge = surge_on(rule, past, Path([], [], []), 0.0, list(calibrated.weights))
    usual = surge.usual_before(len(past.shares), len(past.shares) - 1)
    if p_below is None or usual is None:
        return needed
    while usual.probability(needed, BURST_WEEKS) >= p_below:
        needed += 1
    return needed


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

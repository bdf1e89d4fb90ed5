"""Is what was stated near what came? Tables of the cells, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from collector.reports.chance import OFTEN_WEEKS, RARE_YEARS

from .cells import Figures
from .worlds import SIGHTS, World

Cells = Mapping[World, Mapping[str, Figures]]
NEAR = 0.3
CLASSES = (
    (0.5, 9.0, "once in 2 years or more often"),
    (0.2, 0.5, "once in 2 to 5 years"),
    (0.1, 0.2, "once in 5 to 10 years"),
    (1 / RARE_YEARS, 0.1, f"once in 10 to {RARE_YEARS} years"),
)
"""Episodes that came a year: from, below, and in words."""
TOLERANCE = 0.1
"""A range is printed in round numbers, so it holds what lies so near to its ends."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule in a world of which a number of episodes is stated, and came."""

    world: World
    rule: str
    figures: Figures

    @property
    def came(self) -> float:
        """Return the episodes that came a year."""
        return self.figures.came / self.figures.series

    @property
    def ratio(self) -> float:
        """Return what was stated, in the mean, over what came."""
        return self.figures.stated / self.figures.came

    @property
    def near(self) -> bool:
        """Return whether the two differ by no more than `NEAR`."""
        return abs(self.ratio - 1) <= NEAR

    @property
    def held(self) -> list[bool]:
        """Return which stated ranges hold what came."""
        came = self.came
        return [
            low * (1 - TOLERANCE) <= came <= high * (1 + TOLERANCE)
            for low, _, high in self.figures.spread
        ]


def pairs(cells: Cells) -> list[Pair]:
    """Return what can be compared: episodes that are not rarer than can be stated, of rules that
    rest between them."""
    return [
        Pair(world, rule, figures)
        for world, by_rule in cells.items()
        for rule, figures in by_rule.items()
        if figures.series
        and figures.came / figures.series >= 1 / RARE_YEARS
        and figures.weeks / figures.series < OFTEN_WEEKS
    ]


def lines(cells: Cells) -> Iterator[str]:
    """Yield the tables."""
    found = pairs(cells)
    yield from _head("episodes that came")
    for low, high, words in CLASSES:
        yield from _row(words, [each for each in found if low <= each.came < high])
    often = [each for each in found if each.came >= CLASSES[1][0]]
    yield ""
    yield from _head("weeks of the past, once in 5 years or more often")
    for past in sorted({each.world.past for each in often}):
        yield from _row(str(past), [each for each in often if each.world.past == past])
    yield ""
    yield from _head("what is seen, once in 5 years or more often")
    for sight in SIGHTS:
        yield from _row(sight, [each for each in often if each.world.sight == sight])
    yield ""
    yield from _head("how landings come, once in 5 years or more often")
    for weekly in sorted({each.world.weekly for each in often}):
        for bursts in (False, True):
            some = [e for e in often if (e.world.weekly, e.world.bursts) == (weekly, bursts)]
            yield from _row(f"weekly variance {weekly:g}{', bursts' if bursts else ''}", some)
    yield ""
    yield from _head("rule, once in 5 years or more often")
    for rule in dict.fromkeys(each.rule for each in found):
        yield from _row(rule, [each for each in often if each.rule == rule])


def _head(first: str) -> Iterator[str]:
    yield (
        f"| {first} | rules × worlds | within ± 30 % | stated ÷ came: lowest, a tenth below, "
        "median, a tenth above, highest | stated by a tenth of watches at most, at least, ÷ came | "
        "ranges that hold what came | … that lie above it |"
    )
    yield "|---|---|---|---|---|---|---|"


def _row(first: str, some: Sequence[Pair]) -> Iterator[str]:
    if not some:
        return
    ratios = np.quantile([each.ratio for each in some], [0, 0.1, 0.5, 0.9, 1])
    stated = [middle / each.came for each in some for _, middle, _ in each.figures.spread]
    spread = np.quantile(stated, [0.1, 0.9]) if stated else (0.0, 0.0)
    held = [hit for each in some for hit in each.held]
    above = [
        low * (1 - TOLERANCE) > each.came for each in some for low, _, _ in each.figures.spread
    ]
    yield (
        f"| {first} | {len(some)} | {fmean(each.near for each in some):.0%} | "
        + ", ".join(f"{each:.2f}" for each in ratios)
        + f" | {spread[0]:.2f}, {spread[1]:.2f} | {fmean(held):.0%} | {fmean(above):.0%} |"
    )


def page(cells: Cells) -> Iterator[str]:
    """Yield all tables, and one row a world: of each rule what was stated and what came."""
    yield "# Alerts: what was stated, and what came"
    yield ""
    yield (
        "`python -m bench.alerts --write docs/alerts-measured.md` wrote this page; "
        "[alerts.md](alerts.md) tells what it means."
    )
    yield ""
    yield from lines(cells)
    yield ""
    yield (
        'Each world: episodes a year, stated in the mean ÷ came in the mean. "Often": the rule '
        f"fires in {OFTEN_WEEKS:g} weeks of a year or more, and weeks are stated instead."
    )
    yield ""
    rules = list(dict.fromkeys(rule for by_rule in cells.values() for rule in by_rule))
    yield "| base | weekly | bursts | weeks | seen | series | " + " | ".join(rules) + " |"
    yield "|---|---|---|---|---|---|" + "---|" * len(rules)
    for world, by_rule in cells.items():
        told = [_told(by_rule[rule]) for rule in rules]
        number = next(iter(by_rule.values())).series
        yield (
            f"| {world.base:g} | {world.weekly:g} | {'yes' if world.bursts else 'no'} | "
            f"{world.past} | {world.sight} | {number:,} | " + " | ".join(told) + " |"
        )


def _told(figures: Figures) -> str:
    if not figures.series:
        return "–"
    if figures.weeks / figures.series >= OFTEN_WEEKS:
        return "often"
    return f"{figures.stated / figures.series:.2f} ÷ {figures.came / figures.series:.2f}"

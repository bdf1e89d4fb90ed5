"""How is it said how often a rule fires by chance? In one sentence, the same on every surface."""

from __future__ import annotations

from typing import Any

from collector.alerts.chance.past import LEAST_COVERED_WEEKS
from collector.alerts.chance.rates import Range, RuleChance, StatedRate

RARE_YEARS = 50
"""Rarer than once in so many years, no past of two years can tell."""
OFTEN_WEEKS = 6.5
"""Alarms in so many weeks of a year: hardly any two would be eight weeks apart, so that the number
of episodes would say nothing."""


def sentence(rate: StatedRate, what: str = "a mail like this") -> str:
    """Return how often `what` comes by itself.

    >>> few = Range(3.0, 1.0, 8.0)
    >>> sentence(StatedRate(Range(0.5, 0.25, 1.0), few))
    'At the usual rate, a mail like this comes by itself about once in 2 years (1 to 4).'
    >>> sentence(StatedRate(Range(2.8, 1.2, 5.1), few))
    'At the usual rate, a mail like this comes by itself about 3 times a year (1 to 5).'
    """
    return f"At the usual rate, {what} comes by itself {often(rate)}."


def often(rate: StatedRate) -> str:
    """Return `about once in 2 years (1 to 4)`; in weeks of a year for what is hardly ever silent.

    >>> seldom = Range(0.0, 0.0, 0.1)
    >>> often(StatedRate(seldom, seldom))
    'less than once in 50 years'
    >>> often(StatedRate(Range(0.04, 0.0, 0.4), seldom))
    'about once in 25 years (2 or more)'
    >>> often(StatedRate(Range(1.1, 0.4, 2.0), Range(20.4, 11.0, 31.0)))
    'in about 20 weeks of a year (11 to 31)'
    """
    episodes, weeks = rate.episodes, rate.weeks
    if weeks.middle >= OFTEN_WEEKS:
        return f"in about {weeks.middle:.0f} weeks of a year ({_between(weeks.low, weeks.high)})"
    if episodes.middle < 1 / RARE_YEARS:
        return f"less than once in {RARE_YEARS} years"
    if episodes.middle >= 0.75:
        number = round(episodes.middle)
        times = "once" if number == 1 else "twice" if number == 2 else f"{number} times"
        return f"about {times} a year ({_between(episodes.low, episodes.high)})"
    number = max(2, round(1 / episodes.middle))
    return f"about once in {number} years ({_years(episodes)})"


def _between(low: float, high: float) -> str:
    return f"{low:.0f} to {high:.0f}"


def _years(episodes: Range) -> str:
    shortest = max(1, round(1 / episodes.high)) if episodes.high > 0 else RARE_YEARS
    if episodes.low < 1 / RARE_YEARS:
        return f"{shortest} or more"
    return f"{shortest} to {max(shortest, round(1 / episodes.low))}"


def rule_sentence(chance: RuleChance, what: str = "a mail like this") -> str:
    """Return how often `what` comes by itself, or that it is not known yet.

    >>> rule_sentence(RuleChance(None, 12))
    'How often a mail like this comes by itself is not known yet (12 of 26 covered weeks).'
    >>> rule_sentence(RuleChance(None, None))
    'How often a mail like this comes by itself has not been calculated yet.'
    """
    if chance.rate is not None:
        return sentence(chance.rate, what)
    if chance.covered_weeks is None:
        return f"How often {what} comes by itself has not been calculated yet."
    return (
        f"How often {what} comes by itself is not known yet "
        f"({chance.covered_weeks} of {LEAST_COVERED_WEEKS} covered weeks)."
    )


def watch_sentence(rate: StatedRate) -> str:
    """Return the same for the sum of a watch's rules and places.

    >>> seldom = Range(2.0, 1.0, 4.0)
    >>> watch_sentence(StatedRate(seldom, seldom))
    'All rules and places of this watch together: about twice a year (1 to 4).'
    """
    return f"All rules and places of this watch together: {often(rate)}."


def both_sentences(chance: RuleChance, watch: StatedRate | None) -> str:
    """Return what a mail says of its rule, and of its watch if that is known."""
    return rule_sentence(chance) + ("" if watch is None else f" {watch_sentence(watch)}")


def chance_json(rate: StatedRate | None) -> dict[str, Any] | None:
    """Return a rate as JSON; None where none is stated."""
    if rate is None:
        return None
    return {
        "episodes_per_year": round(rate.episodes.middle, 3),
        "episodes_per_year_low": round(rate.episodes.low, 3),
        "episodes_per_year_high": round(rate.episodes.high, 3),
        "weeks_per_year": round(rate.weeks.middle, 1),
    }

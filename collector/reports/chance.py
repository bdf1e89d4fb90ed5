"""How is it said how often a rule fires by chance? In one sentence, the same on every surface."""

from __future__ import annotations

from typing import Any

from collector.alerts.chance.past import LEAST_COVERED_WEEKS
from collector.alerts.chance.rates import Range, RuleChance, StatedRate
from collector.alerts.chance.threshold import Threshold
from collector.alerts.surge import LEAST_LANDINGS
from collector.reports import formatting

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
    >>> rule_sentence(RuleChance(None, 60, Threshold(None, 12, 4, 60))).partition(", and ")[0]
    'The surge does not fire yet: 12 of 60 covered weeks may be compared (26 are needed)'
    """
    threshold = chance.threshold
    if threshold is not None and threshold.p_below is None:
        return (
            f"The surge does not fire yet: {_missing(threshold)}, and the configuration does not "
            "state what is usual."
        )
    if chance.rate is not None:
        if threshold is not None and not threshold.is_enough:
            return (
                "At the usual rate that the configuration states, since too little was seen here "
                f"({_seen(threshold)}), {what} comes by itself {often(chance.rate)}."
            )
        return sentence(chance.rate, what)
    if chance.covered_weeks is None:
        return f"How often {what} comes by itself has not been calculated yet."
    return (
        f"How often {what} comes by itself is not known yet "
        f"({chance.covered_weeks} of {LEAST_COVERED_WEEKS} covered weeks)."
    )


def _missing(threshold: Threshold) -> str:
    """Return what a surge lacks.

    >>> _missing(Threshold(None, 40, 2, 40))
    'only 2 landings in the 40 covered weeks before this quarter (3 are needed)'
    """
    if threshold.covered_weeks < LEAST_COVERED_WEEKS:
        needed = f"({LEAST_COVERED_WEEKS} are needed)"
        if threshold.covered_weeks < threshold.of_weeks:
            of = f"{threshold.covered_weeks} of {threshold.of_weeks} covered weeks"
            return f"{of} may be compared {needed}"
        return f"{threshold.covered_weeks} weeks before this quarter are covered {needed}"
    landings = formatting.landings(threshold.landings, threshold.landings)
    return (
        f"only {landings} in the {threshold.covered_weeks} covered weeks before this quarter "
        f"({LEAST_LANDINGS} are needed)"
    )


def _seen(threshold: Threshold) -> str:
    """Return the weeks and landings that a surge could learn from.

    >>> _seen(Threshold(0.01, 40, 2, 40))
    '2 landings in 40 covered weeks'
    """
    landings = formatting.landings(threshold.landings, threshold.landings)
    weeks = "week" if threshold.covered_weeks == 1 else "weeks"
    return f"{landings} in {threshold.covered_weeks} covered {weeks}"


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


def threshold_json(threshold: Threshold | None) -> dict[str, Any] | None:
    """Return the threshold of a surge as JSON, with what it was made of; None for other rules."""
    if threshold is None:
        return None
    p_below = threshold.p_below
    return {
        "p_below": None if p_below is None else float(f"{p_below:.3g}"),
        "covered_weeks": threshold.covered_weeks,
        "covered_weeks_unlike": threshold.of_weeks - threshold.covered_weeks,
        "landings": threshold.landings,
        "abstains": None if p_below is not None else _missing(threshold),
    }

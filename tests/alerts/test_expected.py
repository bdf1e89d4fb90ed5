"""What is expected in a window, how improbable is more, and does a rule hold with one less?"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from collector.alerts.rule_facts import gather_rule_facts
from collector.alerts.rules import days_of_key, evaluate, evaluate_week
from collector.alerts.usual import Baseline, tail_probability, usual_count
from collector.model import Landing
from tests.support.touchdowns import FORTNIGHT, OPEN, WATCH, WEEKLY, touchdown

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
"""A Wednesday, in week 2026-W47."""
HOUR = timedelta(hours=1)
NEEDS_TWO = [(1, False, False), (2, True, False), (3, True, True)]


def test_the_expected_count_grows_with_the_time_that_was_seen() -> None:
    year = Baseline(40, 0.5, 0.25)
    found = usual_count(year, 2, 3.0, days=21, min_covered_weeks=13)
    assert found.expected == pytest.approx(1.5)
    assert found.p == pytest.approx(tail_probability(2, 1.5, 0.25))
    assert (found.low, found.high) == (0, 3)
    week = usual_count(year, 2, 0.5, days=None, min_covered_weeks=13)
    assert week.expected == pytest.approx(0.25)
    assert (week.low, week.high) == (0, 1)


@pytest.mark.parametrize(("count", "mean", "dispersion"), [(40, 4.0, 0.05), (25, 1.0, 0.5)])
def test_a_tail_that_is_no_difference_from_one_is_summed(
    count: int, mean: float, dispersion: float
) -> None:
    """Each term by itself, from the gamma function."""
    size = 1.0 / dispersion

    def mass(x: int) -> float:
        chances = math.lgamma(x + size) - math.lgamma(size) - math.lgamma(x + 1)
        return math.exp(
            chances + size * math.log(size / (size + mean)) + x * math.log(mean / (size + mean))
        )

    expected = math.fsum(mass(x) for x in range(count, count + 400))
    assert tail_probability(count, mean, dispersion) == pytest.approx(expected, rel=1e-6)


def test_the_days_of_a_window_stand_in_its_key() -> None:
    assert days_of_key("14d:2026-11-20") == 14
    assert days_of_key("2026-W47") == 7


def undetermined(number: int) -> list[Landing]:
    fields = (("LLOV", 0.5), ("LLER", 0.45))
    return [touchdown(NOON + n * HOUR, None, candidates=fields, ordinal=n) for n in range(number)]


@pytest.mark.parametrize(
    ("number", "crossed", "holds"), [(1, False, False), (2, True, False), (3, True, True)]
)
def test_a_rule_about_undetermined_landings_holds_with_one_less(
    number: int, crossed: bool, holds: bool
) -> None:
    facts = gather_rule_facts(OPEN, WATCH, undetermined(number), {}, NOON)
    verdict = evaluate_week(facts, "2026-W47")
    assert (verdict.crossed, verdict.holds_without_weakest) == (crossed, holds)
    assert verdict.below is not crossed


@pytest.mark.parametrize(
    ("number", "crossed", "holds"), [(1, False, False), (2, True, False), (3, True, True)]
)
def test_a_weekly_rule_holds_with_one_less(number: int, crossed: bool, holds: bool) -> None:
    counted = [touchdown(NOON + n * HOUR, ordinal=n) for n in range(number)]
    verdict = evaluate_week(gather_rule_facts(WEEKLY, WATCH, counted, {}, NOON), "2026-W47")
    assert (verdict.crossed, verdict.holds_without_weakest) == (crossed, holds)
    assert verdict.below is not crossed


def test_rolling_days_are_counted_to_their_last_landing() -> None:
    counted = [touchdown(NOON + n * HOUR, ordinal=n) for n in range(3)]
    verdict = evaluate(FORTNIGHT, WATCH, counted, {}, NOON + 3 * HOUR)
    assert (verdict.crossed, verdict.level) == (True, 3)
    assert verdict.begin == NOON
    assert verdict.opens_at == NOON + 2 * HOUR

"""Is the threshold of a surge made for the rate that is stated, and from enough?"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from statistics import fmean

import pytest

from collector.alerts.chance.alarms import episode_starts, surge_alarms
from collector.alerts.chance.model import Draw
from collector.alerts.chance.past import CERTAIN, Past
from collector.alerts.chance.paths import simulate
from collector.alerts.chance.rates import rates_at_place
from collector.alerts.chance.threshold import Threshold, calibrate, in_year
from collector.model import StatedUsual
from tests.alerts.chance.test_model import past_of
from tests.support.touchdowns import SURGE, WEEKLY

TRUTH = Draw(0.3, 0.5, 0.5)


def test_as_many_false_alarms_come_as_are_stated() -> None:
    """The truth is not known to the threshold, only a past of two years; `bench/alerts` tries
    more."""
    noise, came = Random(7), []
    twice = replace(SURGE, false_alarms_per_year=1.0)
    for _ in range(9):
        past = past_of(TRUTH, noise)
        found = calibrate(twice, past, noise, 25)
        assert found.threshold.p_below is not None
        path = simulate(TRUTH, past, 8 + 156, noise)
        times = surge_alarms(twice, past, path, found.threshold.p_below, found.weights)
        came.append(sum(at >= 8 for at in episode_starts(times)) / 3)
    assert 0.5 < fmean(came) < 2.0


def test_the_rate_that_is_stated_is_the_one_that_was_configured() -> None:
    past = past_of(TRUTH, Random(8))
    rates = rates_at_place([WEEKLY, SURGE], past, "a", 50)
    stated = dict(rates.by_rule)["surge"].episodes
    assert stated.middle == pytest.approx(SURGE.false_alarms_per_year, rel=0.25)
    assert stated.low <= stated.middle <= stated.high
    assert rates.together is not None
    assert rates == rates_at_place([WEEKLY, SURGE], past, "a", 50)
    often = calibrate(replace(SURGE, false_alarms_per_year=2.0), past, Random(1), 30).threshold
    seldom = calibrate(replace(SURGE, false_alarms_per_year=0.2), past, Random(1), 30).threshold
    assert seldom.p_below is not None
    assert often.p_below is not None
    assert seldom.p_below < often.p_below


def test_without_enough_there_is_no_threshold_unless_a_rate_is_stated() -> None:
    few_weeks = Past((1.0,) * 25, (1.0, 2.0, 3.0), (CERTAIN,) * 3)
    few_landings = Past((1.0,) * 52, (1.0, 2.0), (CERTAIN,) * 2)
    for past in (few_weeks, few_landings, Past(())):
        found = calibrate(SURGE, past, Random(1), 20, of_weeks=60).threshold
        assert found.p_below is None
        assert (found.covered_weeks, found.of_weeks) == (past.covered_weeks, 60)
        published = StatedUsual(landings=92, weeks=365.0, source="a report")
        stated = replace(SURGE, stated_usual=published)
        assert calibrate(stated, past, Random(1), 20).threshold.p_below is not None
        assert rates_at_place([SURGE], past, "a", 20).by_rule == ()
        assert len(rates_at_place([stated], past, "a", 20).by_rule) == 1


def test_a_watch_that_saw_nothing_yet_is_stricter_than_chance() -> None:
    """A new installation has one week behind it, in which nobody listened. Futures as blind as that
    week never alarm, and the loosest threshold of all would stand for a quarter."""
    published = StatedUsual(landings=92, weeks=365.0, source="a report")
    stated = replace(SURGE, stated_usual=published)
    nothing = calibrate(stated, Past(()), Random(1), 20).threshold.p_below
    assert nothing is not None
    assert nothing < 0.01
    for little in (Past((0.0,)), Past((0.0, 0.03))):
        p_below = calibrate(stated, little, Random(1), 20).threshold.p_below
        assert p_below == pytest.approx(nothing, rel=0.9)
    ((_, rate),) = rates_at_place([stated], Past((0.0,)), "a", 50).by_rule
    assert rate.episodes.middle == pytest.approx(stated.false_alarms_per_year, rel=0.25)


def test_a_year_begins_after_the_first_weeks_and_ends_52_later() -> None:
    assert in_year([8.0, 20.0, 20.5, 59.99, 60.0], 8) == (3, 3), "the last belongs to the third"
    assert in_year([7.0, 14.0, 22.0], 8) == (1, 2), "an episode that had begun is not one of it"


def test_half_a_year_with_three_landings_is_enough_and_then_rates_stay() -> None:
    edges = [Threshold(None, *each, 60).is_enough for each in ((26, 3), (25, 3), (26, 2))]
    assert edges == [True, False, False]
    past = Past((1.0,) * 26, (2.0, 8.0, 20.0), (CERTAIN,) * 3)
    few = Past((1.0,) * 26, (2.0, 8.0), (CERTAIN,) * 2)
    found, of_fewer, weekly, unknown = (
        rates_at_place([SURGE], past, "a", 20),
        rates_at_place([SURGE], past, "a", 20, comparable=few, of_weeks=70),
        rates_at_place([WEEKLY], past, "a", 20),
        rates_at_place([WEEKLY], Past((1.0,) * 25), "a", 20),
    )
    assert [each.settled for each in (found, of_fewer, weekly, unknown)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert [rates.thresholds[0][1].of_weeks for rates in (found, of_fewer)] == [26, 70]
    assert [rates.thresholds[0][1].landings for rates in (found, of_fewer)] == [3, 2]

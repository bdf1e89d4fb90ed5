"""Does a rule fire as often by chance as is stated of it?"""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from statistics import fmean

import pytest

from collector.alerts.chance.alarms import alarms, episode_starts
from collector.alerts.chance.model import Draw
from collector.alerts.chance.past import CERTAIN, LEAST_COVERED_WEEKS, Mark, Past
from collector.alerts.chance.paths import Path, simulate
from collector.alerts.chance.rates import (
    Range,
    StatedRate,
    rates_at_place,
    sum_of_rates,
)
from tests.alerts.chance.test_model import SEEN, past_of
from tests.support.touchdowns import FORTNIGHT, OPEN, WEEKLY

THREE = replace(WEEKLY, name="three", count=3)


def _path(*times: float, marks: tuple[Mark, ...] = ()) -> Path:
    return Path(list(times), list(marks or (CERTAIN,) * len(times)), [1.0] * 60)


def test_each_kind_fires_where_the_daemon_does() -> None:
    path = _path(3.1, 3.9, 4.05, 10.0, 11.9)
    assert alarms(WEEKLY, path) == [3.9]
    assert alarms(FORTNIGHT, path) == [4.05]


def test_an_undetermined_rule_fires_where_undetermined_landings_are_needed() -> None:
    perhaps = Mark(counted=False, probability=0.5)
    marks = (CERTAIN, perhaps, CERTAIN)
    assert alarms(OPEN, _path(3.1, 3.2, 3.9, marks=marks)) == [3.2]
    assert alarms(WEEKLY, _path(3.1, 3.2, 3.9, marks=marks)) == [3.9]


def test_without_half_a_year_nothing_is_stated() -> None:
    rates = rates_at_place([WEEKLY], Past((1.0,) * (LEAST_COVERED_WEEKS - 1)), "a")
    assert not rates.known
    assert rates.by_rule == ()
    assert rates_at_place([], Past(SEEN), "a").together is None


def test_the_same_past_gives_the_same_rates() -> None:
    past = past_of(Draw(0.5, 1.0, 0.0), Random(1))
    assert rates_at_place([WEEKLY], past, "a", 60) == rates_at_place([WEEKLY], past, "a", 60)


def test_what_is_stated_is_what_comes() -> None:
    """The truth is not known to the rates, only a past of two years; `bench/alerts` tries more."""
    noise = Random(4)
    truth = Draw(0.5, 0.5, 1.0)
    stated, came = [], []
    for number in range(20):
        past = past_of(truth, noise)
        rates = dict(rates_at_place([THREE], past, str(number), 30).by_rule)
        stated.append(rates["three"].episodes.middle)
        path = simulate(truth, past, 8 + 1040, noise)
        came.append(sum(at >= 8 for at in episode_starts(alarms(THREE, path))) / 20)
    assert fmean(stated) == pytest.approx(fmean(came), rel=0.3)


def test_the_range_widens_where_little_is_known() -> None:
    noise = Random(5)
    known = rates_at_place([WEEKLY], past_of(Draw(0.4, 0.0, 0.0), noise), "a", 200)
    little = Past((1.0,) * 26, (2.0, 8.0, 20.0), (CERTAIN,) * 3)
    unknown = rates_at_place([WEEKLY], little, "a", 200)
    ratios = []
    for rates in (known, unknown):
        assert rates.together is not None
        assert rates.together.episodes.low <= rates.together.episodes.middle
        assert rates.together.episodes.middle <= rates.together.episodes.high
        low = max(rates.together.episodes.low, 0.02)
        ratios.append(rates.together.episodes.high / low)
    assert ratios[1] > 2 * ratios[0]


def test_an_exact_case() -> None:
    """A week of two or more at a known rate, and episodes that rarely meet."""
    times = tuple(number * 5.0 + 0.5 for number in range(200))
    past = Past((1.0,) * 1000, times, (CERTAIN,) * len(times))
    rates = rates_at_place([WEEKLY], past, "a", 600)
    in_a_week = 1 - math.exp(-0.2) * 1.2
    assert rates.together is not None
    assert rates.together.weeks.middle == pytest.approx(52.18 * in_a_week, rel=0.15)


def test_a_watch_states_the_sum() -> None:
    one = StatedRate(Range(0.5, 0.2, 1.0), Range(1.0, 0.5, 2.0))
    assert sum_of_rates([one, one]).episodes == Range(1.0, 0.4, 2.0)

"""Is what the past leaves possible near the truth, and do its clusters come out?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import exp, factorial
from random import Random
from statistics import fmean

import pytest

from collector.alerts.chance.alarms import episode_starts
from collector.alerts.chance.model import ChanceModel, Draw, fit, fit_stated, fit_weeks, log_mass
from collector.alerts.chance.past import CERTAIN, LEAST_SHARE, Mark, Past, past_before
from collector.alerts.chance.paths import simulate, touchdowns
from collector.model import Grade
from collector.weeks import week_bounds, weeks_between
from tests.support.touchdowns import OVDA, WATCH, touchdown
from tests.support.unheard import unheard

SEEN = (1.0,) * 104


def past_of(draw: Draw, noise: Random, shares: Sequence[float] = SEEN) -> Past:
    """A past that came as `draw` says."""
    times = touchdowns(draw, shares, noise)
    return Past(tuple(shares), tuple(times), (CERTAIN,) * len(times))


def _mean_variances(models: Sequence[ChanceModel]) -> tuple[float, float]:
    means = [model.mean_variances() for model in models]
    return fmean(weekly for weekly, _ in means), fmean(bursts for _, bursts in means)


def test_clusters_come_out_at_the_length_that_they_have() -> None:
    noise = Random(1)
    none, weekly, bursts = (
        _mean_variances([fit(past_of(Draw(1.5, *each), noise)) for _ in range(12)])
        for each in ((0.0, 0.0), (1.5, 0.0), (0.0, 1.5))
    )
    assert max(none) < 0.25
    assert weekly[0] > 1.0 > 2 * weekly[1]
    assert bursts[1] > 0.7 > bursts[0]


def test_a_rate_is_drawn_and_not_plugged_in() -> None:
    few = fit_weeks([0] * 23 + [1, 1, 1], [1.0] * 26)
    many = fit_weeks([1] * 104, [1.0] * 104)
    noise = Random(2)
    spread = []
    for model in (few, many):
        rates = sorted(model.draw(noise).rate for _ in range(400))
        assert fmean(rates) == pytest.approx(model.rate, rel=0.2)
        spread.append(rates[-40] / rates[40])
    assert spread[0] > 5
    assert spread[1] < 2


def test_a_week_that_says_nothing_teaches_nothing() -> None:
    seen = Past((1.0,) * 30, (3.5, 7.25), (CERTAIN, CERTAIN))
    half = LEAST_SHARE / 2
    blind = Past((1.0,) * 30 + (half,) * 30, (3.5, 7.25, 40.1), (CERTAIN,) * 3)
    assert blind.covered_weeks == 30
    assert blind.counts[40] == 0
    assert (fit(blind).landings, fit(blind).exposure) == (fit(seen).landings, fit(seen).exposure)


def test_a_past_of_zeros_leaves_landings_possible() -> None:
    model = fit(Past(SEEN))
    assert 0 < model.rate < 0.01


def test_a_drawn_future_is_as_blind_and_as_frequent_as_the_past() -> None:
    noise = Random(3)
    shares = ((1.0,) * 6 + (0.0,) * 4 + (0.5,) * 2) * 4
    past = Past(shares, (1.5,), (CERTAIN,))
    paths = [simulate(Draw(1.0, 1.0, 1.0), past, 24, noise) for _ in range(600)]
    mean = fmean(len(path.times) for path in paths)
    assert mean == pytest.approx(24 * fmean(past.lately), rel=0.1)
    for path in paths:
        assert path.times == sorted(path.times)
        assert all(path.shares[int(at)] > 0 for at in path.times)


def test_a_drawn_future_sees_what_is_seen_lately() -> None:
    changed = Past((0.3,) * 40 + (0.0,) * 5 + (0.9,) * 13)
    assert set(simulate(Draw(1.0, 0.0, 0.0), changed, 24, Random(1)).shares) == {0.9}
    assert Past((0.9, *(LEAST_SHARE,) * 13)).lately == (LEAST_SHARE,) * 13
    assert len(Past((0.5, 0.0) * 26).lately) == 26
    assert Past((0.1,) * 30).lately == (0.1,) * 30


def test_what_makes_a_rule_fire_more_easily() -> None:
    even, frequent, clustered = Draw(0.2, 0.0, 0.0), Draw(0.4, 0.0, 0.0), Draw(0.2, 1.0, 1.0)
    assert even.chance_of(2, 1.0) == pytest.approx(1 - exp(-0.2) * 1.2)
    assert even.chance_of(2, 2.0) == pytest.approx(1 - exp(-0.4) * 1.4)
    assert frequent.chance_of(2, 1.0) > 3 * even.chance_of(2, 1.0)
    assert clustered.chance_of(3, 2.0) > even.chance_of(3, 2.0)


def test_masses_are_those_of_a_negative_binomial() -> None:
    for dispersion in (0.0, 0.5, 2.0):
        masses = [exp(log_mass(n, 1.5, dispersion)) / factorial(n) for n in range(120)]
        mean = sum(n * mass for n, mass in enumerate(masses))
        variance = sum((n - mean) ** 2 * mass for n, mass in enumerate(masses))
        assert sum(masses) == pytest.approx(1.0, abs=1e-6)
        assert mean == pytest.approx(1.5, abs=1e-4)
        assert variance == pytest.approx(1.5 + dispersion * 1.5**2, abs=0.01)


def test_alarms_less_than_eight_weeks_apart_are_one_episode() -> None:
    assert episode_starts([]) == []
    assert episode_starts([2.0, 9.9, 17.8, 25.9]) == [2.0, 25.9]


def test_how_stated_landings_came_is_as_open_as_before_any_past() -> None:
    """None of six variances is twice as likely as each other one."""
    model = fit_stated(92, 365.0)
    assert model.rate == pytest.approx(92.5 / 365)
    assert model.mean_variances() == pytest.approx((6.75 / 7, 6.75 / 7))
    assert model.weights[0] == pytest.approx((4 / 49, 0.0, 0.0))
    assert model.weights[-1][0] == 1.0


def test_a_stored_past_begins_with_its_first_covered_week() -> None:
    """Undetermined landings are in it with their chance, and one that nobody heard arrive lies at
    its last possible touchdown."""
    keys = weeks_between("2024-W40", "2026-W47")
    begins = {key: week_bounds(key, WATCH.zone)[0] for key in keys}
    covered = dict.fromkeys(keys[-6:-1], 1.0) | {
        keys[-6]: LEAST_SHARE,
        keys[-4]: 1.2,
        keys[-7]: 0.1,
    }
    day, middle = timedelta(days=1), begins[keys[-4]] - (begins[keys[-4]] - begins[keys[-5]]) / 2
    first, open_one, hidden, last = (
        touchdown(begins[keys[-6]]),
        touchdown(middle, grade=Grade.POSSIBLE, probability=0.3),
        unheard(touchdown(begins[keys[-4]]), begins[keys[-4]] - day, begins[keys[-4]] + 1.75 * day),
        touchdown(begins[keys[-1]] - timedelta(microseconds=1)),
    )
    neither = [
        touchdown(begins[keys[-7]]),
        touchdown(begins[keys[-1]]),
        touchdown(begins[keys[-3]], review="rejected"),
        touchdown(begins[keys[-3]], "LLER"),
    ]
    landings = [last, *neither, hidden, open_one, first, first]
    past = past_before(landings, WATCH, OVDA, covered, begins[keys[-1]] + day)
    assert past.shares == (LEAST_SHARE, 1.0, 1.0, 1.0, 1.0)
    assert past.times == pytest.approx((0.0, 1.5, 2.25, 4.999999))
    assert past.times[-1] < 5, "a week does not hold the next one's beginning"
    assert past.marks == (Mark(True, 0.95), Mark(False, 0.3), Mark(True, 0.95), Mark(True, 0.95))
    assert past_before(landings, WATCH, OVDA, {}, begins[keys[-1]]) == Past(())
    always = past_before([], WATCH, OVDA, dict.fromkeys(keys, 1.0), begins[keys[-1]])
    assert len(always.shares) == 104

"""How many landings are usual? A fitted year, honest tails, and no alarm at a steady rate."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.counts import probability_of_at_least
from collector.alerts.usual import (
    MIN_COVERED_SHARE,
    Usual,
    baseline_before,
    exposure_weeks,
    fit_baseline,
    quantile,
    tail_probability,
    usual_count,
)
from collector.model import Grade
from collector.weeks import previous_week, week_bounds
from tests.support.touchdowns import OVDA, WATCH, touchdown

ZONE = WATCH.zone
KEY = "2026-W47"
BEGIN, END = week_bounds(KEY, ZONE)


def _weeks_before(number: int) -> list[str]:
    keys, key = [], KEY
    for _ in range(number):
        key = previous_week(key)
        keys.append(key)
    return keys


def _usual(landings_in: dict[int, int], shares: dict[str, float], count: int = 2) -> Usual:
    """`landings_in`: landings by weeks ago."""
    landings = [
        touchdown(BEGIN - timedelta(weeks=ago) + timedelta(hours=30 + n), ordinal=n)
        for ago, number in landings_in.items()
        for n in range(number)
    ]
    year = baseline_before(landings, WATCH, OVDA, shares, BEGIN)
    return usual_count(year, count, 1.0, days=None, min_covered_weeks=13)


def test_the_text_says_what_is_usual_and_on_how_many_weeks_it_rests() -> None:
    shares = dict.fromkeys(_weeks_before(31), 0.9)
    found = _usual({3: 1, 7: 1, 12: 2, 20: 1, 28: 1}, shares)
    assert found.text == "usual: 0–1 a week (31 covered weeks of the last 52)"
    assert (found.low, found.high, found.covered_weeks) == (0, 1, 31)


def test_before_enough_covered_weeks_it_is_not_known() -> None:
    found = _usual({1: 1}, dict.fromkeys(_weeks_before(4), 0.9))
    assert found.text == "usual: not known yet (4 of 13 covered weeks)"
    assert found.p is None
    assert found.expected is None


def test_rolling_days_have_their_own_wording() -> None:
    year = fit_baseline([(1, 1.0)] * 20)
    text = usual_count(year, 3, 2.0, days=14, min_covered_weeks=13).text
    assert text == "usual: 0–4 in 14 days (20 covered weeks of the last 52)"
    assert "in 1 day (" in usual_count(year, 3, 1.0, days=1, min_covered_weeks=13).text


def test_weeks_hardly_covered_are_left_out_with_their_landings() -> None:
    keys = _weeks_before(30)
    shares = dict.fromkeys(keys, 1.0)
    shares[keys[4]] = MIN_COVERED_SHARE - 0.01
    with_landings = _usual({5: 9}, shares)
    assert with_landings == _usual({}, shares)
    assert with_landings.covered_weeks == 29


def test_only_the_52_weeks_before_the_window_count() -> None:
    shares = dict.fromkeys([*_weeks_before(60), KEY], 1.0)
    assert _usual({0: 5, 53: 5, 60: 3}, shares) == _usual({}, shares)
    assert _usual({52: 5}, shares) != _usual({}, shares)


def test_only_what_counts_is_usual() -> None:
    shares = dict.fromkeys(_weeks_before(30), 1.0)
    at = BEGIN - timedelta(weeks=3)
    usual = baseline_before([touchdown(at)], WATCH, OVDA, shares, BEGIN)
    nothing = baseline_before([], WATCH, OVDA, shares, BEGIN)
    for other in (
        touchdown(at, grade=Grade.POSSIBLE),
        touchdown(at, None, candidates=(("LLOV", 0.5), ("LLER", 0.5))),
        touchdown(at, "LLER"),
        touchdown(at, review="rejected"),
        touchdown(at, counted=False),
    ):
        assert baseline_before([other], WATCH, OVDA, shares, BEGIN) == nothing != usual


def test_a_variance_as_the_model_has_it_is_found_in_weeks_covered_unevenly() -> None:
    """Where each week has the variance mean + k · mean², the moments give k back, drawn to 1/2."""
    source, truth = random.Random(3), 1.5
    shares = [0.5, 0.75, 1.0] * 3000
    weeks = [
        (_poisson(source, 2.0 * share * source.gammavariate(1 / truth, truth)), share)
        for share in shares
    ]
    assert fit_baseline(weeks).dispersion == pytest.approx(truth, rel=0.1)


def test_half_covered_weeks_mean_a_higher_rate_per_covered_time() -> None:
    assert fit_baseline([(1, 0.5)] * 20).rate_per_week == pytest.approx(
        2 * fit_baseline([(1, 1.0)] * 20).rate_per_week
    )


def test_a_year_of_zeros_does_not_make_one_landing_impossible() -> None:
    year = fit_baseline([(0, 1.0)] * 52)
    one, two = (usual_count(year, n, 1.0, days=None, min_covered_weeks=13).p for n in (1, 2))
    assert one is not None
    assert two is not None
    assert 0.005 < one < 0.05
    assert two < 0.01


def test_not_knowing_the_rate_makes_tails_heavier() -> None:
    """The same rate from four landings and from four hundred."""
    few, many = fit_baseline([(2, 1.0)] * 2), fit_baseline([(2, 1.0)] * 200)
    assert few.dispersion > many.dispersion + 1 / 4.5 - 1 / 400
    assert fit_baseline([(0, 1.0)] * 52).dispersion > 2.0


def test_bursts_in_the_year_make_a_burst_less_improbable() -> None:
    steady = fit_baseline([(1, 1.0)] * 13 + [(0, 1.0)] * 39)
    bursts = fit_baseline([(6, 1.0), (7, 1.0)] + [(0, 1.0)] * 50)
    assert steady.rate_per_week == bursts.rate_per_week
    assert tail_probability(4, 0.25, bursts.dispersion) > 3 * tail_probability(
        4, 0.25, steady.dispersion
    )


WEEKS = st.lists(st.tuples(st.integers(0, 40), st.floats(MIN_COVERED_SHARE, 1)), max_size=52)


@given(WEEKS, st.integers(0, 30))
def test_never_less_dispersed_than_poisson(weeks: list[tuple[int, float]], count: int) -> None:
    year = fit_baseline(weeks)
    assert year.dispersion > 0
    assert year.rate_per_week > 0
    if count > year.rate_per_week + 1:
        poisson = tail_probability(count, year.rate_per_week / 4, 0.0)
        assert tail_probability(count, year.rate_per_week / 4, year.dispersion) >= poisson - 1e-12


@given(st.floats(0, 500), st.floats(0, 5), st.integers(1, 60))
def test_tails_are_probabilities_that_fall_with_the_count(
    mean: float, dispersion: float, count: int
) -> None:
    assert tail_probability(0, mean, dispersion) == 1.0
    more, less = (
        tail_probability(count, mean, dispersion),
        tail_probability(count + 1, mean, dispersion),
    )
    assert 0.0 <= less <= more <= 1.0
    assert tail_probability(count, mean + 0.1, dispersion) >= more - 1e-9


@given(st.floats(0.01, 60), st.integers(0, 40))
def test_without_dispersion_it_is_poisson(mean: float, count: int) -> None:
    below = math.fsum(
        math.exp(x * math.log(mean) - mean - math.lgamma(x + 1)) for x in range(count)
    )
    assert tail_probability(count, mean, 0.0) == pytest.approx(max(0.0, 1 - below), abs=1e-9)


@given(st.floats(0.01, 60), st.floats(0.01, 3), st.integers(0, 40))
def test_with_dispersion_it_is_negative_binomial(mean: float, k: float, count: int) -> None:
    size = 1 / k
    below = math.fsum(
        math.exp(
            math.lgamma(x + size)
            - math.lgamma(size)
            - math.lgamma(x + 1)
            + size * math.log(size / (size + mean))
            + x * math.log(mean / (size + mean))
        )
        for x in range(count)
    )
    assert tail_probability(count, mean, k) == pytest.approx(max(0.0, 1 - below), abs=1e-8)


def test_a_busy_field_does_not_underflow() -> None:
    assert tail_probability(900, 1000.0, 1e-12) == pytest.approx(0.999, abs=0.001)
    assert tail_probability(1200, 1000.0, 0.0001) < 1e-6


@given(st.floats(0.01, 40), st.floats(0, 3), st.floats(0.05, 0.95))
def test_a_quantile_is_the_first_that_reaches_its_share(
    mean: float, dispersion: float, share: float
) -> None:
    x = quantile(share, mean, dispersion)
    assert 1 - tail_probability(x + 1, mean, dispersion) >= share - 1e-9
    assert x == 0 or 1 - tail_probability(x, mean, dispersion) < share + 1e-9


def test_the_time_to_come_counts_as_covered_and_the_blind_time_does_not() -> None:
    half_gone = BEGIN + (END - BEGIN) / 2
    for share, expected in ((1.0, 1.0), (0.6, 0.8), (0.0, 0.5)):
        assert exposure_weeks({KEY: share}, ZONE, BEGIN, END, half_gone) == pytest.approx(expected)
    assert exposure_weeks({KEY: 0.7}, ZONE, BEGIN, END, END) == pytest.approx(0.7)


def test_blindness_alone_does_not_make_a_count_improbable() -> None:
    assert exposure_weeks({}, ZONE, BEGIN, END, END) == pytest.approx(MIN_COVERED_SHARE)
    fortnight = BEGIN - timedelta(days=14)
    assert exposure_weeks({}, ZONE, fortnight, BEGIN, END) == pytest.approx(1.0)


def test_rolling_days_weigh_each_week_by_its_own_share() -> None:
    begin = BEGIN - timedelta(days=7)
    shares = {KEY: 1.0, previous_week(KEY): 0.5}
    assert exposure_weeks(shares, ZONE, begin, END, END) == pytest.approx(1.5)


def test_a_steady_rate_seldom_surges() -> None:
    """At most about 1 week in 100 by the rule's own p; the half landing errs to fewer."""
    source = random.Random(20)
    for rate in (0.1, 0.3, 1.0, 3.0):
        weeks = [_poisson(source, rate) for _ in range(1052)]
        alarms = 0
        for i in range(52, len(weeks)):
            year = fit_baseline([(n, 1.0) for n in weeks[i - 52 : i]])
            p = usual_count(year, weeks[i], 1.0, days=None, min_covered_weeks=13).p
            alarms += weeks[i] >= 2 and p is not None and p < 0.01
        assert alarms <= 15, rate


def _poisson(source: random.Random, mean: float) -> int:
    at, number = source.expovariate(mean), 0
    while at < 1:
        at, number = at + source.expovariate(mean), number + 1
    return number


@given(st.lists(st.floats(0, 1), max_size=8), st.integers(0, 9))
def test_certainty_is_the_sum_over_all_outcomes(chances: list[float], needed: int) -> None:
    total = 0.0
    for outcome in range(1 << len(chances)):
        if outcome.bit_count() >= needed:
            total += math.prod(p if outcome >> i & 1 else 1 - p for i, p in enumerate(chances))
    assert probability_of_at_least(needed, chances) == pytest.approx(total, abs=1e-9)


def test_now_is_not_needed_for_a_finished_window() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    assert exposure_weeks({KEY: 0.8}, ZONE, BEGIN, END, END) == exposure_weeks(
        {KEY: 0.8}, ZONE, BEGIN, END, later
    )

"""Is the test exact, against published values and its own definition?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.published.rate_test import (
    FEWEST_LANDINGS,
    RateAnswer,
    binomial_tail,
    compare_rates,
    share_interval,
)


def test_two_rates_of_rs_manual() -> None:
    """`poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))`, printed on its help page."""
    found = compare_rates(11, 6 + 8 + 7, 800, 1083 + 1050 + 878)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert found.low == pytest.approx(0.8584264, abs=1e-6)
    assert found.high == pytest.approx(4.277266, abs=1e-6)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (10, 10, 0.6915, 1.0),
        (1, 20, 0.0013, 0.2487),
        (4, 20, 0.0573, 0.4366),
        (10, 100, 0.0490, 0.1762),
    ],
)
def test_intervals_of_clopper_and_pearson(count: int, total: int, low: float, high: float) -> None:
    assert share_interval(count, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 60), st.data())
def test_an_interval_ends_where_the_tails_are_a_fortieth(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, total - 1)) if total > 1 else 1
    low, high = share_interval(count, total)
    assert binomial_tail(count, total, low) == pytest.approx(0.025, abs=1e-9)
    if count < total:
        assert 1 - binomial_tail(count + 1, total, high) == pytest.approx(0.025, abs=1e-9)


@given(st.integers(0, 40), st.floats(0.001, 0.999))
def test_tails_are_those_of_whole_numbers(total: int, share: float) -> None:
    for count in range(total + 1):
        exact = math.fsum(
            math.comb(total, k) * share**k * (1 - share) ** (total - k)
            for k in range(count, total + 1)
        )
        assert binomial_tail(count, total, share) == pytest.approx(exact, rel=1e-9, abs=1e-12)


days = st.floats(1, 1000)


@given(st.integers(1, 50), st.integers(1, 50), days, days)
def test_swapping_the_two_turns_the_ratio_over(
    inside: int, outside: int, one: float, other: float
) -> None:
    found, turned = (
        compare_rates(inside, outside, one, other),
        compare_rates(outside, inside, other, one),
    )
    if found.ratio is None or turned.ratio is None:
        return
    assert found.ratio == pytest.approx(1 / turned.ratio)
    assert found.low is not None
    assert turned.high is not None
    assert found.low == pytest.approx(1 / turned.high, rel=1e-6)
    assert found.low <= found.ratio <= (found.high or 0)


@pytest.mark.parametrize(
    ("counts", "exposure", "answer"),
    [
        ((0, 0), (10, 90), RateAnswer.TOO_FEW),
        ((FEWEST_LANDINGS - 1, 0), (1, 999), RateAnswer.TOO_FEW),
        (
            (FEWEST_LANDINGS, 0),
            (900, 100),
            RateAnswer.TOO_FEW,
        ),  # nine tenths of the time: of course inside
        ((FEWEST_LANDINGS, 0), (10, 90), RateAnswer.TESTED),
        ((9, 9), (0, 90), RateAnswer.NO_EXPOSURE),
        ((9, 9), (90, 0), RateAnswer.NO_EXPOSURE),
    ],
)
def test_what_cannot_be_told_is_not(
    counts: tuple[int, int], exposure: tuple[int, int], answer: RateAnswer
) -> None:
    found = compare_rates(*counts, *exposure)
    assert found.answer is answer
    assert (found.p is None) == (answer is not RateAnswer.TESTED)


def test_none_outside_has_no_upper_end_and_none_inside_is_zero() -> None:
    found = compare_rates(6, 0, 10, 90)
    assert (found.ratio, found.high) == (math.inf, math.inf)
    assert compare_rates(0, 9, 10, 90).ratio == 0


def test_a_thousand_landings_can_be_tested() -> None:
    found = compare_rates(500, 500, 100, 900)
    assert found.p is not None
    assert found.p < 1e-100

"""How long do aircraft stay? What heard stays teach, and what stays open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.landings.stay_lengths import LEAST_STAYS, Lengths, learn, prior

HOUR = timedelta(hours=1)
DAY = date(2026, 11, 22)
stays = st.lists(
    st.floats(min_value=0.1, max_value=3000.0).map(lambda hours: hours * HOUR),
    min_size=LEAST_STAYS,
    max_size=40,
)


def within(lengths: Lengths, length: timedelta) -> float:
    return lengths.shorter_than(length.total_seconds())


def test_too_few_heard_stays_teach_nothing() -> None:
    assert learn([3 * HOUR] * (LEAST_STAYS - 1), DAY) is None


def test_heard_stays_teach_and_longer_ones_keep_a_share() -> None:
    found = learn([3 * HOUR] * 200, DAY)
    assert found is not None
    assert found.words == "200 stays to 2026-11-22"
    lengths = Lengths(found)
    assert within(lengths, 4 * HOUR) - within(lengths, 2 * HOUR) > 0.85
    assert 0.04 < 1.0 - within(lengths, 24 * HOUR) < 0.1


@given(stays)
def test_a_distribution_rises_from_none_to_all_whatever_the_order(found: list[timedelta]) -> None:
    one, other = learn(found, DAY), learn(sorted(found), DAY)
    assert one == other
    assert one is not None
    lengths = Lengths(one)
    chances = [within(lengths, 1.3**n * HOUR / 10) for n in range(-3, 40)]
    assert chances == sorted(chances)
    assert chances[0] == 0.0
    assert chances[-1] == pytest.approx(1.0)


def test_the_prior_says_the_same_of_every_doubling() -> None:
    lengths = Lengths(prior())
    shares = [
        within(lengths, 2 * hours * HOUR) - within(lengths, hours * HOUR)
        for hours in (1, 2, 24, 500)
    ]
    assert shares == pytest.approx([shares[0]] * 4)

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


def test_a_heard_stay_speaks_for_its_own_length_and_for_those_beside_it() -> None:
    """Three classes for each doubling; its own gets a half, each neighbour a quarter."""
    found = learn([3 * HOUR] * 72, DAY)
    assert found is not None
    assert (found.stays, found.until) == (72, DAY)
    assert sum(found.shares) == pytest.approx(1.0, abs=1e-4)
    prior_share = 0.1 / 39
    heard = [n for n, share in enumerate(found.shares) if share > prior_share * 1.01]
    assert heard == [9, 10, 11], "3 h lie in the class from 2 h 31 min on"
    assert [found.shares[n] - prior_share for n in heard] == pytest.approx(
        [0.225, 0.45, 0.225], abs=1e-5
    )


@pytest.mark.parametrize(("stays", "share"), [(20, 8 / 28), (72, 0.1), (500, 0.1)])
def test_the_prior_weighs_as_eight_stays_and_never_less_than_a_tenth(
    stays: int, share: float
) -> None:
    found = learn([3 * HOUR] * stays, DAY)
    assert found is not None
    assert found.shares[0] * len(found.shares) == pytest.approx(share, abs=1e-4)


def test_stays_beyond_the_scale_belong_to_its_ends() -> None:
    brief = learn([timedelta(minutes=1)] * 72, DAY)
    assert brief is not None
    assert brief.shares[0] == pytest.approx(0.9 * 0.75 + 0.1 / 39, abs=1e-5)
    assert brief.shares[1] == pytest.approx(0.9 * 0.25 + 0.1 / 39, abs=1e-5)
    long = learn([timedelta(days=200)] * 72, DAY)
    assert long is not None
    assert long.shares[-1] == pytest.approx(brief.shares[0])
    lengths = Lengths(brief)
    assert within(lengths, timedelta(minutes=15)) == 0.0
    assert within(lengths, timedelta(minutes=15) * 2**13) == 1.0
    assert within(lengths, timedelta(minutes=15) * 2 ** (1 / 6)) == pytest.approx(
        brief.shares[0] / 2, abs=1e-4
    )
    assert lengths.shorter_than(0.0) == 0.0
    assert prior().words == ""
    assert sum(prior().shares) == pytest.approx(1.0)

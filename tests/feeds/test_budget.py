"""Does a day's budget hold whatever happens, and does it last the day?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import RateLimited
from collector.feeds.budget import LEAN_INTERVAL, RequestBudget, day_end, interval

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


def spans(low_s: int, high_s: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low_s, high_s).map(lambda seconds: timedelta(seconds=seconds))


@given(
    per_day=st.integers(1, 400),
    cost=st.integers(1, 4),
    begin=spans(0, 86_399),
    polls=st.lists(
        st.tuples(spans(5, 900), st.booleans(), st.integers(1, 3), st.booleans()), max_size=80
    ),
)
def test_no_day_costs_more_than_its_budget(
    per_day: int,
    cost: int,
    begin: timedelta,
    polls: list[tuple[timedelta, bool, int, bool]],
) -> None:
    """Whatever is wanted, however often it is retried, however often we are restarted."""
    now, budget = MIDNIGHT + begin, RequestBudget(per_day)
    paid: dict[object, int] = {}
    for wanted, urgent, tries, restarted in polls:
        for _ in range(tries):
            if paid.get(now.date(), 0) + cost > per_day:
                with pytest.raises(RateLimited) as caught:
                    budget.pay(cost, now)
                assert caught.value.retry_after == day_end(now) - now
                break
            budget.pay(cost, now)
            paid[now.date()] = paid.get(now.date(), 0) + cost
        if restarted:
            budget = RequestBudget(per_day)
            budget.resume(paid.get(now.date(), 0), now)
        wait = interval(left=budget.left(now), cost=cost, wanted=wanted, now=now, urgent=urgent)
        assert wait >= wanted
        now += wait
    assert all(spent <= per_day for spent in paid.values())


@given(st.integers(4, 5_000), st.integers(1, 4), spans(1, 900), spans(0, 86_000))
def test_quiet_polling_lasts_until_midnight(
    per_day: int, cost: int, wanted: timedelta, begin: timedelta
) -> None:
    now, budget = MIDNIGHT + begin, RequestBudget(per_day)
    rounds = max(1, per_day // cost - 1)
    longest = max(wanted, (day_end(now) - now) / rounds) + timedelta(seconds=1)
    while now < MIDNIGHT + DAY:
        budget.pay(cost, now)
        wait = interval(left=budget.left(now), cost=cost, wanted=wanted, now=now)
        assert wait <= longest or now + wait >= MIDNIGHT + DAY
        now += wait


@given(st.integers(200, 5_000), spans(10, 60))
def test_an_inbound_aircraft_may_use_the_hours_to_come_but_not_all_of_them(
    per_day: int, wanted: timedelta
) -> None:
    now, budget = MIDNIGHT, RequestBudget(per_day)
    first = interval(left=budget.left(now), cost=1, wanted=wanted, now=now, urgent=True)
    assert first == wanted
    while now < MIDNIGHT + DAY:
        budget.pay(1, now)
        wait = interval(left=budget.left(now), cost=1, wanted=wanted, now=now, urgent=True)
        assert wait <= LEAN_INTERVAL * 1.1 or now + wait >= MIDNIGHT + DAY
        now += wait


def test_an_empty_purse_waits_for_midnight() -> None:
    noon = MIDNIGHT + DAY / 2
    assert interval(left=1, cost=2, wanted=timedelta(seconds=9), now=noon) == DAY / 2


def test_without_a_budget_the_wish_counts() -> None:
    wanted = timedelta(seconds=9)
    assert interval(left=None, cost=1, wanted=wanted, now=MIDNIGHT) == wanted
    assert interval(left=0, cost=0, wanted=wanted, now=MIDNIGHT) == wanted


def test_what_the_feed_says_is_left_counts_if_it_is_less() -> None:
    budget = RequestBudget(100)
    budget.limit_to(3, MIDNIGHT)
    assert budget.left(MIDNIGHT) == 3
    budget.pay(2, MIDNIGHT)
    with pytest.raises(RateLimited):
        budget.pay(2, MIDNIGHT)
    budget.limit_to(500, MIDNIGHT)
    assert budget.left(MIDNIGHT) == 98
    budget.limit_to(0, MIDNIGHT)
    assert budget.left(MIDNIGHT + DAY) == 100


def test_the_feeds_word_limits_also_without_a_budget_of_ours() -> None:
    budget = RequestBudget(None)
    assert budget.left(MIDNIGHT) is None
    budget.limit_to(0, MIDNIGHT)
    with pytest.raises(RateLimited):
        budget.pay(1, MIDNIGHT)


def test_a_clock_set_back_does_not_hand_out_a_day_twice() -> None:
    budget = RequestBudget(10)
    budget.pay(10, MIDNIGHT + timedelta(hours=1))
    assert budget.left(MIDNIGHT - timedelta(hours=1)) == 0


def test_a_clock_that_ran_ahead_leaves_a_budget_to_spend() -> None:
    budget = RequestBudget(10)
    budget.pay(10, MIDNIGHT + timedelta(days=400))
    assert budget.left(MIDNIGHT) == 10


def test_resuming_never_forgets_what_this_run_spent() -> None:
    budget = RequestBudget(10)
    budget.pay(4, MIDNIGHT)
    budget.resume(2, MIDNIGHT)
    assert budget.spent(MIDNIGHT) == 4
    budget.resume(7, MIDNIGHT)
    assert budget.spent(MIDNIGHT) == 7

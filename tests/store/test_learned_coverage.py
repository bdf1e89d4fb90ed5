"""Is a learned value kept as it was made, and never made twice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from collector.coverage.learned import Learned, LearnedCell, LearnedFeed
from collector.errors import StoreError
from collector.store import Store, learned_coverage
from tests.store.samples import HOUR, NOON

VALUE = Learned(
    version="2026-W47/28d",
    first_day=date(2026, 10, 19),
    last_day=date(2026, 11, 15),
    days=26,
    feeds=(
        LearnedFeed(
            feed="adsblol",
            answered=8001,
            jammed=0.0213,
            cells=(LearnedCell(-118, 140, 0, 26, 0.5), LearnedCell(119, 139, 3, 9, 0.0313)),
        ),
        LearnedFeed(feed="opensky", answered=0, jammed=0.0, cells=()),
    ),
)


def test_it_comes_back_as_it_was(store: Store) -> None:
    learned_coverage.store_value(store, VALUE, NOON)
    assert learned_coverage.get(store, VALUE.version) == VALUE
    assert learned_coverage.made_at(store, VALUE.version) == NOON
    assert learned_coverage.get(store, "2026-W48/28d") is None
    assert learned_coverage.made_at(store, "2026-W48/28d") is None


def test_it_never_changes(store: Store) -> None:
    learned_coverage.store_value(store, VALUE, NOON)
    with pytest.raises(StoreError):
        learned_coverage.store_value(store, replace(VALUE, days=3), NOON + HOUR)
    assert learned_coverage.get(store, VALUE.version) == VALUE


def test_the_latest_is_of_days_before_only(store: Store) -> None:
    week = timedelta(days=7)
    later = replace(
        VALUE,
        version="2026-W48/28d",
        first_day=VALUE.first_day + week,
        last_day=VALUE.last_day + week,
    )
    assert learned_coverage.latest(store, date(2026, 12, 1)) is None
    for value in (later, VALUE):
        learned_coverage.store_value(store, value, NOON)
    assert learned_coverage.latest(store, date(2026, 12, 1)) == later
    assert learned_coverage.latest(store, later.last_day) == VALUE
    assert learned_coverage.latest(store, VALUE.last_day) is None

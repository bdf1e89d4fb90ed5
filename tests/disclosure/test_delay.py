"""Does a landing stay behind for as long as promised, and leave for good?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.disclosure.delay import SHORTEST, Delay
from collector.weeks import week_bounds, week_of
from tests.support.landings import PROBABLE

HOURS = st.floats(6, 2000).map(lambda hours: timedelta(hours=hours))
STAYS = st.none() | st.floats(0, 400).map(lambda hours: timedelta(hours=hours))
TIMES = st.integers(1_451_606_400, 1_893_456_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(HOURS, HOURS, TIMES, STAYS)
def test_a_landing_stays_behind_for_six_hours_at_least_and_leaves_with_its_week(
    after_departure: timedelta, after_touchdown: timedelta, at: datetime, stay: timedelta | None
) -> None:
    delay = Delay(after_departure, after_touchdown)
    left = None if stay is None else at + stay
    landing = replace(PROBABLE.detection, touchdown_at=at, departed_at=left)
    leaves = delay.landing_leaves_at(landing)
    assert leaves >= at + SHORTEST
    if left is not None and left < at + after_touchdown:
        assert leaves == left + after_departure
    end = week_bounds(week_of(at, "Asia/Jerusalem"), "Asia/Jerusalem")[1]
    assert leaves <= delay.week_leaves_at(end)


@given(HOURS, HOURS, TIMES, STAYS)
def test_a_landing_that_has_left_is_never_held_back_again(
    after_departure: timedelta, after_touchdown: timedelta, at: datetime, stay: timedelta | None
) -> None:
    """Before the departure is heard it is judged as a stay that lasts."""
    delay = Delay(after_departure, after_touchdown)
    parked = replace(PROBABLE.detection, touchdown_at=at, departed_at=None)
    gone = replace(parked, departed_at=None if stay is None else at + stay)
    shown_at = delay.landing_leaves_at(parked)
    if gone.departed_at is not None and shown_at <= gone.departed_at:
        assert delay.landing_leaves_at(gone) <= shown_at

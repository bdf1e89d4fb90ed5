"""Does a landing stay behind for as long as promised, and leave for good?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.disclosure.delay import SHORTEST, Delay
from collector.weeks import week_bounds, week_of
from tests.support.landings import PROBABLE
from tests.support.stops import AFTER, BEFORE, STOPPED
from tests.support.unheard import arrived_between

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


def test_the_next_stop_waits_like_a_landing_without_a_departure() -> None:
    assert AFTER.at is not None
    leaves = AFTER.at + Delay().after_touchdown
    early = Delay().stops_that_leave(STOPPED.stops, leaves - timedelta(seconds=1))
    assert early == (BEFORE,)
    assert Delay().stops_that_leave(STOPPED.stops, leaves) == (BEFORE, AFTER)


@given(TIMES, st.floats(0.5, 96), st.floats(0, 60))
def test_a_landing_that_nobody_heard_arrive_leaves_with_every_week_that_it_may_lie_in(
    earliest: datetime, silent_h: float, stay_h: float
) -> None:
    latest = earliest + timedelta(hours=silent_h)
    left = latest + timedelta(hours=stay_h)
    landing = arrived_between(replace(PROBABLE.detection, departed_at=left), earliest, latest)
    leaves = Delay().landing_leaves_at(landing)
    assert leaves == left + Delay().after_departure
    first = week_of(earliest, "Asia/Jerusalem")
    assert leaves <= Delay().week_leaves_at(week_bounds(first, "Asia/Jerusalem")[1])


@given(TIMES, st.floats(4, 20), st.floats(0, 60))
def test_after_a_long_silence_the_departure_decides_though_the_estimate_is_old(
    earliest: datetime, silent_days: float, left_after_h: float
) -> None:
    latest = earliest + timedelta(days=silent_days)
    landing = arrived_between(replace(PROBABLE.detection, departed_at=latest), earliest, latest)
    assert Delay().landing_leaves_at(landing) == latest + Delay().after_departure
    assert landing.unheard is not None
    left_by = latest + timedelta(hours=left_after_h)
    seen_elsewhere = replace(landing, unheard=replace(landing.unheard, left_by=left_by))
    assert Delay().landing_leaves_at(seen_elsewhere) == left_by + Delay().after_departure

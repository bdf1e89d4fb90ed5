"""Which counts hold a landing that nobody heard arrive? A week that it lies in with 90 %; else
none, but the time that holds all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from collector.alerts.counts import Count, count_landings
from collector.alerts.rules import evaluate
from collector.model import Grade, Landing
from collector.model.dating import known_week, week_words, weeks_of_landing
from collector.weeks import week_bounds
from tests.support.touchdowns import FORTNIGHT, OVDA, WATCH, WEEKLY, touchdown
from tests.support.unheard import unheard

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
"""Begins 2026-W47; the watch counts in UTC."""
DAY = timedelta(days=1)


def week_count(found: list[Landing], key: str) -> Count:
    return count_landings(found, WATCH, OVDA, *week_bounds(key, WATCH.zone))


def test_a_landing_of_one_of_two_weeks_counts_in_neither_but_in_both_together() -> None:
    landing = unheard(touchdown(MONDAY), MONDAY - 30 * HOUR, MONDAY + 30 * HOUR)
    found = [landing, touchdown(MONDAY + 2 * DAY, icao24="600866")]
    before, after = week_count(found, "2026-W46"), week_count(found, "2026-W47")
    assert (before.count, before.at_most, before.undated) == (0, 1, (landing,))
    assert (after.count, after.at_most, after.undated) == (1, 2, (landing,))
    both = count_landings(found, WATCH, OVDA, MONDAY - 7 * DAY, MONDAY + 7 * DAY)
    assert (both.count, both.at_most, both.undated) == (2, 2, ())
    assert week_count(found, "2026-W48") == Count(0, 0)
    assert known_week(landing.detection, "UTC") is None
    weeks = weeks_of_landing(landing.detection, "UTC")
    assert week_words(weeks) == "2026-W46 or 2026-W47"


def test_a_week_that_is_known_with_ninety_per_cent_counts_it_alone() -> None:
    landing = unheard(touchdown(MONDAY), MONDAY - 5 * HOUR, MONDAY + 55 * HOUR)
    assert week_count([landing], "2026-W47").count == 1
    assert week_count([landing], "2026-W46") == Count(0, 0)
    assert known_week(landing.detection, "UTC") == "2026-W47"


def test_several_days_of_nothing_are_never_a_counted_landing() -> None:
    landing = unheard(touchdown(MONDAY), MONDAY - 2 * DAY, MONDAY + 12 * DAY)
    for key in ("2026-W46", "2026-W47", "2026-W48"):
        assert (week_count([landing], key).count, week_count([landing], key).at_most) == (0, 1)
    year = count_landings([landing], WATCH, OVDA, MONDAY - 300 * DAY, MONDAY + 60 * DAY)
    assert (year.count, year.at_most, year.undated) == (0, 1, ())


@given(
    begin=st.floats(min_value=-90.0, max_value=400.0),
    length=st.floats(min_value=1.0, max_value=900.0),
)
@example(begin=-10.0, length=100.0)
@example(begin=-8.0, length=100.0)
def test_a_count_is_widened_in_exactly_the_weeks_that_the_landing_names(
    begin: float, length: float
) -> None:
    earliest = MONDAY + begin * HOUR
    possible = touchdown(MONDAY, grade=Grade.POSSIBLE)
    landing = unheard(possible, earliest, earliest + length * HOUR)
    keys = [f"2026-W{number}" for number in range(45, 54)] + ["2027-W01", "2027-W02"]
    widened = [key for key in keys if week_count([landing], key).at_most]
    assert widened == list(weeks_of_landing(landing.detection, WATCH.zone))


@given(
    begin=st.floats(min_value=-90.0, max_value=90.0), length=st.floats(min_value=1.0, max_value=95)
)
def test_no_total_is_below_its_weeks_and_none_above_their_most(begin: float, length: float) -> None:
    earliest = MONDAY + begin * HOUR
    landing = unheard(touchdown(MONDAY), earliest, earliest + length * HOUR)
    weeks = [week_count([landing], key) for key in ("2026-W46", "2026-W47", "2026-W48")]
    whole = count_landings([landing], WATCH, OVDA, MONDAY - 7 * DAY, MONDAY + 14 * DAY)
    assert sum(one.count for one in weeks) <= whole.count == 1 <= sum(one.at_most for one in weeks)


def test_a_rule_rests_on_no_landing_that_may_lie_elsewhere() -> None:
    heard = touchdown(MONDAY + 2 * DAY, icao24="600866")
    doubtful = unheard(touchdown(MONDAY), MONDAY - 30 * HOUR, MONDAY + 30 * HOUR)
    sure = unheard(touchdown(MONDAY), MONDAY + HOUR, MONDAY + 30 * HOUR)
    now = MONDAY + 3 * DAY
    assert not evaluate(WEEKLY, WATCH, [heard, doubtful], {}, now).crossed
    assert evaluate(WEEKLY, WATCH, [heard, sure], {}, now).crossed


def test_rolling_days_hold_a_landing_if_they_hold_its_whole_silence() -> None:
    first = unheard(touchdown(MONDAY), MONDAY, MONDAY + 2 * DAY)
    between = touchdown(MONDAY + 7 * DAY, icao24="600866")
    for last, crossed in ((MONDAY + 13 * DAY, True), (MONDAY + 15 * DAY, False)):
        found = [first, between, touchdown(last, icao24="600867")]
        verdict = evaluate(FORTNIGHT, WATCH, found, {}, last + HOUR)
        assert verdict.crossed == crossed
        if crossed:
            assert (verdict.begin, verdict.count.count) == (MONDAY, 3)

"""Which ISO week, with which bounds and neighbours, belongs to a time in a zone?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.weeks import (
    local_date,
    next_midnight,
    next_week,
    previous_week,
    week_bounds,
    week_of,
    weeks_between,
)

ZONES = st.sampled_from(
    [
        "Asia/Jerusalem",
        "UTC",
        "Europe/London",
        "Pacific/Auckland",
        "Asia/Beirut",
        "America/Santiago",
        "Africa/Cairo",
        "Asia/Baku",
        "Pacific/Apia",
    ]
)
MOMENTS = st.integers(0, 24 * 365 * 86_400).map(
    lambda seconds: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("at", "zone", "key"),
    [
        ("2026-11-22T21:59:59", "Asia/Jerusalem", "2026-W47"),
        ("2026-11-22T22:00:00", "Asia/Jerusalem", "2026-W48"),
        ("2026-11-22T22:00:00", "UTC", "2026-W47"),
        ("2021-01-03T12:00:00", "UTC", "2020-W53"),
        ("2024-12-30T12:00:00", "UTC", "2025-W01"),
        ("2020-09-24T12:00:00", "Asia/Jerusalem", "2020-W39"),
    ],
)
def test_the_week_of_a_moment(at: str, zone: str, key: str) -> None:
    assert week_of(datetime.fromisoformat(at).replace(tzinfo=UTC), zone) == key


@pytest.mark.parametrize(
    ("key", "zone", "hours"),
    [
        ("2026-W13", "Asia/Jerusalem", 167),
        ("2026-W43", "Asia/Jerusalem", 169),
        ("2026-W47", "Asia/Jerusalem", 168),
        ("2026-W13", "Europe/London", 167),
        ("2026-W39", "Pacific/Auckland", 167),
        ("2011-W52", "Pacific/Apia", 144),
    ],
)
def test_the_length_of_a_week(key: str, zone: str, hours: int) -> None:
    begin, end = week_bounds(key, zone)
    assert (end - begin).total_seconds() / 3600 == hours


@pytest.mark.parametrize("key", ["2026-47", "2026-W54", "2025-W53", "2026-W00", "0000-W01", "W47"])
def test_what_is_no_week(key: str) -> None:
    with pytest.raises(ValueError, match="is not a week"):
        week_bounds(key, "UTC")


def test_years_of_53_weeks() -> None:
    assert weeks_between("2026-W52", "2027-W02") == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert weeks_between("2026-W02", "2026-W01") == []


@given(MOMENTS, ZONES)
def test_a_moment_lies_in_its_own_week_only(at: datetime, zone: str) -> None:
    key = week_of(at, zone)
    begin, end = week_bounds(key, zone)
    assert begin <= at < end
    assert begin.tzinfo is UTC
    assert week_of(begin, zone) == key
    assert week_of(end - timedelta(microseconds=1), zone) == key
    assert week_of(end, zone) == next_week(key)
    assert week_of(begin - timedelta(microseconds=1), zone) == previous_week(key)


@given(MOMENTS, ZONES)
def test_weeks_follow_each_other_without_a_hole(at: datetime, zone: str) -> None:
    key = week_of(at, zone)
    assert previous_week(next_week(key)) == key
    assert week_bounds(next_week(key), zone)[0] == week_bounds(key, zone)[1]
    assert weeks_between(previous_week(key), next_week(key)) == [
        previous_week(key),
        key,
        next_week(key),
    ]


@given(MOMENTS, ZONES)
def test_a_local_day_ends_at_its_next_midnight(at: datetime, zone: str) -> None:
    midnight = next_midnight(at, zone)
    today = local_date(at, zone)
    assert at < midnight <= at + timedelta(hours=26)
    assert local_date(midnight - timedelta(microseconds=1), zone) == today
    assert local_date(midnight, zone) > today
    assert midnight.tzinfo is UTC


def test_midnight_where_clocks_change() -> None:
    begin = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    assert local_date(begin, "Asia/Jerusalem") == date(2026, 10, 25)
    assert next_midnight(begin, "Asia/Jerusalem") - begin == timedelta(hours=25)
    zone = ZoneInfo("Asia/Beirut")  # its clocks change at midnight
    midnight = next_midnight(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), "Asia/Beirut")
    assert midnight.astimezone(zone).isoformat() == "2026-03-29T01:00:00+03:00"

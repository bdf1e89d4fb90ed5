"""Do "none found", "could not have been heard" and "no archive" differ?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.coverage.archived import ArchivedWeek, ArchiveFinding, archive_days, archived_week
from collector.weeks import week_bounds

WEEK = [date(2024, 3, 4) + timedelta(days=number) for number in range(7)]


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Jerusalem", "Pacific/Auckland", "America/Los_Angeles"]
)
@pytest.mark.parametrize("key", ["2024-W10", "2024-W13", "2024-W44"])
def test_every_week_has_seven_days_and_no_day_is_in_two(zone: str, key: str) -> None:
    days = archive_days(*week_bounds(key, zone))
    assert len(days) == 7
    begin, _ = week_bounds(key, zone)
    before = archive_days(begin - timedelta(days=7), begin)
    assert not set(days) & set(before)


def test_a_week_that_goes_on_has_the_days_gone_by() -> None:
    begin = datetime(2024, 3, 4, tzinfo=UTC)
    assert archive_days(begin, begin + timedelta(days=2, hours=13)) == WEEK[:3]
    assert archive_days(begin, begin) == []


@pytest.mark.parametrize(
    ("archives", "seen", "at_most", "told", "days"),
    [
        ((), 0.0, 0, ArchiveFinding.NO_ARCHIVE, 0),
        (WEEK, 0.0, 0, ArchiveFinding.NOT_HEARD, 7),
        (WEEK, 0.8, 0, ArchiveFinding.NONE_FOUND, 7),
        (WEEK, 0.2, 0, ArchiveFinding.IN_PART, 7),
        (WEEK[2:4], 0.0005, 0, ArchiveFinding.NOT_HEARD, 2),
        (WEEK, 0.0, 1, ArchiveFinding.FOUND, 7),
        ([date(2024, 3, 11)], 0.3, 0, ArchiveFinding.NO_ARCHIVE, 0),
    ],
)
def test_what_a_week_tells(
    archives: list[date], seen: float, at_most: int, told: ArchiveFinding, days: int
) -> None:
    found = archived_week(WEEK, archives, seen=seen, at_most=at_most)
    assert found == ArchivedWeek(told, days, 7)

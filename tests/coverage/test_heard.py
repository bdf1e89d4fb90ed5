"""Which feeds heard an airfield in a week, and how low? Weeks heard alike may be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.coverage.heard import heard_at_all, heard_feeds, heard_week, usual_height_ft
from collector.coverage.learned import learn
from collector.model.coverage import BAND_FLOORS_FT, SLOT, Cell, CoverageSlot
from collector.model.heard_week import HeardWeek
from tests.support.flights import LLOV

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
AT_OVDA = (119, 139)
FAR = (160, 139)


def slots(
    feed: str, count: int, *cells: Cell, first: int = 0, area_minutes: int = 1
) -> list[CoverageSlot]:
    return [
        CoverageSlot(
            feed=feed,
            begins_at=BEGIN + (first + number) * SLOT,
            alive_minutes=1,
            area_minutes=area_minutes,
            cells=dict.fromkeys(cells, 1),
        )
        for number in range(count)
    ]


CRUISE = (*AT_OVDA, 8)


@pytest.mark.parametrize(
    ("heard", "feeds"),
    [
        ([*slots("one", 100, CRUISE), *slots("two", 5, CRUISE)], {"one", "two"}),
        ([*slots("one", 100, CRUISE), *slots("two", 4, CRUISE)], {"one"}),  # 4 % of the time
        ([*slots("one", 60, CRUISE), *slots("two", 40, CRUISE, first=60)], {"one", "two"}),
        ([*slots("one", 100, CRUISE), *slots("two", 100, (*FAR, 8))], {"one"}),
        ([*slots("one", 100, CRUISE), *slots("two", 100)], {"one"}),
        # Asked for single addresses alone, it proves nothing about others.
        ([*slots("one", 100, CRUISE), *slots("two", 100, CRUISE, area_minutes=0)], {"one"}),
        ([*slots("one", 5, CRUISE), *slots("archive", 100, CRUISE)], {"one"}),
        (slots("archive", 100, CRUISE), {"archive"}),
        ([], set()),
    ],
)
def test_a_feed_of_a_week_heard_somebody_near_in_a_twentieth_of_the_time(
    heard: list[CoverageSlot], feeds: set[str]
) -> None:
    assert heard_feeds(heard, LLOV, {"archive"}) == feeds


def test_the_usual_height_is_the_lowest_band_in_the_middle_of_all_five_minutes() -> None:
    heard = [
        *slots("one", 3, (*AT_OVDA, 5), (*AT_OVDA, 8)),
        *slots("one", 2, (*AT_OVDA, 2)),
        *slots("one", 3, CRUISE),
        *slots("one", 100, (*FAR, 0)),
    ]
    assert usual_height_ft(heard, LLOV) == BAND_FLOORS_FT[5]
    assert usual_height_ft(heard[:4], LLOV) == BAND_FLOORS_FT[5]
    assert usual_height_ft(slots("one", 9, (*FAR, 0)), LLOV) is None


def test_a_week_is_heard_by_its_feeds_and_within_its_time() -> None:
    heard = [
        *slots("one", 49, (*AT_OVDA, 5)),
        *slots("one", 51, CRUISE, first=49),
        *slots("two", 4, (*AT_OVDA, 1)),  # too seldom to count, however low
        *slots("one", 9, (*AT_OVDA, 0), first=-9),
        *slots("one", 9, (*AT_OVDA, 0), first=100),
    ]
    end = BEGIN + 100 * SLOT
    week = heard_week(heard, LLOV, (), seen=0.4, begin=BEGIN, end=end)
    assert week == HeardWeek(0.4, frozenset({"one"}), BAND_FLOORS_FT[8])


def test_airfields_counted_together_are_heard_as_the_worst_of_them() -> None:
    ovda = HeardWeek(0.9, frozenset({"one"}), 4000)
    ramon = HeardWeek(0.5, frozenset({"one", "two"}), 10_000)
    assert heard_at_all([ovda, ramon]) == HeardWeek(0.5, frozenset({"one", "two"}), 10_000)
    assert heard_at_all([ovda]) == ovda
    assert heard_at_all([ovda, replace(ramon, height_ft=None)]).height_ft is None
    assert heard_at_all([]) == HeardWeek(0.0, frozenset(), None)


def test_what_is_learned_counts_each_five_minutes_of_a_day() -> None:
    """Answers hours apart, one of them with an aircraft and one that was jammed."""
    taught = [
        replace(
            each, begins_at=each.begins_at + day * timedelta(days=1) + hour * timedelta(hours=1)
        )
        for day in range(4)
        for hour in range(8)
        for each in slots("one", 1, *([CRUISE] if hour == 3 else []))
    ]
    jammed = [
        replace(each, aircraft=100, unplaced=90 if each.begins_at.hour == 5 else 1)
        for each in taught
    ]
    unanswered = [replace(each, begins_at=each.begins_at + SLOT, area_minutes=0) for each in jammed]
    value = learn([*jammed, *unanswered], BEGIN.date(), BEGIN.date() + timedelta(days=6))
    assert value is not None
    (feed,) = value.feeds
    assert (feed.answered, feed.jammed) == (32, 0.125)
    (cell,) = feed.cells
    assert (cell.days, cell.heard) == (4, 0.125)
    assert (value.version, value.first_day) == ("2026-W48/7d", date(2026, 11, 16))


def test_days_on_which_nobody_was_received_teach_nothing() -> None:
    empty = [replace(each, begins_at=each.begins_at + timedelta(days=day))
             for day in range(6) for each in slots("one", 1)]  # fmt: skip
    assert learn(empty, BEGIN.date(), BEGIN.date() + timedelta(days=6)) is None

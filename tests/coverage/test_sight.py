"""What may be said of a count where little could be seen?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from collector.coverage.asked import hours_asked, long_pauses
from collector.coverage.learned import Learned, LearnedCell, LearnedFeed, learned_for
from collector.coverage.sight import Level, SeenCount, Sight, sight_of_weeks, worst
from collector.model.coverage import CoverageSlot

BLIND, PART, SEEN = Sight(0.9, 0.19), Sight(0.9, 0.79), Sight(0.9, 0.8)


@pytest.mark.parametrize(
    ("least", "most", "sight", "said"),
    [
        # Counted, at most, nothing can be said, a zero that rests on a part, alert.
        (0, 0, BLIND, (None, None, True, False, "not-seen")),
        (0, 2, BLIND, (None, None, False, False, "not-seen")),
        (1, 2, BLIND, (1, None, False, False, "not-seen")),
        (0, 0, PART, (0, 0, False, True, "ok")),
        (0, 1, PART, (0, 1, False, False, "ok")),
        (0, 0, SEEN, (0, 0, False, False, "ok")),
        (1, 2, SEEN, (1, 2, False, False, "ok")),
    ],
)
def test_a_zero_and_an_upper_bound_need_somebody_who_could_see(
    least: int, most: int, sight: Sight, said: tuple[object, ...]
) -> None:
    count = SeenCount(least, most, sight)
    assert (count.count, count.at_most, count.blind, count.in_part, count.alert("ok")) == said
    assert count.alert("firing") == "firing"


def test_who_is_heard_in_cruise_alone_is_heard_only_high() -> None:
    assert [each.only_high for each in (BLIND, Sight(0.2, 0.1), Sight(0.19, 0.1), PART)] == [
        True,
        True,
        False,
        False,
    ]


def test_airfields_together_have_the_worst_sight_and_weeks_the_mean() -> None:
    sights = [Sight(0.8, 0.2), Sight(0.5, 0.4)]
    assert worst(sights) == Sight(0.5, 0.2)
    mean = sight_of_weeks(sights)
    assert [mean.coverage, mean.seen] == pytest.approx([0.65, 0.3])
    assert worst([]) == sight_of_weeks([]) == Sight(0.0, 0.0)
    assert Sight(0.0, 0.0).level is Level.NOT_SEEN


def test_only_minutes_with_a_poll_within_the_time_were_asked() -> None:
    """Of a slot that reaches into it those minutes alone; its end is not within."""
    begin = datetime(2026, 11, 16, 8, 2, tzinfo=UTC)
    slots = [
        CoverageSlot(feed="one", begins_at=begin - timedelta(minutes=2), alive_minutes=0b00011),
        CoverageSlot(feed="one", begins_at=begin + timedelta(minutes=58), failed_minutes=0b00100),
    ]
    assert hours_asked(slots, begin, begin + timedelta(minutes=60)) == 0
    assert hours_asked(slots, begin, begin + timedelta(minutes=61)) == 1
    assert hours_asked(slots, begin - timedelta(minutes=1), begin + timedelta(hours=2)) == 2
    end = begin + timedelta(hours=4)
    assert long_pauses(slots, begin, end) == [(begin + timedelta(hours=1), end)]
    assert long_pauses(slots, begin, end - timedelta(minutes=1)) == []


def learned(*cells: tuple[int, int, int], feed: str = "one") -> LearnedFeed:
    made = tuple(LearnedCell(lat, lon, lowest, 5, 0.5) for lat, lon, lowest in cells)
    return LearnedFeed(feed=feed, answered=100, jammed=0.0, cells=made)


LAST = date(2026, 11, 15)


def value(*feeds: LearnedFeed) -> Learned:
    return Learned(version="2026-W47/28d", first_day=LAST - timedelta(days=27), last_day=LAST,
                   days=28, feeds=feeds)  # fmt: skip


def test_what_was_learned_near_a_point_is_looked_up_in_every_direction() -> None:
    """Cells are 15 NM high; at 60° north they are half as wide as at the equator."""
    for lat, lon in ((29.875, 34.875), (60.125, 179.875), (-60.125, -179.875)):
        row, column = int(lat // 0.25), int(lon // 0.25)
        for north, east in ((2, 0), (-2, 0), (0, 2), (0, -2), (1, -1), (0, 0)):
            wrapped = (column + east + 720) % 1440 - 720
            known = value(learned((row + north, wrapped, 3)))
            assert known.lowest_near(lat, lon, 31.0) == 3, (lat, north, east)
            assert known.lowest_near(lat, lon, 5.0) == (None if north or east else 3)
    far_east = value(learned((240, 143, 2)))
    assert far_east.lowest_near(60.125, 34.875, 30.1) == 2  # four cells of 7.5 NM
    assert far_east.lowest_near(60.125, 34.875, 29.0) is None


def test_the_lowest_of_the_feeds_that_are_asked_for_counts() -> None:
    both = value(learned((119, 139, 4)), learned((119, 139, 2), (120, 139, 1), feed="two"))
    point = (29.875, 34.875)
    assert both.lowest_near(*point, 5.0) == 2
    assert both.lowest_near(*point, 5.0, {"one"}) == 4
    assert both.lowest_near(*point, 20.0, {"two"}) == 1
    assert both.lowest_near(*point, 20.0, set()) is None
    assert both.lowest_near(90.0, 0.0, 20.0) is None


def test_a_week_uses_what_the_days_before_it_taught() -> None:
    known = value(learned((119, 139, 4)))
    times = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (15, 16, 22, 23)]
    assert [learned_for([known], at) for at in times] == [None, known, known, None]

"""For how long, and by how many reports, is a feed late?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from collector.model import Observation
from collector.tracking import late_feeds, tracks_of
from tests.tracking.test_late_feeds import START, late_s, north


def dated_back(*feeds: Sequence[Observation]) -> list[int]:
    """The seconds at which a feed sent what is dated back."""
    reports = sorted((each for feed in feeds for each in feed), key=lambda each: each.at)
    told = late_feeds.on_time(reports) or reports
    return [
        round((each.at - START).total_seconds())
        for each, now in zip(reports, told, strict=True)
        if each is not now
    ]


def test_a_late_feed_is_late_for_an_hour_before_and_after_the_other_one_shows_it() -> None:
    prompt = north("one", range(7200, 9001, 20))
    late = north("two", range(0, 14_400, 60), 120.0)
    assert dated_back(prompt, late) == list(range(3720, 12_601, 60))


def test_a_feed_that_was_in_time_stays_so_for_an_hour_if_nothing_says_otherwise() -> None:
    """Then it is not known any more, and the hour before it is seen to be late is dated back."""
    prompt = [*north("one", range(0, 1201, 20)), *north("one", range(9000, 10_200, 20))]
    in_time = north("two", range(5, 1200, 60))
    late = north("two", range(1260, 10_140, 60), 120.0)
    begin = 9120 - 3600
    assert dated_back(prompt, in_time, late) == [*range(begin, 10_140, 60)]


@pytest.mark.parametrize("lacks", ["lat_deg", "lon_deg", "position_at"])
def test_reports_without_a_position_are_as_late_as_those_around_them(lacks: str) -> None:
    """They give an altitude; the prompt feed's own show no path."""

    def without(reports: list[Observation], every: int) -> list[Observation]:
        return [
            replace(each, **{lacks: None}) if number % every == 1 else each  # type: ignore[arg-type]
            for number, each in enumerate(reports)
        ]

    prompt = without(north("one", range(0, 1500, 20)), 3)
    late = without(north("two", range(705, 1400, 30), 60.0), 4)
    assert dated_back(prompt, late) == list(range(705, 1400, 30))
    reports = sorted([*prompt, *late], key=lambda each: each.at)
    told = late_feeds.on_time(reports)
    assert told is not None
    assert [each.position_at is None for each in told] == [
        each.position_at is None for each in reports
    ]


@pytest.mark.parametrize(
    ("alike", "others", "is_late"), [(2, 0, False), (3, 0, True), (3, 3, True), (3, 4, False)]
)
def test_three_reports_late_by_the_same_and_half_of_all_show_a_late_feed(
    alike: int, others: int, *, is_late: bool
) -> None:
    prompt = north("one", range(0, 6000, 20))
    lags = [60.0] * alike + [120.0 + 60.0 * number for number in range(others)]
    sent = [
        report
        for number, lag_s in enumerate(lags)
        for report in north("two", [700 + 500 * number], lag_s)
    ]
    assert late_s(prompt, sent) == ({"two": {60}} if is_late else {})


def test_what_varies_by_twenty_seconds_is_alike_and_the_middle_of_it_counts() -> None:
    """Between polls of five minutes a path is known roughly."""
    prompt = north("one", range(0, 6000, 20))
    lags = [40.0, 45.0, 60.0, 79.0, 80.0]
    sent = [
        report
        for number, lag_s in enumerate(lags)
        for report in north("two", [700 + 500 * number], lag_s)
    ]
    assert late_s(prompt, sent) == {"two": {60}}


def test_a_feed_late_twice_is_dated_back_each_time_by_its_own() -> None:
    """Two hours apart, by another time; in between it was in time."""
    prompt = north("one", range(0, 12_000, 20))
    first = north("two", range(700, 1500, 30), 60.0)
    between = north("two", range(1505, 9000, 60))
    second = north("two", range(9000, 9900, 30), 240.0)
    assert late_s(prompt, first, between, second) == {"two": {60, 240}}
    assert dated_back(prompt, first, between, second) == [
        *range(700, 1500, 30),
        *range(9000, 9900, 30),
    ]


@pytest.mark.parametrize(("every_s", "lag_s"), [(20, 60.0), (60, 30.0), (60, 300.0)])
def test_a_late_feed_is_not_another_aircraft(every_s: int, lag_s: float) -> None:
    """Also one that is late by less than a poll: each of its places was just given."""
    prompt = [
        replace(each, ground_speed_kt=360.0) for each in north("one", range(0, 1800, every_s))
    ]
    late = [
        replace(each, ground_speed_kt=360.0)
        for each in north("two", [at + lag_s for at in range(300, 1500, 60)], lag_s)
    ]
    fixes, beside = tracks_of([*late, *prompt])
    assert (beside, fixes.breaks) == ([], frozenset())
    assert [(fix.at, fix.lat_deg, fix.doubt) for fix in fixes] == [
        (each.at, each.lat_deg, None) for each in prompt
    ]
    assert sum(fix.feeds == ("one", "two") for fix in fixes) == len(late)


def test_nothing_heard_is_no_track() -> None:
    fixes, beside = tracks_of([])
    assert (len(fixes), beside) == (0, [])

"""Is a late feed told on any path: across meridians, beside it, round and round, and slowly?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from collector.geo import destination
from collector.model import Observation
from tests.tracking.test_late_feeds import late_s, north, report
from tests.tracking.test_late_runs import dated_back

Path = Callable[[float], tuple[float, float]]
"""Where the aircraft is at a second."""


def heard(feed: str, path: Path, seconds: Iterable[float], lag_s: float = 0.0) -> list[Observation]:
    return [report(feed, second, *path(second - lag_s)) for second in seconds]


def straight(
    lat_deg: float, lon_deg: float, course_deg: float, kt: float, aside_nm: float = 0.0
) -> Path:
    def path(second: float) -> tuple[float, float]:
        place = destination(lat_deg, lon_deg, course_deg, kt * second / 3600.0)
        return destination(*place, course_deg + 90.0, aside_nm)

    return path


@pytest.mark.parametrize("course_deg", [45.0, 90.0, 135.0, 250.0])
@pytest.mark.parametrize("aside_nm", [-0.5, 0.0, 0.5])
@pytest.mark.parametrize("where", [(60.0, 179.8), (60.0, -179.8), (29.0, 35.0)])
def test_a_feed_is_late_wherever_and_in_whichever_direction_it_flies(
    where: tuple[float, float], aside_nm: float, course_deg: float
) -> None:
    """Its places lie beside the path: which point of that is nearest says how late it is."""
    prompt = heard("one", straight(*where, course_deg, 360.0), range(0, 400, 60))
    beside = straight(*where, course_deg, 360.0, aside_nm)
    late = heard("two", beside, range(150, 340, 30), 90.0)
    ((feed, lags),) = late_s(prompt, late).items()
    assert feed == "two"
    assert lags <= {89, 90, 91}


@pytest.mark.parametrize(("aside_nm", "is_late"), [(0.95, True), (1.05, False)])
def test_a_late_place_lies_near_the_path(aside_nm: float, is_late: bool) -> None:
    prompt = heard("one", straight(29.0, 35.0, 0.0, 360.0), range(0, 400, 20))
    late = heard("two", straight(29.0, 35.0, 0.0, 360.0, aside_nm), range(150, 340, 30), 90.0)
    assert bool(late_s(prompt, late)) is is_late


@pytest.mark.parametrize(("kt", "is_late"), [(65.0, True), (55.0, False)])
def test_only_the_places_of_an_aircraft_that_moves_tell_the_time(kt: float, is_late: bool) -> None:
    path = straight(29.0, 35.0, 0.0, kt)
    prompt, late = (
        heard("one", path, range(0, 900, 20)),
        heard("two", path, range(300, 800, 30), 120.0),
    )
    assert late_s(prompt, late) == ({"two": {120}} if is_late else {})


@pytest.mark.parametrize(("lag_s", "is_late"), [(66.0, True), (58.0, False)])
def test_places_nearer_than_a_mile_or_so_are_no_contradiction(lag_s: float, is_late: bool) -> None:
    """At 70 kt it flies 1.2 NM in 62 s."""
    path = straight(29.0, 35.0, 0.0, 70.0)
    prompt, late = (
        heard("one", path, range(0, 900, 20)),
        heard("two", path, range(300, 800, 30), lag_s),
    )
    assert late_s(prompt, late) == ({"two": {66}} if is_late else {})


@pytest.mark.parametrize(("every_s", "late_every_s"), [(10, 30), (10, 10), (5, 60)])
def test_in_a_holding_the_feed_is_late_of_which_a_greater_share_shows_it(
    every_s: int, late_every_s: int
) -> None:
    """Round and round in 251 s: each feed is where the other one was before, but 191 s before there
    was nothing yet. The prompt feed has more reports in all, of which more seem late."""

    def path(second: float) -> tuple[float, float]:
        return destination(30.0, 35.0, math.degrees(second / 40.0) % 360.0, 4.0)

    prompt = heard("one", path, range(0, 2000, every_s))
    late = heard("two", path, range(late_every_s // 2, 2000, late_every_s), 60.0)
    assert late_s(prompt, late) == {"two": {60}}


@pytest.mark.parametrize("lags", [range(60, 361, 60), range(360, 59, -60)])
def test_a_feed_that_is_late_more_often_than_feeds_may_be_is_dated_back_each_time(
    lags: Iterable[int],
) -> None:
    prompt, sent = north("one", range(0, 13_000, 20)), []
    for number, lag_s in enumerate(lags):
        begin = 600 + 2000 * number
        sent += north("two", range(begin, begin + 600, 30), lag_s)
        sent += north("two", range(begin + 605, begin + 2000, 60))
    assert late_s(prompt, sent) == {"two": set(lags)}


def test_where_it_stands_a_late_feed_is_not_in_time() -> None:
    """It stands for ten minutes, and flies on: there both feeds have it at one place."""

    def path(second: float) -> tuple[float, float]:
        return 29.0 + (min(second, 600) + max(0.0, second - 1200)) / 600.0, 35.0

    prompt = heard("one", path, range(0, 1900, 20))
    late = heard("two", path, range(120, 1900, 30), 120.0)
    assert dated_back(prompt, late) == list(range(120, 1900, 30))
    in_time = heard("two", path, range(15, 1900, 30))
    assert dated_back(prompt, in_time) == []


def test_one_other_feed_is_enough_to_show_that_a_feed_is_in_time_again() -> None:
    """A third one was heard at the beginning only."""
    prompt, third = north("one", range(0, 4000, 20)), north("three", range(0, 300, 20))
    late = north("two", range(700, 1500, 30), 60.0)
    in_time = north("two", range(1505, 4000, 60))
    found = late_s(prompt, third, late, in_time)
    assert found == {"two": {60}}
    alone = late_s(prompt, late, in_time)
    assert alone == found
    beside = [replace(each, lon_deg=36.0) for each in third]
    assert late_s(prompt, beside, late, in_time) == found, "nor if that one is elsewhere"


def test_where_it_comes_by_again_the_last_time_that_it_was_there_counts() -> None:
    """It flies to and fro, each way in ten minutes; the nearest passage is the last one."""

    def path(second: float) -> tuple[float, float]:
        return 29.0 + min(second % 480, 480 - second % 480) / 600.0, 35.0

    prompt = heard("one", path, range(0, 3000, 20))
    late = heard("two", path, range(905, 2900, 30), 100.0)
    assert late_s(prompt, late) == {"two": {100}}

"""Is a late feed told, and by how much, without looking at every stretch of the other?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.geo import destination, distance_nm
from collector.model import Observation
from collector.tracking import late_feeds
from collector.tracking.flown_path import STRETCHES_AT_ONCE, FlownPath, Spot, spot_of

START = datetime(2026, 11, 23, tzinfo=UTC)
LONGEST = timedelta(minutes=6)


def report(feed: str, second: float, lat_deg: float, lon_deg: float) -> Observation:
    at = START + timedelta(seconds=second)
    return Observation(
        icao24="600865",
        feed=feed,
        heard_at=at,
        position_at=at,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
    )


def north(feed: str, seconds: Iterable[float], lag_s: float = 0.0) -> list[Observation]:
    """Straight north at 360 kt, as a feed has it that lags so much."""
    return [report(feed, second, 29.0 + (second - lag_s) / 600.0, 35.0) for second in seconds]


def late_s(*feeds: list[Observation]) -> dict[str, set[int]]:
    """By how many seconds the reports of each feed are late, if they are."""
    reports = sorted((each for feed in feeds for each in feed), key=lambda each: each.at)
    found: dict[str, set[int]] = {}
    for report, told in zip(reports, late_feeds.on_time(reports) or reports, strict=True):
        if told is not report:
            assert told == replace(report, heard_at=told.at, position_at=told.at)
            late = (report.at - told.at).total_seconds()
            found.setdefault(report.feed, set()).add(round(late))
    return found


@pytest.mark.parametrize("lag_s", [0, 15, 60, 590, 800])
def test_the_feed_that_lags_is_dated_back(lag_s: int) -> None:
    for every_s in (1, 5, 60):
        prompt = north("one", range(0, 1500, every_s))
        lagging = north("two", [second + 0.5 for second in range(700, 1400, 20)], lag_s)
        expected = {"two": {lag_s}} if 10 <= lag_s <= 600 else {}
        assert late_s(prompt, lagging) == expected


def test_feeds_that_lag_by_different_times_are_dated_back_each_by_its_own() -> None:
    prompt = north("one", range(0, 1500, 10))
    two = north("two", range(300, 1400, 20), 60.0)
    three = north("three", range(310, 1400, 20), 150.0)
    assert late_s(prompt, two, three) == {"two": {60}, "three": {150}}


def test_a_feed_that_was_late_in_flight_is_late_on_the_ground_too() -> None:
    """It stands at its end from second 900 on; where it stands, no feed shows which one is late."""
    second = [*range(0, 900, 20), *range(900, 3000, 60)]
    prompt = [report("one", at, 29.0 + min(at, 900) / 600.0, 35.0) for at in second]
    late = [report("two", at + 120.0, 29.0 + min(at, 900) / 600.0, 35.0) for at in second]
    assert late_s(prompt, late) == {"two": {120}}


def test_a_feed_is_late_on_a_way_that_was_flown_before_too() -> None:
    """It flies to and fro for a third of the time: there the other feed came by sooner."""
    shuttle = [29.0 + min(at % 600, 600 - at % 600) / 600.0 for at in range(0, 1200, 20)]
    places = [*shuttle, *(29.0 + at / 600.0 for at in range(0, 2400, 20))]
    prompt = [report("one", at * 20, place, 35.0) for at, place in enumerate(places)]
    late = [report("two", at * 20 + 500.0, place, 35.0) for at, place in enumerate(places)]
    assert late_s(prompt, late) == {"two": {500}}


def test_what_a_feed_said_while_it_was_in_time_is_not_dated_back() -> None:
    """It becomes late while the aircraft stands, and is seen to be so when that flies on."""

    def place(second: float) -> float:
        return 29.0 + (min(second, 900) + max(0, second - 2400)) / 600.0

    prompt = [report("one", at, place(at), 35.0) for at in range(0, 3600, 20)]
    in_time = [report("two", at, place(at), 35.0) for at in range(5, 2000, 30)]
    late = [report("two", at + 120.0, place(at), 35.0) for at in range(2400, 3400, 30)]
    reports = sorted([*prompt, *in_time, *late], key=lambda each: each.at)
    told = late_feeds.on_time(reports)
    assert told is not None
    moved = {id(each) for each, now in zip(reports, told, strict=True) if each is not now}
    assert not moved & {id(each) for each in in_time}
    assert {id(each) for each in late[5:]} <= moved


def test_an_aircraft_that_flies_back_on_its_path_does_not_make_the_right_feed_late() -> None:
    """Each feed is where the other one was before, but only one is so all the time."""
    second = range(0, 2400, 30)
    prompt = [report("one", at, 29.0 + min(at, 2400 - at) / 600.0, 35.0) for at in second]
    late = [report("two", at + 120.0, 29.0 + min(at, 2400 - at) / 600.0, 35.0) for at in second]
    assert late_s(prompt, late) == {"two": {120}}


def test_two_feeds_that_contradict_each_other_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes of one feed's stretches were measured for each report of the other."""
    measured = 0

    def counted(*degrees: float) -> float:
        nonlocal measured
        measured += 1
        return distance_nm(*degrees)

    monkeypatch.setattr(late_feeds, "distance_nm", counted)
    one = north("one", range(0, 3600, 5))
    two = [report("two", n * 5 + 2.5, 40.0 + n / 120.0, 35.0) for n in range(720)]
    assert late_s(one, two) == {}
    assert measured <= 2 * (len(one) + len(two))


def spots(*reports: Observation) -> list[Spot]:
    return [spot for spot in map(spot_of, reports) if spot is not None]


@dataclass(frozen=True)
class _Track:
    reports: list[Observation]
    lat_deg: float
    lon_deg: float


@st.composite
def tracks(draw: st.DrawFn) -> _Track:
    lat, lon = draw(st.sampled_from([(29.9, 35.0), (0.0, 179.99), (-70.0, -179.9), (89.9, 10.0)]))
    step = st.floats(-0.05, 0.05)
    steps = draw(st.lists(st.tuples(step, step, st.sampled_from([1, 30, 400])), max_size=80))
    second, place, reports = 0.0, (lat, lon), [report("one", 0.0, lat, lon)]
    for to_north, to_east, seconds in steps:
        second += seconds
        place = (min(90.0, place[0] + to_north), (place[1] + to_east + 180.0) % 360.0 - 180.0)
        reports.append(report("one", second, *place))
    near = draw(st.sampled_from(reports))
    return _Track(
        reports,
        min(90.0, (near.lat_deg or 0.0) + draw(step)),
        (near.lon_deg or 0.0) + draw(step),
    )


@given(tracks(), st.integers(0, 3000), st.integers(0, 1000))
def test_no_stretch_near_the_point_is_left_out(track: _Track, begin: int, length: int) -> None:
    first, last = START + timedelta(seconds=begin), START + timedelta(seconds=begin + length)
    where = (track.lat_deg, track.lon_deg)
    flown = spots(*track.reports)
    path = FlownPath(flown, LONGEST)
    found = [(a.at, b.at) for a, b in path.stretches_near(*where, 1.0, first, last)]
    every = [
        (a, b)
        for a, b in reversed(list(pairwise(flown)))
        if first <= b.at < last and b.at - a.at <= LONGEST
    ]
    assert set(found) <= {(a.at, b.at) for a, b in every}
    assert found == sorted(found, reverse=True)
    for a, b in every:
        if late_feeds._nearest(Spot(START, *where), a, b)[0] <= 1.0:
            assert (a.at, b.at) in found


@pytest.mark.parametrize("bearing", range(0, 360, 45))
def test_a_stretch_is_passed_over_if_it_is_surely_too_far_on_any_side(bearing: int) -> None:
    a, b = spots(report("one", 0.0, 30.0, 179.95), report("one", 60.0, 30.1, -179.95))
    where = destination(30.05, 180.0, bearing, 100.0)
    away_nm = late_feeds._nearest(Spot(START, *where), a, b)[0]
    path = FlownPath([a, b], LONGEST)
    end = START + timedelta(hours=1)
    assert list(path.stretches_near(*where, 0.9 * away_nm, START, end)) == []
    assert list(path.stretches_near(*where, away_nm, START, end)) == [(a, b)]


@pytest.mark.parametrize("turn", [1, STRETCHES_AT_ONCE - 1, STRETCHES_AT_ONCE])
def test_the_last_and_the_first_of_those_passed_over_together_are_not_forgotten(turn: int) -> None:
    """It goes far aside for one report, and on as before."""
    reports = north("one", range(3 * STRETCHES_AT_ONCE))
    reports[turn] = replace(reports[turn], lon_deg=36.0)
    flown = spots(*reports)
    path = FlownPath(flown, LONGEST)
    near = list(path.stretches_near(29.0, 36.0, 20.0, START, START + timedelta(hours=1)))
    assert near == [(flown[turn], flown[turn + 1]), (flown[turn - 1], flown[turn])]


def test_the_reports_around_a_time_are_those_of_a_stretch() -> None:
    flown = spots(*(report("one", at, 29.0, 35.0) for at in (0.0, 360.0, 721.0)))
    first, second, third = flown
    path = FlownPath([first, second, third], LONGEST)

    def around(seconds: float) -> tuple[Spot, Spot] | None:
        return path.around(START + timedelta(seconds=seconds))

    assert around(1.0) == around(360.0) == (first, second)
    assert around(0.0) is None
    assert around(361.0) is None  # a silence of more than six minutes is no stretch
    assert around(722.0) is None


def test_stretches_that_lie_far_are_passed_over_together() -> None:
    path = FlownPath(spots(*north("one", range(3 * STRETCHES_AT_ONCE))), LONGEST)
    end = START + timedelta(hours=1)
    assert list(path.stretches_near(40.0, 35.0, 1.0, START, end)) == []
    near = list(path.stretches_near(29.0, 35.0, 1.0, START, end))
    assert 0 < len(near) < STRETCHES_AT_ONCE

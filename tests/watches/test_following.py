"""Whose rows are kept although they no longer match, and for how long?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.model import Observation, WatchMatch
from collector.watches.following import (
    NOBODY,
    Followed,
    begins_following,
    hours_around,
    hours_matched,
)
from collector.watches.visitors import VISITORS

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALLSIGN = WatchMatch("cargo", "callsign AZQ*", counted=True)
FLEET = WatchMatch("cargo", "fleet silk", counted=True)
VISITOR = WatchMatch(VISITORS, "any aircraft", counted=False)


@pytest.mark.parametrize(
    ("matches", "begins"),
    [
        ([CALLSIGN], True),
        ([CALLSIGN, VISITOR], True),
        ([], False),
        ([VISITOR], False),
        ([FLEET], False),
        ([FLEET, CALLSIGN], False),
        ([WatchMatch("cargo", "icao24 600865", counted=True)], False),
    ],
)
def test_an_address_is_followed_that_matched_by_what_may_change(
    matches: list[WatchMatch], begins: bool
) -> None:
    """Not one that a watch names, of which each row matches, nor a mere visitor."""
    assert begins_following(matches) is begins
    report = Observation(icao24="600865", feed="one", heard_at=NOON + 59 * HOUR / 60)
    followed = NOBODY.and_hours(hours_matched([(report, matches)]))
    assert ("600865" in followed) is begins


def followed(*matched: datetime) -> Followed:
    reports = [
        (Observation(icao24="600865", feed="one", heard_at=at), [CALLSIGN]) for at in matched
    ]
    return NOBODY.and_hours(hours_matched(reports))


def test_its_rows_are_kept_from_a_day_before_the_hour_of_the_match_to_four_days_after() -> None:
    who = followed(NOON + timedelta(minutes=40))
    begin, end = NOON - timedelta(days=1), NOON + HOUR + timedelta(days=4)
    instant = timedelta(microseconds=1)
    held = {at: who.holds("600865", at) for at in (begin - instant, begin, end - instant, end)}
    assert list(held.values()) == [False, True, True, False]
    assert not who.holds("600866", NOON)
    assert who.between(begin - HOUR, begin) == who.between(end, end + HOUR) == frozenset()
    assert who.between(begin - HOUR, begin + instant) == {"600865"}
    assert who.between(end - instant, end + HOUR) == {"600865"}
    assert who.between(NOON, NOON + HOUR) == {"600865"}


def test_matches_in_many_hours_are_spans_that_lie_apart() -> None:
    """Whatever their order, and however often they are added."""
    touching = NOON + timedelta(days=5) + HOUR
    apart = touching + timedelta(days=5) + 2 * HOUR
    who = followed(apart, NOON, touching, NOON + HOUR)
    day, after = timedelta(days=1), timedelta(days=4) + HOUR
    assert who.spans["600865"] == ((NOON - day, touching + after), (apart - day, apart + after))
    again = who.and_hours({"600865": [], "600866": []}).spans
    assert again["600865"] == who.spans["600865"]
    between = touching + after
    assert who.between(between, between + HOUR) == frozenset()
    within = who.and_hours(hours_matched([(_report(NOON + 30 * HOUR), [CALLSIGN])]))
    assert within.spans == who.spans


def _report(at: datetime) -> Observation:
    return Observation(icao24="600865", feed="one", heard_at=at)


@pytest.mark.parametrize("minute", [0, 59])
def test_no_hour_is_left_out_whose_match_makes_an_address_followed_then(minute: int) -> None:
    first = NOON + timedelta(minutes=minute)
    last = first + timedelta(days=2)
    begin, end = hours_around(first, last)
    hour = int(NOON.timestamp()) // 3600
    holding = [
        each
        for each in range(hour - 200, hour + 200)
        if NOBODY.and_hours({"600865": [each]}).between(first, last + timedelta(seconds=1))
    ]
    assert begin <= holding[0]
    assert holding[-1] <= end
    assert end - begin <= len(holding) + 2  # and hardly any other is read

"""Rules on windows: the published bursts, weeks of 167 and 169 hours, certainty, lateness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.rolling import episodes
from collector.alerts.rule_facts import gather_rule_facts
from collector.alerts.rules import evaluate, evaluate_week
from collector.alerts.verdict import Verdict
from collector.model import Grade, Landing, Rule
from collector.weeks import local_date, week_bounds, week_of
from tests.support.touchdowns import FORTNIGHT, OPEN, OVDA, WATCH, WEEKLY, touchdown

ZONE = WATCH.zone


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SEPTEMBER_2020 = [
    touchdown(_at(text))
    for text in ("2020-09-24T08:10", "2020-09-24T13:40", "2020-09-29T09:00", "2020-10-01T11:00")
]
"""Two landings on Thursday 24 September 2020, and two in the week after."""

SEPTEMBER_2023 = [
    touchdown(_at(text))
    for text in (
        "2023-09-05T09:00",
        "2023-09-07T09:00",
        "2023-09-11T09:00",
        "2023-09-13T09:00",
        "2023-09-16T09:00",
    )
]
"""Five landings in two weeks of September 2023."""


def _verdict(
    rule: Rule,
    landings: Iterable[Landing],
    now: datetime,
    coverage: dict[str, float] | None = None,
) -> Verdict:
    return evaluate(rule, WATCH, landings, coverage or {}, now)


@pytest.mark.parametrize(
    ("now", "week", "count", "crossed"),
    [
        ("2020-09-24T10:00", "2020-W39", 1, False),
        ("2020-09-24T16:00", "2020-W39", 2, True),
        ("2020-09-27T20:59", "2020-W39", 2, True),
        ("2020-09-27T21:00", "2020-W40", 0, False),
        ("2020-09-29T12:00", "2020-W40", 1, False),
        ("2020-10-01T13:00", "2020-W40", 2, True),
    ],
)
def test_september_2020_crosses_two_a_week_twice(
    now: str, week: str, count: int, crossed: bool
) -> None:
    known = [each for each in SEPTEMBER_2020 if each.detection.touchdown_at <= _at(now)]
    verdict = _verdict(WEEKLY, known, _at(now))
    assert (verdict.window_key, verdict.level, verdict.crossed) == (week, count, crossed)
    assert verdict.below is not crossed


@pytest.mark.parametrize(
    ("landings", "key", "opens", "level"),
    [
        (SEPTEMBER_2020, "14d:2020-09-29", "2020-09-29T09:00", 4),
        (SEPTEMBER_2023, "14d:2023-09-11", "2023-09-11T09:00", 5),
    ],
)
def test_both_bursts_cross_three_in_fourteen_days_once(
    landings: list[Landing], key: str, opens: str, level: int
) -> None:
    verdict = _verdict(FORTNIGHT, landings, landings[-1].detection.touchdown_at)
    assert (verdict.window_key, verdict.opens_at, verdict.level) == (key, _at(opens), level)
    assert verdict.crossed
    assert verdict.end - verdict.begin == timedelta(days=14)
    assert verdict.begin == landings[0].detection.touchdown_at


def test_a_burst_of_three_a_week_would_have_stayed_silent() -> None:
    three = replace(WEEKLY, count=3)
    for week in ("2020-W39", "2020-W40"):
        facts = gather_rule_facts(three, WATCH, SEPTEMBER_2020, {}, _at("2020-10-12T00:00"))
        assert not evaluate_week(facts, week).crossed


@pytest.mark.parametrize(
    ("week", "hours", "first", "last"),
    [
        ("2026-W13", 167, "2026-03-22T22:00", "2026-03-29T20:59"),
        ("2026-W43", 169, "2026-10-18T21:00", "2026-10-25T21:59"),
    ],
)
def test_weeks_in_which_clocks_change(week: str, hours: int, first: str, last: str) -> None:
    begin, end = week_bounds(week, ZONE)
    assert (end - begin).total_seconds() / 3600 == hours
    landings = [touchdown(_at(first)), touchdown(_at(last))]
    assert evaluate_week(gather_rule_facts(WEEKLY, WATCH, landings, {}, end), week).level == 2
    outside = [touchdown(begin - timedelta(seconds=1)), touchdown(end)]
    assert evaluate_week(gather_rule_facts(WEEKLY, WATCH, outside, {}, end), week).level == 0


def test_fourteen_days_are_fourteen_times_24_hours() -> None:
    first = _at("2026-03-20T10:00")
    rule = replace(FORTNIGHT, count=2)
    for span, crossed in ((timedelta(days=14), False), (timedelta(days=14, seconds=-1), True)):
        landings = [touchdown(first), touchdown(first + span)]
        assert _verdict(rule, landings, first + span).crossed is crossed


def test_an_episode_ends_with_the_local_day_on_which_it_is_below() -> None:
    verdict = _verdict(FORTNIGHT, SEPTEMBER_2023, _at("2023-09-17T00:00"))
    # the 3rd last landing, of 11 Sept 09:00, leaves the 14 days on 25 Sept; midnight is 21:00 UTC
    assert verdict.closes_at == _at("2023-09-25T21:00")


def test_certainty_and_the_weakest_landing() -> None:
    landings = [
        touchdown(_at("2026-11-17T08:00"), probability=0.9),
        touchdown(_at("2026-11-18T08:00"), probability=0.8),
        touchdown(_at("2026-11-19T08:00"), None, candidates=(("LLOV", 0.5), ("LLER", 0.5))),
    ]
    verdict = _verdict(WEEKLY, landings, _at("2026-11-20T00:00"))
    assert verdict.certainty == pytest.approx(0.72 + 0.26 * 0.5)
    assert verdict.weakest is landings[1]
    assert not verdict.holds_without_weakest
    more = [*landings, touchdown(_at("2026-11-20T08:00"), probability=0.99)]
    assert _verdict(WEEKLY, more, _at("2026-11-21T00:00")).holds_without_weakest


def test_an_open_landing_crosses_a_rule_of_its_own_only_while_the_count_does_not() -> None:
    open_one = touchdown(_at("2026-11-18T08:00"), None, candidates=(("LLOV", 0.5), ("LLER", 0.5)))
    sure = [touchdown(_at(f"2026-11-1{day}T08:00")) for day in (7, 9)]
    now = _at("2026-11-20T00:00")
    assert not _verdict(OPEN, [open_one], now).crossed
    crossed = _verdict(OPEN, [open_one, sure[0]], now)
    assert crossed.crossed
    assert (crossed.level, crossed.count.count) == (2, 1)
    assert crossed.weakest is open_one
    assert crossed.certainty == pytest.approx(0.95 * 0.5)
    decided = _verdict(OPEN, [open_one, *sure], now)
    assert not decided.crossed
    assert not decided.below


@pytest.mark.parametrize(
    ("known_at", "now", "late"),
    [
        ("2026-11-18T10:00", "2026-11-18T12:00", False),
        ("2026-11-18T10:00", "2026-11-25T12:00", False),
        ("2026-11-22T21:59", "2026-11-25T12:00", False),
        ("2026-11-22T22:00", "2026-11-25T12:00", True),  # the week is over at its last instant
        ("2026-11-25T10:00", "2026-11-25T12:00", True),
    ],
)
def test_found_after_the_week_ended_is_late(known_at: str, now: str, late: bool) -> None:
    landings = [
        touchdown(_at("2026-11-17T08:00")),
        touchdown(_at("2026-11-18T08:00"), known_at=_at(known_at)),
    ]
    verdict = evaluate_week(gather_rule_facts(WEEKLY, WATCH, landings, {}, _at(now)), "2026-W47")
    assert verdict.late is late


@pytest.mark.parametrize(
    ("landing", "provisional"),
    [
        (touchdown(_at("2026-11-18T08:00"), departed=False), True),
        (touchdown(_at("2026-11-18T08:00")), False),
        (touchdown(_at("2026-11-18T08:00"), departed=False, grade=Grade.CONFIRMED), False),
        (touchdown(_at("2026-11-18T08:00"), departed=False, review="confirmed"), False),
        (touchdown(_at("2026-11-17T08:00"), departed=False), False),
        (touchdown(_at("2026-11-18T08:00"), departed=False, grade=Grade.POSSIBLE), False),
    ],
)
def test_provisional_while_an_inferred_stay_is_still_open(
    landing: Landing, provisional: bool
) -> None:
    assert _verdict(WEEKLY, [landing], _at("2026-11-18T12:00")).provisional is provisional


TIMES = st.lists(
    st.integers(0, 60 * 24 * 6).map(
        lambda tens: _at("2026-02-20T00:00") + tens * timedelta(minutes=10)
    ),
    max_size=25,
)
"""Two months around a change of the clocks."""


@given(TIMES, st.integers(1, 4), st.sampled_from([1, 7, 14, 30]))
def test_episodes_are_where_the_rolling_count_stands_above(
    times: list[datetime], needed: int, days: int
) -> None:
    rule = replace(FORTNIGHT, count=needed, days=days)
    landings = [touchdown(at, ordinal=i) for i, at in enumerate(times)]
    found = episodes(gather_rule_facts(rule, WATCH, landings, {}, _at("2026-06-01T00:00")))
    span = timedelta(days=days)

    def rolling(at: datetime) -> int:
        return sum(at - span < each <= at for each in times)

    for episode in found:
        assert rolling(episode.opens_at) >= needed
        assert rolling(episode.peak_at) == max(
            rolling(at) for at in times if episode.opens_at <= at < episode.closes_at
        )
        closing = local_date(episode.closes_at - timedelta(microseconds=1), ZONE)
        assert local_date(episode.closes_at, ZONE) == closing + timedelta(days=1)
        assert sum(episode.closes_at - span <= at < episode.closes_at for at in times) < needed
    for at in times:
        inside = any(e.opens_at <= at < e.closes_at for e in found)
        assert inside or rolling(at) < needed
    days_begun = [local_date(episode.opens_at, ZONE) for episode in found]
    assert days_begun == sorted(set(days_begun))


@given(TIMES, st.integers(1, 4))
def test_a_week_is_counted_by_its_key(times: list[datetime], needed: int) -> None:
    rule = replace(WEEKLY, count=needed)
    landings = [touchdown(at, ordinal=i) for i, at in enumerate(times)]
    facts = gather_rule_facts(rule, WATCH, landings, {}, _at("2026-06-01T00:00"))
    for key in {week_of(at, ZONE) for at in times}:
        expected = sum(week_of(at, ZONE) == key for at in times)
        verdict = evaluate_week(facts, key)
        assert (verdict.level, verdict.crossed) == (expected, expected >= needed)
        assert verdict.holds_without_weakest is (expected > needed)
        assert 0 <= verdict.certainty <= 1


def test_a_rule_of_another_place_does_not_see_it() -> None:
    ramon = replace(WEEKLY, place=replace(OVDA, airfields=("LLER",)))
    assert _verdict(ramon, SEPTEMBER_2020, _at("2020-09-25T00:00")).level == 0


def test_rolling_days_without_an_alert_are_those_up_to_now() -> None:
    now = _at("2026-11-20T23:00")
    verdict = _verdict(FORTNIGHT, [touchdown(now - timedelta(days=13))], now)
    assert (verdict.window_key, verdict.level, verdict.below) == ("14d:2026-11-21", 1, True)
    assert (verdict.begin, verdict.end) == (now - timedelta(days=14), now)
    assert (verdict.days, _verdict(WEEKLY, [], now).days) == (14, None)

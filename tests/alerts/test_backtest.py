"""Does a backtest decide as the live pipeline does, and on nothing that came later?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.alerts.backtest import Backtest, Shares, backtest
from collector.alerts.lifecycle import Reason
from collector.alerts.surge_facts import SurgeInput
from collector.model import Landing, Rule
from collector.weeks import next_midnight, previous_week, week_of, weeks_between
from tests.alerts.book import Book
from tests.support.touchdowns import FORTNIGHT, OPEN, SURGE, WATCH, WEEKLY, touchdown

BEGIN = datetime(2020, 6, 1, tzinfo=UTC)
END = datetime(2021, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
THRESHOLD = SurgeInput(p_below=0.02)


def _landings(*times: str) -> list[Landing]:
    return [touchdown(datetime.fromisoformat(time).replace(tzinfo=UTC)) for time in times]


FOUR = _landings("2020-09-24T08:10", "2020-09-24T13:40", "2020-09-29T09:00", "2020-10-01T11:00")


def _nothing(_: datetime) -> Mapping[str, float]:
    return {}


def _always(now: datetime) -> Mapping[str, float]:
    return dict.fromkeys(weeks_between("2019-W01", week_of(now, WATCH.zone)), 1.0)


def _test(
    rule: Rule,
    landings: Iterable[Landing],
    *,
    shares: Shares = _nothing,
    begin: datetime = BEGIN,
    end: datetime = END,
) -> Backtest:
    return backtest(rule, WATCH, landings, shares, begin=begin, end=end, surge=THRESHOLD)


def _fired(tested: Backtest) -> list[tuple[str, int]]:
    return [(one.verdict.window_key, one.verdict.level) for one in tested.firings]


def test_september_2020_by_the_default_rules() -> None:
    weekly = _test(WEEKLY, FOUR)
    assert _fired(weekly) == [("2020-W39", 2), ("2020-W40", 2)]
    assert [one.fired_at for one in weekly.firings] == [
        FOUR[1].detection.touchdown_at,
        FOUR[3].detection.touchdown_at,
    ]
    assert weekly.firings[0].verdict.count.counted == tuple(FOUR[:2])
    assert not weekly.firings[0].verdict.over, "as it stood when the highest level was reached"
    assert weekly.count.count == 4
    assert weekly.per_year == pytest.approx(2.0, abs=0.01)
    fortnight = _test(FORTNIGHT, FOUR)
    assert _fired(fortnight) == [("14d:2020-09-29", 4)]
    assert fortnight.firings[0].fired_at == FOUR[2].detection.touchdown_at


def test_order_and_repetition_do_not_matter() -> None:
    assert _test(WEEKLY, [*FOUR[::-1], FOUR[2]]) == _test(WEEKLY, FOUR)


def test_what_a_person_rejected_does_not_fire() -> None:
    assert _fired(_test(WEEKLY, [*FOUR[:3], replace(FOUR[3], review="rejected")])) == [
        ("2020-W39", 2)
    ]


def test_a_window_that_was_open_before_the_beginning_is_not_a_new_one() -> None:
    begin = FOUR[2].detection.touchdown_at + DAY
    assert _fired(_test(FORTNIGHT, FOUR, begin=begin)) == []
    assert _fired(_test(WEEKLY, FOUR, begin=begin)) == [("2020-W40", 2)]


def test_the_end_is_not_part_of_it() -> None:
    end = FOUR[3].detection.touchdown_at
    assert _fired(_test(WEEKLY, FOUR, end=end)) == [("2020-W39", 2)]
    with pytest.raises(ValueError, match="no time"):
        _test(WEEKLY, FOUR, begin=END)


def test_open_landings_fire_a_rule_of_their_own_kind() -> None:
    between = touchdown(
        FOUR[1].detection.touchdown_at + DAY, None, candidates=(("LLOV", 0.5), ("LLER", 0.5))
    )
    (firing,) = _test(OPEN, [FOUR[0], between]).firings
    assert (firing.verdict.count.count, firing.verdict.count.at_most) == (1, 2)


def test_a_surge_is_asked_of_what_came_before_it_alone() -> None:
    later = [replace(one, id=f"later-{n}") for n, one in enumerate(_weekly_pairs())]
    before = [touchdown(BEGIN - weeks * 7 * DAY) for weeks in (20, 40, 60)]
    (firing,) = _test(SURGE, [*before, *FOUR[:2]], shares=_always).firings
    assert firing.fired_at == FOUR[1].detection.touchdown_at
    assert firing.verdict.usual.covered_weeks > 70
    assert firing.verdict.usual.p is not None
    again = _test(SURGE, [*before, *FOUR[:2], *later], shares=_always)
    assert again.firings[0].verdict.usual == firing.verdict.usual
    assert len(again.firings) == 1, "a higher level that lasts alarms once"
    assert _test(SURGE, [*before, *FOUR[:2]]).firings == (), "nothing was seen"
    assert _test(SURGE, FOUR, shares=_always).firings == (), "nothing usual is known"


def _weekly_pairs() -> list[Landing]:
    return [
        touchdown(FOUR[0].detection.touchdown_at + timedelta(days=7 * n, hours=hour))
        for n in range(2, 12)
        for hour in (0, 30)
    ]


def test_coverage_is_asked_as_it_was_at_each_time() -> None:
    times: list[datetime] = []

    def shares(now: datetime) -> Mapping[str, float]:
        times.append(now)
        return {previous_week(week_of(now, WATCH.zone)): 1.0}

    _test(WEEKLY, FOUR, shares=shares)
    assert times == sorted(times)
    assert {one.detection.touchdown_at for one in FOUR} <= set(times)
    midnights = [at for at in times if at == next_midnight(at - timedelta(hours=1), WATCH.zone)]
    assert len(midnights) == len(times) - len(FOUR), "else only the ends of days"
    assert len(midnights) == 4, "after the first crossing until its week is over"


@settings(max_examples=25)
@given(
    hours=st.lists(st.integers(0, 24 * 80), min_size=1, max_size=14, unique=True),
    rule=st.sampled_from([WEEKLY, FORTNIGHT, SURGE, OPEN]),
    doubtful=st.sets(st.integers(0, 13)),
)
def test_it_fires_when_the_live_line_does(hours: list[int], rule: Rule, doubtful: set[int]) -> None:
    made = [touchdown(BEGIN - weeks * 7 * DAY) for weeks in (60, 40, 20)]
    made += [_touchdown(hour, number in doubtful) for number, hour in enumerate(sorted(hours))]
    tested = _test(rule, made, shares=_always, begin=BEGIN, end=BEGIN + 110 * DAY)
    book = _live(rule, made)
    crossed = [window for window, reason, _ in book.notices if reason is Reason.CROSSED]
    assert [one.verdict.window_key for one in tested.firings] == crossed


def _touchdown(hour: int, doubtful: bool) -> Landing:
    at = BEGIN + timedelta(hours=hour, minutes=7)
    if doubtful:
        return touchdown(at, None, candidates=(("LLOV", 0.5), ("LLER", 0.5)))
    return touchdown(at)


def _live(rule: Rule, landings: Sequence[Landing]) -> Book:
    """Decide at every touchdown and at every day's end, whether or not that matters."""
    book = Book(rule, surge=THRESHOLD)
    now, left = BEGIN, list(landings)
    past: list[Landing] = []
    while now < BEGIN + 110 * DAY:
        midnight = next_midnight(now, WATCH.zone)
        while left and left[0].detection.touchdown_at < midnight:
            past.append(left.pop(0))
            now = past[-1].detection.touchdown_at
            book.coverage = _always(now)
            book.judge(past, now, touched=[now])
        now = midnight
        book.coverage = _always(now)
        book.judge(past, now, touched=[])
    return book

"""Does a surge compare like with like, and what came before with what came after?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.comparable import comparable_weeks
from collector.alerts.lifecycle import Reason, Status
from collector.alerts.rules import evaluate
from collector.alerts.surge import ALARM_WEIGHT, Surge, SurgeWeeks, surely_reached
from collector.alerts.surge_facts import SurgeInput, episodes_of, surge_alarms
from collector.alerts.verdict import Verdict
from collector.model import Landing, StatedUsual
from collector.model.heard_week import HeardWeek
from collector.weeks import week_of, weeks_between
from tests.alerts.book import Book
from tests.support.touchdowns import OVDA, SURGE, WATCH, touchdown

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
KEYS = weeks_between("2024-W01", week_of(NOW, WATCH.zone))
SEEN = dict.fromkeys(KEYS, 1.0)
LIVE = HeardWeek(1.0, frozenset({"adsblol"}), 2000)
EVERY_TENTH = [touchdown(NOW - weeks * WEEK) for weeks in range(30, 140, 10)]
PAIR = [touchdown(NOW - hours * HOUR) for hours in (50, 2)]


def _weeks(*times: float, weeks: int = 130, share: float = 1.0) -> SurgeWeeks:
    return SurgeWeeks([share] * weeks, times, [1.0] * len(times))


def _verdict(landings: list[Landing], **heard: HeardWeek) -> Verdict:
    """The verdict at NOW if all weeks were heard alike, but for `before` the last half year."""
    cut = len(KEYS) - 26
    by_week = {key: heard.get("before" if n < cut else "since", LIVE) for n, key in enumerate(KEYS)}
    landings = [
        replace(each, detection=replace(each.detection, feeds=each.detection.feeds or ("adsblol",)))
        for each in landings
    ]
    return evaluate(SURGE, WATCH, landings, SEEN, NOW, surge=SurgeInput(0.02, by_week))


def test_a_week_a_month_and_half_a_year_can_be_a_surge() -> None:
    """One landing in ten weeks is usual."""
    past = [float(at) for at in range(5, 100, 10)]
    week = Surge(_weeks(*past, 120.1, 120.7), 0.01).alarms(110)
    assert [(each.weeks, each.landings) for each in week] == [(1, 2)]
    month = Surge(_weeks(*past, 116.1, 117.5, 118.9, 120.05), 0.01).alarms(110)
    assert month[-1].weeks == 4
    half = [101.0 + 2.9 * number for number in range(10)]
    assert max(each.weeks for each in Surge(_weeks(*past, *half), 0.01).alarms(110)) >= 16


def test_windows_that_are_improbable_together_are_less_probable_than_one_alone() -> None:
    past = [float(at) for at in range(5, 100, 3)]
    *_, alone = Surge(_weeks(*past, 120.1, 120.2), 0.0).looks(110)
    assert (alone.weeks, alone.score) == (1, alone.p), "two in a fortnight are no more than usual"
    *_, both = Surge(_weeks(*past, 118.6, 118.9, 120.1, 120.2), 0.0).looks(110)
    assert both.score < both.p
    at_the_threshold = Surge(_weeks(*past, 120.1, 120.2), alone.score)
    assert at_the_threshold.alarms() == []
    assert set(at_the_threshold.weights) == {1.0}, "a score that is no lower is no alarm"
    assert Surge(_weeks(*past, 120.1, 120.2), alone.score).alarms(110) == []
    assert Surge(_weeks(*past, 118.6, 118.9, 120.1, 120.2), both.p).alarms(110)[-1].score < both.p


def test_what_is_usual_ends_where_the_window_begins() -> None:
    """Landings within a window make none of its own landings usual."""
    past = [float(at) for at in range(5, 100, 10)]
    month = [116.6, 117.5, 118.5, 119.5, 120.5]
    looks = list(Surge(_weeks(*past, *month), 0.0).looks(110))
    assert looks[-1].weeks == 4
    assert looks[-1].usual.landings == 9, "of 104 weeks, and not the five of the window"
    assert looks[-1].usual.covered_weeks == 104


def test_weeks_inside_an_earlier_alarm_weigh_less() -> None:
    past = [float(at) for at in range(5, 60, 10)]
    surge = Surge(_weeks(*past, 80.1, 80.3, 80.5, 120.5), 0.01)
    assert surge.alarms()
    before = Surge(_weeks(*past, 80.1, 80.3, 80.5, 120.5), 0.0).usual_before(119, 119)
    after = surge.usual_before(119, 119)
    assert surge.weights[80] == ALARM_WEIGHT
    assert before is not None
    assert after is not None
    assert after.rate_per_week < before.rate_per_week


@pytest.mark.parametrize(
    ("weeks", "landings", "says"), [(25, 3, False), (27, 2, False), (27, 3, True)]
)
def test_too_little_is_known_of_too_few_weeks_or_landings(
    weeks: int, landings: int, says: bool
) -> None:
    past = [float(n) for n in range(landings)]
    times = [*past, *[weeks + n / 10 for n in range(1, 6)]]
    assert bool(list(Surge(_weeks(*times, weeks=weeks + 1), 0.0).looks(weeks))) is says


def test_a_window_is_at_most_a_third_of_what_it_is_compared_with() -> None:
    past = [2.0, 22.0, 42.0]
    many = [51.5 + 2.4 * number for number in range(11)]
    (look,) = list(Surge(_weeks(*past, *many, weeks=80), 0.0).looks(75))
    assert look.weeks == 16, "the 26 weeks are compared with 49"
    late = [at + 40 for at in (*past, *many)]
    (look,) = list(Surge(_weeks(*late, weeks=120), 0.0).looks(115))
    assert look.weeks == 26


def test_a_stated_number_stands_in_until_the_own_past_is_long_enough() -> None:
    stated = StatedUsual(landings=92, weeks=365.0, source="92 from 2016-04 to 2023-03, a report")
    times = [0.5 + n / 10 for n in range(6)]
    assert list(Surge(_weeks(*times, weeks=2), 0.0).looks()) == []
    (*_, look) = Surge(_weeks(*times, weeks=2), 0.01, stated=stated).alarms()
    assert look.usual.stated is stated
    assert look.usual.rate_per_week == pytest.approx(92.5 / 365), "with Jeffreys' half landing"


def test_landings_of_more_than_two_years_ago_do_not_make_it_speak() -> None:
    week = [150.1, 150.2, 150.3, 150.4]
    assert (
        list(Surge(_weeks(5.0, 10.0, 15.0, 100.0, 120.0, *week, weeks=152), 0.0).looks(150)) == []
    )
    assert list(Surge(_weeks(90.0, 100.0, 120.0, *week, weeks=152), 0.0).looks(150)) != []


def test_weeks_of_another_kind_are_not_covered_weeks() -> None:
    past = [float(at) for at in range(5, 100, 10)]
    kinds = [0] * 60 + [1] * 70
    weeks = replace(_weeks(*past), kinds=kinds)
    usual = Surge(weeks, 0.0).usual_before(120, 120)
    assert usual is not None
    assert (usual.covered_weeks, usual.landings) == (60, 4)


@given(st.lists(st.floats(0.0, 1.0), max_size=7))
def test_so_many_were_reached_with_four_fifths_of_certainty(chances: list[float]) -> None:
    masses = [1.0]
    for chance in chances:
        masses = [
            (masses[n] if n < len(masses) else 0) * (1 - chance)
            + (masses[n - 1] * chance if n else 0)
            for n in range(len(masses) + 1)
        ]
    reached = surely_reached(chances)
    assert reached == 0 or sum(masses[reached:]) >= 0.8 - 1e-9
    assert reached == len(chances) or sum(masses[reached + 1 :]) < 0.8 + 1e-9


def test_undetermined_landings_weigh_as_much_as_they_are_probable() -> None:
    likely, unlikely = (
        [
            touchdown(NOW - hours * HOUR, None, candidates=(("LLOV", p), ("LLER", 1 - p)))
            for hours in (40, 30)
        ]
        for p in (0.9, 0.5)
    )
    first = touchdown(NOW - 50 * HOUR)
    assert not _verdict([*EVERY_TENTH, first]).crossed
    assert not _verdict([*EVERY_TENTH, first, unlikely[0]]).crossed
    crossed = _verdict([*EVERY_TENTH, first, *likely])
    assert crossed.crossed
    assert crossed.certainty >= 0.8
    assert (crossed.count.count, crossed.level) == (1, 2)


def test_like_is_compared_with_like() -> None:
    """A feed more, another height or other rules half a year ago: it abstains."""
    landings = [*EVERY_TENTH, *PAIR]
    assert _verdict(landings).crossed
    near = HeardWeek(1.0, LIVE.feeds, 4000)
    assert _verdict(landings, before=near).crossed
    more = HeardWeek(1.0, LIVE.feeds | {"opensky"}, 2000)
    higher = HeardWeek(1.0, LIVE.feeds, 6000)
    older = replace(LIVE, older_rules=True)
    for before in (more, higher, older):
        assert not _verdict(landings, before=before).crossed


def test_what_an_archive_alone_shows_counts_where_it_alone_was_read() -> None:
    archive = HeardWeek(1.0, frozenset({"archive"}), 2000)
    late = [replace(each, detection=replace(each.detection, feeds=("archive",))) for each in PAIR]
    assert not _verdict([*EVERY_TENTH, *late]).crossed, "the live feed did not hear them"
    old = [
        replace(each, detection=replace(each.detection, feeds=("archive",))) for each in EVERY_TENTH
    ]
    weeks = comparable_weeks(
        [*old, *PAIR], WATCH, OVDA, dict.fromkeys(KEYS, archive), last=KEYS[-1]
    )
    assert len(weeks.times) == len(old) + len(PAIR), "landings of no known feed count"
    assert len(weeks.past_like_last().times) == len(weeks.times)
    live = comparable_weeks(old, WATCH, OVDA, dict.fromkeys(KEYS, LIVE), last=KEYS[-1])
    assert live.times == ()
    nobody_knows = dict.fromkeys(KEYS, HeardWeek(1.0))
    weeks = comparable_weeks(old, WATCH, OVDA, nobody_knows, last=KEYS[-1])
    assert len(weeks.times) == len(old), "nor is one left out where it is not known who heard"


def test_the_weeks_begin_with_the_first_that_was_heard() -> None:
    def weeks(heard: dict[str, HeardWeek]) -> tuple[str, ...]:
        return comparable_weeks([], WATCH, OVDA, heard, last=KEYS[-1]).keys

    assert weeks({}) == tuple(KEYS[-1:]), "the last one is there, heard or not"
    assert weeks(dict.fromkeys(KEYS[-1:], LIVE)) == tuple(KEYS[-1:])
    assert weeks(dict.fromkeys(KEYS[-9:-5], LIVE)) == tuple(KEYS[-9:])
    assert weeks({KEYS[-9]: replace(LIVE, seen=0.19), KEYS[-8]: LIVE}) == tuple(KEYS[-8:])


def test_the_past_begins_with_the_first_week_that_is_like_the_last() -> None:
    """What lies between them and is unlike it could not be seen."""
    other = replace(LIVE, older_rules=True)
    heard = dict(zip(KEYS[-7:], [other, other, LIVE, other, LIVE, LIVE, other], strict=True))
    landed = [touchdown(NOW - weeks * WEEK) for weeks in range(7)]
    weeks = comparable_weeks(landed, WATCH, OVDA, heard, last=KEYS[-1])
    past = weeks.past_like_last()
    assert past.shares == (1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0)
    assert [int(at) for at in past.times] == [0, 1, 3, 6]
    heard[KEYS[-1]] = LIVE
    past = comparable_weeks(landed, WATCH, OVDA, heard, last=KEYS[-1]).past_like_last()
    assert past.shares == (1.0, 0.0, 1.0, 1.0, 1.0)
    assert [int(at) for at in past.times] == [0, 2, 3, 4]
    assert len(past.marks) == len(past.times)


def test_alarms_eight_weeks_apart_are_two_episodes() -> None:
    landed = [*EVERY_TENTH, *PAIR, *(touchdown(NOW - 9 * WEEK - n * HOUR) for n in (1, 2))]
    heard = dict.fromkeys(KEYS, HeardWeek(1.0))
    weeks = comparable_weeks(landed, WATCH, OVDA, heard, last=KEYS[-1])
    found = episodes_of(surge_alarms(SURGE, weeks, 0.05))
    assert [each[-1].landing.detection.touchdown_at for each in found] == [
        NOW - 9 * WEEK - HOUR, NOW - 2 * HOUR,
    ]  # fmt: skip


def test_an_alert_says_what_was_usual_in_its_days_and_how_many_it_needed() -> None:
    landings = [*EVERY_TENTH, *PAIR, touchdown(NOW - 3 * HOUR)]
    verdict = _verdict(landings)
    covered = f"({verdict.usual.covered_weeks} covered weeks before that may be compared)"
    assert verdict.usual.text == f"usual: 0 in 7 days {covered}"
    assert (verdict.days, verdict.level, verdict.needed) == (7, 2, 2), "as the alert opened"
    three = replace(SURGE, count=3)
    found = evaluate(three, WATCH, landings, SEEN, NOW, surge=SurgeInput(0.02))
    assert (found.level, found.needed) == (3, 3), "never fewer than the rule has at least"
    assert not found.holds_without_weakest
    source = "92 from 2016-04 to 2023-03, a report"
    stated = replace(SURGE, stated_usual=StatedUsual(landings=92, weeks=365.0, source=source))
    new = evaluate(stated, WATCH, PAIR, SEEN, NOW, surge=SurgeInput(0.05))
    assert new.usual.text == f"usual: 0–1 in 7 days (stated: {source})"


def test_a_level_that_lasts_alarms_once_and_a_withdrawn_landing_cancels_it() -> None:
    weekly = [touchdown(NOW - weeks * WEEK) for weeks in range(25, -1, -1)]
    book = Book(SURGE, coverage=SEEN, surge=SurgeInput(0.02))
    landed = list(EVERY_TENTH)
    for landing in weekly:
        landed.append(landing)
        at = landing.detection.touchdown_at + HOUR
        book.judge(landed, at, touched=[landing.detection.touchdown_at])
    assert [reason for _, reason, _ in book.notices] == [Reason.CROSSED]
    (window, _, level) = book.notices[0]
    assert book.status(window) is Status.FIRING
    pair = Book(SURGE, coverage=SEEN, surge=SurgeInput(0.02))
    pair.judge([*EVERY_TENTH, *PAIR], NOW)
    pair.judge([*EVERY_TENTH, PAIR[0]], NOW + HOUR, touched=[PAIR[1].detection.touchdown_at])
    assert pair.reasons == [("crossed", 2), ("corrected_below", 1)]
    assert level >= 2

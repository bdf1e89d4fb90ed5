"""What does a rule decide from round to round? Episodes stay stable; late finds and corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.alerts.decisions import landings_needed_from
from collector.alerts.lifecycle import Reason, Status
from collector.model import Landing, Rule
from tests.alerts.book import Book
from tests.support.touchdowns import FORTNIGHT, OPEN, WEEKLY, touchdown

HOUR = timedelta(hours=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _landings(*times: str) -> list[Landing]:
    return [touchdown(_at(time)) for time in times]


FIVE = _landings(
    "2023-09-05T09:00",
    "2023-09-07T09:00",
    "2023-09-11T09:00",
    "2023-09-13T09:00",
    "2023-09-16T09:00",
)
FOUR = _landings("2020-09-24T08:10", "2020-09-24T13:40", "2020-09-29T09:00", "2020-10-01T11:00")


def _live(book: Book, landings: list[Landing], until: datetime) -> None:
    """Decide at every landing, as it becomes known, and at the end of every day."""
    for n, landing in enumerate(landings):
        book.judge(
            landings[: n + 1], landing.first_known_at, touched=[landing.detection.touchdown_at]
        )
    day = landings[-1].first_known_at
    while day < until:
        day += timedelta(days=1)
        book.judge(landings, day, touched=[])


def test_september_2020_told_by_the_default_rules() -> None:
    weekly, fortnight = Book(WEEKLY), Book(FORTNIGHT)
    for book in (weekly, fortnight):
        _live(book, FOUR, _at("2020-10-20T00:00"))
    assert weekly.notices == [
        ("2020-W39", Reason.CROSSED, 2),
        ("2020-W39", Reason.RESOLVED, 2),
        ("2020-W40", Reason.CROSSED, 2),
        ("2020-W40", Reason.RESOLVED, 2),
    ]
    assert fortnight.notices == [
        ("14d:2020-09-29", Reason.CROSSED, 3),
        ("14d:2020-09-29", Reason.ROSE, 4),
        ("14d:2020-09-29", Reason.RESOLVED, 4),
    ]


def test_september_2023_told_by_the_default_rules() -> None:
    weekly, fortnight = Book(WEEKLY), Book(FORTNIGHT)
    for book in (weekly, fortnight):
        _live(book, FIVE, _at("2023-10-01T00:00"))
    assert [n for n in weekly.notices if n[1] is not Reason.RESOLVED] == [
        ("2023-W36", Reason.CROSSED, 2),
        ("2023-W37", Reason.CROSSED, 2),
        ("2023-W37", Reason.ROSE, 3),
    ]
    assert fortnight.reasons == [("crossed", 3), ("rose", 4), ("rose", 5), ("resolved", 5)]
    assert {window for window, _, _ in fortnight.notices} == {"14d:2023-09-11"}


@pytest.mark.parametrize("rule_", [WEEKLY, FORTNIGHT])
def test_the_same_recording_replayed_tells_nothing(rule_: Rule) -> None:
    book = Book(rule_)
    _live(book, FIVE, _at("2023-10-01T00:00"))
    notices, states = list(book.notices), dict(book.states)
    for landing in FIVE:  # all landings are stored already; the clock runs again from the start
        assert book.judge(FIVE, landing.first_known_at) == []
    assert (book.notices, book.states) == (notices, states)


def test_a_burst_found_years_later_is_told_once_and_said_to_be_late() -> None:
    book = Book(FORTNIGHT)
    landings = [replace(each, first_known_at=_at("2026-11-20T00:00")) for each in FIVE]
    (decision,) = book.judge(landings, _at("2026-11-20T00:00"))
    assert (decision.reason, decision.state.status) == (Reason.CROSSED, Status.RESOLVED)
    assert decision.verdict.late
    assert decision.verdict.over
    assert book.judge(landings, _at("2026-11-21T00:00")) == []


def test_a_landing_found_late_in_a_finished_week() -> None:
    book = Book(WEEKLY)
    _live(book, FOUR[:1], _at("2020-10-05T00:00"))
    assert book.notices == []
    late = replace(FOUR[1], first_known_at=_at("2020-10-05T00:00"))
    (decision,) = book.judge([FOUR[0], late], _at("2020-10-05T00:00"), touched=[_t(late)])
    assert decision.reason is Reason.CROSSED
    assert decision.verdict.late
    assert decision.state.window == "2020-W39"


def _t(landing: Landing) -> datetime:
    return landing.detection.touchdown_at


def test_an_episode_keeps_its_name_when_an_earlier_landing_turns_up() -> None:
    book = Book(FORTNIGHT)
    _live(book, FIVE[1:4], _at("2023-09-14T00:00"))
    assert set(book.states) == {"14d:2023-09-13"}
    book.judge(FIVE[:4], _at("2023-09-15T00:00"), touched=[_t(FIVE[0])])
    assert set(book.states) == {"14d:2023-09-13"}
    assert book.states["14d:2023-09-13"].begin == _t(FIVE[2])
    assert book.reasons == [("crossed", 3), ("rose", 4)]


def test_a_landing_that_moves_corrects_both_weeks() -> None:
    book = Book(WEEKLY)
    first, second = _landings("2026-11-17T08:00", "2026-11-22T20:00")
    book.judge([first, second], _at("2026-11-22T21:30"))
    moved = replace(
        second, detection=replace(second.detection, touchdown_at=_at("2026-11-22T23:00"))
    )
    third = touchdown(_at("2026-11-24T08:00"))
    book.judge(
        [first, moved, third], _at("2026-11-24T12:00"), touched=[_t(second), _t(moved), _t(third)]
    )
    assert book.notices == [
        ("2026-W47", Reason.CROSSED, 2),
        ("2026-W47", Reason.CORRECTED_BELOW, 1),
        ("2026-W48", Reason.CROSSED, 2),
    ]


def test_a_retraction_takes_back_an_episode_and_a_review_another_one() -> None:
    for undone in (replace(FIVE[2], retracted=True), replace(FIVE[2], review="rejected")):
        book = Book(FORTNIGHT)
        _live(book, FIVE[:3], _at("2023-09-12T00:00"))
        book.judge([*FIVE[:2], undone], _at("2023-09-13T00:00"), touched=[_t(undone)])
        assert book.reasons == [("crossed", 3), ("corrected_below", 2)]
        assert book.status("14d:2023-09-11") is Status.OK


def test_two_episodes_that_become_one_are_not_told_again() -> None:
    rule_ = replace(FORTNIGHT, count=2, days=3)
    times = ["2026-11-02T08:00", "2026-11-03T08:00", "2026-11-09T08:00", "2026-11-10T08:00"]
    apart = _landings(*times)
    book = Book(rule_)
    _live(book, apart, _at("2026-11-10T20:00"))
    assert [n for n in book.notices if n[1] is Reason.CROSSED] == [
        ("3d:2026-11-03", Reason.CROSSED, 2),
        ("3d:2026-11-10", Reason.CROSSED, 2),
    ]
    notices = len(book.notices)
    between = _landings("2026-11-05T07:00", "2026-11-06T20:00", "2026-11-08T12:00")
    book.judge([*apart, *between], _at("2026-11-11T12:00"), touched=[_t(each) for each in between])
    assert book.status("3d:2026-11-10") is Status.RESOLVED
    assert book.status("3d:2026-11-03") is Status.FIRING
    book.judge([*apart, *between], _at("2026-11-20T12:00"), touched=[])
    assert book.notices[notices:] == [
        ("3d:2026-11-03", Reason.ROSE, 3),
        ("3d:2026-11-03", Reason.RESOLVED, 3),
    ]


def test_an_episode_that_was_absorbed_and_parts_again_is_firing_again() -> None:
    rule_ = replace(FORTNIGHT, count=2, days=3)
    apart = _landings(
        "2026-11-02T08:00", "2026-11-03T08:00", "2026-11-09T08:00", "2026-11-10T08:00"
    )
    between = _landings("2026-11-05T07:00", "2026-11-06T20:00", "2026-11-08T12:00")
    book = Book(rule_)
    for landings in (apart, [*apart, *between], apart):
        book.judge(
            landings, _at("2026-11-11T12:00"), touched=[_t(each) for each in (*apart, *between)]
        )
    assert book.status("3d:2026-11-03") is Status.RESOLVED
    assert book.status("3d:2026-11-10") is Status.FIRING


def test_an_undetermined_rule_speaks_where_the_threshold_is_silent() -> None:
    maybe = touchdown(_at("2026-11-18T08:00"), None, candidates=(("LLOV", 0.5), ("LLER", 0.5)))
    sure = touchdown(_at("2026-11-17T08:00"))
    opens, weekly = Book(OPEN), Book(WEEKLY)
    for book in (opens, weekly):
        book.judge([sure, maybe], _at("2026-11-18T12:00"))
    assert opens.reasons == [("crossed", 2)]
    assert weekly.reasons == []
    named = replace(maybe, detection=replace(maybe.detection, airfield="LLOV"))
    for book in (opens, weekly):
        book.judge([sure, named], _at("2026-11-18T13:00"))
    assert opens.reasons == [("crossed", 2)]
    assert weekly.reasons == [("crossed", 2)]
    elsewhere = replace(maybe, detection=replace(maybe.detection, airfield="LLER"))
    for book in (opens, weekly):
        book.judge([sure, elsewhere], _at("2026-11-18T14:00"))
    assert opens.reasons[1:] == weekly.reasons[1:] == [("corrected_below", 1)]


def test_a_notice_that_a_mute_held_back_is_given_later() -> None:
    book = Book(WEEKLY)
    book.judge(FOUR[:2], _at("2020-09-24T18:00"))
    book.judge([FOUR[0]], _at("2020-09-25T00:00"), touched=[_t(FOUR[1])], muted=True)
    assert book.reasons == [("crossed", 2)]
    book.judge([FOUR[0]], _at("2020-11-25T00:00"), touched=[])
    assert book.reasons == [("crossed", 2), ("corrected_below", 1)]


def test_the_trailing_year_and_unfinished_states_are_needed() -> None:
    book = Book(FORTNIGHT)
    book.judge(FIVE[:3], _at("2023-09-12T00:00"))
    now = _at("2023-09-20T00:00")
    needed = landings_needed_from(FORTNIGHT, book.states.values(), [], now)
    assert needed < _t(FIVE[2]) - timedelta(weeks=53, days=14)
    assert landings_needed_from(FORTNIGHT, [], [_t(FIVE[0])], now) < _t(FIVE[0]) - timedelta(
        weeks=53
    )


def test_a_finished_alert_makes_nobody_read_its_year_again() -> None:
    book = Book(FORTNIGHT)
    _live(book, FIVE, _at("2023-10-01T00:00"))
    now = _at("2026-11-20T00:00")
    assert landings_needed_from(FORTNIGHT, book.states.values(), [], now) == landings_needed_from(
        FORTNIGHT, [], [], now
    )


def test_a_second_episode_of_a_day_whose_name_is_taken_has_a_number() -> None:
    """An alert keeps its name while earlier landings turn up and later ones are withdrawn."""
    rule_ = replace(FORTNIGHT, count=2, days=3)
    sixth, seventh, ninth, tenth, *more = _landings(
        *("2026-11-06T08:00", "2026-11-07T08:00", "2026-11-09T08:00", "2026-11-10T08:00"),
        *("2026-11-10T09:00", "2026-11-10T10:00"),
    )
    book, now = Book(rule_), _at("2026-11-10T12:00")
    for found in (
        [ninth, tenth],
        [seventh, ninth, tenth],
        [sixth, seventh, ninth],
        [sixth, seventh],
        [sixth, seventh, *more],
    ):
        book.judge(found, now, touched=[_t(each) for each in (sixth, tenth, *found)])
    assert sorted(book.states) == ["3d:2026-11-10", "3d:2026-11-10.2"]
    assert book.states["3d:2026-11-10"].begin == _t(seventh)
    assert book.states["3d:2026-11-10.2"].begin == _t(more[1])


@pytest.mark.parametrize("gone", [0, 2])
def test_a_correction_counts_the_days_in_which_most_is_left(gone: int) -> None:
    rule_ = replace(FORTNIGHT, days=3)
    made = _landings(
        *("2026-11-02T08:00", "2026-11-02T09:00", "2026-11-04T06:00", "2026-11-05T20:00")
    )
    book = Book(rule_)
    book.judge(made, _at("2026-11-05T21:00"))
    kept = [each for n, each in enumerate(made) if n != gone]
    (decision,) = book.judge(kept, _at("2026-11-05T21:30"), touched=[_t(made[gone])])
    assert (decision.state.window, decision.reason) == ("3d:2026-11-04", Reason.CORRECTED_BELOW)
    assert decision.verdict.count.counted == tuple(kept[:2])
    assert decision.verdict.end - decision.verdict.begin == timedelta(days=3)


def test_an_episode_is_counted_where_it_first_was_highest() -> None:
    rule_ = replace(FORTNIGHT, count=2, days=3)
    made = _landings("2026-11-02T08:00", "2026-11-03T08:00", "2026-11-05T20:00")
    (decision,) = Book(rule_).judge(made, _at("2026-11-05T21:00"))
    assert decision.verdict.count.counted == tuple(made[:2])

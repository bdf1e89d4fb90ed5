"""Which windows are decided when stored landings are judged again? Those touched alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collector.alerts.lifecycle import Ending, Reason, Status
from collector.model import Landing
from tests.alerts.book import Book
from tests.support.touchdowns import FORTNIGHT, WEEKLY, touchdown


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _landings(*times: str) -> list[Landing]:
    return [touchdown(_at(time)) for time in times]


def _t(landing: Landing) -> datetime:
    return landing.detection.touchdown_at


THREE = _landings("2023-09-05T09:00", "2023-09-07T09:00", "2023-09-11T09:00")


def test_judging_again_decides_on_no_window_but_those_it_touched() -> None:
    """What else is due is a notice of its own: here the end of the week after."""
    book = Book(WEEKLY)
    weeks = _landings(
        *("2026-11-03T08:00", "2026-11-04T08:00", "2026-11-10T08:00", "2026-11-11T08:00")
    )
    book.judge(weeks, _at("2026-11-11T12:00"))
    gone = replace(weeks[1], retracted=True)
    now = _at("2026-11-20T00:00")
    found = [weeks[0], gone, *weeks[2:]]
    book.notices.clear()
    (decision,) = book.judge(found, now, touched=[_t(gone)], judged_again=True, muted=True)
    assert decision.state.window == "2026-W45"
    assert book.reasons == [("corrected_below", 1)], "no mute holds back what is over"
    book.judge(found, now, touched=[])
    assert book.notices[1:] == [("2026-W46", Reason.RESOLVED, 2)]


def test_judging_again_reaches_rolling_days_that_begin_before_they_cross() -> None:
    """The first of the days counts, though it lies before the alert; so do those of its old life,
    and none beside."""
    opened = "14d:2023-09-11"
    for place, concerned in ((0, True), (2, True), (None, False)):
        book = Book(FORTNIGHT)
        book.judge(THREE, _at("2023-09-12T00:00"))
        kept = [each for n, each in enumerate(THREE) if n != place]
        touched = [_t(THREE[0]) - timedelta(days=30) if place is None else _t(THREE[place])]
        book.notices.clear()
        book.judge(
            kept if concerned else kept[1:],
            _at("2023-09-13T00:00"),
            touched=touched,
            judged_again=True,
        )
        assert (book.status(opened) is Status.OK) is concerned
        assert book.reasons == ([("corrected_below", 2)] if concerned else [])


def test_judging_again_joins_episodes_only_where_it_touched_them() -> None:
    rule_ = replace(FORTNIGHT, count=2, days=3)
    apart = _landings(
        *("2026-11-02T08:00", "2026-11-03T08:00", "2026-11-09T08:00", "2026-11-10T08:00")
    )
    between = _landings("2026-11-05T07:00", "2026-11-06T20:00", "2026-11-08T12:00")
    for touched, joined in (
        ([_t(each) for each in between], True),
        ([_at("2026-09-01T00:00")], False),
    ):
        book = Book(rule_)
        book.judge(apart, _at("2026-11-10T20:00"))
        book.judge([*apart, *between], _at("2026-11-10T21:00"), touched=touched, judged_again=True)
        ended = book.states["3d:2026-11-10"].ended_because
        assert ended == (Ending.JOINED if joined else None)

"""Is each changed week in a line, though many weeks changed at once?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collector.model.week_statement import WeekChange, WeekStatement
from collector.reports.week_statements import change_lines
from collector.weeks import next_week
from tests.support.landings import AIRFIELDS, WATCH
from tests.support.weeks_told import MONDAY


def statement(least: int, seen: float) -> WeekStatement:
    return WeekStatement(least=least, most=least, coverage=seen, seen=seen, counting="")


def heard_later(first: str, number: int, found: Sequence[int] = ()) -> list[WeekChange]:
    """Weeks that were dark until an archive was read; `found` are those with a landing."""
    changes, week = [], first
    for each in range(number):
        after = statement(int(each in found), 0.9 + each / 100)
        changes.append(
            WeekChange(place="LLOV", week=week, at=MONDAY, before=statement(0, 0.0), after=after)
        )
        week = next_week(week)
    return changes


def test_weeks_that_changed_alike_have_one_line() -> None:
    lines = change_lines(heard_later("2026-W50", 6, found=(3,)), WATCH, AIRFIELDS)
    first, last = "week 50 of 2026 to week 52 of 2026", "week 1 of 2027 to week 2 of 2027"
    dark = "before: could not see (0% seen)."
    assert lines == [
        f"Each of the 3 weeks from {first} at Ovda: no landing (90% to 92% seen); {dark}",
        f"Week 53 of 2026 at Ovda: 1 landing (93% seen); {dark}",
        f"Each of the 2 weeks from {last} at Ovda: no landing (94% to 95% seen); {dark}",
    ]


def test_a_line_names_four_landings_at_most_and_none_where_not_each_may_be_published() -> None:
    before, after = (
        replace(statement(number, 0.9), landings=tuple("abcdef")[:number]) for number in (1, 6)
    )
    (change,) = heard_later("2026-W50", 1)
    change = replace(change, before=before, after=after)
    undone = replace(change, before=after, after=replace(before, landings=tuple("abcd")))
    (line,) = change_lines([change], WATCH, AIRFIELDS, told=("b",))
    (published,) = change_lines([change], WATCH, AIRFIELDS)
    (gone,) = change_lines([undone], WATCH, AIRFIELDS, told=())
    assert line.endswith("before: 1 landing (90% seen). Added: landings c, d, e, f.")
    assert published.endswith("before: 1 landing (90% seen).")
    assert gone.endswith(" Not among them any more: landings e, f.")
    (many,) = change_lines([change], WATCH, AIRFIELDS, told=())
    assert many.endswith(" Added: landings b, c, d, e, and 1 more.")


def test_what_was_said_before_ids_were_kept_names_landings_only_where_that_is_certain() -> None:
    (change,) = heard_later("2026-W50", 1)
    now = replace(statement(2, 0.9), landings=("a", "b"))
    lines = [
        change_lines(
            [replace(change, before=statement(number, 0.9), after=now)], WATCH, AIRFIELDS, told=()
        )
        for number in (0, 1)
    ]
    assert [" Added: landings a, b." in line for (line,) in lines] == [True, False]


def test_weeks_beyond_the_last_line_are_counted() -> None:
    lines = change_lines(heard_later("2026-W01", 9, found=range(1, 9, 2)), WATCH, AIRFIELDS, most=4)
    assert len(lines) == 4
    assert lines[-1] == "The numbers of 6 further weeks have changed, too."

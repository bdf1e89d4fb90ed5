"""Until when had the aircraft surely not landed? Heights that sink on afterwards say so."""

from __future__ import annotations

from datetime import timedelta

from collector.landings.flight import (
    sank_until,
    spread,
)
from collector.tracking import Fix
from tests.landings.made_fixes import (
    RULES,
    SECOND,
    T,
    contacts,
    fix,
    ground,
)


def sinking(*heights_ft: float | None, every_s: float = 60.0) -> list[Fix]:
    return [fix(every_s * n, 3.0 - n, feet) for n, feet in enumerate(heights_ft)]


def flew_until(*rows: Fix, moving: bool = False, **more: object) -> float | None:
    """When it was last surely in flight, in s, before it was on the ground a minute later."""
    last = len(rows)
    made = contacts(
        *rows,
        ground((rows[-1].at - T) / SECOND + 60),
        **{"down": [last], **more},  # type: ignore[arg-type]
    )
    at = sank_until(made, last, RULES, moving=moving)
    return None if at is None else (at - T) / SECOND


def test_it_had_not_landed_where_two_reports_are_clearly_higher_than_a_later_one() -> None:
    assert flew_until(*sinking(200, 100, 0)) == 0
    assert flew_until(*sinking(200, 99, 0)) is None, "one height may be wrong"
    assert flew_until(*sinking(100, 100, 0)) == 0
    assert flew_until(*sinking(300, 200, 100, 0, 0)) == 60
    assert flew_until(*sinking(300, 200, None, 100, 0)) == 60
    assert flew_until(*sinking(100, 100, 50, 0, 70)) == 0, "the lowest since counts"


def test_heights_of_two_kinds_are_not_compared() -> None:
    rows = sinking(200, 100, 0)
    rows.insert(2, fix(90, 1.5, 900, altitude_error_ft=650.0))
    assert flew_until(*rows) == 0
    assert flew_until(*rows[:2], *rows[2:3]) is None


def test_only_what_was_heard_shortly_before_and_in_flight_counts() -> None:
    assert flew_until(*sinking(200, 100, 0, every_s=600)) == 0
    assert flew_until(*sinking(200, 100, 0, every_s=871)) is None
    assert flew_until(*sinking(200, 100, 0), breaks=[1]) is None
    assert flew_until(*sinking(300, 200, 100, 0), down=[1, 4]) == 0


def test_if_asked_only_reports_that_move_count() -> None:
    parked = [fix(60 * n, 0.0, feet) for n, feet in enumerate((300, 200, 0))]
    assert flew_until(*parked) == 0
    assert flew_until(*parked, moving=True) is None
    fast = [fix(60 * n, -2.0 * n, feet) for n, feet in enumerate((300, 200, 0))]
    assert flew_until(*fast, moving=True) == 0


def test_contacts_are_counted_once_in_each_time() -> None:
    rows = contacts(*(ground(each) for each in (0, 5, 8, 15, 16, 40)))
    assert spread(rows, range(6), timedelta(seconds=8)) == 4
    assert spread(rows, [], timedelta(seconds=8)) == 0
    assert spread(rows, [3], timedelta(seconds=8)) == 1

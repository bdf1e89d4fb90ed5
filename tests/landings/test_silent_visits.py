"""When does an aircraft land in a silence? Soon after its approach, or as late as it can have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from collector.landings.context import Context
from collector.landings.silent_visits import SilentVisit, least_flight, silent_visit
from collector.landings.unheard_arrivals import is_unheard
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, MINUTE, RULES, SECOND, T, blind, fix
from tests.landings.made_silences import COMES, HOUR_S, RISES, SINKS, leaves, sure

LATE = T + timedelta(hours=9)


def visit(before: Sequence[Fix], after: Sequence[Fix] = ()) -> SilentVisit:
    found = sure(before, after, now=LATE)
    return silent_visit(found, FIELD, [FIELD], Context([FIELD], (), RULES, LATE))


def touchdown(before: Sequence[Fix], after: Sequence[Fix] = ()) -> tuple[float, float]:
    """The earliest and the latest touchdown, in s after the last fix."""
    found = visit(before, after)
    middle = (found.touchdown_at - T) / SECOND
    return middle - found.uncertainty_s, middle + found.uncertainty_s


def last(north_nm: float, height_ft: float, **more: Any) -> list[Fix]:
    """An approach whose last fix lies there."""
    return [
        fix(-60 * n, north_nm + 3 * n, height_ft + 1000 * n, **{**SINKS, **more}) for n in (2, 1, 0)
    ]


def test_after_an_approach_it_lands_within_minutes() -> None:
    begin, end = touchdown(COMES, leaves(HOUR_S))
    assert 30 < begin < end < 600
    assert touchdown(COMES) == pytest.approx((begin, end))
    found = visit(COMES, leaves(HOUR_S))
    assert found.unheard is None
    assert found.departed_at is not None
    assert T + 3300 * SECOND < found.departed_at < T + HOUR_S * SECOND
    assert found.departed_uncertainty_s is not None
    assert (visit(COMES).departed_at, visit(COMES).departed_uncertainty_s) == (None, None)


def test_an_aircraft_that_leads_away_may_come_as_late_as_leaves_a_stay() -> None:
    """15 NM out or farther, and more than abeam; it is heard again climbing out of the field."""
    away = {"track_deg": 0.0}
    soon = touchdown(last(16.0, 5000), leaves(HOUR_S))
    assert soon[1] < 1500
    left_by = HOUR_S - RULES.shortest_stay / SECOND
    assert visit(last(16.0, 5000, **away), leaves(HOUR_S)).unheard is not None
    assert touchdown(last(16.0, 5000, **away), leaves(HOUR_S))[1] == pytest.approx(left_by, abs=1)
    assert touchdown(last(13.0, 5000, **away), leaves(HOUR_S))[1] < 1800
    assert touchdown(last(16.0, 5000, **away))[1] < 1800, "nobody heard it climb out"


def test_a_short_silence_leaves_the_time_of_a_stay() -> None:
    quick = touchdown(last(16.0, 5000), leaves(1200))
    assert quick[1] <= 1200 - RULES.shortest_stay / SECOND + 1


def test_an_altitude_heard_later_says_that_it_still_flew() -> None:
    """900 ft a minute, after its last one."""
    begin, end = touchdown(COMES)
    higher = (*COMES, blind(600, 1500))
    assert touchdown(higher)[0] > 600 > end
    assert touchdown((*COMES, blind(60, 300))) == pytest.approx((begin, end)), "as expected"
    garbled = (*COMES, blind(180, 60_000))
    assert touchdown(garbled) == pytest.approx((begin, end)), "nobody is there so soon"
    on_the_field = (*COMES, blind(600, 400))
    assert touchdown(on_the_field) == pytest.approx((begin, end))


def test_where_only_the_climb_out_was_heard_it_came_at_any_time() -> None:
    away = fix(-60, 6.0, 3000, **RISES), fix(0, 60.0, 20_000, **RISES)
    begin, end = touchdown(away, leaves(2700))
    assert end == pytest.approx(2700 - RULES.shortest_stay / SECOND, abs=1)
    assert begin == pytest.approx(774, abs=1), "0.8 of a usual flight of 60 NM"
    assert least_flight(blind(0, 3000), FIELD, RULES) == timedelta(0)


def test_an_arrival_is_unheard_if_it_may_lie_in_more_than_half_an_hour() -> None:
    assert not is_unheard(T, T + 30 * MINUTE, RULES)
    assert is_unheard(T, T + 30 * MINUTE + SECOND, RULES)

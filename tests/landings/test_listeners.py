"""Who listened in a silence, how low, and was the aircraft alone? Single slots of five minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from collector.landings.evidence.silence_coverage import (
    coverage_after,
    coverage_later,
    lowest_heard,
    polled_on,
    traffic_near,
)
from collector.landings.evidence.witness import Witness, low_listeners, silence_witness
from collector.model import Observation
from collector.model.coverage import CELL_DEG, SLOT, Cell, CoverageSlot
from tests.landings.made_fixes import FIELD, MINUTE, RULES, T, fix

LAST = fix(60, 3.0, 1000)
"""The last fix before the silence, a minute into a slot."""
FAR = T + timedelta(hours=9)


def cell(north: int = 0, band: int = 0) -> Cell:
    """The cell so many cells north of the field, whose middle lies 0.125° north and east of it."""
    return round(30.0 / CELL_DEG) + north, round(35.0 / CELL_DEG), band


def slot(step: int, *, cells: Mapping[Cell, int] | None = None, **more: Any) -> CoverageSlot:
    """A slot so many after that of the last fix, in which another aircraft was received there."""
    heard = {cell(): 1} if cells is None else dict(cells)
    values = {"alive_minutes": 31, "area_minutes": 31, "aircraft": len(heard), "feed": "a", **more}
    return CoverageSlot(begins_at=T + step * SLOT, cells=heard, **values)


@pytest.mark.parametrize(
    ("one", "share"),
    [
        (slot(1), 1 / 3),
        (slot(3), 1 / 3),
        (slot(0), 0.0),  # in which the silence began: it was received itself
        (slot(4), 0.0),
        (slot(1, feed="b"), 0.0),  # which had not received it
        (slot(1, area_minutes=0), 0.0),
        (slot(1, cells={}), 0.0),
        (slot(1, cells={}, unplaced=3), 1 / 3),  # jammed aircraft go on sending altitudes
        (slot(1, cells={}, unplaced=2), 0.0),
        (slot(1, cells={cell(6): 1}), 1 / 3),  # 97 NM away
        (slot(1, cells={cell(7): 1}), 0.0),
    ],
)
def test_flying_on_would_have_been_received_where_others_were(
    one: CoverageSlot, share: float
) -> None:
    assert coverage_after([one], LAST, FAR, RULES) == pytest.approx(share)
    assert coverage_after([one, one], LAST, FAR, RULES) == pytest.approx(share)


def test_a_slot_that_is_not_over_proves_nothing() -> None:
    ends_at = T + 2 * SLOT
    assert coverage_after([slot(1)], LAST, ends_at, RULES) == pytest.approx(1 / 3)
    assert coverage_after([slot(1)], LAST, ends_at - MINUTE, RULES) == 0.0


def test_later_coverage_is_that_of_two_hours_without_the_first_quarter() -> None:
    shares = [coverage_later([slot(step)], LAST, FAR, RULES) for step in (3, 4, 24, 25)]
    assert shares == pytest.approx([0.0, 1 / 21, 1 / 21, 0.0])


def test_how_low_traffic_is_received_at_a_field_is_told_by_the_hours_before() -> None:
    def lowest(at: datetime, *slots: CoverageSlot) -> int | None:
        return lowest_heard(slots, FIELD, at, RULES)

    low = slot(0, cells={cell(band=3): 1, cell(band=2): 1, cell(2): 1})
    assert lowest(T + SLOT, low) == 2, "two cells away is another place"
    assert lowest(T + SLOT - MINUTE, low) is None, "it is not over"
    assert lowest(T + timedelta(hours=3), low) == 2
    assert lowest(T + timedelta(hours=3) + MINUTE, low) is None
    assert lowest(T + SLOT, low, slot(-1, cells={cell(band=1): 1})) == 1
    assert lowest(T + SLOT) is None


def test_a_feed_was_polled_on_if_it_replied_throughout_and_never_failed() -> None:
    until = T + 3 * SLOT
    assert polled_on([], LAST, until), "an archive tells of no polls"
    assert polled_on([slot(1), slot(2)], LAST, until)
    assert polled_on([slot(1)], LAST, until - MINUTE), "the last slot is not over"
    assert not polled_on([slot(1)], LAST, until)
    assert not polled_on([slot(2)], LAST, until)
    assert not polled_on([slot(1), slot(2, alive_minutes=0)], LAST, until)
    assert not polled_on([slot(1), slot(2, feed="b")], LAST, until)
    for step, failing in ((0, True), (2, True), (3, False), (-1, False)):
        failed = slot(step, failed_minutes=1)
        assert polled_on([slot(1), slot(2), failed], LAST, until) is not failing
    other = slot(2, failed_minutes=1, feed="b")
    assert polled_on([slot(1), slot(2), other], LAST, until), "another feed may fail"
    before = slot(0, failed_minutes=1)
    assert polled_on([before, slot(2)], replace(LAST, at=T + SLOT), until), "before the silence"


def test_traffic_is_near_by_the_middle_of_its_cell() -> None:
    assert traffic_near([cell()], LAST, 9.0)
    assert not traffic_near([cell()], LAST, 7.0)
    assert not traffic_near([], LAST, 99.0)


SILENT = LAST.at, FAR


def witness(*slots: CoverageSlot, until: datetime = FAR) -> Witness | None:
    return silence_witness(slots, LAST, (LAST.at, until), RULES)


def test_listeners_from_ten_to_forty_minutes_after_are_a_witness() -> None:
    """For ten minutes in all, in which it would have climbed."""
    assert witness(slot(3), slot(8)) is Witness.LISTENERS
    assert witness(slot(2), slot(8)) is None
    assert witness(slot(3), slot(9)) is None
    assert witness(slot(5)) is None
    assert witness(slot(5), slot(5, feed="b")) is None


def alone(*changed: CoverageSlot) -> list[CoverageSlot]:
    """Slots of a feed that counted this aircraft alone until it fell silent, and then none."""
    kept = {step: slot(step, aircraft=1) for step in (-1, 0)}
    kept |= {step: slot(step, cells={}) for step in (1, 2, 3)}
    told = {(each.begins_at, each.feed): each for each in (*kept.values(), *changed)}
    return list(told.values())


@pytest.mark.parametrize(
    ("changed", "is_alone"),
    [
        ((), True),
        ((slot(-1, aircraft=2),), False),
        ((slot(0, aircraft=2),), False),
        ((slot(0, aircraft=0),), False),
        ((slot(2, aircraft=1, cells={cell(9): 1}),), False),
        ((slot(-1, aircraft=1, area_minutes=0),), False),
        ((slot(3, cells={}, area_minutes=0),), False),
        ((slot(3, cells={}, failed_minutes=1),), False),
        ((slot(0, aircraft=1, failed_minutes=1),), True),
        ((slot(0, aircraft=1, cells={cell(3): 1}),), False),  # it counted another place
        ((slot(-2, aircraft=9), slot(4, aircraft=9)), True),
        ((slot(2, aircraft=9, feed="b"),), True),  # which had not received it
    ],
)
def test_it_was_alone_if_its_feed_counted_one_and_then_none(
    changed: tuple[CoverageSlot, ...], is_alone: bool
) -> None:
    assert (witness(*alone(*changed)) is Witness.SOLITUDE) is is_alone


def test_each_feed_that_received_it_must_have_counted_it_alone() -> None:
    both = replace(LAST, feeds=("a", "b"))

    def found(*slots: CoverageSlot) -> Witness | None:
        return silence_witness(slots, both, SILENT, RULES)

    first = alone()
    second = [replace(each, feed="b") for each in first]
    assert found(*first) is Witness.SOLITUDE, "the other one polls no area"
    assert found(*first, *second) is Witness.SOLITUDE
    crowded = [replace(each, aircraft=each.aircraft + 1) for each in second]
    assert found(*first, *crowded) is None
    assert found() is None


def test_solitude_is_known_after_a_quarter_of_an_hour() -> None:
    ends_at = T + 4 * SLOT
    assert witness(*alone(), until=ends_at) is Witness.SOLITUDE
    assert witness(*alone(), until=ends_at - MINUTE) is None


def low(*slots: CoverageSlot, until: datetime = FAR, **report: Any) -> bool:
    reports = []
    if report:
        at = report.pop("at")
        row = Observation(icao24="600865", feed="a", heard_at=at, position_at=at, **report)
        reports.append(row)
    return low_listeners(slots, LAST, (LAST.at, until), reports, RULES)


@pytest.mark.parametrize(
    ("one", "heard"),
    [
        (slot(1), True),
        (slot(0), False),
        (slot(8), True),
        (slot(9), False),
        (slot(1, feed="b"), False),
        (slot(1, area_minutes=0), False),
        (slot(1, cells={cell(1): 1}), False),  # 20 NM away
        (slot(1, cells={cell(band=2): 1}), True),
        (slot(1, cells={cell(band=3): 1}), False),  # the last fix lies at 2,000 ft, and 3,000 above
    ],
)
def test_others_received_low_there_would_have_told_of_a_go_around(
    one: CoverageSlot, heard: bool
) -> None:
    assert low(one) is heard


def test_four_minutes_after_it_fell_silent_it_would_be_back() -> None:
    begins_at = T + SLOT
    for early, heard in ((4 * MINUTE, True), (4 * MINUTE - MINUTE / 2, False)):
        last = replace(LAST, at=begins_at - early)
        silent = last.at, FAR
        assert low_listeners([slot(1)], last, silent, [], RULES) is heard
    assert low(slot(1), until=T + 2 * SLOT)
    assert not low(slot(1), until=T + 2 * SLOT - MINUTE), "the slot is not over"


def test_its_own_reports_are_no_others() -> None:
    place: dict[str, Any] = {"lat_deg": 30.1, "lon_deg": 35.1, "baro_altitude_ft": 1000.0}
    assert not low(slot(1), at=T + 6 * MINUTE, **place)
    assert low(slot(1, cells={cell(): 2}), at=T + 6 * MINUTE, **place)
    assert low(slot(8), at=T + 6 * MINUTE, **place)
    assert low(slot(1), at=T, **place), "before the silence it says nothing of afterwards"

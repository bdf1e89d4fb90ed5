"""What do earlier days teach, and what is it worth in a silence?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.learned import Learned, learn, learned_for, monday_of, version
from collector.landings.context import Context
from collector.landings.detect import detect
from collector.landings.evidence.coverage_floor import coverage_floor, learned_lines
from collector.landings.rules import LandingRules
from collector.model import Detection
from collector.model.coverage import SLOT, Cell, CoverageSlot
from collector.store.encoding import from_json, to_json
from tests.support.flights import FIELDS, LLER, LLOV, START, hear, polls, visit

RULES = LandingRules()
FIRST, LAST = date(2026, 10, 19), date(2026, 11, 15)
BEGIN = datetime(2026, 10, 19, tzinfo=UTC)
DAY = timedelta(days=1)
AT_OVDA, AT_RAMON = (119, 139), (118, 140)
"""The cells of their reference points."""


def cell(place: tuple[int, int], band: int) -> Cell:
    return (*place, band)


def slot(
    day: int, *cells: Cell, number: int = 0, feed: str = "adsblol", area: int = 1
) -> CoverageSlot:
    return CoverageSlot(
        feed=feed,
        begins_at=BEGIN + day * DAY + number * SLOT,
        alive_minutes=1,
        area_minutes=area,
        aircraft=len(cells),
        cells=dict.fromkeys(cells, 1),
    )


def learned_from(slots: list[CoverageSlot]) -> Learned:
    value = learn(slots, FIRST, LAST)
    assert value is not None
    return value


_slots = st.builds(
    CoverageSlot,
    feed=st.sampled_from(["adsblol", "opensky"]),
    begins_at=st.builds(
        lambda day, number: BEGIN + day * DAY + number * SLOT, st.integers(-1, 5), st.integers(0, 2)
    ),
    alive_minutes=st.integers(0, 31),
    area_minutes=st.integers(0, 31),
    aircraft=st.integers(0, 9),
    unplaced=st.integers(0, 9),
    cells=st.dictionaries(
        st.tuples(st.integers(118, 119), st.just(139), st.integers(0, 8)),
        st.integers(0, 3),
        max_size=4,
    ),
)


@given(slots=st.lists(_slots, max_size=30), data=st.data())
def test_any_order_and_any_repeats_teach_the_same(
    slots: list[CoverageSlot], data: st.DataObject
) -> None:
    value = learn(slots, FIRST, LAST)
    again = data.draw(st.permutations(slots + slots[:5]))
    assert learn(iter(again), FIRST, LAST) == value
    if value is not None:
        assert all(0 <= one.jammed <= 1 for one in value.feeds)
        assert all(0 <= each.heard <= 1 for one in value.feeds for each in one.cells)
        assert from_json(to_json(value), Learned) == value


def test_a_slot_in_parts_teaches_what_the_whole_does() -> None:
    whole = [
        replace(slot(day, cell(AT_OVDA, 3), cell(AT_OVDA, 5)), aircraft=9, unplaced=4)
        for day in range(4)
    ]
    parts = [
        part
        for one in whole
        for part in (
            replace(one, cells={cell(AT_OVDA, 3): 1}, area_minutes=0, unplaced=0),
            replace(one, cells={cell(AT_OVDA, 5): 1}, aircraft=2),
            replace(one, cells={}, alive_minutes=0, area_minutes=0),
        )
    ]
    assert learned_from(parts) == learned_from(whole)


def test_half_of_the_days_went_down_to_what_is_usual() -> None:
    days = [(0, 1), (1, 6), (2, 3), (3, 2), (4, 7)]
    value = learned_from([slot(day, cell(AT_OVDA, band), cell(AT_OVDA, 8)) for day, band in days])
    assert value.lowest_about(LLOV, RULES.lowest_radius_nm) == 3
    even = learned_from([slot(day, cell(AT_OVDA, band)) for day, band in days[:4]])
    assert even.lowest_about(LLOV, RULES.lowest_radius_nm) == 3
    assert value.lowest_about(LLER, RULES.lowest_radius_nm) is None
    assert (value.version, value.days) == ("2026-W47/28d", 5)


def test_what_was_heard_on_two_days_is_not_usual() -> None:
    assert learn([slot(day, cell(AT_OVDA, 1)) for day in (0, 1)], FIRST, LAST) is None
    value = learned_from(
        [slot(day, cell(AT_OVDA, 4)) for day in range(5)]
        + [slot(day, cell(AT_OVDA, 0), cell(AT_RAMON, 0), number=7) for day in (1, 3)]
    )
    assert value.lowest_about(LLER, RULES.lowest_radius_nm) is None
    assert value.lowest_about(LLOV, RULES.lowest_radius_nm) == 4


def test_days_before_and_after_teach_nothing() -> None:
    outside = [slot(day, cell(AT_OVDA, 0)) for day in (-3, -2, -1, 28, 29, 30)]
    assert learn(outside, FIRST, LAST) is None


def test_each_feed_is_learned_for_itself() -> None:
    value = learned_from(
        [slot(day, cell(AT_OVDA, 6)) for day in range(4)]
        + [slot(day, cell(AT_OVDA, 1), feed="opensky") for day in range(4)]
    )
    assert value.lowest_about(LLOV, RULES.lowest_radius_nm) == 1
    assert value.lowest_about(LLOV, RULES.lowest_radius_nm, ("adsblol",)) == 6
    assert value.lowest_about(LLOV, RULES.lowest_radius_nm, ()) is None


def test_how_often_it_was_heard_and_how_much_jammed() -> None:
    quiet = [slot(day, cell(AT_OVDA, 2), number=1) for day in range(3)]
    away = [slot(day, cell(AT_RAMON, 2), number=2) for day in range(3)]
    jammed = [replace(slot(day, number=3), aircraft=6, unplaced=4) for day in range(3)]
    asked_for_one = [slot(day, cell(AT_OVDA, 2), number=9, area=0) for day in range(3)]
    (feed,) = learned_from([*quiet, *away, *jammed, *asked_for_one]).feeds
    assert (feed.answered, feed.jammed) == (9, round(1 / 3, 4))
    assert [each.heard for each in feed.cells] == [round(1 / 3, 4)] * 2


def test_cells_across_the_date_line_are_near() -> None:
    value = learned_from([slot(day, (0, 719, 2)) for day in range(3)])
    assert value.lowest_near(0.1, -179.99, 11.0) == 2
    assert value.lowest_near(0.1, -179.0, 11.0) is None


def test_a_week_has_its_own_value() -> None:
    value = learned_from([slot(day, cell(AT_OVDA, 2)) for day in range(3)])
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert version(monday_of(sunday)) == value.version
    assert learned_for([value], sunday) is value
    assert learned_for([value], sunday - 7 * DAY) is None
    assert learned_for([value], sunday + timedelta(minutes=1)) is None


def lost(*learned: Learned) -> Detection:
    """An arrival at Ovda, lost at 6,000 ft with nobody else about, and not heard again."""
    times = polls(START, START + timedelta(hours=5))
    flight = visit(LLOV, START + timedelta(hours=2), timedelta(hours=8))
    heard = hear(flight, times, floor_ft=6000)
    (landing,) = detect(heard, [], FIELDS, RULES, times[-1], learned=learned).detections
    return landing


def for_the_week(*cells: Cell) -> Learned:
    """The value for the week that the simulated flights lie in."""
    monday = monday_of(START)
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - 28 * DAY
    shifted = [replace(slot(0, *cells), begins_at=begin + number * DAY) for number in range(28)]
    value = learn(shifted, begin.date(), monday - DAY)
    assert value is not None
    return value


def test_the_lower_of_today_and_the_usual_is_known() -> None:
    value = for_the_week(cell(AT_RAMON, 2))
    scene = Context(FIELDS, (), RULES, START, (value,))
    assert coverage_floor(scene, LLER, START) == 2
    assert coverage_floor(scene, LLOV, START) is None
    assert coverage_floor(scene, LLER, START - 8 * DAY) is None
    today = [replace(slot(0, cell(AT_RAMON, 1), cell(AT_OVDA, 4)), begins_at=START - SLOT)]
    heard = Context(FIELDS, today, RULES, START, (value,))
    assert (coverage_floor(heard, LLER, START), coverage_floor(heard, LLOV, START)) == (1, 4)
    assert learned_lines(heard, ["LLER", "LLOV"], ["LLER"], START) == ()
    (line,) = learned_lines(scene, ["LLER", "LLOV"], ["LLOV"], START)
    assert line.text.endswith("aircraft are usually heard at LLER down to 4,000 ft.")


def test_what_was_learned_decides_where_nobody_flew_and_says_so() -> None:
    """The neighbour is usually heard far lower: whoever is lost up here is rather not there."""
    value = for_the_week(cell(AT_RAMON, 0), cell(AT_OVDA, 2))
    before = {one.airfield: one.probability for one in lost().candidates}
    landing = lost(value)
    after = {one.airfield: one.probability for one in landing.candidates}
    assert after["LLER"] < before["LLER"]
    assert after["LLER"] / after["LLOV"] < before["LLER"] / before["LLOV"]
    (line,) = [one for one in landing.evidence if one.kind == "learned"]
    assert line.text.startswith(
        f"As learned from the 28 days to {value.last_day} (2026-W47/28d), aircraft are usually "
        "heard at LLER below 2,000 ft, at LLOV down to 4,000"
    )
    assert all(one.kind != "learned" for one in lost().evidence)


def test_a_value_of_another_week_changes_nothing() -> None:
    value = for_the_week(cell(AT_RAMON, 0))
    week = timedelta(days=7)
    other = replace(value, first_day=value.first_day - week, last_day=value.last_day - week)
    assert lost(other) == lost()

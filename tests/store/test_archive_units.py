"""Are units of archives and due spans kept until they are done?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from collector.model.coverage import CoverageSlot
from collector.store import Store, archive_units, coverage_slots, observations, rederivation_queue
from collector.store.archive_units import StoredUnit, UnitRead
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan
from tests.store.samples import HOUR, MINUTE, NOON, SILKWAY, observation

MONDAY = date(2026, 11, 16)
UNIT = UnitRead(
    key="day.tar 10 20",
    kind="traces",
    feed="traces",
    name="day.tar",
    fingerprint="abc",
    begun_at=NOON,
    size_bytes=10,
    skipped=2,
    problem="day.tar, x: broken",
    days=frozenset({MONDAY, MONDAY + timedelta(days=1)}),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "test.sqlite") as store:
        yield store


def test_a_unit_is_read_and_then_done(store: Store) -> None:
    assert not archive_units.has_unfinished(store)
    archive_units.store_unit(store, UNIT)
    keys = [UNIT.key, "other"]
    read = StoredUnit("day.tar", "abc", False, 2, "day.tar, x: broken")
    assert archive_units.stored_units(store, keys) == {UNIT.key: read}
    assert archive_units.has_unfinished(store)
    assert archive_units.days(store, MONDAY, MONDAY) == frozenset(), "not before it is done"
    assert archive_units.finish_units(store, NOON + HOUR) == 1
    assert archive_units.finish_units(store, NOON + HOUR) == 0
    assert archive_units.stored_units(store, keys) == {UNIT.key: replace(read, done=True)}
    assert archive_units.days(store, MONDAY, MONDAY) == {MONDAY}
    assert archive_units.feeds(store) == {"traces"}


def test_read_again_it_takes_the_place_of_what_it_was(store: Store) -> None:
    archive_units.store_unit(store, UNIT)
    archive_units.finish_units(store, NOON)
    later = MONDAY + timedelta(days=9)
    archive_units.store_unit(
        store, replace(UNIT, fingerprint="def", days=frozenset({later}), skipped=0)
    )
    assert archive_units.has_unfinished(store)
    archive_units.finish_units(store, NOON)
    assert archive_units.days(store, MONDAY, later) == {later}
    assert archive_units.stored_units(store, [UNIT.key])[UNIT.key].fingerprint == "def"


def test_a_name_that_is_no_unicode_is_stored(store: Store) -> None:
    odd = replace(UNIT, key="day\udcff.tar 1 2", name="day\udcff.tar", problem="\udcff")
    archive_units.store_unit(store, odd)
    assert odd.key in archive_units.stored_units(store, [odd.key])


def test_what_is_due_stays_until_it_is_derived(store: Store) -> None:
    first = DueSpan("600865", NOON, NOON + HOUR)
    other = DueSpan("600866", NOON, NOON)
    rederivation_queue.queue_spans(store, [other, first, first])
    assert rederivation_queue.next_span(store) == first
    rest = DueSpan("600865", NOON + MINUTE, NOON + HOUR)
    rederivation_queue.finish_span(store, first, rest)
    assert rederivation_queue.due_spans(store) == [rest, other]
    rederivation_queue.finish_span(store, rest, None)
    assert rederivation_queue.next_span(store) == other
    rederivation_queue.replace_spans(store, [DueSpan(EVERY_AIRCRAFT, NOON, NOON)])
    assert rederivation_queue.due_spans(store) == [DueSpan(EVERY_AIRCRAFT, NOON, NOON)]


def test_touchdowns_are_kept_until_the_rules_are_evaluated(store: Store) -> None:
    rederivation_queue.store_touchdowns(store, {"w": [NOON, NOON], "v": []})
    rederivation_queue.store_touchdowns(store, {"w": [NOON - HOUR]})
    assert rederivation_queue.touchdowns(store) == {"w": [NOON - HOUR, NOON]}
    rederivation_queue.clear_touchdowns(store)
    assert rederivation_queue.touchdowns(store) == {}


def test_slots_that_prove_nothing_new_change_nothing(store: Store) -> None:
    slot = CoverageSlot(
        feed="traces", begins_at=NOON, area_minutes=1, cells={(1, 2, 3): 1}, aircraft=1
    )
    assert coverage_slots.merge_slots(store, [slot]) == [slot]
    assert coverage_slots.merge_slots(store, [slot, slot]) == []
    more = replace(slot, area_minutes=2, cells={(1, 2, 4): 1})
    (joined,) = coverage_slots.merge_slots(store, [more])
    assert joined.area_minutes == 3
    assert coverage_slots.slots_between(store, NOON, NOON + MINUTE) == [joined]


def test_whether_anybody_listened_live(store: Store) -> None:
    archived = CoverageSlot(feed="traces", begins_at=NOON, alive_minutes=1)
    failed = CoverageSlot(feed="adsblol", begins_at=NOON, failed_minutes=1)
    coverage_slots.merge_slots(store, [archived, failed])
    assert not coverage_slots.answered_live(store, {"traces"}, NOON, NOON + HOUR)
    assert coverage_slots.answered_live(store, (), NOON, NOON + HOUR)
    coverage_slots.merge_slots(store, [replace(failed, alive_minutes=1)])
    assert coverage_slots.answered_live(store, {"traces"}, NOON, NOON + HOUR)
    assert not coverage_slots.answered_live(store, {"traces"}, NOON + HOUR, NOON + 2 * HOUR)


def test_the_report_so_many_after_another(store: Store) -> None:
    seen = [observation(NOON + number * MINUTE) for number in range(5)]
    observations.store_reports(store, [(one, (SILKWAY,)) for one in seen])
    assert observations.nth_after(store, "600865", NOON, 0) == NOON
    assert observations.nth_after(store, "600865", NOON + MINUTE, 3) == NOON + 4 * MINUTE
    assert observations.nth_after(store, "600865", NOON + MINUTE, 4) is None

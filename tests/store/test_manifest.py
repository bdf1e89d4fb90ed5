"""Is what was read of archives known, and what is due kept, until it is done?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from collector.model.hearing import Slot
from collector.store import Store, hearings, observations
from collector.store import archive_units as manifest
from collector.store import rederivation_queue as rederiving
from collector.store.archive_units import Known, UnitRead
from collector.store.rederivation_queue import EVERYBODY, Due
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
    assert not manifest.unfinished(store)
    manifest.put(store, UNIT)
    keys = [UNIT.key, "other"]
    read = Known("day.tar", "abc", False, 2, "day.tar, x: broken")
    assert manifest.known(store, keys) == {UNIT.key: read}
    assert manifest.unfinished(store)
    assert manifest.days(store, MONDAY, MONDAY) == frozenset(), "not before it is done"
    assert manifest.finish(store, NOON + HOUR) == 1
    assert manifest.finish(store, NOON + HOUR) == 0
    assert manifest.known(store, keys) == {UNIT.key: replace(read, done=True)}
    assert manifest.days(store, MONDAY, MONDAY) == {MONDAY}
    assert manifest.feeds(store) == {"traces"}


def test_read_again_it_takes_the_place_of_what_it_was(store: Store) -> None:
    manifest.put(store, UNIT)
    manifest.finish(store, NOON)
    later = MONDAY + timedelta(days=9)
    manifest.put(store, replace(UNIT, fingerprint="def", days=frozenset({later}), skipped=0))
    assert manifest.unfinished(store)
    manifest.finish(store, NOON)
    assert manifest.days(store, MONDAY, later) == {later}
    assert manifest.known(store, [UNIT.key])[UNIT.key].fingerprint == "def"


def test_a_name_that_is_no_unicode_is_stored(store: Store) -> None:
    odd = replace(UNIT, key="day\udcff.tar 1 2", name="day\udcff.tar", problem="\udcff")
    manifest.put(store, odd)
    assert odd.key in manifest.known(store, [odd.key])


def test_what_is_due_stays_until_it_is_derived(store: Store) -> None:
    first = Due("600865", NOON, NOON + HOUR)
    other = Due("600866", NOON, NOON)
    rederiving.add(store, [other, first, first])
    assert rederiving.first(store) == first
    rest = Due("600865", NOON + MINUTE, NOON + HOUR)
    rederiving.derived(store, first, rest)
    assert rederiving.everything(store) == [rest, other]
    rederiving.derived(store, rest, None)
    assert rederiving.first(store) == other
    rederiving.replace(store, [Due(EVERYBODY, NOON, NOON)])
    assert rederiving.everything(store) == [Due(EVERYBODY, NOON, NOON)]


def test_touchdowns_are_kept_until_the_rules_were_asked(store: Store) -> None:
    rederiving.touch(store, {"w": [NOON, NOON], "v": []})
    rederiving.touch(store, {"w": [NOON - HOUR]})
    assert rederiving.touched(store) == {"w": [NOON - HOUR, NOON]}
    rederiving.told(store)
    assert rederiving.touched(store) == {}


def test_slots_that_prove_nothing_new_change_nothing(store: Store) -> None:
    slot = Slot(feed="traces", begins_at=NOON, area_minutes=1, cells={(1, 2, 3): 1}, aircraft=1)
    assert hearings.merge_slots(store, [slot]) == [slot]
    assert hearings.merge_slots(store, [slot, slot]) == []
    more = replace(slot, area_minutes=2, cells={(1, 2, 4): 1})
    (joined,) = hearings.merge_slots(store, [more])
    assert joined.area_minutes == 3
    assert hearings.slots(store, NOON, NOON + MINUTE) == [joined]


def test_whether_anybody_listened_live(store: Store) -> None:
    archived = Slot(feed="traces", begins_at=NOON, alive_minutes=1)
    failed = Slot(feed="adsblol", begins_at=NOON, failed_minutes=1)
    hearings.merge_slots(store, [archived, failed])
    assert not hearings.heard_live(store, {"traces"}, NOON, NOON + HOUR)
    assert hearings.heard_live(store, (), NOON, NOON + HOUR)
    hearings.merge_slots(store, [replace(failed, alive_minutes=1)])
    assert hearings.heard_live(store, {"traces"}, NOON, NOON + HOUR)
    assert not hearings.heard_live(store, {"traces"}, NOON + HOUR, NOON + 2 * HOUR)


def test_the_report_so_many_after_another(store: Store) -> None:
    seen = [observation(NOON + number * MINUTE) for number in range(5)]
    observations.add(store, [(one, (SILKWAY,)) for one in seen])
    assert observations.later(store, "600865", NOON, 0) == NOON
    assert observations.later(store, "600865", NOON + MINUTE, 3) == NOON + 4 * MINUTE
    assert observations.later(store, "600865", NOON + MINUTE, 4) is None

"""Does each condition open once and close once, and do small values survive a restart?"""

from __future__ import annotations

from pathlib import Path

from collector.store import Store, conditions, meta
from tests.store.samples import DAY, HOUR, NOON


def test_a_condition_begins_once_and_ends_once(store: Store) -> None:
    assert conditions.open_condition(store, "blind", "", NOON, "nothing heard")
    assert not conditions.open_condition(store, "blind", "", NOON + HOUR, "still")
    assert conditions.open_condition(store, "refused", "adsblol", NOON + HOUR, "403")
    blind = conditions.Condition(kind="blind", subject="", began_at=NOON, detail="nothing heard")
    assert conditions.current(store, "blind", "") == blind
    assert [found.kind for found in conditions.open_conditions(store)] == ["blind", "refused"]
    ended = conditions.close_condition(store, "blind", "", NOON + DAY)
    assert ended is not None
    assert (ended.began_at, ended.ended_at) == (NOON, NOON + DAY)
    assert conditions.close_condition(store, "blind", "", NOON + DAY) is None
    assert conditions.current(store, "blind", "") is None
    assert conditions.open_condition(store, "blind", "", NOON + 2 * DAY, "again")
    assert [found.began_at for found in conditions.listing(store)] == [
        NOON + 2 * DAY,
        NOON + HOUR,
        NOON,
    ]


def test_values_survive(path: Path) -> None:
    with Store.open(path) as store:
        meta.set_value(store, "rules_version", "1")
        meta.set_value(store, "rules_version", "2")
        meta.set_value(store, "gone", "x")
        meta.set_value(store, "gone", None)
    with Store.open(path, read_only=True) as store:
        assert meta.get_value(store, "rules_version") == "2"
        assert meta.get_value(store, "gone") is None
        assert meta.get_value(store, "never") is None

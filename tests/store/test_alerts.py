"""Are alert states, acknowledgements and mutes kept?"""

from __future__ import annotations

from dataclasses import replace

from collector.alerts.lifecycle import AlertState, Status
from collector.store import Store, alerts
from tests.store.samples import DAY, HOUR, NOON, SECOND


def _state(window: str = "2026-W47", **changes: object) -> AlertState:
    state = AlertState(
        watch="silkway",
        rule="weekly",
        window=window,
        status=Status.FIRING,
        count=2,
        at_most=4,
        level=3,
        begin=NOON - DAY,
        end=NOON + DAY,
        since_at=NOON,
        changed_at=NOON + HOUR,
        told=("crossed:2", "rose:3"),
    )
    return replace(state, **changes)  # type: ignore[arg-type]


def test_a_state_comes_back_and_is_replaced(store: Store) -> None:
    alerts.save_state(store, _state())
    assert alerts.load_states(store, "silkway", "weekly") == [_state()]
    later = _state(
        status=Status.RESOLVED,
        count=5,
        at_most=6,
        level=5,
        begin=NOON,
        end=NOON + 2 * DAY,
        since_at=NOON + SECOND,
        changed_at=NOON + DAY,
        told=(),
        acknowledged_at=NOON,
    )
    alerts.save_state(store, later)
    assert alerts.load_states(store, "silkway", "weekly") == [later]


def test_states_are_found_by_watch_and_rule(store: Store) -> None:
    old = _state("2026-W46", begin=NOON - 8 * DAY)
    other = _state(rule="surge")
    foreign = _state(watch="other")
    for state in (_state(), old, other, foreign):
        alerts.save_state(store, state)
    assert alerts.load_states(store, "silkway", "weekly") == [old, _state()]
    assert alerts.load_states(store, "silkway") == [old, other, _state()]
    assert len(alerts.load_states(store)) == 4
    assert alerts.load_states(store, "silkway", "none") == []
    assert alerts.load_states(store, "silkway", within=(NOON - DAY, NOON)) == [old, other, _state()]
    assert alerts.load_states(store, "silkway", within=(NOON - 9 * DAY, NOON - DAY)) == [old]
    assert alerts.load_states(store, "silkway", within=(NOON + DAY, NOON + 2 * DAY)) == []


def test_an_acknowledgement_stays_with_its_window(store: Store) -> None:
    alerts.save_state(store, _state())
    window = ("silkway", "weekly", "2026-W47")
    assert alerts.acknowledge(store, *window, NOON, note="called them")
    assert not alerts.acknowledge(store, "silkway", "weekly", "2026-W01", NOON)
    (seen,) = alerts.load_states(store)
    assert seen == _state(acknowledged_at=NOON)
    alerts.save_state(store, replace(seen, count=3))
    (row,) = store.execute("SELECT acknowledged_at, acknowledged_note FROM alert_states")
    assert tuple(row) == ("2026-11-22T12:00:00.000000Z", "called them")


def test_a_mute_holds_for_its_time(store: Store) -> None:
    alerts.mute(store, "silkway", "weekly", NOON + DAY, "exercise", at=NOON)
    mute = alerts.Mute(
        watch="silkway", rule="weekly", muted_at=NOON, until_at=NOON + DAY, note="exercise"
    )
    assert alerts.mutes(store, NOON) == [mute]
    assert alerts.mute_of(store, "silkway", "weekly", NOON + DAY - SECOND) == mute
    assert alerts.mute_of(store, "silkway", "weekly", NOON + DAY) is None
    assert alerts.mute_of(store, "silkway", "surge", NOON) is None
    alerts.mute(store, "silkway", "weekly", NOON + HOUR, "shorter", at=NOON)
    assert alerts.mutes(store, NOON + HOUR) == []
    assert alerts.unmute(store, "silkway", "weekly")
    assert not alerts.unmute(store, "silkway", "weekly")


def test_all_rules_of_a_watch_may_be_muted(store: Store) -> None:
    alerts.mute(store, "silkway", None, NOON + DAY, "holiday", at=NOON)
    mute = alerts.mute_of(store, "silkway", "surge", NOON)
    assert mute is not None
    assert (mute.rule, mute.note) == (None, "holiday")
    assert alerts.mute_of(store, "other", "surge", NOON) is None
    assert not alerts.unmute(store, "silkway", "surge")
    assert alerts.unmute(store, "silkway", None)

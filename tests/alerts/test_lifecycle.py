"""Which notices does an alert give in its life, when, and never twice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.alerts.lifecycle import (
    AlertState,
    Ending,
    Reason,
    Status,
    acknowledge,
    decide_state,
    end_state,
    is_unfinished,
    notice_key,
    week_state,
)
from collector.alerts.rule_facts import gather_rule_facts
from collector.alerts.rules import evaluate_week
from collector.alerts.verdict import Verdict
from collector.model import RuleKind
from collector.weeks import week_bounds
from tests.support.touchdowns import OVDA, RAMON, SURGE, WATCH, WEEKLY, touchdown

BEGIN, END = week_bounds("2026-W47", "Asia/Jerusalem")
MIDWEEK = BEGIN + timedelta(days=3)
AFTER = END + timedelta(hours=1)


def _verdict(count: int, now: datetime = MIDWEEK) -> Verdict:
    landings = [touchdown(BEGIN + timedelta(hours=n)) for n in range(count)]
    return evaluate_week(gather_rule_facts(WEEKLY, WATCH, landings, {}, now), "2026-W47")


def _surge(count: int, *, crossed: bool) -> Verdict:
    return replace(_verdict(count), rule=SURGE, crossed=crossed, below=not crossed)


Step = tuple[int, datetime] | tuple[int, datetime, str]


def _live(*steps: Step) -> tuple[AlertState, list[str | None]]:
    """Decide on a count and a clock after the other; `muted` and `ack` as a third word."""
    state: AlertState | None = None
    reasons: list[str | None] = []
    for step in steps:
        count, now, *words = step
        if "ack" in words and state is not None:
            state = acknowledge(state, now)
        state, reason = decide_state(state, _verdict(count, now), now, muted="muted" in words)
        reasons.append(reason.value if reason else None)
    assert state is not None
    return state, reasons


@pytest.mark.parametrize(
    ("steps", "expected", "status"),
    [
        ([(1, MIDWEEK)], [None], "ok"),
        ([(2, MIDWEEK)], ["crossed"], "firing"),
        ([(2, MIDWEEK), (2, MIDWEEK)], ["crossed", None], "firing"),
        ([(2, MIDWEEK), (3, MIDWEEK), (3, MIDWEEK)], ["crossed", "rose", None], "firing"),
        ([(2, MIDWEEK), (4, MIDWEEK)], ["crossed", "rose"], "firing"),
        # a count that falls and stays above, and rises again, is no news
        (
            [(3, MIDWEEK), (2, MIDWEEK), (3, MIDWEEK), (4, MIDWEEK)],
            ["crossed", None, None, "rose"],
            "firing",
        ),
        ([(2, MIDWEEK), (1, MIDWEEK)], ["crossed", "corrected_below"], "ok"),
        ([(2, MIDWEEK), (1, MIDWEEK), (1, AFTER)], ["crossed", "corrected_below", None], "ok"),
        # Crossing again at the same count: `crossed:2` was given, so only `rose:2` is left.
        (
            [(2, MIDWEEK), (1, MIDWEEK), (2, MIDWEEK), (1, MIDWEEK), (2, MIDWEEK)],
            ["crossed", "corrected_below", "rose", None, None],
            "firing",
        ),
        (
            [(2, MIDWEEK), (1, MIDWEEK), (3, MIDWEEK)],
            ["crossed", "corrected_below", "crossed"],
            "firing",
        ),
        ([(2, MIDWEEK), (2, AFTER), (2, AFTER)], ["crossed", "resolved", None], "resolved"),
        ([(1, MIDWEEK), (1, AFTER)], [None, None], "ok"),
        # found when the week is over: one notice says both
        ([(2, AFTER), (2, AFTER)], ["crossed", None], "resolved"),
        ([(1, MIDWEEK), (2, AFTER), (2, AFTER)], [None, "crossed", None], "resolved"),
        ([(2, MIDWEEK), (2, AFTER), (3, AFTER)], ["crossed", "resolved", "rose"], "resolved"),
        ([(2, MIDWEEK), (3, AFTER), (3, AFTER)], ["crossed", "rose", None], "resolved"),
        (
            [(2, MIDWEEK), (2, AFTER), (1, AFTER), (1, AFTER)],
            ["crossed", "resolved", "corrected_below", None],
            "ok",
        ),
        # an earlier clock re-opens nothing
        ([(2, MIDWEEK), (2, AFTER), (2, MIDWEEK)], ["crossed", "resolved", None], "resolved"),
        # a mute keeps words back, not the state; what holds at its end is told
        ([(2, MIDWEEK, "muted"), (2, MIDWEEK)], [None, "crossed"], "firing"),
        (
            [(2, MIDWEEK), (3, MIDWEEK, "muted"), (3, MIDWEEK)],
            ["crossed", None, "rose"],
            "firing",
        ),
        (
            [(2, MIDWEEK), (1, MIDWEEK, "muted"), (1, MIDWEEK)],
            ["crossed", None, "corrected_below"],
            "ok",
        ),
        (
            [(2, MIDWEEK), (1, MIDWEEK, "muted"), (2, MIDWEEK)],
            ["crossed", None, None],
            "firing",
        ),
        (
            [(2, MIDWEEK), (2, AFTER, "muted"), (2, AFTER)],
            ["crossed", None, "resolved"],
            "resolved",
        ),
        (
            [(2, MIDWEEK, "muted"), (2, AFTER, "muted"), (2, AFTER), (3, AFTER)],
            [None, None, None, "crossed"],
            "resolved",
        ),
        # acknowledged: no rises, no end, but corrections; a correction ends it
        ([(2, MIDWEEK, "muted"), (2, MIDWEEK, "ack")], [None, "crossed"], "firing"),
        (
            [(2, MIDWEEK), (3, MIDWEEK, "ack"), (3, AFTER)],
            ["crossed", None, None],
            "resolved",
        ),
        (
            [(2, MIDWEEK), (1, MIDWEEK, "ack"), (3, MIDWEEK)],
            ["crossed", "corrected_below", "crossed"],
            "firing",
        ),
    ],
)
def test_a_life(steps: list[Step], expected: list[str | None], status: str) -> None:
    state, reasons = _live(*steps)
    assert reasons == expected
    assert state.status == status


def test_a_surge_that_became_less_rare_is_not_taken_back() -> None:
    state, reason = decide_state(None, _surge(3, crossed=True), MIDWEEK)
    assert reason is Reason.CROSSED
    state, reason = decide_state(state, _surge(3, crossed=False), MIDWEEK)
    assert (state.status, reason) == (Status.FIRING, None)
    state, reason = decide_state(state, _surge(2, crossed=False), MIDWEEK)
    assert (state.status, reason) == (Status.OK, Reason.CORRECTED_BELOW)


def test_times_say_since_when_and_never_run_back() -> None:
    state, _ = decide_state(None, _verdict(2), MIDWEEK)
    assert (state.since_at, state.changed_at) == (MIDWEEK, MIDWEEK)
    same, _ = decide_state(state, _verdict(2), MIDWEEK + timedelta(hours=1))
    assert same == state
    risen, _ = decide_state(state, _verdict(3), MIDWEEK - timedelta(hours=1))
    assert (risen.since_at, risen.changed_at) == (MIDWEEK, MIDWEEK)
    later = MIDWEEK + timedelta(hours=1)
    risen, _ = decide_state(state, _verdict(3), later)
    assert (risen.since_at, risen.changed_at) == (MIDWEEK, later)


def test_time_alone_changes_what_fires_and_what_a_mute_held_back() -> None:
    firing, _ = decide_state(None, _verdict(2), MIDWEEK)
    held_back, _ = decide_state(firing, _verdict(2, AFTER), AFTER, muted=True)
    told, _ = decide_state(held_back, _verdict(2, AFTER), AFTER)
    never_told, _ = decide_state(None, _verdict(2, AFTER), AFTER, muted=True)
    states = (firing, held_back, acknowledge(held_back, AFTER), told, never_told)
    assert [is_unfinished(each) for each in states] == [True, True, False, False, False]


@pytest.mark.parametrize(("muted", "told"), [(False, ("crossed:2", "resolved:2")), (True, ())])
def test_an_alert_whose_rule_is_gone_is_over_without_a_notice(
    muted: bool, told: tuple[str, ...]
) -> None:
    firing, _ = decide_state(None, _verdict(2), MIDWEEK, muted=muted)
    later = MIDWEEK + timedelta(hours=1)
    gone = end_state(firing, Ending.RULE_GONE, later)
    assert (gone.status, gone.ended_at, gone.told) == (Status.RESOLVED, later, told)
    assert not is_unfinished(gone)
    assert end_state(gone, Ending.JOINED, AFTER) == gone, "it ends once"
    back, reason = decide_state(gone, _verdict(2, later), later, muted=muted)
    assert (back.status, back.ended_because, reason) == (Status.FIRING, None, None)
    late = end_state(firing, Ending.RULE_GONE, AFTER)
    same, reason = decide_state(late, _verdict(2, AFTER), AFTER, muted=muted)
    assert (same, reason) == (late, None), "the window itself is over, and why it ended stands"


def test_an_acknowledgement_stands_and_ok_needs_none() -> None:
    state, _ = decide_state(None, _verdict(2), MIDWEEK)
    seen = acknowledge(state, MIDWEEK)
    assert seen.acknowledged_at == MIDWEEK
    assert acknowledge(seen, AFTER) == seen
    quiet, _ = decide_state(None, _verdict(0), MIDWEEK)
    assert acknowledge(quiet, MIDWEEK) == quiet


def test_the_notices_key() -> None:
    state, _ = decide_state(None, _verdict(3), MIDWEEK)
    assert notice_key(state, Reason.CROSSED, "ops") == "alert:silkway:weekly:2026-W47:crossed:3:ops"


def test_the_state_of_a_week_is_its_places_strongest() -> None:
    firing, _ = decide_state(None, _verdict(2), MIDWEEK)
    resolved, _ = decide_state(None, _verdict(2, AFTER), AFTER)
    rolling = replace(
        resolved,
        rule="fortnight",
        window="14d:2026-11-12",
        begin=BEGIN - timedelta(days=4),
        end=BEGIN + timedelta(hours=1),
    )
    rules = WATCH.rules
    assert week_state([], rules, OVDA, BEGIN, END) is Status.OK
    assert week_state([firing, rolling], rules, OVDA, BEGIN, END) is Status.FIRING
    assert week_state([resolved], rules, OVDA, BEGIN, END) is Status.RESOLVED
    assert week_state([resolved], rules, OVDA, END, END + timedelta(days=7)) is Status.OK
    assert week_state([rolling], rules, OVDA, BEGIN, END) is Status.OK, "it is no rule of a week"
    assert week_state([firing], rules, RAMON, BEGIN, END) is Status.OK


STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(-2, 9).map(lambda days: BEGIN + timedelta(days=days)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=20,
)


@given(STEPS, st.sampled_from([RuleKind.THRESHOLD, RuleKind.SURGE]), st.data())
def test_any_history_tells_nothing_twice_and_settles(
    steps: list[tuple[int, datetime, bool, bool]], kind: RuleKind, data: st.DataObject
) -> None:
    state: AlertState | None = None
    reasons: list[tuple[Reason, int]] = []
    for count, now, silent, seen in steps:
        verdict = replace(_verdict(count, now), rule=replace(WEEKLY, kind=kind))
        if kind is RuleKind.SURGE and count >= 2:
            crossed = data.draw(st.booleans())
            verdict = replace(verdict, crossed=crossed, below=not crossed)
        if seen and state is not None:
            state = acknowledge(state, now)
        state, reason = decide_state(state, verdict, now, muted=silent)
        if reason is not None:
            assert not silent
            assert reason is Reason.CROSSED or reasons
            assert (reason, verdict.level) not in reasons
            reasons.append((reason, verdict.level))
        again, none = decide_state(
            state, verdict, now - timedelta(days=data.draw(st.integers(0, 9)))
        )
        assert silent or none is None
        assert silent or again == state
        if not silent and state.status is not Status.FIRING:
            assert not is_unfinished(state)
    assert len(reasons) <= 4 * 6

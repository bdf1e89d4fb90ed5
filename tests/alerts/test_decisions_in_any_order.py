"""Do decisions stay consistent in any order, under clocks that jump? A state machine tries it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from collector.alerts.counts import standing
from collector.alerts.lifecycle import Reason, Status, acknowledge, is_unfinished
from collector.alerts.rolling import episodes
from collector.alerts.rule_facts import gather_rule_facts
from collector.model import Grade, Landing, Rule
from collector.weeks import week_bounds, week_of
from tests.alerts.book import Book
from tests.support.touchdowns import FORTNIGHT, OPEN, OVDA, WATCH, WEEKLY, touchdown

HOUR = timedelta(hours=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _t(landing: Landing) -> datetime:
    return landing.detection.touchdown_at


START = _at("2026-09-28T00:00")
"""Five weeks with the end of summer time (25 October) among them."""


class Rounds(RuleBasedStateMachine):
    """Landings come, go, move and return in any order, under clocks that jump."""

    rule_: Rule

    @initialize(
        base=st.sampled_from([WEEKLY, FORTNIGHT, OPEN]),
        count=st.integers(1, 3),
        days=st.sampled_from([1, 3, 7, 14]),
    )
    def begin(self, base: Rule, count: int, days: int) -> None:
        self.rule_ = replace(base, count=count, days=None if base.days is None else days)
        self.book = Book(self.rule_)
        self.landings: dict[str, Landing] = {}
        self.now = START
        self.silent = False
        self.ever_silent = False
        self.ever_acknowledged = False

    def _change(self, before: Landing | None, after: Landing | None) -> None:
        if before is not None:
            self.landings.pop(before.id)
        if after is not None:
            self.landings[after.id] = after
        touched = [_t(each) for each in (before, after) if each is not None]
        self.book.judge(self.landings.values(), self.now, touched=touched, muted=self.silent)

    @rule(
        hours=st.integers(0, 35 * 24),
        airfield=st.sampled_from(["LLOV", "LLOV", "LLOV", None]),
        grade=st.sampled_from([Grade.CONFIRMED, Grade.PROBABLE, Grade.POSSIBLE]),
    )
    def found(self, hours: int, airfield: str | None, grade: Grade) -> None:
        at = START + hours * HOUR
        landing = touchdown(
            at,
            airfield,
            candidates=(("LLOV", 0.6), ("LLER", 0.3)),
            grade=grade,
            known_at=self.now,
            ordinal=len(self.landings),
        )
        self._change(self.landings.get(landing.id), landing)

    @precondition(lambda self: self.landings)
    @rule(data=st.data())
    def changed(self, data: st.DataObject) -> None:
        before = self.landings[data.draw(st.sampled_from(sorted(self.landings)))]
        what = data.draw(st.sampled_from(["retract", "restore", "move", "review", "settle"]))
        detection = before.detection
        if what == "move":
            shift = data.draw(st.integers(-120, 120)) * HOUR
            after = replace(before, detection=replace(detection, touchdown_at=_t(before) + shift))
        elif what == "settle":
            field = data.draw(st.sampled_from(["LLOV", "LLER"]))
            after = replace(before, detection=replace(detection, airfield=field))
        elif what == "review":
            verdict = data.draw(st.sampled_from(["confirmed", "rejected", None]))
            after = replace(before, review=verdict)
        else:
            after = replace(before, retracted=what == "retract")
        self._change(before, after)

    @rule(hours=st.integers(1, 300))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        self.book.judge(self.landings.values(), self.now, touched=[], muted=self.silent)

    @rule(hours=st.integers(1, 600))
    def replayed_under_an_earlier_clock(self, hours: int) -> None:
        if self.silent:
            return
        self._settle()
        notices = list(self.book.notices)
        self.book.judge(self.landings.values(), self.now - hours * HOUR)
        assert self.book.notices == notices

    @rule()
    def muted_or_not(self) -> None:
        self.silent = not self.silent
        self.ever_silent = True

    @precondition(lambda self: self.book.states)
    @rule(data=st.data())
    def acknowledged(self, data: st.DataObject) -> None:
        window = data.draw(st.sampled_from(sorted(self.book.states)))
        self.book.states[window] = acknowledge(self.book.states[window], self.now)
        self.ever_acknowledged = True

    def _settle(self) -> None:
        self.book.judge(self.landings.values(), self.now, muted=self.silent)

    @invariant()
    def nothing_is_told_twice(self) -> None:
        if hasattr(self, "book"):
            assert len(self.book.notices) == len(set(self.book.notices))
            for at, (window, reason, _) in enumerate(self.book.notices):
                if reason is not Reason.CROSSED:
                    assert any(
                        n[0] == window and n[1] is Reason.CROSSED for n in self.book.notices[:at]
                    )

    @invariant()
    def what_stands_is_known(self) -> None:
        if not hasattr(self, "book") or self.rule_.name == OPEN.name:
            return
        facts = gather_rule_facts(self.rule_, WATCH, self.landings.values(), {}, self.now)
        counted = [
            _t(each) for each in self.landings.values() if standing(each, WATCH, OVDA) is True
        ]
        if self.rule_.days is None:
            for key in {week_of(at, WATCH.zone) for at in counted} | set(self.book.states):
                begin, end = week_bounds(key, WATCH.zone)
                above = sum(begin <= at < end for at in counted) >= self.rule_.count
                assert (self.book.status(key) is not Status.OK) is above, key
        else:
            standing_ones = [s for s in self.book.states.values() if s.status is not Status.OK]
            for episode in episodes(facts):
                assert any(
                    state.begin < episode.closes_at and episode.opens_at < state.end
                    for state in standing_ones
                )
            for state in standing_ones:
                assert state.status is Status.RESOLVED or any(
                    state.window == other.window and state.level >= self.rule_.count
                    for other in standing_ones
                )

    @invariant()
    def judging_again_changes_nothing(self) -> None:
        if hasattr(self, "book") and not self.silent:
            self._settle()
            assert self.book.judge(self.landings.values(), self.now) == []
            if not self.ever_silent and not self.ever_acknowledged:
                assert all(
                    state.status is Status.FIRING or not is_unfinished(state)
                    for state in self.book.states.values()
                )


TestRounds = Rounds.TestCase
TestRounds.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)

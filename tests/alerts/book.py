"""A rule's stored states and given notices, as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collector.alerts.decisions import Decision, decide_windows
from collector.alerts.lifecycle import AlertState, Reason, Status
from collector.alerts.rule_facts import NO_SURGE
from collector.alerts.surge_facts import SurgeInput
from collector.model import Landing, Rule, Watch
from tests.support.touchdowns import WATCH


@dataclass
class Book:
    """The states of one rule, decided again and again, and what a store and an outbox would
    keep."""

    rule: Rule
    watch: Watch = WATCH
    coverage: Mapping[str, float] = field(default_factory=dict)
    surge: SurgeInput = NO_SURGE
    states: dict[str, AlertState] = field(default_factory=dict)
    notices: list[tuple[str, Reason, int]] = field(default_factory=list)
    """Window, reason, level, in order."""

    def judge(
        self,
        landings: Iterable[Landing],
        now: datetime,
        *,
        touched: Iterable[datetime] | None = None,
        muted: bool = False,
        judged_again: bool = False,
    ) -> list[Decision]:
        """Decide once; by default every landing counts as changed."""
        landings = list(landings)
        if touched is None:
            touched = [each.detection.touchdown_at for each in landings]
        decisions = decide_windows(
            self.rule,
            self.watch,
            landings,
            self.coverage,
            list(self.states.values()),
            touched=touched,
            now=now,
            muted=muted,
            judged_again=judged_again,
            surge=self.surge,
        )
        for decision in decisions:
            self.states[decision.state.window] = decision.state
            if decision.reason is not None:
                state = decision.state
                self.notices.append((state.window, decision.reason, state.level))
        return decisions

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The notices given, without their windows."""
        return [(reason.value, level) for _, reason, level in self.notices]

    def status(self, window: str) -> Status:
        """Return the status of a window."""
        return self.states[window].status if window in self.states else Status.OK

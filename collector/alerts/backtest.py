"""How often would a rule have fired, and on which landings? The live decisions are repeated over
the past.

Every touchdown and every end of a local day is decided as it is live, by `decide_windows`, from
what lies before it: later landings and the coverage of later time do not count. The past is taken
as it is known today. A landing that was found days late, upgraded, moved or rejected counts from
its touchdown on, as it stands now. So a backtest shows how a rule fits the place, not which mail
would have been sent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.alerts.counts import Count, count_landings, standing
from collector.alerts.decisions import decide_windows, landings_needed_from
from collector.alerts.lifecycle import AlertState, Reason, is_unfinished
from collector.alerts.rule_facts import NO_SURGE
from collector.alerts.surge_facts import SurgeInput
from collector.alerts.usual import TRAILING_WEEKS
from collector.alerts.verdict import Verdict
from collector.model import Landing, Rule, Watch
from collector.weeks import next_midnight

Shares = Callable[[datetime], Mapping[str, float]]
"""Coverage by week as it was at a given time; for the current week, that of the part gone by."""

YEAR = timedelta(days=365.25)


@dataclass(frozen=True, slots=True)
class Firing:
    """One window in which the rule would have fired."""

    fired_at: datetime
    """The touchdown at which the count crossed the rule."""
    verdict: Verdict
    """The verdict at the highest level: the count, its landings, and what was usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """One rule over one stretch of the past."""

    rule: Rule
    watch: str
    begin: datetime
    end: datetime
    count: Count
    """All landings of the stretch at the rule's place."""
    firings: tuple[Firing, ...]
    """The windows that crossed in the stretch, in order of time."""

    @property
    def years(self) -> float:
        """Length of the stretch in years, above 0."""
        return (self.end - self.begin) / YEAR

    @property
    def per_year(self) -> float:
        """Firings in a year of such a past."""
        return len(self.firings) / self.years


def backtest(
    rule: Rule,
    watch: Watch,
    landings: Iterable[Landing],
    shares: Shares,
    *,
    begin: datetime,
    end: datetime,
    surge: SurgeInput = NO_SURGE,
) -> Backtest:
    """Decide on every touchdown and midnight before `end`, and return what crossed from `begin` on.

    `landings` are the watch's, withdrawn ones too (they may be reviewed), in any order; a surge
    rule compares with those of the three years before `begin`, and needs `surge`. Raises
    ValueError if the stretch is empty.
    """
    if begin >= end:
        raise ValueError(f"no time between {begin} and {end}: give an earlier beginning")
    by_id = {each.id: each for each in landings if standing(each, watch, rule.place) is not None}
    order = sorted(by_id.values(), key=lambda each: (each.detection.touchdown_span[1], each.id))
    past = _Past(rule, watch, order, shares, surge)
    # States from before the beginning are needed: a window that was open then is not a new one.
    earliest = begin - timedelta(weeks=TRAILING_WEEKS)
    for touchdown in sorted({at for at in past.times if earliest <= at < end}):
        past.pass_time(touchdown)
        past.decide(touchdown, (touchdown,))
    return Backtest(
        rule=rule,
        watch=watch.name,
        begin=begin,
        end=end,
        count=count_landings(order, watch, rule.place, begin, end),
        firings=tuple(
            firing
            for firing in sorted(past.firings.values(), key=lambda each: each.fired_at)
            if firing.fired_at >= begin
        ),
    )


@dataclass
class _Past:
    """The rule's states on its way through time."""

    rule: Rule
    watch: Watch
    landings: list[Landing]
    """In order of their last possible touchdown."""
    shares: Shares
    surge: SurgeInput
    times: list[datetime] = field(init=False)
    firings: dict[str, Firing] = field(default_factory=dict)
    _states: dict[str, AlertState] = field(default_factory=dict)
    _now: datetime | None = None

    def __post_init__(self) -> None:
        self.times = [each.detection.touchdown_span[1] for each in self.landings]

    def pass_time(self, until: datetime) -> None:
        """Decide at the end of each local day before `until`, while time alone can change a
        state."""
        now = self._now
        while now is not None and any(is_unfinished(state) for state in self._states.values()):
            now = next_midnight(now, self.watch.zone)
            if now >= until:
                return
            self.decide(now, ())

    def decide(self, now: datetime, touched: tuple[datetime, ...]) -> None:
        """Decide at `now`, and keep the states."""
        self._now = now
        states = list(self._states.values())
        first = bisect_left(self.times, landings_needed_from(self.rule, states, touched, now))
        last = bisect_right(self.times, now)
        decisions = decide_windows(
            self.rule,
            self.watch,
            self.landings[first:last],
            self.shares(now),
            states,
            touched=touched,
            now=now,
            surge=self.surge,
        )
        for decision in decisions:
            key = decision.state.window
            self._states[key] = decision.state
            fired = self.firings.get(key)
            if decision.reason is Reason.CROSSED and fired is None:
                self.firings[key] = Firing(now, decision.verdict)
            elif fired and decision.verdict.crossed and decision.verdict.level > _level(fired):
                self.firings[key] = Firing(fired.fired_at, decision.verdict)


def _level(firing: Firing) -> int:
    return firing.verdict.level

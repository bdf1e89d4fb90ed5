"""Which facts does a rule compare? A watch's landings at a place, sorted once, and the usual count
there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.alerts.comparable import comparable_weeks
from collector.alerts.counts import Count, count_landings, standing
from collector.alerts.surge_facts import SurgeAlarm, SurgeInput, surge_alarms
from collector.alerts.usual import Baseline, Usual, baseline_before, exposure_weeks, usual_count
from collector.model import Landing, Rule, RuleKind, Watch
from collector.model.heard_week import HeardWeek
from collector.weeks import week_of

NO_SURGE = SurgeInput()
INSTANT = timedelta(microseconds=1)
"""The shortest time, which makes an inclusive end an exclusive one."""


@dataclass(slots=True)
class RuleFacts:
    """A rule's view of the landings. The fitted years are kept while it is used."""

    rule: Rule
    watch: Watch
    landings: tuple[Landing, ...]
    """The landings that count or could count at the rule's place, in order of touchdown."""
    unheard: tuple[Landing, ...]
    """Those of `landings` that nobody heard arrive."""
    coverage_by_week: Mapping[str, float]
    now: datetime
    times: list[datetime]
    """When each of `landings` had surely landed: its touchdown, or the last possible one if nobody
    heard it arrive."""
    surge: SurgeInput = NO_SURGE
    """What a surge needs besides; no other rule does."""
    _years: dict[str, Baseline] = field(default_factory=dict)
    _alarms: list[SurgeAlarm] | None = None

    def surge_alarms(self) -> list[SurgeAlarm]:
        """Return every landing with which a surge fires, in order; none if it abstains."""
        if self._alarms is None:
            p_below = self.surge.p_below
            self._alarms = []
            if p_below is not None:
                heard = self.surge.heard_by_week
                if heard is None:
                    heard = {key: HeardWeek(seen) for key, seen in self.coverage_by_week.items()}
                last = max((*self.times[-1:], self.now))
                weeks = comparable_weeks(
                    *(self.landings, self.watch, self.rule.place, heard),
                    last=week_of(last, self.watch.zone),
                )
                self._alarms = surge_alarms(self.rule, weeks, p_below)
        return self._alarms

    def count(self, begin: datetime, end: datetime) -> Count:
        """Return the count of landings with a touchdown in [begin, end)."""
        among = self.landings[bisect_left(self.times, begin) : bisect_left(self.times, end)]
        return count_landings((*among, *self.unheard), self.watch, self.rule.place, begin, end)

    def first_at(self, begin: datetime, end: datetime) -> datetime:
        """Return the first touchdown in [begin, end), for landings whose last possible one lies in
        it; `begin` if there are none."""
        among = self.landings[bisect_left(self.times, begin) : bisect_left(self.times, end)]
        first = min((each.detection.touchdown_span[0] for each in among), default=begin)
        return max(begin, first)

    def level(self, count: Count) -> int:
        """Return the number that the rule compares. Only a threshold leaves undetermined landings
        out."""
        return count.count if self.rule.kind is RuleKind.THRESHOLD else count.at_most

    def usual(self, begin: datetime, end: datetime, count: int) -> Usual:
        """Return how usual `count` landings in [begin, end) are."""
        key = week_of(begin, self.watch.zone)
        if key not in self._years:
            self._years[key] = baseline_before(
                self.landings, self.watch, self.rule.place, self.coverage_by_week, begin
            )
        exposure = exposure_weeks(self.coverage_by_week, self.watch.zone, begin, end, self.now)
        return usual_count(
            self._years[key],
            count,
            exposure,
            days=self.rule.days,
            min_covered_weeks=self.rule.min_covered_weeks,
        )

    def crosses(self, count: Count) -> bool:
        """Return whether this count crosses the rule, which is no surge: that has no count of its
        own."""
        return self.crosses_at(count.count, count.at_most)

    def crosses_at(self, counted: int, at_most: int) -> bool:
        """Return the same for bare numbers."""
        needed = max(1, self.rule.count)
        if self.rule.kind is RuleKind.UNDETERMINED:
            return counted < needed <= at_most
        return counted >= needed

    def below(self, count: Count) -> bool:
        """Return whether this count is below the rule. A surge that abstains says nothing."""
        if self.rule.kind is RuleKind.SURGE:
            return self.surge.p_below is not None
        return self.level(count) < max(1, self.rule.count)


def gather_rule_facts(
    rule: Rule,
    watch: Watch,
    landings: Iterable[Landing],
    coverage_by_week: Mapping[str, float],
    now: datetime,
    *,
    surge: SurgeInput = NO_SURGE,
) -> RuleFacts:
    """Return the facts that concern the rule. Order and repetition of `landings` do not matter."""
    mine = {each.id: each for each in landings if standing(each, watch, rule.place) is not None}
    order = sorted(mine.values(), key=lambda each: (each.detection.touchdown_span[1], each.id))
    times = [each.detection.touchdown_span[1] for each in order]
    unheard = tuple(each for each in order if each.detection.unheard is not None)
    return RuleFacts(rule, watch, tuple(order), unheard, coverage_by_week, now, times, surge)

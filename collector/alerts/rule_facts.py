"""Which facts does a rule compare? A watch's landings at a place, sorted once, and the usual count
there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.alerts.counts import Count, count_landings, standing
from collector.alerts.usual import Baseline, Usual, baseline_before, exposure_weeks, usual_count
from collector.model import Landing, Rule, RuleKind, Watch
from collector.weeks import week_of

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
    _years: dict[str, Baseline] = field(default_factory=dict)

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
        """Return the number that the rule compares."""
        return count.at_most if self.rule.kind is RuleKind.UNDETERMINED else count.count

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

    def crosses(self, count: Count, begin: datetime, end: datetime) -> bool:
        """Return whether this count in [begin, end) crosses the rule."""
        return self.crosses_at(count.count, count.at_most, begin, end)

    def crosses_at(self, counted: int, at_most: int, begin: datetime, end: datetime) -> bool:
        """Return the same for bare numbers."""
        reached = self._reaches(counted, begin, end)
        if self.rule.kind is RuleKind.UNDETERMINED:
            return not reached and self._reaches(at_most, begin, end)
        return reached

    def _reaches(self, landings: int, begin: datetime, end: datetime) -> bool:
        """Return whether so many landings are as many as the rule needs, and as improbable."""
        if landings < max(1, self.rule.count):
            return False
        if not self._is_surge:
            return True
        p = self.usual(begin, end, landings).p
        return p is not None and p < self.rule.p_below

    @property
    def _is_surge(self) -> bool:
        return RuleKind.SURGE in (self.rule.kind, self.rule.base)

    def below(self, count: Count, begin: datetime, end: datetime) -> bool:
        """Return whether this count is below the rule."""
        return not self._reaches(self.level(count), begin, end)

    def needed(self, count: Count, begin: datetime, end: datetime) -> int:
        """Return the least level at which the rule crosses; for a surge, up to the count itself."""
        needed = max(1, self.rule.count)
        if self._is_surge:
            while needed < self.level(count) and not self._reaches(needed, begin, end):
                needed += 1
        return needed


def gather_rule_facts(
    rule: Rule,
    watch: Watch,
    landings: Iterable[Landing],
    coverage_by_week: Mapping[str, float],
    now: datetime,
) -> RuleFacts:
    """Return the facts that concern the rule. Order and repetition of `landings` do not matter."""
    mine = {each.id: each for each in landings if standing(each, watch, rule.place) is not None}
    order = sorted(mine.values(), key=lambda each: (each.detection.touchdown_span[1], each.id))
    times = [each.detection.touchdown_span[1] for each in order]
    unheard = tuple(each for each in order if each.detection.unheard is not None)
    return RuleFacts(rule, watch, tuple(order), unheard, coverage_by_week, now, times)

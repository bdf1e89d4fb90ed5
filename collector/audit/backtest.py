"""How often would a rule have fired in the stored past? The landings and the coverage of that past
are read and given to `alerts.backtest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.alerts.backtest import Backtest, backtest
from collector.alerts.chance.rates import RuleChance
from collector.coverage.share import MARGIN
from collector.coverage.sight import Sight, sight_of
from collector.model import Rule, Watch
from collector.queries.chance import ChanceQuery
from collector.queries.coverage import CoverageQuery
from collector.queries.weeks import TRAILING
from collector.store import Store, coverage_slots, landings
from collector.weeks import week_bounds, week_of, weeks_between


@dataclass(frozen=True, slots=True)
class CoveredBacktest:
    """A backtest, and how much of its time could be seen."""

    result: Backtest
    sight: Sight
    chance: RuleChance
    """How often the rule fires by chance, by the weeks before the quarter of the end."""
    configured: bool
    """Whether the rule stands in the configuration as it was tested."""


def first_data_at(store: Store, watch: Watch) -> datetime | None:
    """Return the time of a watch's first landing or of the first coverage, if that is earlier.

    None if neither is stored. Raises StoreError.
    """
    found = landings.find(store, watch=watch.name, include_retracted=True)
    times = [landing.detection.touchdown_at for landing in found[:1]]
    covered_from = coverage_slots.first_slot_at(store)
    return min([*times, *([covered_from] if covered_from else [])], default=None)


def backtest_rules(
    store: Store,
    coverage: CoverageQuery,
    rules: Sequence[tuple[Watch, Rule]],
    begin: datetime | None,
    end: datetime,
) -> Iterator[CoveredBacktest]:
    """Test each rule on [begin, end).

    `begin` None means the time of the first data. A watch without data before `end` is left out.
    Raises StoreError.
    """
    for watch, rule in rules:
        first = begin or first_data_at(store, watch)
        if first is None or first >= end:
            continue
        since = first - 4 * TRAILING
        found = landings.find(store, begin=since, end=end, watch=watch.name, include_retracted=True)
        place_coverage = _PlaceCoverage(coverage, rule, watch)
        chances = ChanceQuery(store, coverage)
        chance = chances.of_rule(watch, rule, end)
        surge = chances.surge_input(watch, rule, since, end, chance)
        result = backtest(
            *(rule, watch, found, place_coverage.by_week), begin=first, end=end, surge=surge
        )
        yield CoveredBacktest(
            result, place_coverage.between(first, end), chance, rule in watch.rules
        )


@dataclass
class _PlaceCoverage:
    """The coverage of a rule's place. A finished week is computed once."""

    query: CoverageQuery
    rule: Rule
    watch: Watch
    _weeks: dict[str, Sight] = field(default_factory=dict)

    def by_week(self, now: datetime) -> dict[str, float]:
        """The share of each week that could be seen, as it was at `now`."""
        first = coverage_slots.first_slot_at(self.query.store)
        if first is None or first > now:
            return {}
        zone = self.watch.zone
        keys = weeks_between(week_of(max(first, now - TRAILING), zone), week_of(now, zone))
        return {key: self._week(key, now).seen for key in keys}

    def between(self, begin: datetime, end: datetime) -> Sight:
        """How much of [begin, end) could be seen."""
        covered = seen = timedelta()
        zone = self.watch.zone
        first = coverage_slots.first_slot_at(self.query.store)
        if first is not None and first < end:
            keys = weeks_between(week_of(max(first, begin), zone), week_of(end, zone))
            for key in keys:
                week = week_bounds(key, zone)
                part_of_week = max(begin, week[0]), min(end, week[1])
                if part_of_week == week:
                    part = self._week(key, end)
                elif part_of_week[0] < part_of_week[1]:
                    part = sight_of(self.query.between(self.rule.place, *part_of_week))
                else:
                    continue
                covered += (part_of_week[1] - part_of_week[0]) * part.coverage
                seen += (part_of_week[1] - part_of_week[0]) * part.seen
        return Sight(covered / (end - begin), seen / (end - begin))

    def _week(self, key: str, now: datetime) -> Sight:
        place, zone = self.rule.place, self.watch.zone
        if now < week_bounds(key, zone)[1] + MARGIN:
            return self.query.sight_of_week(place, zone, key, now)
        if key not in self._weeks:
            self._weeks[key] = self.query.sight_of_week(place, zone, key, now)
        return self._weeks[key]

"""How would rules have done in the stored past? Loads what `alerts.backtest` needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.alerts.backtest import Backtest, backtest
from collector.coverage.share import MARGIN
from collector.model import Rule, Watch
from collector.queries.coverage import CoverageQuery
from collector.queries.weeks import TRAILING
from collector.store import Store, coverage_slots, landings
from collector.weeks import week_bounds, week_of, weeks_between


@dataclass(frozen=True, slots=True)
class Tested:
    """A backtest, and how much of its time could be seen."""

    result: Backtest
    coverage: float
    """Share of the stretch in which a landing there would have been noticed, 0 … 1."""


def first_known(store: Store, watch: Watch) -> datetime | None:
    """Since when anything is known for a watch: its first landing or the first hearing.

    Raises StoreError.
    """
    found = landings.find(store, watch=watch.name, include_retracted=True)
    times = [each.detection.touchdown_at for each in found[:1]]
    listened = coverage_slots.first_slot_at(store)
    return min([*times, *([listened] if listened else [])], default=None)


def run(
    store: Store,
    visibility: CoverageQuery,
    asked: Sequence[tuple[Watch, Rule]],
    begin: datetime | None,
    end: datetime,
) -> Iterator[Tested]:
    """Each rule over [begin, end); without a beginning, since anything is known.

    A watch of which nothing is known by then is passed over. Raises StoreError.
    """
    for watch, rule in asked:
        first = begin or first_known(store, watch)
        if first is None or first >= end:
            continue
        found = landings.find(
            store, begin=first - 2 * TRAILING, end=end, watch=watch.name, include_retracted=True
        )
        seen = _Seen(visibility, rule, watch)
        result = backtest(rule, watch, found, seen.shares, begin=first, end=end)
        yield Tested(result, seen.share(first, end))


@dataclass
class _Seen:
    """How much could be seen at a rule's place; finished weeks are computed once."""

    visibility: CoverageQuery
    rule: Rule
    watch: Watch
    _weeks: dict[str, float] = field(default_factory=dict)

    def shares(self, now: datetime) -> dict[str, float]:
        """By week, as it was at `now`."""
        first = coverage_slots.first_slot_at(self.visibility.store)
        if first is None or first > now:
            return {}
        zone = self.watch.zone
        keys = weeks_between(week_of(max(first, now - TRAILING), zone), week_of(now, zone))
        return {key: self._week(key, now) for key in keys}

    def share(self, begin: datetime, end: datetime) -> float:
        """Of the whole stretch."""
        seen = timedelta()
        zone = self.watch.zone
        first = coverage_slots.first_slot_at(self.visibility.store)
        if first is not None and first < end:
            keys = weeks_between(week_of(max(first, begin), zone), week_of(end, zone))
            for key in keys:
                week = week_bounds(key, zone)
                inside = max(begin, week[0]), min(end, week[1])
                if inside == week:
                    seen += (week[1] - week[0]) * self._week(key, end)
                elif inside[0] < inside[1]:
                    of = self.visibility.between(self.rule.place, *inside)
                    seen += (inside[1] - inside[0]) * of.share
        return seen / (end - begin)

    def _week(self, key: str, now: datetime) -> float:
        place, zone = self.rule.place, self.watch.zone
        if now < week_bounds(key, zone)[1] + MARGIN:
            return self.visibility.of_week(place, zone, key, now)
        if key not in self._weeks:
            self._weeks[key] = self.visibility.of_week(place, zone, key, now)
        return self._weeks[key]

"""Does every finished week still read as it did? What does not is a correction in the next digest.

A regular job states each week once it is over, and compares it from then on with what every listing
says now. Whatever changed a number leaves a row: a landing, an archive that was read, a person, new
rules, or a watch whose configuration counts otherwise.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from collector.alerts.counts import count_landings
from collector.coverage.share import MARGIN
from collector.model import Watch
from collector.model.week_statement import WeekStatement
from collector.queries.weeks import WeekQuery
from collector.store import landings, meta, week_statements
from collector.weeks import previous_week, week_bounds, week_of, weeks_between

log = structlog.get_logger(__name__)

_Key = tuple[str, str]
"""A place, by its codes, and a week."""


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """Compares the finished weeks of every watch with what was said of them."""

    weeks: WeekQuery

    def compare(self, now: datetime) -> int:
        """Store what holds for finished weeks now, where that is new; return how many changed.

        A week of which nothing was stored before did not change. What years of coverage show is
        read outside of any transaction. Raises StoreError.
        """
        changed = 0
        for watch in self.weeks.watches:
            found = dict(self._found(watch, now))
            if self._reconfigured(watch) or self._new(watch, found):
                changed += self._store(watch, found, now)
        return changed

    def _store(self, watch: Watch, found: Mapping[_Key, WeekStatement], now: datetime) -> int:
        store = self.weeks.store
        with store.transaction():
            known = week_statements.last_statements(store, watch.name)
            new = self._new(watch, found)
            statements = {key: found[key] for key in new}
            if self._reconfigured(watch):
                meta.set_value(store, _meta_key(watch), what_counts(watch))
            else:  # it changed earlier, without an effect on these weeks: it is not the cause
                for key in statements.keys() & known.keys():
                    statements[key] = replace(found[key], counting=known[key].counting)
            week_statements.store_statements(
                store, watch.name, [(*key, each) for key, each in statements.items()], now
            )
        changed = [week for place, week in new if (place, week) in known]
        if changed:
            log.info(
                "finished weeks changed",
                watch=watch.name,
                weeks=len(changed),
                first=min(changed),
                last=max(changed),
            )
        return len(changed)

    def _reconfigured(self, watch: Watch) -> bool:
        """Return whether the watch counts by another configuration than at the last comparison."""
        return meta.get_value(self.weeks.store, _meta_key(watch)) != what_counts(watch)

    def _new(self, watch: Watch, found: Mapping[_Key, WeekStatement]) -> list[_Key]:
        known = week_statements.last_statements(self.weeks.store, watch.name)
        return [
            key
            for key, statement in found.items()
            if (before := known.get(key)) is None or statement.differs_from(before)
        ]

    def _found(self, watch: Watch, now: datetime) -> Iterator[tuple[_Key, WeekStatement]]:
        """Yield what holds now for each finished week at each place of a watch."""
        query, zone = self.weeks, watch.zone
        last = previous_week(week_of(now - MARGIN, zone))
        keys = weeks_between(query.coverage.first_week(zone, now), last)
        if not keys:
            return
        spans = {key: week_bounds(key, zone) for key in keys}
        found = landings.find(
            query.store,
            begin=spans[keys[0]][0],
            end=spans[keys[-1]][1],
            watch=watch.name,
            include_retracted=True,
            bare=True,
        )
        by_week = defaultdict(list)
        for landing in found:
            first, until = landing.detection.touchdown_span
            for key in weeks_between(week_of(first, zone), week_of(until, zone)):
                by_week[key].append(landing)
        counting = what_counts(watch)
        for key, (begin, end) in spans.items():
            for place in watch.places:
                count = count_landings(by_week.get(key, ()), watch, place, begin, end)
                sight = query.coverage.sight_of_week(place, zone, key, now)
                yield (
                    (place.name, key),
                    WeekStatement(
                        least=count.count,
                        most=count.at_most,
                        coverage=round(sight.coverage, 4),
                        seen=round(sight.seen, 4),
                        counting=counting,
                    ),
                )


def what_counts(watch: Watch) -> str:
    """Return a text that changes with whatever in a watch's configuration decides its counts."""
    deciding = replace(watch, places=(), rules=(), recipients=(), home=(), title="")
    return hashlib.sha256(repr(deciding).encode()).hexdigest()[:12]


def _meta_key(watch: Watch) -> str:
    return f"counting:{watch.name}"

"""Does every finished week still read as it did? What does not is a correction in the next digest.

A regular job states each week once it is over, and compares it from then on with what every listing
says now. Whatever changed a number leaves a row: a landing, an archive that was read, a person, new
rules, or a watch whose configuration counts otherwise. Where nothing was touched that the numbers
are made of, nothing is compared: with years of landings it would take seconds.
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
from collector.store import landings, meta, touched_days, week_statements
from collector.weeks import previous_week, week_bounds, week_of, weeks_between

log = structlog.get_logger(__name__)

_Key = tuple[str, str]
"""A place, by its codes, and a week."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What was compared, and by which state of the database."""

    weeks: tuple[tuple[str, str], ...]
    """The first and the last finished week of each watch."""
    touched: int
    """The number of the last change (`store/touched_days.py`) before the weeks were read."""


@dataclass(slots=True)
class WeekComparison:
    """Compares the finished weeks of every watch with what was said of them."""

    weeks: WeekQuery
    _compared: _Compared | None = None
    """Of this process alone: it compares once after its start, whatever others did before."""

    def compare(self, now: datetime) -> int:
        """Store what holds for finished weeks now, where that is new; return how many changed.

        A week of which nothing was stored before did not change. What years of coverage show is
        read outside of any transaction. Raises StoreError.
        """
        reached = self._reached(now)
        if self._is_compared(reached):
            return 0
        changed = 0
        for watch in self.weeks.watches:
            found = dict(self._found(watch, now))
            if self._reconfigured(watch) or self._new(watch, found):
                changed += self._store(watch, found, now)
        self._compared = reached
        return changed

    def _reached(self, now: datetime) -> _Compared:
        """Return what a comparison compares now. What changes from here on has a higher number."""
        touched = touched_days.last_number(self.weeks.store)
        return _Compared(tuple(self._span(watch, now) for watch in self.weeks.watches), touched)

    def _is_compared(self, reached: _Compared) -> bool:
        """Return whether nothing changed in these weeks since the last comparison.

        A landing of a week that is not over yet may change as often as it will.
        """
        before, watches = self._compared, self.weeks.watches
        if before is None or before.weeks != reached.weeks:
            return False
        ends = (
            week_bounds(last, watch.zone)[1]
            for watch, (_, last) in zip(watches, reached.weeks, strict=True)
        )
        until = max(ends, default=None)
        return until is None or not touched_days.touched_before(
            self.weeks.store, until, since=before.touched
        )

    def _span(self, watch: Watch, now: datetime) -> tuple[str, str]:
        """Return the first and the last finished week of a watch."""
        last = previous_week(week_of(now - MARGIN, watch.zone))
        return self.weeks.coverage.first_week(watch.zone, now), last

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
        keys = weeks_between(*self._span(watch, now))
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
                        landings=tuple(sorted(each.id for each in count.found)),
                    ),
                )


def what_counts(watch: Watch) -> str:
    """Return a text that changes with whatever in a watch's configuration decides its counts."""
    deciding = replace(watch, places=(), rules=(), recipients=(), home=(), title="")
    return hashlib.sha256(repr(deciding).encode()).hexdigest()[:12]


def _meta_key(watch: Watch) -> str:
    return f"counting:{watch.name}"

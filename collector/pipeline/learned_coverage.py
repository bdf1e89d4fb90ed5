"""Which coverage is usual in a week? The four weeks before the week's Monday (UTC) teach it.

A value is learned within the transaction of the landing that first needs it, and then kept. When an
archive adds reports of those four weeks, the value is deleted and the landings that rest on it are
derived again: the result does not depend on the order in which archives are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from collector.coverage.learned import DAYS, WEEK, Learned, learn, monday_of, version
from collector.model.coverage import CoverageSlot
from collector.pipeline.track_windows import COVERAGE_AFTER, COVERAGE_BEFORE
from collector.store import (
    Store,
    closed_time,
    coverage_slots,
    learned_coverage,
    rederivation_queue,
)
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

DAY = timedelta(days=1)
MAX_VALUES_HELD = 12
"""Number of values kept in memory; a track seldom spans more than two weeks."""


def invalidate_learned(store: Store, slots: Iterable[CoverageSlot]) -> None:
    """Delete the values that were learned from these slots, and queue their weeks to be derived.

    Closed weeks keep their values. Call it in the transaction that stores the slots of an archive.
    Raises StoreError.
    """
    days = {slot.begins_at.astimezone(UTC).date() for slot in slots}
    closed_until = closed_time.closed_until(store)
    mondays = sorted(
        monday
        for monday in {monday for day in days for monday in weeks_learning_from(day)}
        if closed_until is None or monday >= closed_until.date()
    )
    learned_coverage.delete_values(store, map(version, mondays))
    begins = (datetime.combine(monday, time(), UTC) for monday in mondays)
    rederivation_queue.queue_spans(
        store,
        (
            DueSpan(EVERY_AIRCRAFT, at - COVERAGE_AFTER, at + WEEK + COVERAGE_BEFORE)
            for at in begins
        ),
    )


def weeks_learning_from(day: date) -> list[date]:
    """Return the Mondays of the weeks whose values are learned from this day.

    >>> [monday.isoformat() for monday in weeks_learning_from(date(2026, 11, 15))]
    ['2026-11-16', '2026-11-23', '2026-11-30', '2026-12-07']
    """
    following = monday_of(datetime.combine(day, time(), UTC)) + WEEK
    return [following + number * WEEK for number in range(DAYS // WEEK.days)]


class CoverageLearner:
    """Gives the learned values of one store, and learns those that are missing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._values: dict[str, tuple[datetime | None, Learned]] = {}
        """By version, with the time at which each was stored: a value whose transaction was undone
        is learned again."""
        self._too_little: set[date] = set()
        """Mondays before which there is too little coverage to learn from, as far as this process
        knows."""
        self._elsewhere = store.changed_elsewhere()

    def invalidate_coverage(self, at: datetime) -> None:
        """Let the weeks after `at` be learned again if there was too little coverage for them."""
        if self._too_little:
            self._too_little = {monday for monday in self._too_little if monday <= monday_of(at)}

    def of_weeks(self, times: Iterable[datetime], now: datetime) -> list[Learned]:
        """Return the values of the weeks in which these times lie; some weeks have none.

        Learns the missing values and stores them, unless the store is read-only.
        Raises StoreError.
        """
        mondays = sorted({monday_of(at) for at in times})
        values = (self._of_week(monday, now) for monday in mondays)
        return [value for value in values if value is not None]

    def _of_week(self, monday: date, now: datetime) -> Learned | None:
        name = version(monday)
        made_at = learned_coverage.made_at(self._store, name)
        held = self._values.get(name)
        if held is not None and held[0] == made_at:
            return held[1]
        if made_at is not None:
            value = learned_coverage.get(self._store, name)
        else:
            value = self._learn(monday)
            if value is not None and not self._store.read_only:
                learned_coverage.store_value(self._store, value, now)
                made_at = now
        if value is not None:
            self._hold(value, made_at)
        return value

    def _learn(self, monday: date) -> Learned | None:
        elsewhere = self._store.changed_elsewhere()
        if elsewhere != self._elsewhere:  # perhaps by a backfill beside the daemon
            self._elsewhere = elsewhere
            self._too_little.clear()
        closed_until = closed_time.closed_until(self._store)
        if monday in self._too_little or (closed_until and monday < closed_until.date()):
            return None  # the slots of closed weeks are thinned and would teach something else
        first, last = monday - DAYS * DAY, monday - DAY
        value = learn(self._slots(first, last), first, last)
        if value is None:
            self._too_little.add(monday)
        return value

    def _slots(self, first: date, last: date) -> Iterator[CoverageSlot]:
        """Yield the slots day by day: four weeks of them at once would fill the memory."""
        for number in range((last - first).days + 1):
            begin = datetime.combine(first + number * DAY, time(), UTC)
            yield from coverage_slots.slots_between(self._store, begin, begin + DAY)

    def _hold(self, value: Learned, made_at: datetime | None) -> None:
        self._values[value.version] = (made_at, value)
        while len(self._values) > MAX_VALUES_HELD:
            del self._values[next(iter(self._values))]

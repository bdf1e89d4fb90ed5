"""What did earlier days teach about who is heard? The value of each week, made when first needed.

A value is learned from the four weeks before its Monday (UTC), within the transaction of the
landing that first asks for it, and kept. Once an archive tells more of those weeks it is
forgotten, and what rests on it is derived again: in whatever order archives are read, the end is
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from collector.coverage.learned import DAYS, WEEK, Learned, learn, monday_of, version
from collector.model.coverage import CoverageSlot
from collector.pipeline.windows import COVERAGE_AFTER, COVERAGE_BEFORE
from collector.store import Store, coverage_slots, learned_coverage, rederivation_queue
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

DAY = timedelta(days=1)
MAX_VALUES_HELD = 12
"""Values held in memory; a track seldom touches more than two weeks."""


def invalidate_learned(store: Store, slots: Iterable[CoverageSlot]) -> None:
    """An archive told these: the later weeks that learn from them are to be judged anew, by
    values made anew. Belongs into the transaction that stores them. Raises StoreError."""
    days = {slot.begins_at.astimezone(UTC).date() for slot in slots}
    mondays = sorted({monday for day in days for monday in weeks_learning_from(day)})
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
    """The Mondays of the weeks whose values look at this day.

    >>> [each.isoformat() for each in weeks_learning_from(date(2026, 11, 15))]
    ['2026-11-16', '2026-11-23', '2026-11-30', '2026-12-07']
    """
    following = monday_of(datetime.combine(day, time(), UTC)) + WEEK
    return [following + number * WEEK for number in range(DAYS // WEEK.days)]


class CoverageLearner:
    """The values of one store; the last ones are held in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._values: dict[str, tuple[datetime | None, Learned]] = {}
        """By version, with when each was stored: one that was rolled back is made again."""
        self._nothing: set[date] = set()
        """Mondays before which too little was heard, as far as this process knows."""
        self._elsewhere = store.changed_elsewhere()

    def invalidate_coverage(self, at: datetime) -> None:
        """A hearing of that time arrives: a later week may have something to learn after all."""
        if self._nothing:
            self._nothing = {monday for monday in self._nothing if monday <= monday_of(at)}

    def of_weeks(self, times: Iterable[datetime], now: datetime) -> list[Learned]:
        """What was known in the weeks that these times fall in, as far as there is anything.

        Makes what is missing; a store that is open for reading keeps nothing. Raises StoreError.
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
            value = self._learnt(monday)
            if value is not None and not self._store.read_only:
                learned_coverage.store_value(self._store, value, now)
                made_at = now
        if value is not None:
            self._remember(value, made_at)
        return value

    def _learnt(self, monday: date) -> Learned | None:
        elsewhere = self._store.changed_elsewhere()
        if elsewhere != self._elsewhere:  # perhaps a backfill, beside the daemon
            self._elsewhere = elsewhere
            self._nothing.clear()
        if monday in self._nothing:
            return None
        first, last = monday - DAYS * DAY, monday - DAY
        value = learn(self._slots(first, last), first, last)
        if value is None:
            self._nothing.add(monday)
        return value

    def _slots(self, first: date, last: date) -> Iterator[CoverageSlot]:
        """Day by day: four weeks of slots at once would fill the memory."""
        for number in range((last - first).days + 1):
            begin = datetime.combine(first + number * DAY, time(), UTC)
            yield from coverage_slots.slots_between(self._store, begin, begin + DAY)

    def _remember(self, value: Learned, made_at: datetime | None) -> None:
        self._values[value.version] = (made_at, value)
        while len(self._values) > MAX_VALUES_HELD:
            del self._values[next(iter(self._values))]

"""What is no longer needed of old time, and when? Strangers' reports, and most cells of its slots.

    close the time ─► day by day: delete strangers' reports, thin the slots

Time is closed first, so that nothing is derived from what is half pruned. It ends with a week, and
four weeks before its end stay whole: the first open week is judged by them. What a landing of a
watched aircraft rests on stays too, so that it is explained as before. Each day is a transaction of
its own: polls go on in between, and a run that is killed leaves the rest to the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from collector.coverage.learned import DAYS, monday_of
from collector.coverage.thinning import thinned
from collector.landings.rules import RULES_VERSION
from collector.model import Airfield
from collector.model.coverage import SLOT
from collector.store import (
    Store,
    closed_time,
    coverage_slots,
    judged,
    kept_spans,
    rederivation_queue,
)

LEARNED_FROM = timedelta(days=DAYS)


@dataclass(slots=True)
class PrunedRows:
    """What was pruned so far."""

    reports: int = 0
    slots: int = 0


@dataclass
class Pruning:
    """Closes and prunes old time, for one configuration and one store."""

    store: Store
    airfields: Sequence[Airfield]

    def waits_for(self) -> str | None:
        """Return what must be done before time may be closed, None if nothing.

        What is still to be derived would stay as it is for ever. Raises StoreError.
        """
        if rederivation_queue.next_span(self.store) is not None:
            return "a backfill was not finished: run it again"
        if judged.next_unjudged(self.store, RULES_VERSION) is not None:
            return "stored landings are still to be judged by new rules: run `collector db judge`"
        return None

    def close(self, older_than: timedelta, now: datetime) -> datetime:
        """Close every week that ended at least so long ago; return until when time is closed.

        Raises StoreError.
        """
        monday = monday_of(now - older_than)
        return closed_time.close(self.store, datetime.combine(monday, time(), UTC))

    def begin_again(self) -> None:
        """Prune from the first day again: an archive may have added to pruned time.

        Raises StoreError.
        """
        closed_time.mark_pruned(self.store, None)

    def prune_day(self, done: PrunedRows) -> bool:
        """Prune the next day of closed time, and add to `done`; return whether there was one.

        Raises StoreError.
        """
        with self.store.transaction():
            closed_until = closed_time.closed_until(self.store)
            if closed_until is None:
                return False
            day = closed_time.day_to_prune(self.store, closed_until - LEARNED_FROM)
            if day is None:
                return False
            done.reports += closed_time.delete_strangers(self.store, day.end)
            done.slots += self._thin(day.begin, day.end)
            closed_time.mark_pruned(self.store, day.end)
            return True

    def _thin(self, begin: datetime, end: datetime) -> int:
        kept = kept_spans.kept_spans(self.store, begin, end)
        found = (
            (slot, thinned(slot, self.airfields))
            for slot in coverage_slots.slots_between(self.store, begin, end)
            if not any(
                first < slot.begins_at + SLOT and slot.begins_at <= last for first, last in kept
            )
        )
        less = [thin for slot, thin in found if len(thin.cells) < len(slot.cells)]
        coverage_slots.replace_cells(self.store, less)
        return len(less)

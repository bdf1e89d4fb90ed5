"""Which landings follow from the reports that a backfill stored, and what do the rules say?

Landings are derived after everything is read, by the functions that polls use: once for many days
of an aircraft, not once a file. Each stretch is derived and marked as derived in one transaction.
The rules are evaluated at the end, so that no mail states a count that the next file corrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from collector.queries import followed
from collector.services import Services
from collector.store import (
    Store,
    aircraft,
    archive_units,
    closed_time,
    observations,
    rederivation_queue,
)
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

REPORTS_AT_ONCE = 5_000
"""Most reports derived in one transaction. It lasts about a second, and nothing else can write."""

MERGED_WITHIN = timedelta(hours=12)
"""Stretches of an aircraft closer together than this are derived as one: they share reports."""


class Progress(Protocol):
    """Something that shows progress: the number of steps, then the name of each that is done."""

    def steps(self, count: int) -> None: ...
    def __call__(self, shown: str) -> None: ...


class SilentProgress:
    """Progress that is not shown."""

    def steps(self, count: int) -> None:
        """Show nothing."""

    def __call__(self, shown: str) -> None:
        """Show nothing."""


def derive(services: Services, now: datetime, progress: Progress) -> int:
    """Derive everything that is due and evaluate the rules; return the number of changed landings.

    1. Merge what is due into stretches of single aircraft that lie apart.
    2. Derive stretch by stretch, each in a transaction of its own.
    3. Evaluate the rules for the changed landings; begin again if another process added something.
    4. Learn how long fleets stay, and derive the stops around the landings.

    Raises StoreError.
    """
    changes = 0
    while True:
        progress.steps(_normalise(services.store))
        while (
            due := rederivation_queue.next_span(services.store)
        ) is not None and due.icao24 != EVERY_AIRCRAFT:
            made, rest = _derive_one(services, due, now)
            changes += made
            if rest is None:
                progress(due.icao24)
        if _judge(services, now):
            changes += len(services.pipeline.derivation.learn_stays(now))
            services.stops.derive_all_due(now)
            return changes


def _derive_one(services: Services, due: DueSpan, now: datetime) -> tuple[int, DueSpan | None]:
    with services.store.transaction():
        reach = observations.nth_after(services.store, due.icao24, due.first_at, REPORTS_AT_ONCE)
        last = due.last_at if reach is None else min(reach, due.last_at)
        changes, window = services.pipeline.derivation.derive_one(
            due.icao24, due.first_at, last, now
        )
        rederivation_queue.store_touchdowns(
            services.store, services.alert_evaluator.touchdowns_by_watch(changes)
        )
        rest = observations.first_after(services.store, due.icao24, max(last, window.end))
        goes_on = rest is not None and rest <= due.last_at
        left = DueSpan(due.icao24, rest, due.last_at) if goes_on and rest is not None else None
        rederivation_queue.finish_span(services.store, due, left)
    return len(changes), left


def _judge(services: Services, now: datetime) -> bool:
    """Evaluate the rules for every changed landing, and mark the units that were read as finished.

    Return False, and change nothing, if another process has added something to be derived.
    """
    services.alert_evaluator.prepare_coverage(rederivation_queue.touchdowns(services.store), now)
    with services.store.transaction():
        if rederivation_queue.next_span(services.store) is not None:
            return False
        services.alert_evaluator.evaluate_touchdowns(
            rederivation_queue.touchdowns(services.store), now
        )
        rederivation_queue.clear_touchdowns(services.store)
        days = [
            datetime.combine(day, time(), UTC) for day in archive_units.days_read(services.store)
        ]
        followed.note_read(
            *(services.store, services.settings.watches),
            [(day, day + timedelta(days=1)) for day in days],
        )
        archive_units.finish_units(services.store, now)
    return True


def _normalise(store: Store) -> int:
    """Store what is due as stretches of single aircraft that lie apart; return their number."""
    with store.transaction():
        due = rederivation_queue.due_spans(store)
        everybody = [stretch for stretch in due if stretch.icao24 == EVERY_AIRCRAFT]
        single = [stretch for stretch in due if stretch.icao24 != EVERY_AIRCRAFT]
        merged = _merged([*single, *_of_everybody(store, _merged(everybody))])
        rederivation_queue.replace_spans(store, merged)
        return len(merged)


def _of_everybody(store: Store, spans: Sequence[DueSpan]) -> Iterator[DueSpan]:
    if not spans:
        return
    closed_until = closed_time.closed_until(store)
    for span in spans:
        begin = max(span.first_at, closed_until or span.first_at)
        for icao24 in aircraft.seen_between(store, begin, span.last_at):
            first = observations.first_after(store, icao24, begin)
            last = observations.last_before(store, icao24, span.last_at)
            if first is not None and last is not None and first <= last:
                yield DueSpan(icao24, first, last)


def _merged(due: Iterable[DueSpan]) -> list[DueSpan]:
    """Return the same stretches, those of an aircraft joined where they (nearly) overlap."""
    merged: list[DueSpan] = []
    for stretch in sorted(due):
        before = merged[-1] if merged else None
        if (
            before is not None
            and before.icao24 == stretch.icao24
            and stretch.first_at - before.last_at <= MERGED_WITHIN
        ):
            last = max(before.last_at, stretch.last_at)
            merged[-1] = DueSpan(stretch.icao24, before.first_at, last)
        else:
            merged.append(stretch)
    return merged

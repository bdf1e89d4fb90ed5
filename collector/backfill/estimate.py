"""How much is there to read, and how long will it take? Measured on the first units.

They go through the whole line into a database of their own that is thrown away: the operator's
is only looked at.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from collector.backfill import writer
from collector.backfill.batches import WorkPlan
from collector.backfill.derive import Unseen, derive
from collector.backfill.run import portions
from collector.backfill.search import Search
from collector.backfill.workers import InProcess, Workers
from collector.clock import Clock
from collector.services import build_services
from collector.settings import Settings
from collector.store import Store

MEASURED_S = 3.0
"""Units are read until so much time is gone; at least one batch is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backfill of some units would mean."""

    units: int
    known: int
    """Of them, how many are read already."""
    size_bytes: int
    """Of those that are not."""
    measured_bytes: int
    reading: timedelta
    """All of it, by one process."""
    writing: timedelta
    """Storing and deriving, which one process does whatever the number of readers."""

    def lasts(self, workers: int) -> timedelta:
        """How long it will take with so many readers. One that reads also writes."""
        if workers == 1:
            return self.reading + self.writing
        return max(self.reading / workers, self.writing)


def plan(settings: Settings, search: Search, order: WorkPlan, clock: Clock) -> Plan:
    """Read the first units to tell how long all of them take; changes nothing.

    Raises StoreError, OSError where there is no room for the throw-away database.
    """
    total = sum(unit.size_bytes for unit in order.due)
    measured, reading_s, writing_s = 0, 0.0, 0.0
    with (
        tempfile.TemporaryDirectory(prefix="collector-plan-") as folder,
        Store.open(Path(folder) / "plan.sqlite") as store,
    ):
        whole = build_services(_without_rules(settings), store)
        before = time.perf_counter()
        for portion in portions(search, order, Workers(InProcess(), 1), clock):
            between = time.perf_counter()
            writer.store(whole, search, portion)
            reading_s += between - before
            before = time.perf_counter()
            writing_s += before - between
            if portion.found[-1].rest is not None:
                continue
            measured += sum(unit.size_bytes for unit in portion.units)
            if reading_s + writing_s > MEASURED_S:
                break
        before = time.perf_counter()
        derive(whole, clock.now(), Unseen())
        writing_s += time.perf_counter() - before
    times = total / measured if measured else 0.0
    return Plan(
        units=len(order.due) + len(order.known),
        known=len(order.known),
        size_bytes=total,
        measured_bytes=measured,
        reading=timedelta(seconds=reading_s * times),
        writing=timedelta(seconds=writing_s * times),
    )


def _without_rules(settings: Settings) -> Settings:
    """Nobody is to be told of what a plan finds."""
    return replace(settings, watches=tuple(replace(watch, rules=()) for watch in settings.watches))

"""How much is there to read, and how long will it take? The first units are read to measure it.

They go through the whole pipeline into a temporary database. The operator's database is only read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta

from collector.backfill import writer
from collector.backfill.batches import WorkPlan
from collector.backfill.derive import SilentProgress, derive
from collector.backfill.run import read_portions
from collector.backfill.search import Search
from collector.backfill.workers import InProcess, Workers
from collector.clock import Clock
from collector.private import scratch_folder
from collector.services import build_services
from collector.settings import Settings
from collector.store import Store

MEASURING_S = 3.0
"""The measurement ends after this time; at least one batch is read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backfill of some units would take."""

    units: int
    read_before: int
    """How many of them have been read."""
    size_bytes: int
    """Size of the units that must be read."""
    measured_bytes: int
    """Size of the units that were read to measure the speed."""
    reading: timedelta
    """Time to read everything with one process."""
    writing: timedelta
    """Time to store and derive, which one process does for any number of readers."""

    def lasts(self, workers: int) -> timedelta:
        """Return how long the backfill takes with so many readers; a single one also writes."""
        if workers == 1:
            return self.reading + self.writing
        return max(self.reading / workers, self.writing)


def plan(settings: Settings, search: Search, order: WorkPlan, clock: Clock) -> Plan:
    """Read the first units and return how long all of them would take; change nothing.

    Raises StoreError, and NoScratchFolder if there is no place for the temporary database.
    """
    total = sum(unit.size_bytes for unit in order.due)
    measured, reading_s, writing_s = 0, 0.0, 0.0
    with (
        scratch_folder() as folder,
        Store.open(folder / "plan.sqlite") as store,
    ):
        whole = build_services(_without_rules(settings), store)
        before = time.perf_counter()
        for portion in read_portions(search, order, Workers(InProcess(), 1), clock):
            between = time.perf_counter()
            writer.store(whole, search, portion)
            reading_s += between - before
            before = time.perf_counter()
            writing_s += before - between
            if portion.found[-1].rest is not None:
                continue
            measured += sum(unit.size_bytes for unit in portion.units)
            if reading_s + writing_s > MEASURING_S:
                break
        before = time.perf_counter()
        derive(whole, clock.now(), SilentProgress())
        writing_s += time.perf_counter() - before
    times = total / measured if measured else 0.0
    return Plan(
        units=len(order.due) + len(order.read_before),
        read_before=len(order.read_before),
        size_bytes=total,
        measured_bytes=measured,
        reading=timedelta(seconds=reading_s * times),
        writing=timedelta(seconds=writing_s * times),
    )


def _without_rules(settings: Settings) -> Settings:
    """Return the settings without rules: a plan must not cause mails."""
    return replace(settings, watches=tuple(replace(watch, rules=()) for watch in settings.watches))

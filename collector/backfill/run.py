"""How does a backfill go, from paths to landings? Reading by workers, storing by one, deriving.

Killed at any moment and begun again it comes to the same end: what is read is known, what is due
is stored, and doing anything twice changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from collector.archives.traces import Skipped, Unit
from collector.backfill import writer
from collector.backfill.batches import WorkPlan, batches, plan_work
from collector.backfill.derive import Progress, derive
from collector.backfill.reader import Found, Task, read, rest
from collector.backfill.search import Search
from collector.backfill.workers import Workers
from collector.backfill.writer import Portion
from collector.clock import Clock
from collector.services import Services
from collector.store import archive_units, rederivation_queue


@dataclass(slots=True)
class Backfilled:
    """What a backfill went through."""

    units: int = 0
    known: int = 0
    """Units that the same search had read before."""
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Passed over by the search for any aircraft: unread."""
    reports: int = 0
    changes: int = 0
    skipped: int = 0
    """What could not be read, now and before."""
    places: list[str] = field(default_factory=list)
    """The units in which that was."""

    def take(self, unit: Unit, found: Found) -> None:
        """Count a portion of a unit that was read now."""
        self.units += found.rest is None
        self.traces += found.traces
        self.sampled += found.sampled
        self.passed += found.passed
        self.reports += found.reports
        self.skip(unit.name, len(found.skipped))

    def skip(self, place: str, count: int) -> None:
        """Count what could not be read there."""
        self.skipped += count
        if count and place not in self.places:
            self.places.append(place)


def read_all(
    services: Services,
    search: Search,
    units: Sequence[Unit],
    workers: Workers,
    clock: Clock,
    *,
    again: bool = False,
    report: Callable[[Skipped], None] = lambda _: None,
    progress: Progress,
) -> Backfilled:
    """Read and store what is not yet read of these units; `again`: all of them once more.

    Raises StoreError, BackfillError.
    """
    done = Backfilled()
    order = plan_work(units, services.store, search.fingerprint, again=again)
    for known in order.known:
        done.known += 1
        done.skip(known.name, known.skipped)
    progress.steps(len(order.due))
    for portion in portions(search, order, workers, clock):
        writer.store(services, search, portion)
        for unit, one in zip(portion.units, portion.found, strict=True):
            done.take(unit, one)
            for skipped in one.skipped:
                report(skipped)
            if one.rest is None:
                progress(unit.name)
    return done


def portions(search: Search, order: WorkPlan, workers: Workers, clock: Clock) -> Iterator[Portion]:
    """What the units that are due hold, in order, as the workers read it. Raises BackfillError."""
    begun: deque[datetime] = deque()

    def given() -> Iterator[Task]:
        for batch in batches(order.due, workers.count):
            begun.append(clock.now())
            yield Task(batch, begun[-1])

    earlier: Found | None = None
    for task, found in workers.map(partial(read, search), given(), rest):
        yield Portion(task.units, found, begun[0], order.afresh, earlier)
        if rest(task, found) is None:
            earlier = None
            begun.popleft()
        else:
            earlier = found[-1].after(earlier)


def derive_and_judge(
    services: Services, done: Backfilled, clock: Clock, progress: Progress
) -> None:
    """Derive what follows from what was read, now or by a run that was ended before it had.

    Raises StoreError.
    """
    if (
        archive_units.has_unfinished(services.store)
        or rederivation_queue.next_span(services.store) is not None
    ):
        done.changes += derive(services, clock.now(), progress)
    done.changes += len(services.pipeline.derivation.settle(clock.now()))
    services.alert_evaluator.evaluate(clock.now())

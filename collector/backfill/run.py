"""How do trace files become landings? Workers read them, one writer stores, then all is derived.

A backfill that was killed at any moment and is started again ends with the same result: the
database knows which units are read and what is still to be derived, and a repetition changes
nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from collector.archives.traces import Skipped, Unit
from collector.backfill import writer
from collector.backfill.batches import WorkPlan, batches, plan_work
from collector.backfill.catch_up import followed_by, units_to_read_again
from collector.backfill.derive import Progress, derive
from collector.backfill.reader import ReadTask, UnitContent, read, rest
from collector.backfill.sample import Sample
from collector.backfill.search import Search
from collector.backfill.workers import Workers
from collector.backfill.writer import ReadPortion
from collector.clock import Clock
from collector.services import Services
from collector.store import archive_units, followed, rederivation_queue


@dataclass(slots=True)
class BackfillResult:
    """What a backfill did."""

    units: int = 0
    read_before: int = 0
    """Units that the same search had read before."""
    traces: int = 0
    sampled: int = 0
    passed: int = 0
    """Traces that `--any-aircraft` passed over without reading them."""
    reports: int = 0
    changes: int = 0
    skipped: int = 0
    """Files and traces that could not be read, now or before."""
    places: list[str] = field(default_factory=list)
    """The units they were in."""

    def count(self, unit: Unit, found: UnitContent) -> None:
        """Add a portion of a unit that was read now."""
        self.units += found.rest is None
        self.traces += found.traces
        self.sampled += found.sampled
        self.passed += found.passed
        self.reports += found.reports
        self.count_skipped(unit.name, len(found.skipped))

    def count_skipped(self, place: str, count: int) -> None:
        """Add what could not be read at that place."""
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
) -> BackfillResult:
    """Read and store the units that were not read before; with `again`, all of them.

    Stored landings are judged by the present rules first, so that what new rules change is not
    taken for what the archive shows.

    Then read all units once more for aircraft that are followed only since they were read, so that
    any order of units ends the same. Raises StoreError, BackfillError.
    """
    while services.judging_again.judge_next(clock.now()):
        pass
    done = BackfillResult()
    search = _with_followed(services, search)
    own: dict[str, frozenset[str]] = {}
    order = plan_work(units, services.store, search.fingerprint, again=again)
    for unit_read in order.read_before:
        done.read_before += 1
        done.count_skipped(unit_read.name, unit_read.skipped)
    progress.steps(len(order.due))
    for portion in read_portions(search, order, workers, clock):
        writer.store(services, search, portion)
        for unit, content in zip(portion.units, portion.found, strict=True):
            done.count(unit, content)
            own[unit.key] = own.get(unit.key, frozenset()) | followed_by(content.matched)
            for skipped in content.skipped:
                report(skipped)
            if content.rest is None:
                progress(unit.name)
    if search.open_ended:
        search = replace(_with_followed(services, search), sample=Sample(0.0), visitors=None)
        late = units_to_read_again(services.store, units, own)
        tasks = [ReadTask((unit,), clock.now(), only=only) for unit, only in late]
        done.reports += _read_again(services, search, tasks, workers)
        keys = [unit.key for unit in units]
        archive_units.store_followed(services.store, keys, search.followed_number)
    return done


def _with_followed(services: Services, search: Search) -> Search:
    store = services.store
    with store.transaction():
        return replace(
            search,
            followed=followed.all_followed(store),
            followed_number=followed.last_number(store),
        )


def _read_again(
    services: Services, search: Search, tasks: Sequence[ReadTask], workers: Workers
) -> int:
    """Read units again for some followed aircraft each; return the number of reports."""
    reports = 0
    for task, found in workers.map(partial(read, search), tasks, rest):
        writer.store(services, search, ReadPortion(task.units, found, task.now_at, again=True))
        reports += sum(content.reports for content in found)
    return reports


def read_portions(
    search: Search, order: WorkPlan, workers: Workers, clock: Clock
) -> Iterator[ReadPortion]:
    """Yield what the due units hold, in order, as the workers read it. Raises BackfillError."""
    begun: deque[datetime] = deque()

    def given() -> Iterator[ReadTask]:
        for batch in batches(order.due, workers.count):
            begun.append(clock.now())
            yield ReadTask(batch, begun[-1])

    earlier: UnitContent | None = None
    for task, found in workers.map(partial(read, search), given(), rest):
        yield ReadPortion(task.units, found, begun[0], order.afresh, earlier)
        if rest(task, found) is None:
            earlier = None
            begun.popleft()
        else:
            earlier = found[-1].after(earlier)


def derive_and_judge(
    services: Services, done: BackfillResult, clock: Clock, progress: Progress
) -> None:
    """Derive landings from everything read, also by a run that ended early; evaluate the rules.

    Raises StoreError.
    """
    if (
        archive_units.has_unfinished(services.store)
        or rederivation_queue.next_span(services.store) is not None
    ):
        done.changes += derive(services, clock.now(), progress)
    done.changes += len(services.pipeline.derivation.settle(clock.now()))
    services.alert_evaluator.evaluate(clock.now())

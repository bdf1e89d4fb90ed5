"""How does what was read get into the database? The one writer's part. (step 3)

Small transactions, so that a running daemon is not kept waiting. A unit's last one says that the
unit is read; killed before that, it is read again, which changes nothing that is stored already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.archives.traces import Unit
from collector.backfill.reader import Found, Seen
from collector.backfill.search import Search
from collector.model.coverage import SLOT, CoverageSlot
from collector.pipeline import learned_coverage
from collector.pipeline.windows import COVERAGE_AFTER, COVERAGE_BEFORE
from collector.services import Services
from collector.store import archive_units, coverage_slots, observations, rederivation_queue
from collector.store.archive_units import UnitRead
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

ROWS = 4000
"""Reports a transaction: about half a second."""

KIND = "traces"


@dataclass(frozen=True, slots=True)
class Portion:
    """Some units that were read together."""

    units: Sequence[Unit]
    found: Sequence[Found]
    begun_at: datetime
    afresh: bool = False
    """What follows is to be derived anew, also where nothing that is stored changes."""
    earlier: Found | None = None
    """Of a single unit, what its earlier portions held."""


@dataclass(frozen=True, slots=True)
class _Step:
    unit: Unit
    found: Found
    seen: Sequence[Seen]
    last: bool


def store(services: Services, search: Search, portion: Portion) -> None:
    """Store what these units hold, and that they are read. Raises StoreError."""
    for steps in _transactions(portion.units, portion.found):
        with services.store.transaction():
            for step in steps:
                _take(services, search, step, portion)


def _transactions(units: Sequence[Unit], found: Sequence[Found]) -> Iterator[list[_Step]]:
    """The steps of one transaction each."""
    steps: list[_Step] = []
    rows = 0
    for unit, one in zip(units, found, strict=True):
        for begin in range(0, max(1, len(one.seen)), ROWS):
            seen = one.seen[begin : begin + ROWS]
            steps.append(_Step(unit, one, seen, last=begin + ROWS >= len(one.seen)))
            rows += len(seen)
            if rows >= ROWS:
                yield steps
                steps, rows = [], 0
    if steps:
        yield steps


def _take(services: Services, search: Search, step: _Step, portion: Portion) -> None:
    changed = observations.store_reports(services.store, step.seen)
    rederivation_queue.queue_spans(
        services.store, _due(step.seen, None if portion.afresh else changed)
    )
    if not step.last:
        return
    found = step.found
    joined = coverage_slots.merge_slots(services.store, found.slots)
    for slot in joined:
        services.pipeline.invalidate_coverage(slot.begins_at)
    learned_coverage.invalidate_learned(services.store, joined)
    rederivation_queue.queue_spans(
        services.store, _due_by_hearing(found.slots if portion.afresh else joined)
    )
    if found.rest is None:
        _note_read(services, search, step.unit, found.after(portion.earlier), portion.begun_at)


def _note_read(
    services: Services, search: Search, unit: Unit, found: Found, begun_at: datetime
) -> None:
    archive_units.store_unit(
        services.store,
        UnitRead(
            key=unit.key,
            kind=KIND,
            feed=search.feed,
            name=unit.name,
            fingerprint=search.fingerprint,
            begun_at=begun_at,
            size_bytes=unit.size_bytes,
            traces=found.traces,
            sampled=found.sampled,
            passed=found.passed,
            reports=found.reports,
            slots=len(found.slots),
            skipped=len(found.skipped),
            problem=str(found.skipped[0]) if found.skipped else None,
            days=found.days,
        ),
    )


def _due(seen: Sequence[Seen], changed: set[str] | None) -> Iterator[DueSpan]:
    """When the reports of each changed aircraft live; None: of each."""
    times: dict[str, list[datetime]] = {}
    for observation, _ in seen:
        if changed is None or observation.icao24 in changed:
            times.setdefault(observation.icao24, []).append(observation.at)
    for icao24, moments in times.items():
        yield DueSpan(icao24, min(moments), max(moments))


def _due_by_hearing(slots: Sequence[CoverageSlot]) -> Iterator[DueSpan]:
    """Silences are judged by who was heard around them."""
    if slots:
        first = min(slot.begins_at for slot in slots) - COVERAGE_AFTER
        last = max(slot.begins_at for slot in slots) + SLOT + COVERAGE_BEFORE
        yield DueSpan(EVERY_AIRCRAFT, first, last)

"""How does what the workers read get into the database? One writer stores it.

The transactions are small, so that a running daemon does not have to wait. The last transaction of
a unit marks the unit as read. If the command is killed before that, the unit is read again, which
changes nothing that is stored already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.archives.traces import Unit
from collector.backfill.reader import MatchedReport, UnitContent
from collector.backfill.search import Search
from collector.model.coverage import SLOT, CoverageSlot
from collector.pipeline import learned_coverage
from collector.pipeline.following import MatchedReports, store_followed
from collector.pipeline.track_windows import COVERAGE_AFTER, COVERAGE_BEFORE
from collector.services import Services
from collector.store import archive_units, coverage_slots, rederivation_queue
from collector.store.archive_units import UnitRead
from collector.store.closed_time import closed_until
from collector.store.rederivation_queue import EVERY_AIRCRAFT, DueSpan

REPORTS_PER_TRANSACTION = 4000
"""Reports in one transaction, which lasts about half a second."""

KIND = "traces"


@dataclass(frozen=True, slots=True)
class ReadPortion:
    """What one call of a worker read: some units, or a part of one."""

    units: Sequence[Unit]
    found: Sequence[UnitContent]
    begun_at: datetime
    afresh: bool = False
    """Whether to derive again everything that follows, even if no stored report changes."""
    earlier: UnitContent | None = None
    """What the earlier portions of a single unit held."""
    again: bool = False
    """Whether the unit was read before, and now for some followed aircraft only."""


@dataclass(frozen=True, slots=True)
class _Step:
    unit: Unit
    found: UnitContent
    matched: Sequence[MatchedReport]
    last: bool


def store(services: Services, search: Search, portion: ReadPortion) -> None:
    """Store what a portion holds, and mark its units as read. Raises StoreError.

    Each transaction

    1. adds reports, and queues the changed aircraft for derivation,
    2. with the last reports of a unit, merges its coverage, and invalidates what rests on it,
    3. with the last portion of a unit, marks the unit as read.
    """
    for steps in _transactions(portion.units, portion.found):
        with services.store.transaction():
            for step in steps:
                _store_step(services, search, step, portion)


def _transactions(units: Sequence[Unit], found: Sequence[UnitContent]) -> Iterator[list[_Step]]:
    """Yield lists of steps, each list for one transaction."""
    steps: list[_Step] = []
    rows = 0
    for unit, content in zip(units, found, strict=True):
        for begin in range(0, max(1, len(content.matched)), REPORTS_PER_TRANSACTION):
            matched = content.matched[begin : begin + REPORTS_PER_TRANSACTION]
            steps.append(
                _Step(
                    unit,
                    content,
                    matched,
                    last=begin + REPORTS_PER_TRANSACTION >= len(content.matched),
                )
            )
            rows += len(matched)
            if rows >= REPORTS_PER_TRANSACTION:
                yield steps
                steps, rows = [], 0
    if steps:
        yield steps


def _store_step(services: Services, search: Search, step: _Step, portion: ReadPortion) -> None:
    stored, changed = store_followed(services.store, step.matched)
    rederivation_queue.queue_spans(
        services.store,
        _due(stored, changed, afresh=portion.afresh, closed=closed_until(services.store)),
    )
    if not step.last:
        return
    found = step.found
    joined = coverage_slots.merge_slots(services.store, found.slots)
    for slot in joined:
        services.pipeline.invalidate_coverage(slot.begins_at)
    learned_coverage.invalidate_learned(services.store, joined)
    rederivation_queue.queue_spans(
        services.store, _due_by_coverage(found.slots if portion.afresh else joined)
    )
    if found.rest is None and not portion.again:
        _record_unit(services, search, step.unit, found.after(portion.earlier), portion.begun_at)


def _record_unit(
    services: Services, search: Search, unit: Unit, found: UnitContent, begun_at: datetime
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
            followed=search.followed_number,
        ),
    )


def _due(
    stored: MatchedReports, changed: set[str], *, afresh: bool, closed: datetime | None
) -> Iterator[DueSpan]:
    """Yield the time span of each changed aircraft's reports; if read afresh, of every aircraft.

    In closed time, only what changed is new.
    """
    times: dict[str, list[datetime]] = {}
    for observation, _ in stored:
        anew = afresh and (closed is None or observation.at >= closed)
        if anew or observation.icao24 in changed:
            times.setdefault(observation.icao24, []).append(observation.at)
    for icao24, moments in times.items():
        yield DueSpan(icao24, min(moments), max(moments))


def _due_by_coverage(slots: Sequence[CoverageSlot]) -> Iterator[DueSpan]:
    """Yield the time span in which silences are judged by this coverage."""
    if slots:
        first = min(slot.begins_at for slot in slots) - COVERAGE_AFTER
        last = max(slot.begins_at for slot in slots) + SLOT + COVERAGE_BEFORE
        yield DueSpan(EVERY_AIRCRAFT, first, last)

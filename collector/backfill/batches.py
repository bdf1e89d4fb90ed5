"""Which units of an archive must be read, and which of them go to a worker together?

A unit is not read again as long as its content, the search and the rules stay the same. A worker
gets several small units at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collector.archives.units import Kind, Skipped, Unit, trace_address
from collector.archives.units import units as units_in
from collector.store import Store, archive_units
from collector.store.archive_units import StoredUnit

BATCH_UNITS = 16
BATCH_BYTES = 1_000_000
"""Most compressed traces in a batch of several units; a larger unit is read in portions. If every
trace is wanted, that is some 40,000 reports or 30 MB, which wait in memory until they are stored.
"""
BATCHES_PER_WORKER = 4
"""If there are few units, each worker gets about this many batches, so that none is idle."""


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """Which of the units that were found must be read."""

    due: tuple[Unit, ...]
    """Units to be read, in order."""
    read_before: tuple[StoredUnit, ...]
    """Units that the same search has read, with the result."""
    afresh: bool = False
    """Whether some of `due` were read by another search. Then everything that follows from them is
    derived again, even if no stored report changes."""


def units_of(
    paths: Sequence[Path], wanted: Callable[[str], bool], report: Callable[[Skipped], None]
) -> list[Unit]:
    """Return the units of files and folders, without single traces whose address is not wanted."""
    found = []
    for unit in units_in(paths, report=report):
        icao24 = trace_address(unit.name) if unit.kind is Kind.FILE else None
        if icao24 is None or wanted(icao24):
            found.append(unit)
    return found


def plan_work(
    units: Iterable[Unit], store: Store | None, fingerprint: str, *, again: bool = False
) -> WorkPlan:
    """Return which of these units must be read; with `again`, all. Raises StoreError."""
    keys = {unit.key: unit for unit in units}
    before = archive_units.stored_units(store, keys) if store is not None else {}
    same = {
        key: unit for key, unit in before.items() if unit.fingerprint == fingerprint and not again
    }
    return WorkPlan(
        due=tuple(unit for key, unit in keys.items() if key not in same),
        read_before=tuple(same.values()),
        afresh=len(same) < len(before),
    )


def batches(units: Sequence[Unit], workers: int = 1) -> Iterator[tuple[Unit, ...]]:
    """Return the same units in the same order, in batches for workers."""
    at_most = min(BATCH_UNITS, max(1, len(units) // (workers * BATCHES_PER_WORKER)))
    batch: list[Unit] = []
    size_bytes = 0
    for unit in units:
        if batch and (len(batch) == at_most or size_bytes + unit.size_bytes > BATCH_BYTES):
            yield tuple(batch)
            batch, size_bytes = [], 0
        batch.append(unit)
        size_bytes += unit.size_bytes
    if batch:
        yield tuple(batch)

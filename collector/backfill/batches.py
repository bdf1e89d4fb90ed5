"""Which units of an archive are to be read, and which of them together? (step 1)

A unit that is done is not read again: not while its content, what is looked for and the rules
stay the same. Small units are given to workers by the armful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collector.archives.units import TRACE_NAME, Kind, Skipped, Unit
from collector.archives.units import units as units_in
from collector.store import Store, archive_units
from collector.store.archive_units import StoredUnit

BATCH_UNITS = 16
BATCH_BYTES = 1_000_000
"""Nor more than that of compressed traces at once, unless in one unit (which is read by the
portion): some 40,000 reports, 30 MB, should all be wanted. What is not yet stored waits in memory.
"""
BATCHES_EACH = 4
"""Of few units each worker is to get so many batches, so that all have their share."""


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """The units that were found."""

    due: tuple[Unit, ...]
    """To be read, in order."""
    known: tuple[StoredUnit, ...]
    """Read before by the same search, with what came of it."""
    afresh: bool = False
    """Some of the due were read before: what follows from them is to be derived anew, also where
    nothing that is stored changes."""


def units_of(
    paths: Sequence[Path], wanted: Callable[[str], bool], report: Callable[[Skipped], None]
) -> list[Unit]:
    """The units of files and folders, but for loose traces that nobody wants."""
    found = []
    for unit in units_in(paths, report=report):
        trace = TRACE_NAME.fullmatch(unit.name) if unit.kind is Kind.FILE else None
        if trace is None or wanted(trace[1].lower()):
            found.append(unit)
    return found


def plan_work(
    units: Iterable[Unit], store: Store | None, fingerprint: str, *, again: bool = False
) -> WorkPlan:
    """What is to be read of them. Raises StoreError."""
    keys = {unit.key: unit for unit in units}
    known = archive_units.stored_units(store, keys) if store is not None else {}
    same = {key: one for key, one in known.items() if one.fingerprint == fingerprint and not again}
    return WorkPlan(
        due=tuple(unit for key, unit in keys.items() if key not in same),
        known=tuple(same.values()),
        afresh=len(same) < len(known),
    )


def batches(units: Sequence[Unit], workers: int = 1) -> Iterator[tuple[Unit, ...]]:
    """The same units in the same order, by the armful."""
    at_most = min(BATCH_UNITS, max(1, len(units) // (workers * BATCHES_EACH)))
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

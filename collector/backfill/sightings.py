"""Which reported sightings are new, and how do they get into the database?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.model.sighting import Sighting, keyed
from collector.queries.published_record import ProblemReport, read_sightings
from collector.store import Store
from collector.store import sightings as stored_sightings


@dataclass(frozen=True, slots=True)
class SightingsRead:
    """What a backfill of sightings did."""

    files: int
    rows: int
    new: int
    changed: int
    forgotten: int
    problems: int


def take(
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    report: ProblemReport,
    instead: bool = False,
) -> SightingsRead:
    """Store the sightings of these files, or with `instead` make them all that is stored.

    With `instead` nothing is changed if anything could not be read. Raises StoreError.
    """
    problems: list[str] = []
    files = read_sightings(paths, problems.append, now=now)
    for problem in problems:
        report(problem)
    rows: dict[str, Sighting] = {}
    for _, numbered in files:
        rows |= keyed(one.row for one in numbered)
    total = sum(len(numbered) for _, numbered in files)
    if instead and problems:
        return SightingsRead(len(files), total, 0, 0, 0, len(problems))
    with store.transaction():
        forgotten = stored_sightings.forget(store) if instead else 0
        new, changed = stored_sightings.put(store, rows, now)
    return SightingsRead(len(files), total, new, changed, forgotten, len(problems))

"""How do reported sightings get into the database? Files are stored in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.model.sighting import Sighting, keyed
from collector.queries.published_record import (
    AS_WRITTEN,
    ListForm,
    ProblemReport,
    read_sightings,
)
from collector.store import Store
from collector.store import sightings as stored_sightings


@dataclass(frozen=True, slots=True)
class SightingsRead:
    """What a backfill of sightings read and changed."""

    files: int
    rows: int
    new: int
    changed: int
    forgotten: int
    problems: int


def store_sightings(
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    report: ProblemReport,
    instead: bool = False,
    form: ListForm = AS_WRITTEN,
) -> SightingsRead:
    """Store the sightings of these files; with `instead`, delete all others.

    `report` is called with a message for each row or file that cannot be used. With `instead`
    nothing changes if there is any. Raises StoreError.
    """
    problems: list[str] = []
    files = read_sightings(paths, problems.append, now=now, form=form)
    for problem in problems:
        report(problem)
    rows: dict[str, Sighting] = {}
    for _, numbered in files:
        rows |= keyed(line.row for line in numbered)
    total = sum(len(numbered) for _, numbered in files)
    if instead and problems:
        return SightingsRead(len(files), total, 0, 0, 0, len(problems))
    with store.transaction():
        forgotten = stored_sightings.delete_sightings(store) if instead else 0
        new, changed = stored_sightings.store_sightings(store, rows, now)
    return SightingsRead(len(files), total, new, changed, forgotten, len(problems))

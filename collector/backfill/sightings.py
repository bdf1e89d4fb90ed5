"""How do reported sightings get into the database? Files are stored in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.model.sighting import Sighting, keyed
from collector.published.csv_tables import NumberedRow
from collector.store import Store
from collector.store import sightings as stored_sightings

SightingFiles = Sequence[tuple[Path, Sequence[NumberedRow[Sighting]]]]
"""The rows of each file, as `published_record.read_sightings` gives them."""


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
    files: SightingFiles,
    *,
    now: datetime,
    problems: int,
    instead: bool = False,
) -> SightingsRead:
    """Store the sightings of these files; with `instead`, delete all others.

    `problems` is the number of rows and files that cannot be used. With `instead` nothing changes
    if there is any. Raises StoreError.
    """
    rows: dict[str, Sighting] = {}
    for _, numbered in files:
        rows |= keyed(line.row for line in numbered)
    total = sum(len(numbered) for _, numbered in files)
    if instead and problems:
        return SightingsRead(len(files), total, 0, 0, 0, problems)
    with store.transaction():
        forgotten = stored_sightings.delete_sightings(store) if instead else 0
        new, changed = stored_sightings.store_sightings(store, rows, now)
    return SightingsRead(len(files), total, new, changed, forgotten, problems)

"""Where does the published record come from? The shipped files, the store, files of one's own.

The shipped record (`config/history/`) is always part of a report: it needs no `backfill` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from collector.model.sighting import Sighting, keyed
from collector.published import csv_tables
from collector.published.csv_tables import Numbered
from collector.published.record import Record
from collector.resources import shipped_file
from collector.store import Store
from collector.store import sightings as stored_sightings

SIGHTINGS, COUNTS, FIGHTING = (
    "published_landings.csv",
    "published_counts.csv",
    "fighting.csv",
)
Report = Callable[[str], None]
"""Is told what could not be used, with file and line."""


def shipped_sightings() -> Path:
    """The file of dated landings that comes with the package."""
    return shipped_file("history", SIGHTINGS)


@cache
def shipped() -> Record:
    """The record that comes with the package. A test sees to it that every row can be read."""
    return Record(
        tuple(one.row for one in csv_tables.sightings(_shipped(SIGHTINGS), SIGHTINGS).rows),
        tuple(one.row for one in csv_tables.counts(_shipped(COUNTS), COUNTS).rows),
        tuple(one.row for one in csv_tables.fighting(_shipped(FIGHTING), FIGHTING).rows),
    )


def known(store: Store) -> Record:
    """The shipped record and the stored sightings, each once; what is stored goes before what is
    shipped. Raises StoreError."""
    record = shipped()
    rows = keyed(record.sightings) | stored_sightings.load(store)
    return replace(record, sightings=tuple(rows.values()))


def read(
    paths: Iterable[Path], report: Report, *, now: datetime
) -> list[tuple[Path, list[Numbered[Sighting]]]]:
    """The sightings of CSV files, and of all `.csv` in folders, by file.

    What cannot be read, or is yet to come, is reported and left out.
    """
    tomorrow = now.date() + timedelta(days=1)  # it may have begun where the writer is
    found = []
    for path in paths:
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
            try:
                text = file.read_text(encoding="utf-8-sig")
            except OSError as error:
                report(f"{file}: cannot be read: {error.strerror or error}")
                continue
            except UnicodeDecodeError as error:
                report(f"{file}: is not UTF-8 ({error.reason} at byte {error.start})")
                continue
            table = csv_tables.sightings(text, str(file))
            for problem in table.problems:
                report(problem)
            found.append((file, [one for one in table.rows if _begun(one, tomorrow, file, report)]))
    return found


def _begun(one: Numbered[Sighting], by: date, file: Path, report: Report) -> bool:
    """Whether its time has begun by that day; reported if not."""
    first = one.row.period.first
    if first is None or first <= by:
        return True
    report(f"{file}:{one.line}: {one.row.period.written} is yet to come")
    return False


def _shipped(name: str) -> str:
    return shipped_file("history", name).read_text(encoding="utf-8")

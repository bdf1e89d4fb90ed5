"""Where does the published record come from? It is read from the shipped files, from the store, and
from files of the operator.

The shipped record (`config/history/`) is part of every report and needs no `backfill` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from collector.model import Watch
from collector.model.sighting import Sighting, keyed
from collector.published import csv_tables, spreadsheets
from collector.published.csv_tables import NumberedRow
from collector.published.record import PublishedRecord
from collector.resources import shipped_file
from collector.store import Store
from collector.store import sightings as stored_sightings

SIGHTINGS, COUNTS, FIGHTING = (
    "published_landings.csv",
    "published_counts.csv",
    "fighting.csv",
)
ProblemReport = Callable[[str], None]
"""Called with each problem of a file: its name, the line and the reason."""


@dataclass(frozen=True, slots=True)
class ListForm:
    """What is known beforehand about lists of sightings that a spreadsheet may have saved."""

    encoding: str | None = None
    """The code page of files that are not in Unicode; None if nobody named it."""
    known: frozenset[str] = frozenset()
    """Addresses of watched aircraft, by which damaged addresses are told apart."""
    note: ProblemReport = lambda _: None
    """Called with each address that was read back, with file and line."""


AS_WRITTEN = ListForm()


def listed_addresses(watches: Iterable[Watch]) -> frozenset[str]:
    """Return the addresses that the watches' fleets and lines name."""
    return frozenset(
        icao24
        for watch in watches
        for icao24 in (*watch.icao24, *(aircraft.icao24 for aircraft in watch.fleet))
    )


def shipped_sightings() -> Path:
    """Return the path of the dated landings that come with the package."""
    return shipped_file("history", SIGHTINGS)


@cache
def shipped_record() -> PublishedRecord:
    """Return the record that comes with the package. A test proves that every row is readable."""
    return PublishedRecord(
        tuple(
            row.row for row in csv_tables.read_sightings(_shipped_text(SIGHTINGS), SIGHTINGS).rows
        ),
        tuple(row.row for row in csv_tables.read_counts(_shipped_text(COUNTS), COUNTS).rows),
        tuple(row.row for row in csv_tables.read_fighting(_shipped_text(FIGHTING), FIGHTING).rows),
    )


def whole_record(store: Store) -> PublishedRecord:
    """Return the shipped record with the stored sightings, each sighting once.

    A stored sighting replaces the shipped one. Raises StoreError.
    """
    record = shipped_record()
    rows = keyed(record.sightings) | stored_sightings.load(store)
    return replace(record, sightings=tuple(rows.values()))


def read_sightings(
    paths: Iterable[Path],
    report: ProblemReport,
    *,
    now: datetime,
    form: ListForm = AS_WRITTEN,
) -> list[tuple[Path, list[NumberedRow[Sighting]]]]:
    """Read the sightings of CSV files, and of all `.csv` files in folders, by file.

    Files may be as a spreadsheet saved them. Rows that cannot be read or lie in the future are
    reported and left out.
    """
    tomorrow = now.date() + timedelta(days=1)  # today may be tomorrow in the writer's time zone
    by_file = []
    for path in paths:
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        if not files:
            report(f"{path}: this folder holds no .csv file")
        for file in files:
            try:
                text = spreadsheets.decoded(file.read_bytes(), form.encoding)
            except OSError as error:
                report(f"{file}: cannot be read: {error.strerror or error}")
                continue
            except ValueError as error:
                report(f"{file}: {error}")
                continue
            table = csv_tables.read_sightings(text, str(file), form.known)
            for problem in table.problems:
                report(problem)
            for note in table.notes:
                form.note(note)
            rows = [row for row in table.rows if _has_begun(row, tomorrow, file, report)]
            by_file.append((file, rows))
    return by_file


def _has_begun(
    numbered: NumberedRow[Sighting], by: date, file: Path, report: ProblemReport
) -> bool:
    """Whether the period of the row has begun by that day; report the row if not."""
    period = numbered.row.period
    first = period.first
    if first is None or first <= by:
        return True
    report(f"{file}:{numbered.line}: {period.written} is in the future")
    return False


def _shipped_text(name: str) -> str:
    return shipped_file("history", name).read_text(encoding="utf-8")

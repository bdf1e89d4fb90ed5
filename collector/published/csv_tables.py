"""Which rows of a CSV file of the published record can be used? Every other row gives a problem
that names the file and the line.

A file with wrong columns is refused as a whole; a wrong row is refused alone. People write the
cells by hand, so no cell is trusted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from collector.model.sighting import Kind, Precision, Sighting, Unit, address, airfield_code, period
from collector.published.record import CountKind, Fighting, PublishedCount

T = TypeVar("T")
Cells = Mapping[str, str]

SIGHTING_REQUIRED = ("date", "unit", "source")
SIGHTING_OPTIONAL = (
    "kind",
    "precision",
    "direction",
    "airfield",
    "place",
    "icao24",
    "registration",
    "callsign",
    "operator",
    "counted",
    "confidence",
    "note",
)
COUNT_REQUIRED = ("period", "kind", "what", "source")
COUNT_OPTIONAL = (
    "said_period",
    "count",
    "said",
    "unit",
    "airfields",
    "operator",
    "lead",
    "confidence",
    "note",
)
FIGHTING_REQUIRED = ("period", "name", "source")
FIGHTING_OPTIONAL = ("tested", "confidence", "note")
LONGEST_CELL = 4000
"""Characters of a cell. A longer cell is not a note: the file is of another kind."""


@dataclass(frozen=True, slots=True)
class NumberedRow(Generic[T]):
    """A row and the number of the line on which it ends."""

    line: int
    row: T


@dataclass
class CsvTable(Generic[T]):
    """The usable rows of a file, and a problem with file and line for every other row."""

    rows: list[NumberedRow[T]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_sightings(text: str, name: str) -> CsvTable[Sighting]:
    """Read the sightings of a CSV file. `name` is the file's name, which the problems quote."""
    return _table(text, name, SIGHTING_REQUIRED, SIGHTING_OPTIONAL, _sighting)


def read_counts(text: str, name: str) -> CsvTable[PublishedCount]:
    """Read the published counts of a CSV file."""
    return _table(text, name, COUNT_REQUIRED, COUNT_OPTIONAL, _count)


def read_fighting(text: str, name: str) -> CsvTable[Fighting]:
    """Read the times of fighting of a CSV file."""
    return _table(text, name, FIGHTING_REQUIRED, FIGHTING_OPTIONAL, _fighting)


def _table(
    text: str,
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    row_of: Callable[[Cells], T],
) -> CsvTable[T]:
    table: CsvTable[T] = CsvTable()
    reader = csv.reader(io.StringIO(text, newline=""))
    lines = _lines(reader, name, table.problems)
    head = [cell.strip().lower() for cell in next(lines, [])]
    missing = [column for column in required if column not in head]
    unknown = [column or "(empty)" for column in head if column not in {*required, *optional}]
    twice = sorted({column for column in head if head.count(column) > 1})
    if missing or unknown or twice:
        wrong = [
            f"{what}: {', '.join(columns)}"
            for what, columns in (("missing", missing), ("unknown", unknown), ("twice", twice))
            if columns
        ]
        allowed = ", ".join((*required, *optional))
        table.problems.append(
            f"{name}:1: wrong columns ({'; '.join(wrong)}); the columns are {allowed}"
        )
        return table
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            table.rows.append(NumberedRow(reader.line_num, row_of(_cells(head, cells))))
        except ValueError as error:
            table.problems.append(f"{name}:{reader.line_num}: {error}")
    return table


def _lines(reader: Iterator[list[str]], name: str, problems: list[str]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = getattr(reader, "line_num", 0)
        problems.append(f"{name}:{line}: not CSV from here on: {error}")


def _cells(head: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(head):
        raise ValueError(f"{len(cells)} cells under {len(head)} columns")
    for column, cell in zip(head, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            raise ValueError(
                f"{column} has {len(cell):,} characters; at most {LONGEST_CELL:,} are allowed"
            )
    return {column: cell.strip() for column, cell in zip(head, cells, strict=True)}


def _sighting(cells: Cells) -> Sighting:
    kind = _one_of(Kind, cells, "kind", Kind.LANDING)
    when = period(_required_cell(cells, "date"))
    stated = _one_of(Precision, cells, "precision", when.precision)
    if stated is not when.precision:
        raise ValueError(
            f"precision is {stated.value}, but the date {when.written!r} has the precision "
            f"{when.precision.value}"
        )
    unit = _one_of(Unit, cells, "unit", None if kind is Kind.LANDING else Unit.LANDING)
    field_code = cells.get("airfield") or None
    if kind is Kind.LANDING and field_code is None:
        raise ValueError("a landing needs an airfield (ICAO code)")
    hexes = cells.get("icao24") or None
    return Sighting(
        kind=kind,
        period=when,
        unit=unit,
        direction=_word(cells, "direction", ("to", "from")),
        airfield=None if field_code is None else airfield_code(field_code),
        place=cells.get("place", ""),
        icao24=None if hexes is None else address(hexes),
        registration=cells.get("registration") or None,
        callsign=cells.get("callsign") or None,
        operator=cells.get("operator") or None,
        counted=kind is Kind.LANDING and _yes(cells, "counted", default=True),
        confidence=cells.get("confidence", ""),
        note=cells.get("note", ""),
        source=_required_cell(cells, "source"),
    )


def _count(cells: Cells) -> PublishedCount:
    kind = _one_of(CountKind, cells, "kind", None)
    numbered = kind not in {CountKind.RANK, CountKind.QUALITATIVE}
    if numbered and not cells.get("count", "").isdecimal():
        raise ValueError(f"count is {cells.get('count', '')!r}: it must be a whole number")
    return PublishedCount(
        period=period(_required_cell(cells, "period")),
        said_period=cells.get("said_period", ""),
        count=int(cells["count"]) if numbered else None,
        said=cells.get("said", ""),
        kind=kind,
        unit=_one_of(Unit, cells, "unit", None) if numbered else None,
        airfields=tuple(airfield_code(code) for code in cells.get("airfields", "").split()),
        operator=cells.get("operator") or None,
        lead=_yes(cells, "lead", default=False),
        what=_required_cell(cells, "what"),
        confidence=cells.get("confidence", ""),
        note=cells.get("note", ""),
        source=_required_cell(cells, "source"),
    )


def _fighting(cells: Cells) -> Fighting:
    return Fighting(
        period=period(_required_cell(cells, "period")),
        tested=_yes(cells, "tested", default=True),
        name=_required_cell(cells, "name"),
        confidence=cells.get("confidence", ""),
        note=cells.get("note", ""),
        source=_required_cell(cells, "source"),
    )


E = TypeVar("E", Kind, Unit, Precision, CountKind)


def _one_of(kinds: type[E], cells: Cells, column: str, default: E | None) -> E:
    value = cells.get(column, "").lower()
    if not value and default is not None:
        return default
    try:
        return kinds(value)
    except ValueError:
        names = ", ".join(kind.value for kind in kinds)
        raise ValueError(f"{column} is {value!r}: it must be one of {names}") from None


def _word(cells: Cells, column: str, words: tuple[str, ...]) -> str:
    value = cells.get(column, "").lower()
    if value and value not in words:
        raise ValueError(f"{column} is {value!r}: it must be {' or '.join(words)}, or empty")
    return value


def _yes(cells: Cells, column: str, *, default: bool) -> bool:
    answer = _word(cells, column, ("yes", "no"))
    return default if not answer else answer == "yes"


def _required_cell(cells: Cells, column: str) -> str:
    if not cells.get(column):
        raise ValueError(f"{column} is empty")
    return cells[column]

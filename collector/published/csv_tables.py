"""Which rows of a CSV file of the published record can be used? Every other row gives a problem
that names the file and the line.

A file with wrong columns is refused as a whole; a wrong row is refused alone. People write the
cells by hand, so no cell is trusted.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import Generic, TypeVar

from collector.model.sighting import Kind, Precision, Sighting, Unit, airfield_code, period
from collector.published import spreadsheets
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
    notes: list[str] = field(default_factory=list)
    """What a spreadsheet had changed and was read back, with file and line."""


def read_sightings(text: str, name: str, known: Collection[str] = ()) -> CsvTable[Sighting]:
    """Read the sightings of a CSV file. `name` is the file's name, which the problems quote.

    `known` are addresses of watched aircraft, by which a damaged address may be told.
    """
    mended: list[str] = []
    row_of = partial(_sighting, known, mended)
    return _table(text, name, SIGHTING_REQUIRED, SIGHTING_OPTIONAL, row_of, mended=mended)


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
    *,
    mended: list[str] | None = None,
) -> CsvTable[T]:
    """Return the rows. `row_of` adds to `mended` what it reads back in a row."""
    table: CsvTable[T] = CsvTable()
    mended = [] if mended is None else mended
    lines = _lines(text, name, required, table.problems)
    _, first = next(lines, (1, []))
    head = spreadsheets.head_of(first)
    if wrong := _wrong_columns(head, required, optional):
        allowed = ", ".join((*required, *optional))
        table.problems.append(f"{name}:1: wrong columns ({wrong}); the columns are {allowed}")
        return table
    for line, cells in lines:
        try:
            row = row_of(_cells(head, cells, required))
        except ValueError as error:
            table.problems.append(f"{name}:{line}: {error}")
        else:
            table.rows.append(NumberedRow(line, row))
            table.notes += [f"{name}:{line}: {note}" for note in mended]
        mended.clear()
    return table


def _wrong_columns(head: list[str], required: tuple[str, ...], optional: tuple[str, ...]) -> str:
    """Return what is wrong with the columns; empty if nothing is. A column may have no name."""
    columns = [column for column in head if column]
    found = (
        ("missing", [column for column in required if column not in columns]),
        ("unknown", [column for column in columns if column not in {*required, *optional}]),
        ("twice", sorted({column for column in columns if columns.count(column) > 1})),
    )
    wrong = "; ".join(f"{what}: {', '.join(names)}" for what, names in found if names)
    return wrong + spreadsheets.separators_hint(head) if wrong else ""


def _lines(
    text: str, name: str, required: tuple[str, ...], problems: list[str]
) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        for line, cells in spreadsheets.rows_of(text, required):
            yield line, cells
    except csv.Error as error:
        problems.append(f"{name}:{line + 1}: not CSV from here on: {error}")


def _cells(head: list[str], cells: list[str], required: tuple[str, ...]) -> dict[str, str]:
    """Return the cells by column. Spreadsheets add empty cells at the end and leave some out."""
    named = max(number for number, column in enumerate(head, 1) if column)
    filled = max(number for number, cell in enumerate(cells, 1) if cell.strip())
    left_out = [column for column in head[len(cells) : named] if column]
    if filled > len(head) or any(column in required for column in left_out):
        raise ValueError(f"{len(cells)} cells under {len(head)} columns")
    found = {}
    for column, cell in zip_longest(head, cells, fillvalue=""):
        if len(cell) > LONGEST_CELL:
            raise ValueError(
                f"{column} has {len(cell):,} characters; at most {LONGEST_CELL:,} are allowed"
            )
        if column:
            found[column] = cell.strip()
        elif cell.strip():
            raise ValueError(f"{cell.strip()!r} stands in a column without a name")
    return found


def _sighting(known: Collection[str], mended: list[str], cells: Cells) -> Sighting:
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
    icao24: str | None = None
    if cells.get("icao24"):
        found = spreadsheets.mended_address(cells["icao24"], known)
        if isinstance(found, spreadsheets.Mended):
            mended.append(found.note)
            found = found.icao24
        icao24 = found
    return Sighting(
        kind=kind,
        period=when,
        unit=unit,
        direction=_word(cells, "direction", ("to", "from")),
        airfield=None if field_code is None else airfield_code(field_code),
        place=cells.get("place", ""),
        icao24=icao24,
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

"""What stands in a CSV of the published record? Rows to use, and what is wrong with the others.

A file whose columns are wrong is refused as a whole, a row that is wrong alone; both with the
file's name and line. Cells are as people write them, and hostile.
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

SIGHTING_NEEDS = ("date", "unit", "source")
SIGHTING_MAY = (
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
COUNT_NEEDS = ("period", "kind", "what", "source")
COUNT_MAY = (
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
FIGHTING_NEEDS = ("period", "name", "source")
FIGHTING_MAY = ("tested", "confidence", "note")
LONGEST = 4000
"""Letters of a cell: more is no note any more, but a file that is something else."""


@dataclass(frozen=True, slots=True)
class Numbered(Generic[T]):
    """A row and the line of the file that it ends on."""

    line: int
    row: T


@dataclass
class Table(Generic[T]):
    """What could be used of a file, and what could not, each with file and line."""

    rows: list[Numbered[T]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def sightings(text: str, name: str) -> Table[Sighting]:
    """The sightings in a CSV; `name` is the file's, for what is wrong."""
    return _table(text, name, SIGHTING_NEEDS, SIGHTING_MAY, _sighting)


def counts(text: str, name: str) -> Table[PublishedCount]:
    """The published counts in a CSV."""
    return _table(text, name, COUNT_NEEDS, COUNT_MAY, _count)


def fighting(text: str, name: str) -> Table[Fighting]:
    """The times of fighting in a CSV."""
    return _table(text, name, FIGHTING_NEEDS, FIGHTING_MAY, _fighting)


def _table(
    text: str,
    name: str,
    needs: tuple[str, ...],
    may: tuple[str, ...],
    row_of: Callable[[Cells], T],
) -> Table[T]:
    table: Table[T] = Table()
    reader = csv.reader(io.StringIO(text, newline=""))
    lines = _lines(reader, name, table.problems)
    head = [cell.strip().lower() for cell in next(lines, [])]
    missing = [column for column in needs if column not in head]
    strange = [column or "(empty)" for column in head if column not in {*needs, *may}]
    twice = sorted({column for column in head if head.count(column) > 1})
    if missing or strange or twice:
        wrong = [
            f"{what}: {', '.join(columns)}"
            for what, columns in (("missing", missing), ("unknown", strange), ("twice", twice))
            if columns
        ]
        known = ", ".join((*needs, *may))
        table.problems.append(f"{name}:1: wrong columns ({'; '.join(wrong)}); known are {known}")
        return table
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            table.rows.append(Numbered(reader.line_num, row_of(_cells(head, cells))))
        except ValueError as error:
            table.problems.append(f"{name}:{reader.line_num}: {error}")
    return table


def _lines(reader: Iterator[list[str]], name: str, problems: list[str]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = getattr(reader, "line_num", 0)
        problems.append(f"{name}:{line}: no CSV from here on: {error}")


def _cells(head: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(head):
        raise ValueError(f"{len(cells)} cells under {len(head)} columns")
    for column, cell in zip(head, cells, strict=True):
        if len(cell) > LONGEST:
            raise ValueError(f"{column} has {len(cell):,} letters, at most {LONGEST:,} are taken")
    return {column: cell.strip() for column, cell in zip(head, cells, strict=True)}


def _sighting(cells: Cells) -> Sighting:
    kind = _one_of(Kind, cells, "kind", Kind.LANDING)
    when = period(_needed(cells, "date"))
    said = _one_of(Precision, cells, "precision", when.precision)
    if said is not when.precision:
        raise ValueError(
            f"precision is {said.value}, but that of {when.written!r} is {when.precision.value}"
        )
    unit = _one_of(Unit, cells, "unit", None if kind is Kind.LANDING else Unit.LANDING)
    field_code = cells.get("airfield") or None
    if kind is Kind.LANDING and field_code is None:
        raise ValueError("a landing needs its airfield (ICAO code)")
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
        source=_needed(cells, "source"),
    )


def _count(cells: Cells) -> PublishedCount:
    kind = _one_of(CountKind, cells, "kind", None)
    numbered = kind not in {CountKind.RANK, CountKind.QUALITATIVE}
    if numbered and not cells.get("count", "").isdecimal():
        raise ValueError(f"count is {cells.get('count', '')!r}: a whole number is needed")
    return PublishedCount(
        period=period(_needed(cells, "period")),
        said_period=cells.get("said_period", ""),
        count=int(cells["count"]) if numbered else None,
        said=cells.get("said", ""),
        kind=kind,
        unit=_one_of(Unit, cells, "unit", None) if numbered else None,
        airfields=tuple(airfield_code(code) for code in cells.get("airfields", "").split()),
        operator=cells.get("operator") or None,
        lead=_yes(cells, "lead", default=False),
        what=_needed(cells, "what"),
        confidence=cells.get("confidence", ""),
        note=cells.get("note", ""),
        source=_needed(cells, "source"),
    )


def _fighting(cells: Cells) -> Fighting:
    return Fighting(
        period=period(_needed(cells, "period")),
        tested=_yes(cells, "tested", default=True),
        name=_needed(cells, "name"),
        confidence=cells.get("confidence", ""),
        note=cells.get("note", ""),
        source=_needed(cells, "source"),
    )


E = TypeVar("E", Kind, Unit, Precision, CountKind)


def _one_of(kinds: type[E], cells: Cells, column: str, default: E | None) -> E:
    found = cells.get(column, "").lower()
    if not found and default is not None:
        return default
    try:
        return kinds(found)
    except ValueError:
        names = ", ".join(one.value for one in kinds)
        raise ValueError(f"{column} is {found!r}: one of {names} is needed") from None


def _word(cells: Cells, column: str, words: tuple[str, ...]) -> str:
    found = cells.get(column, "").lower()
    if found and found not in words:
        raise ValueError(f"{column} is {found!r}: {' or '.join(words)}, or empty")
    return found


def _yes(cells: Cells, column: str, *, default: bool) -> bool:
    found = _word(cells, column, ("yes", "no"))
    return default if not found else found == "yes"


def _needed(cells: Cells, column: str) -> str:
    if not cells.get(column):
        raise ValueError(f"{column} is empty")
    return cells[column]

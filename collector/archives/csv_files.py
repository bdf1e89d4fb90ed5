"""How is a CSV file of the past opened? As text, unpacked if need be, a line at a time."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from collector.errors import DecodeError
from collector.model.body import GZIP_MAGIC
from collector.untrusted import visible

LONGEST_LINE = 65_536
"""In characters; genuine lines have 300."""


def opened(path: Path) -> io.TextIOWrapper:
    """Open a CSV file as text, unpacked if it is gzipped. Raises DecodeError, OSError."""
    with path.open("rb") as raw:
        magic = raw.read(4)
    if magic == b"PAR1":
        raise DecodeError(f"{path}: this is a Parquet file: convert it to CSV first")
    # The wrapper closes what it wraps.
    binary = gzip.open(path) if magic[:2] == GZIP_MAGIC else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(cast(BinaryIO, binary), "utf-8-sig", "replace", newline="")


def lines_of(file: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """Yield the lines of a file. Raises DecodeError at one that is too long to be a CSV line."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise DecodeError(
                f"{path}: a line has more than {LONGEST_LINE} characters: this is no CSV file"
            )
        yield line


SEPARATORS = (",", ";", "\t")
"""Of the cells of a row. Spreadsheets write semicolons where numbers have a comma."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file by the names of its columns, which are read in any order, case and spacing."""

    names: tuple[str, ...]
    """In lower case."""
    separator: str
    above: int
    """How many lines were read for the names."""
    lines: Iterator[str]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is not blank, with the number of its last line. Raises csv.Error."""
        reader = csv.reader(self.lines, delimiter=self.separator)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield self.above + reader.line_num, cells

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells of a row by the names of their columns.

        Raises ValueError if there are fewer, or more that are not blank: a comma within a cell that
        is not in quotes shifts all that follow.
        """
        if len(cells) < len(self.names) or any(each.strip() for each in cells[len(self.names) :]):
            raise ValueError(f"{len(cells)} cells for {len(self.names)} columns")
        return dict(zip(self.names, map(str.strip, cells), strict=False))


def table_of(lines: Iterable[str], *kinds: Collection[str]) -> Table:
    """Return the table in these lines. The separator is the one by which its first row has all
    columns that one of the `kinds` of table needs; if none does, a comma.

    Blank lines above it, and the line `sep=;`, which Excel reads, are passed over. Raises
    DecodeError if the first row is not CSV, or has these columns and two of one name.
    """
    rest, above, head = iter(lines), 0, ""
    for head in rest:
        above += 1
        if head.strip() and not head.lower().startswith("sep="):
            break
    try:
        found = {each: _names(head, each) for each in SEPARATORS}
    except csv.Error as error:
        raise DecodeError(f"it is no CSV file: {error}") from error
    fits = [each for each in SEPARATORS if any(set(kind) <= set(found[each]) for kind in kinds)]
    separator = fits[0] if fits else ","
    names = found[separator]
    twice = next((name for name, number in Counter(names).items() if name and number > 1), "")
    if twice and fits:  # else the columns are others anyway
        raise DecodeError(
            f"it has two columns {visible(twice, 40)}, and nobody can tell which is meant"
        )
    return Table(names, separator, above, rest)


def _names(head: str, separator: str) -> tuple[str, ...]:
    row = next(csv.reader([head.removeprefix("\ufeff")], delimiter=separator), [])
    return tuple(name.strip().lower() for name in row)

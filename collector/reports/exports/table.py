"""What is an exported table? Its columns with their meaning, its rows, and where they come from.

Every format is written from these values, so that none says what another denies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from collector.model.terms import Terms
from collector.untrusted import visible

NOTICE = (
    "A landing is an aircraft that was received landing at an airfield, or that was inferred to "
    "have landed there. It does not show what was on board, for what purpose, who travelled, or "
    "who chartered the flight."
)
"""What every export says of a landing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` is a type of Frictionless Table Schema, or one of our own: `address` (24
    bits, hexadecimal), `key` (a landing's id), `instant` (UTC with milliseconds), `local` (a time
    by the clocks of the airfield)."""

    name: str
    kind: str
    meaning: str
    """One sentence, for the schema and for docs/exports.md."""
    one_of: tuple[str, ...] = ()
    """The only values that it may have; empty if any."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one export."""

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that together identify a row, in every export."""

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return [column.name for column in self.columns]


Row = dict[str, Any]
"""Values by column: text, number, bool, or None for what is not known or not said."""


@dataclass(frozen=True, slots=True)
class Export:
    """A table with its rows."""

    table: Table
    rows: Sequence[Row]
    origins: tuple[Terms, ...] = ()
    """The terms of everything that the rows rest on."""
    left_out: tuple[str, ...] = ()
    """What stays on the operator's own pages, and why, for the operator alone."""

    @property
    def size(self) -> str:
        """`1 row`, `1,204 rows`."""
        return f"{len(self.rows):,} {'row' if len(self.rows) == 1 else 'rows'}"


def all_origins(exports: Iterable[Export]) -> tuple[Terms, ...]:
    """Return the terms of several exports, each once, by attribution."""
    found = {origin for export in exports for origin in export.origins}
    return tuple(sorted(found, key=lambda each: (each.attribution, each.licence)))


def attribution_lines(origins: Iterable[Terms]) -> list[str]:
    """Return what must be printed beside the data: each source with its licence and notice."""
    lines = []
    for origin in origins:
        limit = f" (not to be passed on without consent: {origin.licence})"
        lines.append(f"{with_address(origin)}{'' if origin.redistributable else limit}.")
        lines += odbl_notice(origin)
    return [visible(line) for line in lines]


def with_address(origin: Terms) -> str:
    """Return whom a source names, with the address of its terms."""
    known = not origin.url or origin.url in origin.attribution
    return origin.attribution if known else f"{origin.attribution}, {origin.url}"


def odbl_notice(origin: Terms) -> list[str]:
    """Return the notice that the licence ODbL 1.0 asks for; nothing of any other licence."""
    if origin.licence != "ODbL 1.0":
        return []
    return [ODBL_NOTICE.format(name=origin.attribution.partition(",")[0])]


ODBL_NOTICE = (
    "Contains information from {name}, which is made available under the Open Database License "
    "(ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/."
)
"""The notice of ODbL 1.0, section 4.3, which also tells of the licence that 4.2 asks to keep."""

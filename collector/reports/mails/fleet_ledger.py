"""Where was each watched airframe? This module writes the fleet ledger for digest and terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from textwrap import fill
from typing import Any

from collector.landings.fleet_ledger import LedgerRow
from collector.reports import formatting
from collector.reports.rendering import TEXT_WIDTH
from collector.reports.tables import WIDTH, table
from collector.untrusted import visible

LARGEST_BOUND = 3
"""The largest upper bound, in landings a week, that people are shown: a larger one only says again
that aircraft were rarely heard. JSON has every bound."""

MOST_NAMED = 3
"""Airfields of a watch that each line names."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One airframe's week in words."""

    aircraft: str
    last_proven: str
    longest_unaccounted: str
    landings: int
    bound: str
    """How many more landings there was time for at most; empty where that says nothing."""
    counted: bool
    was_heard: bool


def ledger_lines(rows: Sequence[LedgerRow], zone: str) -> list[LedgerLine]:
    """Return `rows` in words, with times local to `zone`; counted ones first, then heard ones."""
    return [_line(row, zone) for row in _ordered(rows)]


def _ordered(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    return sorted(rows, key=lambda row: (not row.counted, row.last_proven_at is None, row.icao24))


def _line(row: LedgerRow, zone: str) -> LedgerLine:
    if row.last_proven_at is None:
        last_proven = "not heard at all"
    else:
        where = row.last_proven_where or "at an unknown place"
        last_proven = f"{where} on {formatting.moment(row.last_proven_at, zone)}"
    return LedgerLine(
        aircraft=_aircraft(row),
        last_proven=last_proven,
        longest_unaccounted=f"{formatting.duration(row.longest_unaccounted)} from "
        f"{formatting.moment(row.longest_unaccounted_from, zone)}",
        landings=row.landings,
        bound=_bound(row, "with time for "),
        counted=row.counted,
        was_heard=row.last_proven_at is not None,
    )


def _bound(row: LedgerRow, before: str = "") -> str:
    """Return how many more landings there was time for; empty where that says nothing."""
    more = row.could_have_landed
    return f"{before}at most {more} more" if more <= LARGEST_BOUND else ""


def _aircraft(row: LedgerRow) -> str:
    codes = ", ".join(code for code in (row.type_code, row.icao24) if code)
    return f"{row.registration or 'unknown registration'} ({codes})"


def _landings(count: int, qualifier: str = "") -> str:
    return f"{count} {qualifier}{'landing' if count == 1 else 'landings'}"


def landings_where(airfields: Sequence[str]) -> str:
    """Return what the number of landings in a line is of; `airfields` are those of the watch, by
    code or by name.

    >>> landings_where(["Ovda"]), landings_where(["A", "B", "C", "D"])
    ('Landings known or possible at Ovda', 'Landings known or possible at the watched airfields')
    """
    named = " or ".join(airfields) if len(airfields) <= MOST_NAMED else "the watched airfields"
    return f"Landings known or possible at {named}"


def silent_aircraft(rows: Sequence[LedgerRow]) -> str:
    """Return how many counted airframes were not heard at all; empty if each was heard."""
    counted = [row for row in rows if row.counted]
    silent = sum(row.last_proven_at is None for row in counted)
    if not silent:
        return ""
    if silent < len(counted):
        were = "was" if silent == 1 else "were"
        return f"{silent} of {len(counted)} counted aircraft {were} not heard at all in this week."
    which = "The one" if silent == 1 else f"None of the {silent}"
    was = "was not heard" if silent == 1 else "was heard"
    return (
        f"{which} counted aircraft {was} at all in this week, so unheard landings are not ruled "
        "out."
    )


def upper_bound(rows: Sequence[LedgerRow]) -> str:
    """Return how many landings may have gone unheard at most; empty where that says nothing."""
    counted = [row for row in rows if row.counted]
    could = sum(row.could_have_landed for row in counted)
    if not counted or could > LARGEST_BOUND:
        return ""
    if could == 0:
        return "No counted aircraft was unaccounted for long enough to have landed unseen."
    return (
        "While the counted aircraft were not heard, they had time for at most "
        f"{_landings(could, 'more ')}."
    )


def unheard(rows: Sequence[LedgerRow]) -> str:
    """Return the counted airframes that were not heard at all; empty if there are none."""
    names = [_aircraft(row) for row in rows if row.counted and row.last_proven_at is None]
    if not names:
        return ""
    return f"Not heard at all: {'; '.join(names)}."


def followed(rows: Sequence[LedgerRow]) -> str:
    """Return how many airframes are followed but not counted; empty if there are none."""
    shown = [row for row in rows if not row.counted]
    if not shown:
        return ""
    proven = sum(row.last_proven_at is not None for row in shown)
    return f"Also followed, but not counted: {len(shown)} aircraft, {proven} of them heard."


def ledger_notes(rows: Sequence[LedgerRow]) -> list[str]:
    """Return the sentences below the ledger: the unheard, the bound, and who is not counted."""
    return [note for note in (unheard(rows), upper_bound(rows), followed(rows)) if note]


def ledger_json(row: LedgerRow) -> dict[str, Any]:
    """Return one row of `ledger --json`; durations are in seconds."""
    last = row.last_proven_at
    return {
        "icao24": row.icao24,
        "registration": row.registration,
        "type": row.type_code,
        "last_proven_at": None if last is None else formatting.iso_z(last),
        "last_proven_where": row.last_proven_where,
        "longest_unaccounted_from": formatting.iso_z(row.longest_unaccounted_from),
        "longest_unaccounted_until": formatting.iso_z(row.longest_unaccounted_until),
        "longest_unaccounted_s": round(row.longest_unaccounted.total_seconds()),
        "counted": row.counted,
        "landings": row.landings,
        "could_have_landed": row.could_have_landed,
    }


def ledger_table(rows: Sequence[LedgerRow], width: int = WIDTH) -> str:
    """Return `rows` for a terminal that is `width` columns wide, with times in UTC.

    Each airframe that was heard has a line; sentences below sum up the others. How many more
    landings there was time for stands only where it is few; if it is so nowhere, nor is the column.
    """
    proven = [row for row in _ordered(rows) if row.last_proven_at is not None]
    head = ("AIRCRAFT", "LAST PROVEN (UTC)", "WHERE", "LONGEST UNHEARD", "LANDINGS", "TIME FOR")
    cells = [_cells(row) for row in proven]
    columns = len(head) if any(each[-1] for each in cells) else len(head) - 1
    lines = [each[:columns] for each in cells]
    shown = table(head[:columns], lines, width=width) if lines else ""
    notes = [note for note in (silent_aircraft(rows), *ledger_notes(rows)) if note]
    return "\n".join(
        [
            shown,
            *(fill(visible(note), TEXT_WIDTH, break_on_hyphens=False) + "\n" for note in notes),
        ]
    ).lstrip("\n")


def _cells(row: LedgerRow) -> list[str]:
    last = row.last_proven_at
    begins = f"{row.longest_unaccounted_from.astimezone(UTC):%Y-%m-%d %H:%M}"
    return [
        _aircraft(row),
        "-" if last is None else f"{last.astimezone(UTC):%Y-%m-%d %H:%M}",
        row.last_proven_where or "at an unknown place",
        f"{formatting.duration(row.longest_unaccounted)} from {begins}",
        str(row.landings),
        _bound(row) if row.counted else "not counted",
    ]

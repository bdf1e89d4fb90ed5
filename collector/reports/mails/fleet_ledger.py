"""Where was each watched airframe, in words? The fleet ledger for the digest and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from textwrap import fill
from typing import Any

from collector.landings.fleet_ledger import LedgerRow
from collector.reports import formatting
from collector.reports.rendering import TEXT_WIDTH
from collector.reports.tables import table
from collector.untrusted import visible


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One airframe's week in words."""

    aircraft: str
    proven: str
    unaccounted: str
    landings: int
    could: int
    counted: bool
    heard: bool


def ledger_lines(rows: Sequence[LedgerRow], zone: str) -> list[LedgerLine]:
    """`rows` in words, times local to `zone` and in UTC; counted ones first, then heard ones."""
    return [_line(row, zone) for row in _ordered(rows)]


def _ordered(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    return sorted(rows, key=lambda row: (not row.counted, row.last_proven_at is None, row.icao24))


def _line(row: LedgerRow, zone: str) -> LedgerLine:
    if row.last_proven_at is None:
        proven = "not heard at all"
    else:
        where = row.last_proven_where or "place unknown"
        proven = f"{where}, {formatting.moment(row.last_proven_at, zone)}"
    return LedgerLine(
        aircraft=_aircraft(row),
        proven=proven,
        unaccounted=f"{formatting.duration(row.longest_unaccounted)} from "
        f"{formatting.moment(row.longest_unaccounted_from, zone)}",
        landings=row.landings,
        could=row.could_have_landed,
        counted=row.counted,
        heard=row.last_proven_at is not None,
    )


def _aircraft(row: LedgerRow) -> str:
    known = ", ".join(one for one in (row.type_code, row.icao24) if one)
    return f"{row.registration or 'unknown registration'} ({known})"


def upper_bound(rows: Sequence[LedgerRow]) -> str:
    """What "none seen" can mean at most, in one sentence; empty if no airframe is counted."""
    counted = [row for row in rows if row.counted]
    if not counted:
        return ""
    could = sum(row.could_have_landed for row in counted)
    if could == 0:
        return "No airframe was unaccounted for long enough to have landed unseen."
    more = "landing" if could == 1 else "landings"
    unheard = [row for row in counted if row.last_proven_at is None]
    if not unheard:
        return (
            f"The times in which nobody heard them leave room for at most {could} more {more}, by "
            "time alone."
        )
    theirs = sum(row.could_have_landed for row in unheard)
    return (
        f"Not heard at all: {len(unheard)} of {len(counted)} airframes; landings that nobody heard "
        f"are not ruled out. By time alone there is room for at most {could} more, {theirs} of "
        "them by these."
    )


def silent(rows: Sequence[LedgerRow]) -> str:
    """The counted airframes that nobody heard, in one sentence; empty if there are none."""
    names = [
        f"{_aircraft(row)}, {row.could_have_landed}"
        for row in rows
        if row.counted and row.last_proven_at is None
    ]
    if not names:
        return ""
    return f"Not heard at all, and for how many landings there was time: {'; '.join(names)}."


def followed(rows: Sequence[LedgerRow]) -> str:
    """The airframes that are only shown, in one sentence; empty if there are none."""
    shown = [row for row in rows if not row.counted]
    if not shown:
        return ""
    heard = sum(row.last_proven_at is not None for row in shown)
    return f"Followed besides, not counted: {len(shown)} airframes, {heard} of them heard."


def ledger_json(row: LedgerRow) -> dict[str, Any]:
    """One row of `ledger --json`; durations in seconds."""
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


def ledger_table(rows: Sequence[LedgerRow]) -> str:
    """`rows` for a terminal: a line for each airframe that was heard, times in UTC, and the others
    in sentences."""
    heard = [row for row in _ordered(rows) if row.last_proven_at is not None]
    head = ("AIRCRAFT", "LAST PROVEN (UTC)", "WHERE", "LONGEST UNHEARD", "LANDINGS", "ROOM FOR")
    shown = table(head, [_cells(row) for row in heard]) if heard else ""
    besides = [said for said in (upper_bound(rows), silent(rows), followed(rows)) if said]
    return "\n".join(
        [
            shown,
            *(fill(visible(said), TEXT_WIDTH, break_on_hyphens=False) + "\n" for said in besides),
        ]
    ).lstrip("\n")


def _cells(row: LedgerRow) -> list[str]:
    last = row.last_proven_at
    begins = f"{row.longest_unaccounted_from.astimezone(UTC):%Y-%m-%d %H:%M}"
    return [
        _aircraft(row),
        "-" if last is None else f"{last.astimezone(UTC):%Y-%m-%d %H:%M}",
        row.last_proven_where or "place unknown",
        f"{formatting.duration(row.longest_unaccounted)} from {begins}",
        str(row.landings),
        f"{row.could_have_landed} more" if row.counted else "not counted",
    ]

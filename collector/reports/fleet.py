"""Where was each watched airframe, in words? The fleet ledger for the digest and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from collector.landings.ledger import LedgerRow
from collector.reports import wording
from collector.reports.listing import table


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
    ordered = sorted(
        rows, key=lambda row: (not row.counted, row.last_proven_at is None, row.icao24)
    )
    return [_line(row, zone) for row in ordered]


def _line(row: LedgerRow, zone: str) -> LedgerLine:
    if row.last_proven_at is None:
        proven = "not heard at all"
    else:
        where = row.last_proven_where or "place unknown"
        proven = f"{where}, {wording.moment(row.last_proven_at, zone)}"
    return LedgerLine(
        aircraft=_aircraft(row),
        proven=proven,
        unaccounted=f"{wording.duration(row.longest_unaccounted)} from "
        f"{wording.moment(row.longest_unaccounted_from, zone)}",
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
    unheard = sum(row.last_proven_at is None for row in counted)
    said = f"At most {could} more would fit into times in which nobody heard the aircraft"
    return f"{said} ({unheard} of {len(counted)} airframes were not heard at all)."


def silent(rows: Sequence[LedgerRow]) -> str:
    """The counted airframes that nobody heard, in one sentence; empty if there are none."""
    names = [
        f"{_aircraft(row)}, unseen at most {row.could_have_landed}"
        for row in rows
        if row.counted and row.last_proven_at is None
    ]
    return f"Not heard at all: {'; '.join(names)}." if names else ""


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
        "last_proven_at": None if last is None else wording.iso_z(last),
        "last_proven_where": row.last_proven_where,
        "longest_unaccounted_from": wording.iso_z(row.longest_unaccounted_from),
        "longest_unaccounted_until": wording.iso_z(row.longest_unaccounted_until),
        "longest_unaccounted_s": round(row.longest_unaccounted.total_seconds()),
        "counted": row.counted,
        "landings": row.landings,
        "could_have_landed": row.could_have_landed,
    }


def ledger_table(rows: Sequence[LedgerRow], zone: str) -> str:
    """`rows` for a terminal."""
    cells = [
        [line.aircraft, line.proven, line.unaccounted, str(line.landings), _could(line)]
        for line in ledger_lines(rows, zone)
    ]
    head = ("AIRCRAFT", "LAST PROVEN", "LONGEST UNACCOUNTED", "LANDINGS", "COULD BE MORE")
    return table(head, cells)


def _could(line: LedgerLine) -> str:
    return str(line.could) if line.counted else "not counted"

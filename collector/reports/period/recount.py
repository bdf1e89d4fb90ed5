"""How is a recount shown? As rows for machines, as a table for people, and as a line of totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.model.sighting import Sighting
from collector.published.verdicts import RowVerdict, rows_by_outcome
from collector.reports.tables import table
from collector.untrusted import visible


def recount_row(line: int, row: Sighting, verdict: RowVerdict) -> dict[str, Any]:
    """Return one row of `recount --json`; `coverage` is 0 … 1, or null if the days are unknown."""
    landing = verdict.landing
    return {
        "line": line,
        "kind": row.kind.value,
        "date": row.period.written,
        "precision": row.period.precision.value,
        "unit": row.unit.value,
        "airfield": row.airfield,
        "icao24": row.icao24,
        "registration": row.registration,
        "callsign": row.callsign,
        "operator": row.operator,
        "counted": row.counted,
        "verdict": verdict.outcome.value,
        "landing": landing.id if landing else None,
        "why": verdict.why,
        "alibi": verdict.alibi,
        "seen": verdict.other_reports,
        "coverage": None if verdict.coverage is None else round(verdict.coverage, 4),
        "confidence": row.confidence,
        "note": row.note,
        "source": row.source,
    }


def recount_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a table for a terminal, and below it where else airframes were
    reported."""
    head = ("LINE", "DATE", "AT", "AIRCRAFT", "UNIT", "VERDICT", "LANDING", "WHY")
    cells = [
        [
            str(row["line"]),
            row["date"],
            row["airfield"] or "–",
            row["registration"] or row["icao24"] or row["callsign"] or row["operator"] or "–",
            row["unit"] if row["kind"] == "landing" else "–",
            row["verdict"],
            row["landing"] or "–",
            row["why"],
        ]
        for row in rows
    ]
    elsewhere = [
        f"Line {row['line']}, {label}: {visible(row[name])}\n"
        for row in rows
        for name, label in (("alibi", "alibi"), ("seen", "reported the same day"))
        if row[name]
    ]
    return table(head, cells) + ("\n" if elsewhere else "") + "".join(elsewhere)


def totals(verdicts: Sequence[RowVerdict]) -> str:
    """Return the totals: `20 rows: 4 matched, 1 contradicted, …`."""
    parts = [
        f"{number} {outcome.value}"
        for outcome, number in rows_by_outcome(verdicts).items()
        if number
    ]
    return f"{len(verdicts)} {'row' if len(verdicts) == 1 else 'rows'}: {', '.join(parts)}"

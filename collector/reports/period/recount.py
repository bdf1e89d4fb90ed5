"""How is a recount told? Rows for machines, a table for people, and a line that sums up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.model.sighting import Sighting
from collector.published.verdicts import Verdict, counted
from collector.reports.tables import table
from collector.untrusted import visible


def recount_row(line: int, row: Sighting, verdict: Verdict) -> dict[str, Any]:
    """One row of `recount --json`; `coverage` is a share of 0 … 1, null where no days are known."""
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
        "verdict": verdict.found.value,
        "landing": landing.id if landing else None,
        "why": verdict.why,
        "alibi": verdict.alibi,
        "seen": verdict.seen,
        "coverage": None if verdict.coverage is None else round(verdict.coverage, 4),
        "confidence": row.confidence,
        "note": row.note,
        "source": row.source,
    }


def recount_table(rows: Sequence[dict[str, Any]]) -> str:
    """`recount_row`s for a terminal, and below it where airframes were instead."""
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
    besides = [
        f"Line {row['line']}, {what}: {visible(row[name])}\n"
        for row in rows
        for name, what in (("alibi", "alibi"), ("seen", "reported the same day"))
        if row[name]
    ]
    return table(head, cells) + ("\n" if besides else "") + "".join(besides)


def totals(verdicts: Sequence[Verdict]) -> str:
    """`20 rows: 4 matched, 1 contradicted, …`."""
    parts = [f"{number} {found.value}" for found, number in counted(verdicts).items() if number]
    return f"{len(verdicts)} {'row' if len(verdicts) == 1 else 'rows'}: {', '.join(parts)}"

"""Which unlisted visitors landed? `--json` prints them as rows, a terminal as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

from collector.model import Landing, Watch, WatchMatch
from collector.reports.json_rows import landing_row
from collector.reports.stops import code_names
from collector.reports.tables import NO_NAMES, WIDTH, candidates_cell, table, touchdown_cell
from collector.watches.visitors import VISITORS


def visitor_row(landing: Landing, zone: str) -> dict[str, Any]:
    """Return one row of `visitors --json`: the fields of `landings --json`, never counted.

    `watch` and `title` are null; the week is that of `zone`.
    """
    match = next(
        (match for match in landing.watches if match.watch == VISITORS),
        WatchMatch(VISITORS, "", counted=False),
    )
    no_watch = Watch(name=VISITORS, places=(), zone=zone)
    return landing_row(landing, match, no_watch) | {"watch": None, "title": None}


def visitors_table(
    rows: Sequence[dict[str, Any]], width: int = WIDTH, *, names: Mapping[str, str] = NO_NAMES
) -> str:
    """Return `visitor_row`s as a table; `BECAUSE` is the reason why a visitor is followed.

    `names` are those of airfields by code, which stand below.
    """
    head = ("ID", "AIRCRAFT", "AIRFIELD", "TOUCHDOWN (UTC)", "GRADE")
    listed = table((*head, "BECAUSE"), [_cells(row) for row in rows], width=width)
    shown = {row["airfield"] for row in rows} | {code for row in rows for code in row["candidates"]}
    legend = code_names({code: names[code] for code in shown if code in names})
    return f"{listed}\n{fill(legend, width)}\n" if legend else listed


def _cells(row: dict[str, Any]) -> list[str]:
    names = (row["registration"] or row["icao24"], row["type"], row["callsign"])
    grade = "withdrawn" if row["retracted"] else row["grade"]
    return [
        row["id"],
        " ".join(filter(None, names)),
        row["airfield"] or candidates_cell(row),
        touchdown_cell(row),
        f"{grade}, {row['review']}" if row["review"] else grade,
        row["matched_by"],
    ]

"""What do the commands list? This module builds rows for `--json` and tables for terminals.

The fields of `landings --json` and `weeks --json` are a contract: fields may be added, but none is
ever renamed. Since version 0.3 `count` and `at_most` of a week may be null.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby, zip_longest
from typing import Any

from collector.alerts.counts import standing
from collector.coverage.archived import ArchivedWeek
from collector.coverage.sight import SeenCount, Sight
from collector.model import Landing, Watch, WatchMatch
from collector.model.review import CONFIRMED, Review
from collector.reports import seen
from collector.reports.formatting import iso_z, percent, touchdown_time
from collector.untrusted import visible
from collector.weeks import week_of

WIDTH = 80
"""Columns of a terminal as programs find it, and of a listing that goes into a file or a pipe."""

_FOLDS = re.compile(r" (?!(?:s|min|h|d)\b)")
"""A cell may be folded at a space, but not between a number and its unit."""

_RUN = 3
"""Weeks; so many that say the same are one line."""

_CELL_LONGEST = 120
"""Characters. Whole keys and times fit; long text from an aircraft or a server is cut."""


def landing_rows(landing: Landing, watches: Sequence[Watch]) -> list[dict[str, Any]]:
    """Return a row of `landings --json` for each watch that names the aircraft, in their order."""
    by_name = {watch.name: watch for watch in watches}
    return [
        landing_row(landing, match, by_name[match.watch])
        for match in landing.watches
        if match.watch in by_name
    ]


def landing_row(landing: Landing, match: WatchMatch, watch: Watch) -> dict[str, Any]:
    """Return one landing as a row of one watch; the week is that of the watch's zone.

    `counted` says whether the landing counts at one of the watch's places: a landing that is
    undetermined between LLOV and LLER counts at "LLOV or LLER", and at neither alone.
    """
    detection = landing.detection
    left = detection.departed_at
    return {
        "id": landing.id,
        "watch": match.watch,
        "icao24": detection.icao24,
        "registration": landing.registration,
        "callsign": detection.callsign,
        "type": landing.type_code,
        "airfield": detection.airfield,
        "touchdown_at": iso_z(detection.touchdown_at),
        # Rounded up, as in text: never too narrow, and the same whole second everywhere.
        "uncertainty_s": math.ceil(round(detection.uncertainty_s * 10, 3)) / 10,
        "departed_at": None if left is None else iso_z(left),
        "runway": detection.runway,
        "grade": landing.grade_for(match.watch).value,
        "probability": round(detection.probability, 4),
        "candidates": {
            candidate.airfield: round(candidate.probability, 4)
            for candidate in sorted(detection.candidates, key=lambda each: each.airfield)
        },
        "counted": any(standing(landing, watch, place) for place in watch.places),
        "week": week_of(detection.touchdown_at, watch.zone),
        "feeds": sorted(detection.feeds),
        "review": landing.review,
        "retracted": landing.retracted,
        "matched_by": match.matched_by,
        "match_doubt": match.doubt or None,
        **_review_fields(landing.reviewed),
    }


def _review_fields(review: Review | None) -> dict[str, Any]:
    """Return a review; `review_airfield` is the reviewer's, `airfield` stays the derived one."""
    return {
        "review_note": review.note if review else None,
        "review_by": review.by if review else None,
        "review_at": iso_z(review.at) if review else None,
        "review_airfield": review.airfield if review else None,
    }


def week_row(
    *,
    watch: str,
    airfield: str,
    week: str,
    count: SeenCount,
    alert: str,
    archive: ArchivedWeek | None = None,
) -> dict[str, Any]:
    """Return one row of `weeks --json`.

    `coverage` is a share of 0 … 1, `airfield` the name of a place. `archive` is null where the
    week does not rest on archives alone. `at_least` is what was seen, always a number. Where we
    could not see, `at_most` is null, `count` is null instead of a zero, `not_seen` says why, and
    `alert` is `not-seen` instead of `ok`.
    """
    return {
        "watch": watch,
        "airfield": airfield,
        "week": week,
        "count": count.count,
        "at_most": count.at_most,
        "coverage": round(count.sight.coverage, 4),
        "alert": count.alert(alert),
        "archive": None
        if archive is None
        else {"told": archive.finding.value, "days": archive.days, "of_days": archive.of_days},
        "at_least": count.least,
        "found": count.most,
        "seen": round(count.sight.seen, 4),
        "not_seen": seen.not_seen(count),
    }


def landings_table(rows: Sequence[dict[str, Any]], width: int = WIDTH) -> str:
    """Return `landing_row`s as a table for a terminal, or one table a watch if there are several.

    `width` is that of the terminal, in columns.
    """
    head = ("ID", "AIRCRAFT", "AIRFIELD", "TOUCHDOWN (UTC)", "GRADE", "COUNTED")
    watches = dict.fromkeys(row["watch"] for row in rows)
    parts = []
    for watch in watches:
        cells = [_landing_cells(row) for row in rows if row["watch"] == watch]
        title = f"watch {visible(watch)}\n" if len(watches) > 1 else ""
        parts.append(title + table(head, cells, width=width))
    return "\n".join(parts)


def _landing_cells(row: dict[str, Any]) -> list[str]:
    grade = "withdrawn" if row["retracted"] else f"{row['grade']} {percent(row['probability'])}"
    return [
        row["id"],
        row["registration"] or row["icao24"],
        _where(row) or candidates_cell(row),
        touchdown_time(row["touchdown_at"], row["uncertainty_s"]),
        f"{grade}, {row['review']}" if row["review"] else grade,
        row["week"] if row["counted"] else "no",
    ]


def candidates_cell(row: dict[str, Any]) -> str:
    """Return the airfields of an undetermined `landing_row`: `? LLER 55% or LLOV 40%`."""
    candidates = sorted(row["candidates"].items(), key=lambda item: -item[1])
    return f"? {' or '.join(f'{name} {percent(share)}' for name, share in candidates)}".rstrip()


def _where(row: dict[str, Any]) -> str | None:
    """Return where the landing counts: a reviewer's airfield goes before the derived one."""
    reviewed = row["review"] == CONFIRMED and row["review_airfield"]
    airfield: str | None = reviewed or row["airfield"]
    return airfield


def weeks_table(rows: Sequence[dict[str, Any]], width: int = WIDTH) -> str:
    """Return `week_row`s as a table for a terminal that is `width` columns wide.

    Weeks that follow each other and say the same at every place of a watch are one line a place.
    """
    archived = any(row["archive"] for row in rows)
    head = ["WATCH", "AIRFIELD", "WEEK", "COUNT", "COULD SEE", "ALERT"]
    cells = []
    for weeks in _same_weeks(rows):
        for first, last in zip(weeks[0], weeks[-1], strict=True):
            span = first["week"]
            if first is not last:
                span += f" to {last['week']} ({len(weeks)} weeks)"
            line = [first["watch"], first["airfield"], span, *counted_cells(first)]
            cells.append([*line, _archive(first["archive"])] if archived else line)
    return table([*head, "ARCHIVE"] if archived else head, cells, width=width)


def _same_weeks(rows: Sequence[dict[str, Any]]) -> list[list[list[dict[str, Any]]]]:
    """Return runs of weeks that read the same, each week with the rows of its places, in order.

    Shorter runs than `_RUN` are taken apart.
    """
    weeks = [list(each) for _, each in groupby(rows, key=lambda row: (row["watch"], row["week"]))]

    def words(week: list[dict[str, Any]]) -> list[list[str]]:
        return [
            [row["watch"], row["airfield"], *counted_cells(row), _archive(row["archive"])]
            for row in week
        ]

    runs = [list(run) for _, run in groupby(weeks, key=words)]
    return [
        part for run in runs for part in ([run] if len(run) >= _RUN else [[week] for week in run])
    ]


def counted_cells(row: dict[str, Any]) -> list[str]:
    """Return the cells COUNT, COULD SEE and ALERT of a `week_row`.

    Where little could be seen, the count is no bare zero.
    """
    count = SeenCount(row["at_least"], row["found"], Sight(row["coverage"], row["seen"]))
    return [
        seen.number(count),
        percent(row["seen"]),
        seen.week_alert_words(count, row["alert"]),
    ]


def _archive(archive: dict[str, Any] | None) -> str:
    """Return the archives' finding about a week, and of how many of its days there is one."""
    if archive is None:
        return ""
    finding: str = archive["told"]
    whole = archive["days"] in (0, archive["of_days"])
    return finding if whole else f"{finding}, {archive['days']} of {archive['of_days']} days"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    longest: int = _CELL_LONGEST,
    width: int = WIDTH,
) -> str:
    """Return aligned columns, two spaces apart; hostile characters are written out.

    Cells of a table that is wider than `width` are folded at spaces, those of the widest columns
    first. A word is never cut, so that an id can be copied.

    >>> print(table(("A", "B"), [("one", "2"), ("x", "three words here")], width=14), end="")
    A    B
    one  2
    x    three
         words
         here
    """
    lines = [[visible(cell, longest) for cell in line] for line in (head, *rows)]
    widths = _widths(lines, width)
    shown = []
    for line in lines:
        folded = [_folded(cell, widths[at]) for at, cell in enumerate(line)]
        for cells in zip_longest(*folded, fillvalue=""):
            padded = (cell + " " * (widths[at] - columns(cell)) for at, cell in enumerate(cells))
            shown.append("  ".join(padded).rstrip() + "\n")
    return "".join(shown)


def _widths(lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column, so that all fit into `width` if their words do."""
    by_column = list(zip(*lines, strict=True))
    widths = [max(map(columns, cells)) for cells in by_column]
    least = [
        max(columns(word) for cell in cells for word in _FOLDS.split(cell)) for cells in by_column
    ]
    while sum(widths) + 2 * (len(widths) - 1) > width:
        foldable = [at for at, now in enumerate(widths) if now > least[at]]
        if not foldable:
            break
        widths[max(foldable, key=lambda at: widths[at])] -= 1
    return widths


def _folded(cell: str, width: int) -> list[str]:
    """Return the lines of a cell, none wider than `width` unless a word is."""
    if columns(cell) <= width:
        return [cell]
    lines: list[str] = []
    for word in _FOLDS.split(cell):
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes: wide letters 2, combining marks 0."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )

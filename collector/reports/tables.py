"""How do rows become a table for a terminal? Columns fold at its width."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, zip_longest
from textwrap import fill
from types import MappingProxyType
from typing import Any

from collector.coverage.sight import SeenCount, Sight
from collector.model import Watch
from collector.model.dating import week_words
from collector.model.review import CONFIRMED
from collector.reports import seen
from collector.reports.final_leg import final_leg_notes, final_leg_sentence
from collector.reports.formatting import percent, touchdown_time
from collector.reports.stops import NO_STOPS, code_names, stop_names, stops_cell
from collector.reports.undated import total_notes
from collector.untrusted import visible

WIDTH = 80
"""Columns of a terminal as programs find it, and of a listing that goes into a file or a pipe."""

_FOLDS = re.compile(r" (?!(?:s|min|h|d)\b)")
"""A cell may be folded at a space, but not between a number and its unit."""

_RUN = 3
"""Weeks; so many that say the same are one line."""

_STOPS = "BEFORE / AFTER"
"""Where the aircraft was seen before a landing and after it."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})

_CELL_LONGEST = 120
"""Characters. Whole keys and times fit; long text from an aircraft or a server is cut."""


def landings_table(
    rows: Sequence[dict[str, Any]],
    width: int = WIDTH,
    note: str = "",
    *,
    names: Mapping[str, str] = NO_NAMES,
) -> str:
    """Return `landing_row`s as a table for a terminal, or one table a watch if there are several.

    `width` is that of the terminal, in columns. The last column holds the codes of the stops seen
    before and after each landing, where any is known. The names of all codes stand below, those of
    airfields from `names`, and `note` under them. Where that is too wide for a line a landing, the
    stops that are known stand under their landing, and a touchdown is told without its day if the
    id has the same.
    """
    watches = dict.fromkeys(row["watch"] for row in rows)
    parts = []
    for watch in watches:
        title = f"watch {visible(watch)}\n" if len(watches) > 1 else ""
        parts.append(title + _one_watch([row for row in rows if row["watch"] == watch], width))
    final = final_leg_sentence(len({row["id"] for row in rows if row["final_leg_not_seen"]}))
    shown = {code: names[code] for row in rows for code in _codes(row) if code in names}
    legend = code_names(stop_names(rows) | shown)
    below = [f"{fill(line, width)}\n" for line in (legend, note, final) if line]
    return "\n".join([*parts, *below])


def _one_watch(rows: Sequence[dict[str, Any]], width: int) -> str:
    head = ("ID", "AIRCRAFT", "AIRFIELD", "TOUCHDOWN (UTC)", "GRADE", "COUNTED", _STOPS)
    cells = [_landing_cells(row) for row in rows]
    shown = len(head) - all(cell[-1] == NO_STOPS for cell in cells)
    wide = table(head[:shown], [cell[:shown] for cell in cells], width=width)
    if wide.count("\n") == 1 + len(rows):
        return wide
    for cell in cells:
        day, _, clock = cell[3].partition(" ")
        if f"-{day}-" in cell[0] and " to " not in clock:
            cell[3] = clock
    below = ["" if cell[-1] == NO_STOPS else f"    before / after: {cell[-1]}" for cell in cells]
    return table(head[:-1], [cell[:-1] for cell in cells], width=width, below=below)


def _landing_cells(row: dict[str, Any]) -> list[str]:
    grade = "withdrawn" if row["retracted"] else row["grade"]
    return [
        row["id"],
        row["registration"] or row["icao24"],
        _where(row) or candidates_cell(row),
        touchdown_cell(row),
        f"{grade}, {row['review']}" if row["review"] else grade,
        (row["week"] or week_words(row["weeks"])) if row["counted"] else "no",
        stops_cell(row),
    ]


def candidates_cell(row: dict[str, Any]) -> str:
    """Return the airfields of an undetermined `landing_row`, likeliest first: `? LLER or LLOV`."""
    candidates = sorted(row["candidates"].items(), key=lambda item: -item[1])
    return f"? {' or '.join(name for name, _ in candidates)}".rstrip()


def touchdown_cell(row: dict[str, Any]) -> str:
    """Return the touchdown of a `landing_row` and its ±; the bounds of the silence if that may hide
    several visits."""
    if row["unheard"] is None or row["unheard"]["known"]:
        return touchdown_time(row["touchdown_at"], row["uncertainty_s"])
    span = (datetime.fromisoformat(row["unheard"][name]) for name in ("from", "until"))
    return " to ".join(f"{at:%Y-%m-%d %H:%M}" for at in span)


def _where(row: dict[str, Any]) -> str | None:
    """Return where the landing counts: a reviewer's airfield goes before the derived one."""
    reviewed = row["review"] == CONFIRMED and row["review_airfield"]
    airfield: str | None = reviewed or row["airfield"]
    return airfield


def _codes(row: dict[str, Any]) -> list[str]:
    """Return the airfields that the row of a landing names."""
    named = _where(row)
    return [named] if named else list(row["candidates"])


def ok_words_of(watches: Sequence[Watch]) -> dict[tuple[str, str], str]:
    """Return for the places of all watches (watch and codes) what `ok` means in a week there."""
    return {
        (watch.name, place.name): seen.ok_words(watch.rules, place)
        for watch in watches
        for place in watch.places
    }


def weeks_table(
    rows: Sequence[dict[str, Any]],
    width: int = WIDTH,
    *,
    ok: Mapping[tuple[str, str], str] = MappingProxyType({}),
    names: Mapping[str, str] = NO_NAMES,
) -> str:
    """Return `week_row`s as a table for a terminal that is `width` columns wide.

    `ok` are the words for that state by place (`ok_words_of`), `names` those of airfields by code.
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
            line = [first["watch"], first["airfield"], span, *counted_cells(first, ok)]
            cells.append([*line, _archive(first["archive"])] if archived else line)
    listed = table([*head, "ARCHIVE"] if archived else head, cells, width=width)
    shown = {code: name for code, name in names.items() if _in_places(code, rows)}
    legend = [code_names(shown)] if shown else []
    notes = [*legend, *total_notes(rows), *final_leg_notes(rows)]
    return listed + "".join(f"{fill(note, width)}\n" for note in notes)


def _in_places(code: str, rows: Sequence[dict[str, Any]]) -> bool:
    return any(code in row["airfield"].split(" or ") for row in rows)


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


def counted_cells(
    row: dict[str, Any], ok: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> list[str]:
    """Return the cells COUNT, COULD SEE and ALERT of a `week_row`.

    Where little could be seen, the count is no bare zero. `ok` are the words for that state by
    place (`ok_words_of`).
    """
    count = SeenCount(row["at_least"], row["found"], Sight(row["coverage"], row["seen"]))
    words = ok.get((row["watch"], row["airfield"]), seen.alert_words("ok"))
    return [
        seen.number(count),
        percent(row["seen"]),
        seen.week_alert_words(count, row["alert"], words),
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
    below: Sequence[str] = (),
) -> str:
    """Return aligned columns, two spaces apart; hostile characters are written out.

    Cells of a table that is wider than `width` are folded at spaces, in the columns in which the
    fewest must be; of these, the widest first. A word is never cut, so that an id can be copied.
    `below` has a line to stand under each row, which may be empty: then none does.

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
    for at_row, line in enumerate(lines, -1):
        folded = [_folded(cell, widths[at]) for at, cell in enumerate(line)]
        for cells in zip_longest(*folded, fillvalue=""):
            padded = (cell + " " * (widths[at] - columns(cell)) for at, cell in enumerate(cells))
            shown.append("  ".join(padded).rstrip() + "\n")
        if at_row >= 0 and below and below[at_row]:
            shown.append(
                f"{fill(visible(below[at_row], longest), width, subsequent_indent='    ')}\n"
            )
    return "".join(shown)


def _widths(lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column, so that all fit into `width` if their words do."""
    by_column = list(zip(*lines, strict=True))
    taken = [sorted(map(columns, cells)) for cells in by_column]
    widths = [each[-1] for each in taken]
    least = [
        max(columns(word) for cell in cells for word in _FOLDS.split(cell)) for cells in by_column
    ]
    while sum(widths) + 2 * (len(widths) - 1) > width:
        foldable = [at for at, now in enumerate(widths) if now > least[at]]
        if not foldable:
            break
        widths[
            min(foldable, key=lambda at: (_folds_at(taken[at], widths[at] - 1), -widths[at]))
        ] -= 1
    return widths


def _folds_at(taken: Sequence[int], width: int) -> int:
    """Return how many cells, of which these columns are `taken`, in order, are wider than that."""
    return len(taken) - bisect_right(taken, width)


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

"""What do the commands list? This module builds rows for `--json` and tables for terminals.

The fields of `landings --json` and `weeks --json` are a contract: fields may be added, but none is
ever renamed. Since version 0.3 `count` and `at_most` of a week may be null, and so may `week` of a
landing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from collector.alerts.counts import standing
from collector.coverage.archived import ArchivedWeek
from collector.coverage.sight import SeenCount, Sight
from collector.model import Detection, Landing, Watch, WatchMatch
from collector.model.dating import known_week, week_words, weeks_of_landing
from collector.model.review import CONFIRMED, Review
from collector.reports import seen
from collector.reports.formatting import give_or_take, iso_z, percent
from collector.reports.undated import total_notes
from collector.untrusted import visible

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
    undetermined between LLOV and LLER counts at "LLOV or LLER", and at neither alone. `week` is
    null if `weeks` has several: then it counts in none of them, but in the total.
    """
    detection = landing.detection
    left = detection.departed_at
    weeks = weeks_of_landing(detection, watch.zone)
    return {
        "id": landing.id,
        "watch": match.watch,
        "icao24": detection.icao24,
        "registration": landing.registration,
        "callsign": detection.callsign,
        "type": landing.type_code,
        "airfield": detection.airfield,
        "touchdown_at": iso_z(detection.touchdown_at),
        "uncertainty_s": round(detection.uncertainty_s, 1),
        "departed_at": None if left is None else iso_z(left),
        "runway": detection.runway,
        "grade": landing.grade_for(match.watch).value,
        "probability": round(detection.probability, 4),
        "candidates": {
            candidate.airfield: round(candidate.probability, 4)
            for candidate in sorted(detection.candidates, key=lambda each: each.airfield)
        },
        "counted": any(standing(landing, watch, place) for place in watch.places),
        "week": known_week(detection, watch.zone),
        "feeds": sorted(detection.feeds),
        "review": landing.review,
        "retracted": landing.retracted,
        "matched_by": match.matched_by,
        "match_doubt": match.doubt or None,
        **_review_fields(landing.reviewed),
        "departed_uncertainty_s": _rounded(detection.departed_uncertainty_s),
        "weeks": {key: round(chance, 4) for key, chance in weeks.items()},
        "unheard": unheard_row(detection),
    }


def unheard_row(detection: Detection) -> dict[str, Any] | None:
    """Return the silence in which an aircraft arrived; null if it was heard arriving."""
    unheard = detection.unheard
    if unheard is None:
        return None
    return {
        "from": iso_z(unheard.earliest),
        "until": iso_z(unheard.latest),
        "known": unheard.known,
        "stays": unheard.stays or None,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


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
    undated: Sequence[str] = (),
) -> dict[str, Any]:
    """Return one row of `weeks --json`.

    `undated` are the ids of landings that may lie in this week or in another: they count in
    neither, but in the total of both.

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
        "undated": list(undated),
    }


def landings_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return `landing_row`s as a table for a terminal."""
    head = (
        "ID",
        "WATCH",
        "AIRCRAFT",
        "AIRFIELD",
        "TOUCHDOWN (UTC)",
        "±",
        "GRADE",
        "COUNTED",
        "WEEK",
    )
    return table(head, [_landing_cells(row) for row in rows])


def _landing_cells(row: dict[str, Any]) -> list[str]:
    candidates = " / ".join(
        f"{name} {percent(share)}"
        for name, share in sorted(row["candidates"].items(), key=lambda item: -item[1])
    )
    grade = "withdrawn" if row["retracted"] else f"{row['grade']} {percent(row['probability'])}"
    return [
        row["id"],
        row["watch"],
        row["registration"] or row["icao24"],
        _where(row) or f"? {candidates}".rstrip(),
        row["touchdown_at"].replace("T", " ").removesuffix("Z"),
        touchdown_error(row),
        f"{grade}, {row['review']}" if row["review"] else grade,
        "yes" if row["counted"] else "no",
        row["week"] or week_words(row["weeks"]),
    ]


def touchdown_error(row: dict[str, Any]) -> str:
    """Return the ± of a touchdown for a cell; `not known` if the silence may hide several
    visits."""
    if row["unheard"] is None:
        return f"{row['uncertainty_s']:.0f} s"
    return give_or_take(row["uncertainty_s"])[1:] if row["unheard"]["known"] else "not known"


def _where(row: dict[str, Any]) -> str | None:
    """Return where the landing counts: a reviewer's airfield goes before the derived one."""
    reviewed = row["review"] == CONFIRMED and row["review_airfield"]
    airfield: str | None = reviewed or row["airfield"]
    return airfield


def weeks_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return `week_row`s as a table for a terminal."""
    cells = [
        [
            row["watch"],
            row["airfield"],
            row["week"],
            *counted_cells(row),
        ]
        for row in rows
    ]
    head = ["WATCH", "AIRFIELD", "WEEK", "COUNT", "COULD SEE", "ALERT"]
    if any(row["archive"] for row in rows):
        head.append("ARCHIVE")
        for line, row in zip(cells, rows, strict=True):
            line.append(_archive(row["archive"]))
    return table(head, cells) + "".join(f"{note}\n" for note in total_notes(rows))


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


def table(head: Sequence[str], rows: Sequence[Sequence[str]], longest: int = _CELL_LONGEST) -> str:
    """Return aligned columns, two spaces apart; hostile characters are written out.

    >>> print(table(("A", "B"), [("one", "2"), ("x", "three")]), end="")
    A    B
    one  2
    x    three
    """
    lines = [[visible(cell, longest) for cell in line] for line in (head, *rows)]
    widths = [max(columns(line[at]) for line in lines) for at in range(len(head))]
    padded = (
        "  ".join(cell + " " * (widths[at] - columns(cell)) for at, cell in enumerate(line))
        for line in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in padded)


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes: wide letters 2, combining marks 0."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )

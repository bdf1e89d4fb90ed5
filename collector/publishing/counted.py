"""How many of a week's landings have a page, and why not all? What stands beside a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.alerts.counts import count_landings
from collector.model import Landing, Place, Watch
from collector.publishing.edition import Edition
from collector.reports.formatting import interval
from collector.web.weeks import PlaceWeekCell, WatchWeeks
from collector.weeks import week_bounds


@dataclass(frozen=True, slots=True)
class Stage:
    """Some of the counted landings, and what tells them from the others."""

    landings: Sequence[Landing]
    what: str
    """After a number: `follow from open data alone`."""
    what_of_one: str


def stages(edition: Edition) -> list[Stage]:
    """Return ever fewer of the counted landings, down to those that have a page.

    Raises StoreError.
    """
    counted = None if edition.counted is None else {each.id: each for each in edition.counted}
    named = [
        each.landing if counted is None else counted[each.landing.id]
        for each in edition.query.leaving
        if counted is None or each.landing.id in counted
    ]
    found = [
        Stage(
            named,
            "are of aircraft whose operator is named",
            "is of an aircraft whose operator is named",
        ),
        Stage(
            [each.landing for each in edition.open],
            "follow from open data alone",
            "follows from open data alone",
        ),
    ]
    if edition.checked_only:
        checked = [each.landing for each in edition.listed]
        found.append(Stage(checked, "were checked by a person", "was checked by a person"))
    return found


def with_listed(weeks: Sequence[WatchWeeks], stages: Sequence[Stage]) -> list[WatchWeeks]:
    """Return weeks that say of each count how many of its landings have a page.

    They say nothing where all have one: "11, of which 9 follow from open data alone".
    """
    return [
        replace(
            one,
            rows=tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(cell, listed=listed_words(one.watch, cell, stages))
                        for cell in row.cells
                    ),
                )
                for row in one.rows
            ),
        )
        for one in weeks
    ]


def listed_words(watch: Watch, cell: PlaceWeekCell, stages: Sequence[Stage]) -> str:
    """Return `of which 9 follow from open data alone`; empty if all have a page."""
    last, parts = interval(cell.count.count, cell.count.at_most), []
    for stage in stages:
        number = number_of(stage.landings, watch, cell.place, cell.key)
        if number != last:
            parts.append(f"{number} {stage.what_of_one if number == '1' else stage.what}")
            last = number
    if not parts:
        return ""
    *first, final = parts
    return f"of which {', '.join(first)}{' and ' if first else ''}{final}"


def number_of(landings: Sequence[Landing], watch: Watch, place: Place, key: str) -> str:
    """Return how many of these landings count in a week at a place: `2`, or `1–3`."""
    begin, end = week_bounds(key, watch.zone)
    near = [each for each in landings if _may_lie_in(each, begin, end)]
    count = count_landings(near, watch, place, begin, end)
    return interval(count.count, count.at_most)


def _may_lie_in(landing: Landing, begin: datetime, end: datetime) -> bool:
    first, last = landing.detection.touchdown_span
    return first < end and last >= begin

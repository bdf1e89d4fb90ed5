"""Which numbers and landings does a digest correct for a watch? A line for each, in sections."""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import Airfield, Watch
from collector.model.citation import CitationChange
from collector.reports.citation import change_line
from collector.reports.mails.corrections import correction_lines
from collector.reports.mails.watch_week import WatchWeek
from collector.reports.stops import stop_correction
from collector.reports.titles import whose_and_where
from collector.reports.week_statements import change_lines


def lines(week: WatchWeek, airfields: Sequence[Airfield]) -> list[str]:
    """Return the lines: cited numbers, finished weeks, landings, stops before and after.

    What new rules made of stored landings has a section of its own.
    """
    zone = week.watch.zone
    told = {landing.id for _, landing in week.corrections}
    return [
        *(_cited(change, week.watch, airfields) for change in week.cited),
        *change_lines(week.changed_weeks, week.watch, airfields, told=told),
        *correction_lines(week.corrections, zone, airfields),
        *(stop_correction(*change, zone) for change in week.stop_corrections),
    ]


def _cited(change: CitationChange, watch: Watch, airfields: Sequence[Airfield]) -> str:
    """Return that a cited number changed, of whose landings and where."""
    place = next(
        (each for each in watch.places if each.name == change.citation.place), watch.places[0]
    )
    headline = whose_and_where(watch, place, airfields, change.citation.last)
    return change_line(change, headline, watch.zone)

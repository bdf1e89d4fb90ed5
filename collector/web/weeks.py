"""How were the last weeks? Counts as intervals, how much could be seen, and whether it alerted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.alerts.counts import Count, count_landings
from collector.alerts.lifecycle import AlertState, week_state
from collector.coverage.archived import ArchivedWeek, ArchiveFinding
from collector.model import Landing, Place, Watch
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import counted, period
from collector.store import alerts, archive_units
from collector.store import landings as stored_landings
from collector.weeks import previous_week, week_bounds, week_of

WEEKS = 12
"""Shown on the page of weeks: a quarter of a year, older than which a report answers better."""

UNSEEN_BELOW = 0.5
"""A week seen for less than half is marked, so that its zero is not read as quiet."""


_RESTS_ON = {
    ArchiveFinding.FOUND: "found in {days}",
    ArchiveFinding.NONE_FOUND: "none found in {days}",
    ArchiveFinding.NOT_HEARD: "could not have been heard ({days})",
    ArchiveFinding.NO_ARCHIVE: "nobody listened, no archive was read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place in one week; `tone` is firing, landed, unseen or quiet-week."""

    place: Place
    count: Count
    coverage: float
    archive: ArchivedWeek | None
    """What a week tells that rests on archives alone; None: somebody listened."""
    alert: str
    tone: str

    @property
    def number(self) -> str:
        """The count; no zero where nothing could be seen."""
        return counted(self.count.count, self.count.at_most, self.coverage)

    @property
    def words(self) -> str:
        """What the number beside it counts."""
        if self.count.at_most == 0 and self.coverage <= 0:
            return "could not see"
        noun = "landing" if self.count.count == self.count.at_most == 1 else "landings"
        unsure = len(self.count.undetermined)
        return f"{noun}, {unsure} of them unsure" if unsure else noun

    @property
    def rests_on(self) -> str:
        """What a week without a listener rests on, and what its zero then means; empty: polls."""
        if self.archive is None:
            return ""
        days = f"archives of {self.archive.days} of {self.archive.of_days} days"
        return _RESTS_ON[self.archive.finding].format(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """One week of one watch."""

    key: str
    period: str
    present: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class WatchWeeks:
    """The last weeks of one watch, newest first."""

    watch: Watch
    rows: tuple[WeekRow, ...]


def watch_weeks(present: Snapshot, weeks: int = WEEKS) -> list[WatchWeeks]:
    """The last weeks of every watch, this one first, none from before anything is known.

    Raises StoreError.
    """
    return [_of(present, watch, weeks) for watch in present.settings.watches]


def _of(present: Snapshot, watch: Watch, weeks: int) -> WatchWeeks:
    keys = [week_of(present.now, watch.zone)]
    first = present.coverage.first_week(watch.zone, present.now)
    while len(keys) < weeks and keys[-1] > first:
        keys.append(previous_week(keys[-1]))
    begin, _ = week_bounds(keys[-1], watch.zone)
    found = stored_landings.find(
        present.store, begin=begin, watch=watch.name, include_retracted=True
    )
    states = alerts.load(present.store, watch.name)
    known = _Known(found, states, archive_units.feeds(present.store))
    return WatchWeeks(watch, tuple(_row(present, watch, key, known) for key in keys))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the weeks of a watch are told from."""

    landings: Sequence[Landing]
    states: Sequence[AlertState]
    archives: frozenset[str]
    """The names that reports from archives are stored under."""


def _row(present: Snapshot, watch: Watch, key: str, known: _Known) -> WeekRow:
    begin, end = week_bounds(key, watch.zone)
    cells = []
    for place in watch.places:
        count = count_landings(known.landings, watch, place, begin, end)
        coverage = present.share(watch, place, key)
        alert = week_state(known.states, watch.rules, place, begin, end).value
        cells.append(
            Cell(
                place=place,
                count=count,
                coverage=coverage,
                archive=present.coverage.archived_week(
                    *(place, watch.zone, key, present.now),
                    archives=known.archives,
                    at_most=count.at_most,
                ),
                alert=alert,
                tone=_tone(count, coverage, alert),
            )
        )
    return WeekRow(
        key=key,
        period=period(begin, end, watch.zone),
        present=begin <= present.now < end,
        cells=tuple(cells),
    )


def _tone(count: Count, coverage: float, alert: str) -> str:
    if alert == "firing":
        return "firing"
    if count.at_most:
        return "landed"
    return "unseen" if coverage < UNSEEN_BELOW else "quiet-week"

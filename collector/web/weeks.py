"""How were the weeks? Each has a count, a coverage and an alert state for each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from collector.alerts.counts import Count, count_landings
from collector.alerts.lifecycle import AlertState, week_state
from collector.coverage.archived import ArchivedWeek, ArchiveFinding
from collector.coverage.sight import SeenCount, Sight
from collector.model import Landing, Place, RuleKind, Watch
from collector.queries.snapshot import Snapshot
from collector.reports import seen
from collector.reports.final_leg import unsure_words
from collector.reports.formatting import period
from collector.reports.titles import place_title, whose, whose_and_where
from collector.reports.undated import total_note
from collector.store import alerts, archive_units
from collector.store import landings as stored_landings
from collector.web.charts import Chart, charts
from collector.weeks import local_date, previous_week, week_bounds, weeks_between

SHOWN_WEEKS = 26
"""The weeks on the first page and in the list of the last ones: half a year."""

_RESTS_ON = {
    ArchiveFinding.FOUND: "found in {days}",
    ArchiveFinding.NONE_FOUND: "none found in {days}",
    ArchiveFinding.IN_PART: "none found in {days}, which show a part of the time",
    ArchiveFinding.NOT_HEARD: "could not have been heard ({days})",
    ArchiveFinding.NO_ARCHIVE: "no feed answered, and no archive was read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWeekCell:
    """One place in one week; `tone` is firing, landed, unseen or quiet-week."""

    key: str
    """The week's."""
    monday: date
    place: Place
    name: str
    """What the place is called; its codes stand below in small print."""
    count: Count
    sight: Sight
    archive: ArchivedWeek | None
    """What the week says if it rests on archives alone; None: a feed was polled in it."""
    alert: str
    """The state, or `not-seen`; the style sheet colours by it."""
    tone: str
    listed: str = ""
    """How many of them are listed where others read; empty if all are."""

    @property
    def seen(self) -> SeenCount:
        """The count with what may be said of it."""
        return SeenCount(self.count.count, self.count.at_most, self.sight)

    @property
    def told(self) -> SeenCount:
        """The same, as charts call it."""
        return self.seen

    @property
    def share_seen(self) -> float:
        """The share of the week that could be seen, 0 … 1: what the count rests on."""
        return self.sight.seen

    @property
    def alert_text(self) -> str:
        """The state in words; empty below the threshold."""
        return "" if self.alert == "ok" else seen.week_alert_words(self.seen, self.alert)

    @property
    def number(self) -> str:
        """The count; a dash instead of a zero if we could not see."""
        return seen.number(self.seen)

    @property
    def unit(self) -> str:
        """The noun that belongs to the number, or why there is none."""
        if self.seen.blind:
            reason = seen.reason(self.sight)
            said = self.alert_text == seen.COULD_NOT_SEE  # by the badge, right above
            return reason if said else f"{seen.COULD_NOT_SEE}: {reason}"
        if self.seen.in_part:
            return seen.landings_words(self.seen)
        noun = "landing" if self.count.count == self.count.at_most == 1 else "landings"
        return ", ".join([noun, *unsure_words(self.count)])

    @property
    def rests_on(self) -> str:
        """What archives say about the week; empty if a feed was polled in it."""
        if self.archive is None:
            return ""
        days = f"archives of {self.archive.days} of {self.archive.of_days} days"
        return _RESTS_ON[self.archive.finding].format(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """One week of one watch."""

    key: str
    period: str
    unfinished: bool
    cells: tuple[PlaceWeekCell, ...]


@dataclass(frozen=True, slots=True)
class WatchWeeks:
    """Some weeks of one watch, newest first."""

    watch: Watch
    title: str
    rows: tuple[WeekRow, ...]
    charts: tuple[tuple[Chart, ...], ...]
    """A chart for each place, in all layouts."""

    @property
    def totals(self) -> list[str]:
        """Why the total of the weeks is more than their sum, for each place where it is."""
        notes = (
            total_note(
                place.name,
                [
                    (cell.count.count, [each.id for each in cell.count.undated])
                    for cell in (row.cells[number] for row in self.rows)
                ],
                all_seen=not any(row.cells[number].seen.not_seen for row in self.rows),
            )
            for number, place in enumerate(self.watch.places)
        )
        return [note for note in notes if note is not None]


def watch_weeks(
    snapshot: Snapshot, weeks: int = SHOWN_WEEKS, *, year: int | None = None
) -> list[WatchWeeks]:
    """Return the last weeks of every watch, or those of an ISO year, newest first.

    There is none from before anything is known, and none to come. Raises StoreError.
    """
    return [
        _weeks_of(snapshot, watch, keys)
        for watch in snapshot.settings.watches
        if (keys := week_keys(snapshot, watch, weeks, year))
    ]


def week_keys(snapshot: Snapshot, watch: Watch, weeks: int, year: int | None) -> list[str]:
    """Return the keys of these weeks of one watch, newest first. Raises StoreError."""
    now = snapshot.newest_week(watch.zone)
    first = snapshot.coverage.first_week(watch.zone, snapshot.now)
    if year is not None:
        keys = weeks_between(max(first, f"{year}-W01"), min(now, f"{year}-W53~"))
        return [key for key in reversed(keys) if key.startswith(f"{year}-")]
    keys = [now]
    while len(keys) < weeks and keys[-1] > first:
        keys.append(previous_week(keys[-1]))
    return keys


def _weeks_of(snapshot: Snapshot, watch: Watch, keys: Sequence[str]) -> WatchWeeks:
    begin, _ = week_bounds(keys[-1], watch.zone)
    _, end = week_bounds(keys[0], watch.zone)
    found = stored_landings.find(
        snapshot.store, begin=begin, end=end, watch=watch.name, include_retracted=True, bare=True
    )
    spans = [(*each.detection.touchdown_span, each) for each in found]
    states = alerts.load_states(snapshot.store, watch.name, within=(begin, end))
    stored = _Stored(spans, states, archive_units.feeds(snapshot.store))
    rows = tuple(_row(snapshot, watch, key, stored) for key in keys)
    drawn = tuple(_charts(snapshot, watch, rows, number) for number in range(len(watch.places)))
    return WatchWeeks(watch, whose(watch), rows, drawn)


def _charts(
    snapshot: Snapshot, watch: Watch, rows: Sequence[WeekRow], number: int
) -> tuple[Chart, ...]:
    """Return the chart of a watch's place, given by its number."""
    cells = [row.cells[number] for row in reversed(rows)]
    place = watch.places[number]
    headline = whose_and_where(watch, place, snapshot.settings.airfields, cells[-1].monday)
    rules = [
        (rule.name, rule.count)
        for rule in watch.rules
        if rule.place == place and rule.days is None and rule.kind is RuleKind.THRESHOLD
    ]
    return tuple(charts(cells, headline, rules))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored about the weeks of a watch."""

    spans: Sequence[tuple[datetime, datetime, Landing]]  # the first and last possible touchdown
    states: Sequence[AlertState]
    archives: frozenset[str]
    """The names that reports from archives are stored under."""


def _row(snapshot: Snapshot, watch: Watch, key: str, stored: _Stored) -> WeekRow:
    begin, end = week_bounds(key, watch.zone)
    near = [each for first, last, each in stored.spans if first < end and last >= begin]
    cells = []
    for place in watch.places:
        count = count_landings(near, watch, place, begin, end)
        sight = snapshot.sight(watch, place, key)
        state = week_state(stored.states, watch.rules, place, begin, end).value
        told = SeenCount(count.count, count.at_most, sight)
        cells.append(
            PlaceWeekCell(
                key=key,
                monday=local_date(begin, watch.zone),
                place=place,
                name=place_title(place, snapshot.settings.airfields, begin.date()),
                count=count,
                sight=sight,
                archive=snapshot.coverage.archived_week(
                    *(place, watch.zone, key, snapshot.now),
                    archives=stored.archives,
                    at_most=count.at_most,
                ),
                alert=told.alert(state),
                tone=_tone(told, state),
            )
        )
    return WeekRow(
        key=key,
        period=period(begin, end, watch.zone),
        unfinished=begin <= snapshot.now < end,
        cells=tuple(cells),
    )


def _tone(told: SeenCount, alert: str) -> str:
    if alert == "firing":
        return "firing"
    if not told.is_zero:
        return "landed"
    return "unseen" if told.blind or told.in_part else "quiet-week"

"""How was the newest week of a watch, in a sentence or two? What a reader sees first."""

from __future__ import annotations

from collector.alerts.usual import Usual
from collector.coverage.sight import Level
from collector.model import Watch
from collector.queries.snapshot import Snapshot
from collector.queries.weeks import TRAILING, usual_in
from collector.reports import seen
from collector.reports.formatting import percent
from collector.reports.mails.alert import usual_words
from collector.reports.titles import week_title, whose_and_where
from collector.reports.undated import undated_words
from collector.store import coverage_slots
from collector.store import landings as stored_landings
from collector.web.weeks import PlaceWeekCell, WatchWeeks
from collector.weeks import week_bounds, week_of, weeks_between


def week_sentence(snapshot: Snapshot, weeks: WatchWeeks) -> str:
    """Return the newest week of a watch at its first place in a sentence or two: whose, where, how
    many, what is usual, and how much could be seen. Raises StoreError."""
    watch, cell = weeks.watch, weeks.rows[0].cells[0]
    so_far = "so far " if weeks.rows[0].unfinished else ""
    told, week = cell.seen, f"{so_far}in {week_title(cell.key)}"
    saw = _capital(f"{so_far}we could see in")
    headline = whose_and_where(watch, cell.place, snapshot.settings.airfields, cell.monday)
    if told.blind:
        return (
            f"{headline}: we could not see {week}. {_capital(seen.reason(told.sight))}, so "
            f"nothing can be said about landings there. {_last_seen(weeks)}"
        ).rstrip()
    usual = usual_words(usual_of(snapshot, watch, cell))
    share = percent(told.sight.seen)
    if told.in_part:
        return (
            f"{headline}: none seen {week}, in the {share} of the time that we could see "
            f"(usual: {usual}). This does not mean that there was none."
        )
    undated = f", {undated_words(len(cell.count.undated))}" if cell.count.undated else ""
    counted = seen.closed(f"{seen.landings_words(told)}{undated}")
    first = f"{headline}: {counted} {week} (usual: {usual})"
    if told.is_zero or told.sight.level is Level.SEEN:
        return f"{first}. {saw} {share} of the time."
    return f"{first}. There may have been more: {so_far}we could see in {share} of the time."


def _last_seen(weeks: WatchWeeks) -> str:
    """Say what the last week before was in which anything could be seen."""
    for row in weeks.rows[1:]:
        cell = row.cells[0]
        if not cell.seen.blind:
            counted = seen.landings_words(cell.seen)
            return f"The last week of which we know something is {week_title(row.key)}: {counted}."
    return "Nor could we see in any earlier week that is shown here." if weeks.rows[1:] else ""


def usual_of(snapshot: Snapshot, watch: Watch, cell: PlaceWeekCell) -> Usual:
    """Return what is usual in a week at a place. Raises StoreError."""
    begin, end = week_bounds(cell.key, watch.zone)
    found = stored_landings.find(
        snapshot.store,
        begin=begin - TRAILING,
        end=end,
        watch=watch.name,
        include_retracted=True,
        bare=True,
    )
    first = coverage_slots.first_slot_at(snapshot.store)
    shares = {}
    if first is not None and first <= snapshot.now:
        keys = weeks_between(week_of(max(begin - TRAILING, first), watch.zone), cell.key)
        shares = {key: snapshot.sight(watch, cell.place, key).seen for key in keys}
    return usual_in(watch, cell.place, cell.key, known=found, shares=shares, now=snapshot.now)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

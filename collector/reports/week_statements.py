"""How is it worded that a finished week reads otherwise than it did? A line for each run of weeks.

Reading an archive of a year without polls changes all its weeks in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from collector.coverage.sight import SeenCount, Sight
from collector.model import Airfield, Place, Watch
from collector.model.week_statement import WeekChange, WeekStatement
from collector.reports import seen
from collector.reports.formatting import percent
from collector.reports.titles import place_title, week_title
from collector.weeks import next_week

MOST_LINES = 12
"""Lines of one digest; its other weeks are summed up in a last one."""
MOST_NAMED = 4
"""Landings that a line names; the pages and `collector landings` list them all."""
RECONFIGURED = " The configuration of this watch has changed since."


def change_lines(
    changes: Sequence[WeekChange],
    watch: Watch,
    airfields: Sequence[Airfield],
    most: int = MOST_LINES,
    told: Collection[str] | None = None,
) -> list[str]:
    """Return a line for each run of weeks of one place that changed alike, in the order given.

    A line names the landings by which its numbers differ, except those of which the reader is told
    beside it (`told`, by id): what a replay found is dated by its recording's clock, so that no
    other line of a digest names it. None: no landing is named, as not each may be published.
    Weeks at places that the watch no longer has are left out. Beyond `most` lines the last one
    gives the number of the other weeks.
    """
    places = {place.name: place for place in watch.places}
    runs = list(_runs([change for change in changes if change.place in places]))
    lines = [_line(run, places[run[0].place], airfields, told) for run in runs]
    if len(lines) <= most:
        return lines
    rest = sum(map(len, runs[most - 1 :]))
    return [*lines[: most - 1], f"The numbers of {rest} further weeks have changed, too."]


def _runs(changes: Sequence[WeekChange]) -> Iterator[list[WeekChange]]:
    """Yield changes that are alike, each of the week after the one before."""
    run: list[WeekChange] = []
    for change in changes:
        if run and (change.week != next_week(run[-1].week) or _kind(change) != _kind(run[-1])):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def _kind(change: WeekChange) -> tuple[str, str, str, bool]:
    return change.place, _words(change.before), _words(change.after), _reconfigured(change)


def _line(
    run: Sequence[WeekChange],
    place: Place,
    airfields: Sequence[Airfield],
    told: Collection[str] | None,
) -> str:
    first, last = run[0], run[-1]
    day = date.fromisocalendar(int(first.week[:4]), int(first.week[6:]), 1)
    weeks = week_title(first.week)
    if len(run) > 1:
        weeks = f"each of the {len(run)} weeks from {weeks} to {week_title(last.week)}"
    return (
        f"{weeks[:1].upper()}{weeks[1:]} at {place_title(place, airfields, day)}: "
        f"{_words(first.after)} ({_seen([each.after for each in run])}); before: "
        f"{_words(first.before)} ({_seen([each.before for each in run])})."
        f"{_named('Added', [id_ for each in run for id_ in each.added], told)}"
        f"{_named('Not among them any more', [id_ for each in run for id_ in each.removed], told)}"
        f"{RECONFIGURED if _reconfigured(first) else ''}"
    )


def _named(verb: str, ids: Sequence[str], told: Collection[str] | None) -> str:
    """Return ` Added: landing d0de01-2026-11-11-1.`; empty if there is none to name."""
    new = [] if told is None else [each for each in dict.fromkeys(ids) if each not in told]
    if not new:
        return ""
    shown = new[:MOST_NAMED]
    if rest := len(new) - len(shown):
        shown.append(f"and {rest} more")
    return f" {verb}: landing{'s' if len(new) > 1 else ''} {', '.join(shown)}."


def _words(statement: WeekStatement) -> str:
    sight = Sight(statement.coverage, statement.seen)
    return seen.landings_words(SeenCount(statement.least, statement.most, sight))


def _seen(statements: Sequence[WeekStatement]) -> str:
    low, high = (percent(pick(each.seen for each in statements)) for pick in (min, max))
    return f"{low} seen" if low == high else f"{low} to {high} seen"


def _reconfigured(change: WeekChange) -> bool:
    """Return whether it may be the configuration that changed the count."""
    before, after = change.before, change.after
    return before.counting != after.counting and (before.least, before.most) != (
        after.least,
        after.most,
    )

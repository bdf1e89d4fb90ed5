"""How many landings were there in each week, and how much could be seen? The command `weeks`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now, say_of_the_past
from collector.cli.output import emit, json_option, say, terminal_width
from collector.cli.parameters import Week, as_of_option, check_order, check_watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.model import Landing, Watch
    from collector.services import Services


DEFAULT_SPAN = timedelta(weeks=7)
"""From the first to the last week of the default listing, which holds eight weeks."""


@click.command()
@click.option("--from", "first", type=Week(), help="From this week, day, month or year.")
@click.option(
    "--to", "last", type=Week(end=True), help="To this week, day, month or year (included)."
)
@click.option("--watch", metavar="NAME", help="Only this watch.")
@as_of_option
@json_option
@click.pass_obj
def weeks(
    invocation: Invocation,
    *,
    first: str | None,
    last: str | None,
    watch: str | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """List count, coverage and alert state of each week.

    The default is the last eight weeks, but none from before the first poll. A week that has not
    begun is not listed.
    """
    from collector.queries.as_of import as_of_note, landings_known_at
    from collector.reports import tables
    from collector.reports.titles import names_by_code

    check_order(first, last)
    at = min(as_of or now(), now())
    known: dict[str, Sequence[Landing]] = {}
    with invocation.open_read_only() as services:
        check_watch(watch, services.settings.watches)
        _check_begun(services, first, at)
        if as_of is not None:
            then = {
                each.name: landings_known_at(services.store, at, watch=each.name)
                for each in services.settings.watches
                if watch in (None, each.name)
            }
            known = {name: each.landings for name, each in then.items()}
            note = as_of_note(at, list(then.values()))
            say(f"collector: {note}. The states of the alerts are those of today")
        rows = [
            row
            for each_watch in services.settings.watches
            if watch in (None, each_watch.name)
            for row in services.weeks.rows(
                *(each_watch, _week_keys(services, each_watch, first, last, at), at),
                known=known.get(each_watch.name),
            )
        ]
        say_of_the_past(services)
        ok = tables.ok_words_of(services.settings.watches)
        names = names_by_code(services.settings.airfields)
    emit(
        rows,
        as_json=as_json,
        text=lambda: tables.weeks_table(rows, terminal_width(), ok=ok, names=names),
        none="nothing is known of the weeks before the first poll; name one with --from to list it",
    )


def _check_begun(services: Services, first: str | None, at: datetime) -> None:
    """Raise BadParameter if the first week to list has not begun in any watch's zone."""
    from collector.weeks import week_of

    present = [week_of(at, watch.zone) for watch in services.settings.watches]
    if first is not None and present and first > max(present):
        raise click.BadParameter(
            f"week {first} has not begun on {at:%Y-%m-%d}", param_hint="--from"
        )


def _week_keys(
    services: Services, watch: Watch, first: str | None, last: str | None, at: datetime
) -> list[str]:
    """Return the keys of the weeks to list, in order.

    The default is the last eight weeks, but none from before the first poll. Of a week that has not
    begun, "could not see" would be no true word.
    """
    from collector.weeks import week_bounds, week_of, weeks_between

    present = week_of(at, watch.zone)
    last = min(last or present, present)
    if first is None:
        eight = week_of(week_bounds(last, watch.zone)[0] - DEFAULT_SPAN, watch.zone)
        first = max(eight, services.weeks.coverage.first_week(watch.zone, at))
    return weeks_between(first, last)

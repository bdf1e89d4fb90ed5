"""`weeks`: how many landings were there in each week, and could we see?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, Week, check_watch, emit, json_option, now, ordered

if TYPE_CHECKING:
    from collector.model import Watch
    from collector.services import Services


WEEKS_SHOWN = timedelta(weeks=7)


@click.command()
@click.option("--from", "first", type=Week(), help="From this week, day, month or year on.")
@click.option("--to", "last", type=Week(end=True), help="To this week, month …, included.")
@click.option("--watch", help="Only this watch.")
@json_option
@click.pass_obj
def weeks(
    tool: Invocation,
    *,
    first: str | None,
    last: str | None,
    watch: str | None,
    as_json: bool,
) -> None:
    """Count, coverage and alert state of each week.

    By default the last eight, but none from before anybody listened.
    """
    from collector.reports import tables

    ordered(first, last)
    at = now()
    with tool.reading() as services:
        check_watch(watch, services.settings.watches)
        rows = [
            row
            for one in services.settings.watches
            if watch in (None, one.name)
            for row in services.weeks.rows(one, _keys(services, one, first, last, at), at)
        ]
    why = "nothing is known of weeks before anybody listened; name one with --from to see it"
    emit(rows, as_json=as_json, text=lambda: tables.weeks_table(rows), none=why)


def _keys(
    services: Services, watch: Watch, first: str | None, last: str | None, at: datetime
) -> list[str]:
    """Return the weeks to list: by default the last eight, none from before anybody listened."""
    from collector.weeks import week_bounds, week_of, weeks_between

    last = last or week_of(at, watch.zone)
    if first is None:
        eight = week_of(week_bounds(last, watch.zone)[0] - WEEKS_SHOWN, watch.zone)
        first = max(eight, services.weeks.coverage.first_week(watch.zone, at))
    return weeks_between(first, last)

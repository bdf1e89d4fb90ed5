"""`landings`, `weeks`, `ledger`: what was found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, Week, emit, json_option, now, ordered, span_options

if TYPE_CHECKING:
    from collector.model import Watch
    from collector.services import Services

GRADES = ("confirmed", "probable", "possible")
WEEKS_SHOWN = timedelta(weeks=7)


@click.command()
@span_options
@click.option("--airfield", help="Only this airfield (ICAO code), certain or possible.")
@click.option("--watch", help="Only this watch.")
@click.option("--grade", type=click.Choice(GRADES), help="This grade or surer.")
@click.option(
    "--all", "everything", is_flag=True, help="Also what is possible, undetermined or retracted."
)
@json_option
@click.pass_obj
def landings(
    tool: Invocation,
    *,
    begin: datetime | None,
    end: datetime | None,
    airfield: str | None,
    watch: str | None,
    grade: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List landings with grade, probability and whether they are counted."""
    from collector.model import Grade
    from collector.reports import tables
    from collector.store import landings as stored_landings

    ordered(begin, end)
    least = Grade(grade).rank if grade else (1 if everything else Grade.PROBABLE.rank)
    with tool.reading() as services:
        _known(watch, services.settings.watches)
        found = stored_landings.find(
            services.store, begin=begin, end=end, watch=watch, include_retracted=True
        )
        rows = [
            row
            for landing in found
            if everything or landing.stands
            for row in tables.landing_rows(landing, services.settings.watches)
            if watch in (None, row["watch"])
            and _at(row, airfield)
            and (Grade(row["grade"]).rank >= least or row["review"] == "confirmed")
            and (everything or landing.airfield is not None)
        ]
        why = _no_landings(services, everything=everything, of_some=bool(begin or end or airfield))
    emit(rows, as_json=as_json, text=lambda: tables.landings_table(rows), none=why)


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
        _known(watch, services.settings.watches)
        rows = [
            row
            for one in services.settings.watches
            if watch in (None, one.name)
            for row in _week_rows(services, one, first, last, at)
        ]
    why = "nothing is known of weeks before anybody listened; name one with --from to see it"
    emit(rows, as_json=as_json, text=lambda: tables.weeks_table(rows), none=why)


@click.command()
@click.option("--week", type=Week(), help="A week like 2026-W47 (default: the present one).")
@click.option("--watch", help="Only this watch.")
@json_option
@click.pass_obj
def ledger(tool: Invocation, week: str | None, watch: str | None, *, as_json: bool) -> None:
    """Where each watched airframe was proven to be, and how long it was unaccounted for."""
    from collector.reports.mails import fleet_ledger
    from collector.weeks import week_of

    at = now()
    with tool.reading() as services:
        _known(watch, services.settings.watches)
        shown, rows = [], []
        for one in services.settings.watches:
            if watch not in (None, one.name):
                continue
            key = week or week_of(at, one.zone)
            found = services.weeks.ledger(one, key, at)
            rows += [
                {"watch": one.name, "week": key, **fleet_ledger.ledger_json(row)} for row in found
            ]
            shown.append(f"{one.name}, {key}\n{fleet_ledger.ledger_table(found)}")
    why = f"no aircraft to tell of, or the week {week} has not begun"
    emit(rows, as_json=as_json, text=lambda: "\n".join(shown), none=why)


def _week_rows(
    services: Services, watch: Watch, first: str | None, last: str | None, at: datetime
) -> list[dict[str, Any]]:
    from collector.alerts.counts import count_landings
    from collector.reports import tables
    from collector.store import archive_units
    from collector.store import landings as stored_landings
    from collector.weeks import week_bounds, week_of, weeks_between

    last = last or week_of(at, watch.zone)
    if first is None:
        eight = week_of(week_bounds(last, watch.zone)[0] - WEEKS_SHOWN, watch.zone)
        first = max(eight, services.weeks.coverage.first_week(watch.zone, at))
    keys = weeks_between(first, last)
    if not keys:
        return []
    begin, end = week_bounds(keys[0], watch.zone)[0], week_bounds(keys[-1], watch.zone)[1]
    found = stored_landings.find(
        services.store, begin=begin, end=end, watch=watch.name, include_retracted=True
    )
    archives = archive_units.feeds(services.store)
    rows = []
    for key in keys:
        bounds = week_bounds(key, watch.zone)
        for place in watch.places:
            count = count_landings(found, watch, place, *bounds)
            rows.append(
                tables.week_row(
                    watch=watch.name,
                    airfield=place.name,
                    week=key,
                    count=count.count,
                    at_most=count.at_most,
                    coverage=services.weeks.coverage.of_week(place, watch.zone, key, at),
                    alert=services.weeks.alert(watch, place, key),
                    archive=services.weeks.coverage.archived(
                        place, watch.zone, key, at, archives=archives, at_most=count.at_most
                    ),
                )
            )
    return rows


def _no_landings(services: Services, *, everything: bool, of_some: bool) -> str:
    """Why nothing is listed, and what to try."""
    from collector.store import coverage_slots
    from collector.store import landings as stored_landings

    if not stored_landings.find(services.store, include_retracted=True, newest=1):
        heard = coverage_slots.first(services.store)
        since = f"since {heard:%Y-%m-%d %H:%M} UTC" if heard else "and nobody was heard yet"
        return f"no landing is known, {since}: `collector status` shows how well we listen"
    tries = [*(["fewer conditions"] if of_some else []), *([] if everything else ["--all"])]
    return f"no such landing; try {' or '.join(tries)}" if tries else "no landing of these watches"


def _at(row: dict[str, Any], airfield: str | None) -> bool:
    fields = {row["airfield"], row["review_airfield"], *row["candidates"]}
    return airfield is None or airfield.upper() in fields


def _known(watch: str | None, watches: tuple[Watch, ...]) -> None:
    if watch is not None and all(one.name != watch for one in watches):
        names = ", ".join(one.name for one in watches) or "none"
        raise click.BadParameter(f"there is no watch {watch!r}: {names}", param_hint="--watch")

"""`backfill opensky-flights`, `flightlist` and `arrivals`: what other sources state."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.backfill_globe_history import AGAIN, SINCE, UNTIL, days_of, summary
from collector.cli.context import (
    Invocation,
    Problems,
    emit,
    json_option,
    ordered,
    progress,
    span_options,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.backfill.flight_lists import Ask, OpenSky
    from collector.backfill.session import Session
    from collector.queries.arrivals import StatedArrival

OWED = (
    "Data: The OpenSky Network, https://opensky-network.org: non-commercial, not to be passed on; "
    "cite Schäfer et al., IPSN 2014."
)


@click.command("opensky-flights", short_help="Arrivals by OpenSky's flight table.")
@SINCE
@UNTIL
@click.option(
    "--aircraft",
    is_flag=True,
    help="Ask for each watched aircraft as well, not only for each watched airfield.",
)
@click.option("--plan", is_flag=True, help="Tell how many requests and credits; ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="The plan as one JSON array on stdout.")
@AGAIN
@click.pass_obj
def opensky_flights(
    tool: Invocation,
    begin: datetime,
    end: datetime,
    *,
    aircraft: bool,
    plan: bool,
    as_json: bool,
    again: bool,
) -> None:
    """Arrivals by OpenSky's flight table: needs your agreement with them, and an account.

    A request costs 30 of the 4,000 credits a day; what today's don't pay for is left, and done
    when you run it again. The arrivals stand beside landings, they make none.
    """
    from collector.backfill import flight_lists, session
    from collector.clock import SystemClock
    from collector.feeds.opensky_flights import PRICE

    tool.logging()
    clock, problems = SystemClock(), Problems()
    days = days_of(begin, end)
    with (
        session.download_lock(tool.settings.archives),
        tool.writing() as services,
        session.client(tool.settings, clock) as http,
    ):
        run = session.Session(services, http, clock, session.Report(problem=problems), again=again)
        opensky = flight_lists.OpenSky(run)
        asks = flight_lists.plan(run, days, aircraft=aircraft)
        able = opensky.affordable()
        today = "" if able is None or able >= len(asks) else f"; today's credits pay for {able}"
        text = f"{len(asks)} requests to make, {len(asks) * PRICE} credits{today}"
        if plan:
            row = {"requests": len(asks), "credits": len(asks) * PRICE, "today": able}
            emit([row], as_json=as_json, text=lambda: text)
            return
        click.echo(text, err=True)
        _ask(run, opensky, asks)
    if problems.count or run.ended[flight_lists.LEFT]:
        raise SystemExit(1)


def _ask(run: Session, opensky: OpenSky, asks: Sequence[Ask]) -> None:
    with progress("asking OpenSky", len(asks)) as step:
        run.report.step = step
        try:
            opensky.run(asks)
        finally:
            summary(run, "requests")
    if run.stated:
        click.echo(OWED, err=True)


@click.command(short_help="Arrivals from flight lists of OpenSky or OPDI.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@AGAIN
@click.pass_obj
def flightlist(tool: Invocation, paths: tuple[Path, ...], *, again: bool) -> None:
    """Arrivals from flight lists: OpenSky's flightlist_*.csv.gz, OPDI's CSV, or folders of them.

    They stand beside landings, they make none: `backfill arrivals` lists them.
    """
    from collector.backfill import flight_lists, session
    from collector.clock import SystemClock

    tool.logging()
    clock, problems = SystemClock(), Problems()
    with (
        tool.writing() as services,
        session.client(tool.settings, clock) as http,
        progress("reading flight lists", len(paths)) as step,
    ):
        report = session.Report(problem=problems, step=step)
        run = session.Session(services, http, clock, report, again=again)
        flight_lists.take_files(run, list(paths))
    summary(run, "files")
    if problems.count:
        raise SystemExit(1)


@click.command(short_help="List the arrivals that other sources state.")
@span_options
@click.option("--unmatched", is_flag=True, help="Only those that no known landing fits.")
@json_option
@click.pass_obj
def arrivals(
    tool: Invocation,
    begin: datetime | None,
    end: datetime | None,
    *,
    unmatched: bool,
    as_json: bool,
) -> None:
    """Arrivals that other sources state, each with the landing it corroborates, if any."""
    from collector.queries.arrivals import listing
    from collector.reports.tables import table

    ordered(begin, end)
    with tool.reading() as services:
        found = [
            each
            for each in listing(services.store, begin, end)
            if not (unmatched and each.landings)
        ]
    rows = [_row(each) for each in found]
    emit(
        rows,
        as_json=as_json,
        text=lambda: table(
            ("ARRIVED (UTC)", "AIRCRAFT", "AT", "FROM", "KM OFF", "SOURCE", "LANDING"),
            [_cells(each) for each in found],
        ),
        none="no arrivals of other sources are known: `backfill flightlist` takes some",
    )


def _row(stated: StatedArrival) -> dict[str, Any]:
    from collector.landings.corroboration import near
    from collector.reports.formatting import iso_z

    one = stated.arrival
    return {
        "source": one.source,
        "icao24": one.icao24,
        "registration": one.registration,
        "callsign": one.callsign,
        "airfield": one.airfield,
        "arrived_at": iso_z(one.arrived_at),
        "departed_at": None if one.departed_at is None else iso_z(one.departed_at),
        "origin": one.origin,
        "horizontal_m": one.horizontal_m,
        "vertical_m": one.vertical_m,
        "near": near(one),
        "landings": list(stated.landings),
        "place": one.place,
    }


def _cells(stated: StatedArrival) -> list[str]:
    one = stated.arrival
    off = "-" if one.horizontal_m is None else f"{one.horizontal_m / 1000:.1f}"
    return [
        f"{one.arrived_at:%Y-%m-%d %H:%M}",
        one.registration or one.icao24,
        one.airfield,
        one.origin or "-",
        off,
        one.source,
        ", ".join(stated.landings) or "-",
    ]

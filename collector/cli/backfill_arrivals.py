"""Which arrivals do other sources state? `backfill opensky-flights`, `flightlist`, `arrivals`.

The first two read arrivals from OpenSky's flight table and from flight lists. `arrivals` lists what
was read, each arrival with the landing it corroborates.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.backfill_days import AGAIN, SINCE, UNTIL, days_of_span, print_summary
from collector.cli.context import Invocation
from collector.cli.output import Problems, emit, json_option, progress, say
from collector.cli.parameters import Edge, check_span, span_in, span_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.backfill.flight_lists import FlightTableBackfill, FlightTableRequest
    from collector.backfill.session import Session
    from collector.queries.arrivals import StatedArrival

OPENSKY_ATTRIBUTION = (
    "Data: The OpenSky Network, https://opensky-network.org. Non-commercial use only, not to be "
    "passed on; cite Schäfer et al., IPSN 2014."
)


@click.command("opensky-flights", short_help="Read arrivals from OpenSky's flight table.")
@SINCE
@UNTIL
@click.option(
    "--aircraft",
    is_flag=True,
    help="Also ask for each watched aircraft, not only for each watched airfield.",
)
@click.option("--plan", is_flag=True, help="Only count the requests and credits; send none.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as one JSON array.")
@AGAIN
@click.pass_obj
def opensky_flights(
    invocation: Invocation,
    begin: datetime,
    end: datetime,
    *,
    aircraft: bool,
    plan: bool,
    as_json: bool,
    again: bool,
) -> None:
    """Read arrivals from OpenSky's flight table.

    You need a written agreement with OpenSky, and an account. A request costs 30 of the 4,000
    credits a day. Requests that today's credits do not pay for are left; run the command again
    tomorrow. An arrival is shown beside the landing that it fits; no arrival is counted as a
    landing.
    """
    from collector.backfill import flight_lists, session
    from collector.clock import SystemClock
    from collector.feeds.opensky_flights import PRICE, usable

    invocation.configure_logs()
    clock, problems = SystemClock(), Problems()
    days = days_of_span(begin, end)
    usable(flight_lists.opensky_feed(invocation.settings))
    opened = (
        invocation.open_read_only_or_empty(quiet=True)
        if plan
        else invocation.open_for_writing(past=True, create=True)
    )
    with (
        session.download_lock(invocation.settings.archives),
        opened as services,
        session.client(invocation.settings, clock) as http,
    ):
        run = session.Session(services, http, clock, session.Report(problem=problems), again=again)
        opensky = flight_lists.FlightTableBackfill(run)
        requests = flight_lists.plan(run, days, aircraft=aircraft)
        affordable = opensky.affordable()
        limit = (
            ""
            if affordable is None or affordable >= len(requests)
            else f"; today's credits pay for {affordable}"
        )
        text = f"{len(requests)} requests to make, {len(requests) * PRICE} credits{limit}"
        if plan:
            row = {
                "requests": len(requests),
                "credits": len(requests) * PRICE,
                "today": affordable,
            }
            emit([row], as_json=as_json, text=lambda: text)
            return
        say(text)
        _send_requests(run, opensky, requests)
    if problems.count or run.ended[flight_lists.LEFT]:
        raise SystemExit(1)


def _send_requests(
    run: Session, opensky: FlightTableBackfill, requests: Sequence[FlightTableRequest]
) -> None:
    with progress("asking OpenSky", len(requests)) as step:
        run.report.step = step
        try:
            opensky.send(requests)
        finally:
            print_summary(run, "requests")
    if run.arrivals:
        say(OPENSKY_ATTRIBUTION)


@click.command(short_help="Read arrivals from flight lists of OpenSky or OPDI.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@AGAIN
@click.pass_obj
def flightlist(invocation: Invocation, paths: tuple[Path, ...], *, again: bool) -> None:
    """Read arrivals from flight lists of OpenSky or OPDI.

    PATHS are OpenSky's flightlist_*.csv.gz, OPDI's CSV files, or folders of them. An arrival is
    shown beside the landing that it fits; no arrival is counted as a landing. `backfill arrivals`
    lists them.
    """
    from collector.archives.flight_lists import why_no_flight_list
    from collector.backfill import flight_lists, session
    from collector.clock import SystemClock
    from collector.errors import CollectorError

    invocation.configure_logs()
    clock, problems = SystemClock(), Problems()
    files = flight_lists.flight_lists_in(paths, problems)
    reasons = [why_no_flight_list(file) for file in files]
    if all(reasons):
        for reason in filter(None, reasons):
            problems(reason)
        raise CollectorError("there is no flight list to read; name files, or folders of them")
    with (
        invocation.open_for_writing(past=True, create=True) as services,
        session.client(invocation.settings, clock) as http,
        progress("reading flight lists", len(files)) as step,
    ):
        report = session.Report(problem=problems, step=step)
        run = session.Session(services, http, clock, report, again=again)
        flight_lists.read_flight_lists(run, files)
    print_summary(run, "files")
    if problems.count:
        raise SystemExit(1)


@click.command(short_help="List the arrivals that other sources state.")
@span_options
@click.option("--unmatched", is_flag=True, help="Only arrivals that fit no known landing.")
@json_option
@click.pass_obj
def arrivals(
    invocation: Invocation,
    begin: Edge | None,
    end: Edge | None,
    *,
    unmatched: bool,
    as_json: bool,
) -> None:
    """List the arrivals that other sources state, each with the landing it corroborates."""
    from collector.queries.arrivals import listing
    from collector.reports.tables import table

    with invocation.open_read_only() as services:
        first, last = span_in(begin, end, services.settings)
        check_span(first, last)
        stated = [
            item
            for item in listing(services.store, first, last)
            if not (unmatched and item.landings)
        ]
    rows = [_row(item) for item in stated]
    emit(
        rows,
        as_json=as_json,
        text=lambda: table(
            ("ARRIVED (UTC)", "AIRCRAFT", "AT", "FROM", "KM OFF", "SOURCE", "LANDING"),
            [_cells(item) for item in stated],
        ),
        none="no arrival from another source is stored; `collector backfill flightlist` reads some",
    )


def _row(stated: StatedArrival) -> dict[str, Any]:
    from collector.landings.corroboration import is_near
    from collector.reports.formatting import iso_z

    arrival = stated.arrival
    return {
        "source": arrival.source,
        "icao24": arrival.icao24,
        "registration": arrival.registration,
        "callsign": arrival.callsign,
        "airfield": arrival.airfield,
        "arrived_at": iso_z(arrival.arrived_at),
        "departed_at": None if arrival.departed_at is None else iso_z(arrival.departed_at),
        "origin": arrival.origin,
        "horizontal_m": arrival.horizontal_m,
        "vertical_m": arrival.vertical_m,
        "near": is_near(arrival),
        "landings": list(stated.landings),
        "place": arrival.place,
    }


def _cells(stated: StatedArrival) -> list[str]:
    arrival = stated.arrival
    off = "-" if arrival.horizontal_m is None else f"{arrival.horizontal_m / 1000:.1f}"
    return [
        f"{arrival.arrived_at:%Y-%m-%d %H:%M}",
        arrival.registration or arrival.icao24,
        arrival.airfield,
        arrival.origin or "-",
        off,
        arrival.source,
        ", ".join(stated.landings) or "-",
    ]

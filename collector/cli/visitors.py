"""`visitors`: who else landed at a watched airfield?"""

from __future__ import annotations

from datetime import datetime

import click

from collector.cli.context import Invocation, emit, json_option, span_options


@click.command()
@span_options
@click.option("--airfield", help="Only this watched airfield (ICAO code).")
@click.option(
    "--all", "everything", is_flag=True, help="Also what is possible, undetermined or retracted."
)
@json_option
@click.pass_obj
def visitors(
    tool: Invocation,
    *,
    begin: datetime | None,
    end: datetime | None,
    airfield: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List landings of aircraft that no watch names, at the watched airfields.

    They are never counted, and no rule sees them. Which aircraft are followed is the table
    [visitors] of the configuration.
    """
    from collector.queries import visitors as visitor_query
    from collector.reports.landing import visitors as visitor_report
    from collector.settings.derived import home_zone

    with tool.reading() as services:
        codes = visitor_query.watched_codes(services.settings.watches)
        if airfield is not None and airfield.upper() not in codes:
            known = ", ".join(codes) or "none"
            raise click.BadParameter(
                f"{airfield!r} is no watched airfield: {known}", param_hint="--airfield"
            )
        found = visitor_query.visitors(
            services.store, codes, begin=begin, end=end, everything=everything
        )
        zone = home_zone(services.settings)
        rows = [
            visitor_report.visitor_row(landing, zone)
            for landing in found
            if airfield is None or airfield.upper() in visitor_query.possible_airfields(landing)
        ]
    emit(rows, as_json=as_json, text=lambda: visitor_report.visitors_table(rows))

"""Which aircraft on no watch landed at a watched airfield? `visitors` lists their landings."""

from __future__ import annotations

import click

from collector.cli.context import Invocation
from collector.cli.output import emit, json_option, terminal_width
from collector.cli.parameters import Edge, check_span, span_in, span_options


@click.command()
@span_options
@click.option("--airfield", metavar="ICAO", help="Only this watched airfield.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also landings that are possible, undetermined or withdrawn.",
)
@json_option
@click.pass_obj
def visitors(
    invocation: Invocation,
    *,
    begin: Edge | None,
    end: Edge | None,
    airfield: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List unlisted aircraft that landed at a watched airfield.

    Unlisted means that no watch names the aircraft. Such landings are never counted, and no rule
    considers them. The table [visitors] of the configuration says which aircraft are followed.
    """
    from collector.queries import visitors as visitor_query
    from collector.reports.landing import visitors as visitor_report
    from collector.reports.titles import names_by_code
    from collector.settings.derived import home_zone

    with invocation.open_read_only() as services:
        codes = visitor_query.watched_codes(services.settings.watches)
        if airfield is not None and airfield.upper() not in codes:
            names = ", ".join(codes) or "none"
            raise click.BadParameter(
                f"{airfield!r} is no watched airfield: {names}", param_hint="--airfield"
            )
        first, last = span_in(begin, end, services.settings)
        check_span(first, last)
        visits, every = (
            [
                landing
                for landing in visitor_query.visitors(
                    services.store, codes, begin=first, end=last, everything=also_unsure
                )
                if airfield is None or airfield.upper() in visitor_query.possible_airfields(landing)
            ]
            for also_unsure in (everything, True)
        )
        zone = home_zone(services.settings)
        rows = [visitor_report.visitor_row(landing, zone) for landing in visits]
        fields = names_by_code(services.settings.airfields)
        unsure = 0 if rows else sum(landing.stands for landing in every)
    none = "no landing of an unlisted aircraft is stored for this time and place"
    if unsure:
        none = (
            f"no landing of an unlisted aircraft is sure enough to be listed; --all lists {unsure}"
        )
    emit(
        rows,
        as_json=as_json,
        text=lambda: visitor_report.visitors_table(rows, terminal_width(), names=fields),
        none=none,
    )

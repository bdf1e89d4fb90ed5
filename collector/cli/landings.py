"""`landings`, `weeks`, `ledger`: what was found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, check_watch, emit, json_option, ordered, span_options

if TYPE_CHECKING:
    from collector.services import Services

GRADES = ("confirmed", "probable", "possible")


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
        check_watch(watch, services.settings.watches)
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


def _no_landings(services: Services, *, everything: bool, of_some: bool) -> str:
    """Why nothing is listed, and what to try."""
    from collector.store import coverage_slots
    from collector.store import landings as stored_landings

    if not stored_landings.find(services.store, include_retracted=True, newest=1):
        heard = coverage_slots.first_slot_at(services.store)
        since = f"since {heard:%Y-%m-%d %H:%M} UTC" if heard else "and nobody was heard yet"
        return f"no landing is known, {since}: `collector status` shows how well we listen"
    tries = [*(["fewer conditions"] if of_some else []), *([] if everything else ["--all"])]
    return f"no such landing; try {' or '.join(tries)}" if tries else "no landing of these watches"


def _at(row: dict[str, Any], airfield: str | None) -> bool:
    fields = {row["airfield"], row["review_airfield"], *row["candidates"]}
    return airfield is None or airfield.upper() in fields

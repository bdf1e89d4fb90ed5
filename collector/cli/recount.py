"""`recount`: was each landing of a published list tracked?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import (
    Invocation,
    Problems,
    emit,
    json_option,
    now,
    progress,
    reading_if_there,
)

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@json_option
@click.pass_obj
def recount(tool: Invocation, file: Path | None, *, as_json: bool) -> None:
    """Go through a published list of landings row by row: was each tracked?

    FILE is a CSV as for `backfill sightings`; without it, the shipped list. Nothing is stored.
    Each row is matched, contradicted (with the alibi), could not have been heard (or no archive of
    its days was read, or it has none), or was not found though it would have been heard. Exit code
    1 only if a row could not be read.
    """
    from collector.audit import recount as recount_audit
    from collector.queries import published_record
    from collector.reports.period import recount as recount_report

    problems = Problems()
    at = now()
    read = published_record.read_sightings(
        [file or published_record.shipped_sightings()], problems, now=at
    )
    rows = [row for _, numbered in read for row in numbered]
    with reading_if_there(tool) as services, progress("looking back") as step:
        told = recount_audit.recount(
            services.store,
            tool.settings.watches,
            tool.settings.airfields,
            rows,
            now=at,
            progress=step,
        )
    shown = [recount_report.recount_row(one.line, one.row, one.verdict) for one in told]
    emit(
        shown,
        as_json=as_json,
        text=lambda: recount_report.recount_table(shown),
        none="the list has no row that could be read",
    )
    if told:
        click.echo(recount_report.totals([one.verdict for one in told]), err=True)
    if problems.count:
        raise SystemExit(1)

"""Was each landing of a published list tracked? `recount` compares the list row by row."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation, now
from collector.cli.list_form import encoding_option, list_form
from collector.cli.output import Problems, emit, json_option, progress, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@encoding_option
@json_option
@click.pass_obj
def recount(
    invocation: Invocation, file: Path | None, *, encoding: str | None, as_json: bool
) -> None:
    """Compare a published list of landings with the tracked ones.

    FILE is a CSV file as for `backfill sightings`; without FILE, the shipped list is compared.
    Nothing is stored. Each row is matched by a tracked landing, or contradicted by an alibi, or
    could not have been received, or was not found although it would have been received. The exit
    code is 1 only if a row could not be read. See docs/history.md.
    """
    from collector.audit import recount as recount_audit
    from collector.queries import published_record
    from collector.reports.period import recount as recount_report

    problems = Problems()
    at = now()
    read = published_record.read_sightings(
        [file or published_record.shipped_sightings()],
        problems,
        now=at,
        form=list_form(invocation, encoding),
    )
    sightings = [row for _, numbered in read for row in numbered]
    with invocation.open_read_only_or_empty() as services, progress("looking back") as step:
        recounted = recount_audit.recount(
            services.store,
            services.settings.watches,
            services.settings.airfields,
            sightings,
            now=at,
            progress=step,
        )
    rows = [recount_report.recount_row(item.line, item.row, item.verdict) for item in recounted]
    emit(
        rows,
        as_json=as_json,
        text=lambda: recount_report.recount_table(rows),
        none="the list has no row that could be read",
    )
    if recounted:
        say(recount_report.totals([item.verdict for item in recounted]))
    if problems.count:
        raise SystemExit(1)

"""Where was each watched airframe in a week, and when is that unknown? The command `ledger`."""

from __future__ import annotations

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, terminal_width
from collector.cli.parameters import Week, check_watch


@click.command()
@click.option("--week", type=Week(), help="A week like 2026-W47 (default: the present one).")
@click.option("--watch", metavar="NAME", help="Only this watch.")
@json_option
@click.pass_obj
def ledger(invocation: Invocation, week: str | None, watch: str | None, *, as_json: bool) -> None:
    """Show where each watched airframe was proven to be in a week.

    The table also shows how long an airframe was unaccounted for.
    """
    from collector.reports.mails import fleet_ledger
    from collector.weeks import week_of

    at = now()
    with invocation.open_read_only() as services:
        check_watch(watch, services.settings.watches)
        tables, rows = [], []
        for each_watch in services.settings.watches:
            if watch not in (None, each_watch.name):
                continue
            key = week or week_of(at, each_watch.zone)
            ledger_rows = services.weeks.ledger(each_watch, key, at)
            rows += [
                {"watch": each_watch.name, "week": key, **fleet_ledger.ledger_json(row)}
                for row in ledger_rows
            ]
            table = fleet_ledger.ledger_table(ledger_rows, terminal_width())
            where = fleet_ledger.landings_where(each_watch.airfields)
            tables.append(f"{each_watch.name}, {key}. {where}:\n{table}")
    emit(
        rows,
        as_json=as_json,
        text=lambda: "\n".join(tables),
        none="no report of a watched airframe lies in or near the present week, and no fleet file "
        "names one; another week: --week 2026-W47"
        if week is None
        else f"no report of a watched airframe lies in or near week {week}, and no fleet file "
        "names one; or that week has not begun",
    )

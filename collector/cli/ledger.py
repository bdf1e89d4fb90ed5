"""`ledger`: where was each watched airframe proven to be in a week, and when not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, Week, check_watch, emit, json_option, now

if TYPE_CHECKING:
    pass


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
        check_watch(watch, services.settings.watches)
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

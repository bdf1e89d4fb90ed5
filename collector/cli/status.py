"""How does the collector do, on one screen or as one JSON object?"""

from __future__ import annotations

from typing import Any

import click

from collector.cli.context import Invocation, emit, json_option, now
from collector.reports.landing.visitors import visitors_table
from collector.reports.learned_coverage import learned_line
from collector.reports.tables import counted_cells, table
from collector.untrusted import visible


def text(told: dict[str, Any]) -> str:
    """`status` for a terminal."""
    pid = told["running_pid"]
    parts = [f"{'running, process ' + str(pid) if pid else 'not running'} · {told['database']}\n"]
    parts += [
        f"TROUBLE since {one['began_at']}: {one['kind']} {one['subject']}: {one['detail']}\n"
        for one in told["conditions"]
    ]
    parts.append(
        table(
            ("FEED", "LAST ASKED", "OUTCOME", "LAST ANSWER", "FAILED", "TODAY", "ASKED AGAIN"),
            [
                [
                    one["feed"],
                    one["last_poll_at"] or "never",
                    one["last_outcome"] or "-",
                    one["last_ok_at"] or "never",
                    str(one["failures"]),
                    str(one["spent_today"]),
                    one["parked_until"] or "-",
                ]
                for one in told["feeds"]
                if one["enabled"] or one["last_poll_at"]
            ],
        )
    )
    newest = {row["watch"]: row["week"] for row in reversed(told["weeks"])}
    parts.append(
        table(
            ("WATCH", "AIRFIELD", "WEEK", "COUNT", "COULD SEE", "ALERT"),
            [
                [one["watch"], one["airfield"], one["week"], *counted_cells(one)]
                for one in told["weeks"]
                if one["week"] == newest[one["watch"]]
            ],
        )
    )
    parts.append(f"{learned_line(told['learned'])}\n")
    parts += [
        f"DOES NOT FIT since {one['begins_at']}: {visible(one['detail'])}\n"
        for one in told["conflicts"]
    ]
    if told["visitors"]:
        parts.append(f"Unlisted visitors, last 7 days:\n{visitors_table(told['visitors'])}")
    if any(told["tracks"].values()):
        counted = ", ".join(f"{count} {state}" for state, count in told["tracks"].items() if count)
        parts.append(f"full tracks, last 7 days: {counted}\n")
    waits = told["outbox"]
    parts.append(f"mails: {waits['owed']} owed, {waits['failed']} failed\n")
    return "\n".join(parts)


@click.command()
@json_option
@click.pass_obj
def status(tool: Invocation, *, as_json: bool) -> None:
    """Health, last polls, open conditions, mails that wait, and this week."""
    from collector.queries.snapshot import Shares, Snapshot
    from collector.queries.status import status as status_document

    with tool.reading() as services:
        document = status_document(
            Snapshot(services.settings, services.store, now(), Shares(), services.weeks.coverage)
        )
    emit([document], as_json=as_json, text=lambda: text(document))

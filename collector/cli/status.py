"""How is the collector doing? `status` answers on one screen or as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import click

from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, say, terminal_width
from collector.model import Watch
from collector.reports.formatting import table_time
from collector.reports.judged import judged_line
from collector.reports.landing.visitors import visitors_table
from collector.reports.learned_coverage import learned_line
from collector.reports.tables import WIDTH, counted_cells, ok_words_of, table
from collector.untrusted import visible

FEED_HEAD = ("FEED", "LAST POLL", "OUTCOME", "LAST REPLY", "FAILED", "TODAY", "BACKS OFF UNTIL")
WEEK_HEAD = ("WATCH", "AIRFIELD", "WEEK", "COUNT", "COULD SEE", "ALERT")


def status_text(document: dict[str, Any], width: int = WIDTH, watches: Sequence[Watch] = ()) -> str:
    """Return the status document (see `collector.queries.status`) as text for a terminal.

    Times are in UTC; `width` is that of the terminal, in columns. `watches` tell which place has a
    rule.
    """

    def time(row: dict[str, Any], key: str, without: str) -> str:
        return table_time(row[key]) if row[key] else without

    def filled(sentence: str) -> str:
        shown = visible(sentence)
        return fill(shown, width, break_long_words=False, break_on_hyphens=False) + "\n"

    pid = document["running_pid"]
    running = f"running, process {pid}" if pid else "not running"
    # What is wrong comes first: that a process runs does not mean that anything works.
    parts = [filled(f"Not healthy: {problem}") for problem in document["problems"]]
    parts.append(f"{running} · {document['database']}\n")
    parts += [
        filled(
            f"Condition since {table_time(row['began_at'])} UTC: "
            f"{row['kind']} {row['subject']}: {row['detail']}"
        )
        for row in document["conditions"]
    ]
    parts.append(
        table(
            FEED_HEAD,
            [
                [
                    row["feed"],
                    time(row, "last_poll_at", "never"),
                    row["last_outcome"] or "-",
                    time(row, "last_ok_at", "never"),
                    str(row["failures"]),
                    str(row["spent_today"]),
                    time(row, "parked_until", "-"),
                ]
                for row in document["feeds"]
                if row["enabled"] or row["last_poll_at"]
            ],
            width=width,
        )
    )
    parts += [
        filled(f"{row['host']} limits our requests: {row['pause_s']:g} s between two of them")
        for row in document["limited_hosts"]
    ]
    ok = ok_words_of(watches)
    newest = {row["watch"]: row["week"] for row in reversed(document["weeks"])}
    parts.append(
        table(
            WEEK_HEAD,
            [
                [row["watch"], row["airfield"], row["week"], *counted_cells(row, ok)]
                for row in document["weeks"]
                if row["week"] == newest[row["watch"]]
            ],
            width=width,
        )
    )
    parts.append(filled(learned_line(document["learned"])))
    if judged := judged_line(document["judged"]):
        parts.append(filled(judged))
    parts += [
        filled(f"Identity conflict since {table_time(row['begins_at'])} UTC: {row['detail']}")
        for row in document["conflicts"]
    ]
    if document["visitors"]:
        parts.append(
            f"Unlisted visitors, last 7 days:\n{visitors_table(document['visitors'], width)}"
        )
    if any(document["tracks"].values()):
        counts = ", ".join(
            f"{count} {state}" for state, count in document["tracks"].items() if count
        )
        parts.append(f"Full tracks, last 7 days: {counts}\n")
    mails = document["outbox"]
    parts.append(f"Mails waiting to be sent: {mails['owed']}. Failed: {mails['failed']}.\n")
    return "\n".join(parts)


@click.command()
@json_option
@click.pass_obj
def status(invocation: Invocation, *, as_json: bool) -> None:
    """Show feeds, open conditions, this week's counts and unsent mails."""
    from collector.queries.snapshot import Shares, Snapshot
    from collector.queries.status import status as status_document
    from collector.queries.watches_past import warnings

    with invocation.open_read_only() as services:
        document = status_document(
            Snapshot(services.settings, services.store, now(), Shares(), services.weeks.coverage)
        )
        watches = services.settings.watches
        for warning in warnings(services.store, watches):
            say(f"collector: note: {warning}")
    emit(
        [document],
        as_json=as_json,
        text=lambda: status_text(document, terminal_width(), watches),
    )

"""`run`, `serve`, `status`: the daemon, its page, and how it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, emit, json_option, now

if TYPE_CHECKING:
    from collector.services import Services


@click.command()
@click.option("--once", is_flag=True, help="One round of everything that is due, then exit.")
@click.pass_obj
def run(tool: Invocation, *, once: bool) -> None:
    """Poll, detect, alert, mail and digest until SIGTERM."""
    from collector.daemon import start
    from collector.serving import page_beside

    settings = tool.settings
    tool.logging()
    with start.daemon(settings, os.environ) as daemon:
        if once:
            daemon.once()
        else:
            with page_beside(settings):
                ended = daemon.run()
            # Before the database is closed under a thread that still uses it.
            start.leave(ended=ended)


@click.command()
@click.option("--host", help="Address to listen on (default: as configured).")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on (default: as configured)."
)
@click.pass_obj
def serve(tool: Invocation, *, host: str | None, port: int | None) -> None:
    """The status page alone; it only reads the database."""
    from collector.serving import serve_until_stopped

    tool.logging()
    web = tool.settings.web
    serve_until_stopped(tool.settings, host or web.host, web.port if port is None else port)


@click.command()
@json_option
@click.pass_obj
def status(tool: Invocation, *, as_json: bool) -> None:
    """Health, last polls, open conditions, mails that wait, and this week."""
    from collector.cli import status as status_screen

    with tool.reading() as services:
        told = status_screen.status(services, now())
    emit([told], as_json=as_json, text=lambda: status_screen.text(told))


def send_all(services: Services) -> None:
    """Send what the outbox owes now, each mail tried once."""
    from collector.clock import SystemClock
    from collector.daemon.start import sending_of

    sending = sending_of(services, SystemClock())
    while sending.send_one():
        pass

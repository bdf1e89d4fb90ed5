"""`run`, `serve`, `status`: the daemon, its page, and how it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--once", is_flag=True, help="One round of everything that is due, then exit.")
@click.pass_obj
def run(tool: Invocation, *, once: bool) -> None:
    """Poll, detect, alert, mail and digest until SIGTERM."""
    from collector.daemon import start
    from collector.web.server import page_beside

    settings = tool.settings
    tool.logging()
    with start.daemon(settings, os.environ) as daemon:
        if once:
            daemon.run_once()
        else:
            with page_beside(settings):
                ended = daemon.run()
            # Before the database is closed under a thread that still uses it.
            start.leave(ended=ended)

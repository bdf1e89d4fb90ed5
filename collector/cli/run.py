"""How does the daemon start from the command line? `run` works until SIGTERM, or for one round."""

from __future__ import annotations

import os

import click

from collector.cli.context import Invocation


@click.command()
@click.option("--once", is_flag=True, help="Do once everything that is due, then exit.")
@click.pass_obj
def run(invocation: Invocation, *, once: bool) -> None:
    """Run the daemon until SIGTERM.

    The daemon polls the feeds, detects landings, judges rules, sends mails and digests, and serves
    the status page.
    """
    from collector.daemon import start
    from collector.web.server import page_beside

    settings = invocation.demand_secrets()
    invocation.configure_logs(for_months=not once)
    with start.daemon(settings, os.environ) as daemon:
        if once:
            daemon.run_once()
        else:
            with page_beside(settings, daemon.job_states):
                exit_code = daemon.run()
            # Before the database is closed under a thread that still uses it.
            start.leave(exit_code)

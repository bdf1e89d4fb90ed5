"""How does the daemon start from the command line? `run` works until SIGTERM, or for one round."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation
from collector.cli.output import folded

if TYPE_CHECKING:
    from collector.daemon.scheduler import Daemon
    from collector.settings import Settings


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
    if not once:
        _introduce(settings)
    invocation.configure_logs(for_months=not once)
    with start.daemon(settings, os.environ) as daemon:
        if once:
            begun_at = daemon.clock.now()
            daemon.run_once()
            _tell(daemon, begun_at)
        else:
            with page_beside(settings, daemon.job_states):
                exit_code = daemon.run()
            # Before the database is closed under a thread that still uses it.
            start.leave(exit_code)


def _introduce(settings: Settings) -> None:
    """Say on a terminal what begins; the log of a service has it line by line."""
    from collector.cli.first_screen import first_sentences
    from collector.clock import SystemClock

    if not sys.stdout.isatty():
        return
    for sentence in first_sentences(settings, SystemClock().now().date()):
        click.echo(folded(sentence, sys.stdout))


def _tell(daemon: Daemon, begun_at: datetime) -> None:
    """Say on a terminal what the round did; a timer's log has it line by line."""
    from collector.queries.last_round import round_words

    if not sys.stdout.isatty():
        return
    services = daemon.jobs.services
    words = round_words(services.store, services.settings.watches, begun_at, daemon.clock.now())
    click.echo(folded(words, sys.stdout))

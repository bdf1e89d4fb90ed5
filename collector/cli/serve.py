"""How is the status page shown without the daemon? `serve` answers from the database alone."""

from __future__ import annotations

import click

from collector.cli.context import Invocation


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on (default: web.host).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Port to listen on (default: web.port).",
)
@click.pass_obj
def serve(invocation: Invocation, *, host: str | None, port: int | None) -> None:
    """Serve the status page without the daemon.

    The page only reads the database.
    """
    from collector.web.server import serve_until_stopped

    invocation.configure_logs(for_months=True)
    web = invocation.settings.web
    serve_until_stopped(invocation.settings, host or web.host, web.port if port is None else port)

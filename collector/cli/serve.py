"""`serve`: show the status page without the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--host", help="Address to listen on (default: as configured).")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on (default: as configured)."
)
@click.pass_obj
def serve(tool: Invocation, *, host: str | None, port: int | None) -> None:
    """The status page alone; it only reads the database."""
    from collector.web.server import serve_until_stopped

    tool.logging()
    web = tool.settings.web
    serve_until_stopped(tool.settings, host or web.host, web.port if port is None else port)

"""What can an operator say to the collector? The command `collector`, loaded piece by piece.

Exit codes: 0 done, 1 failed, 2 usage, 78 bad configuration (all mistakes listed at once). A
command's module is imported when the command is used, so that `--help` answers at once.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from collector import __version__
from collector.cli.context import Invocation
from collector.errors import CollectorError, ConfigError
from collector.untrusted import visible

COMMANDS = {
    "init": "Write a commented configuration to start from.",
    "check": "List every mistake in the configuration at once.",
    "run": "The daemon: poll, detect, alert, mail, digest.",
    "serve": "The status page alone, reading the database.",
    "status": "Health, last polls, open conditions, this week.",
    "replay": "Recorded replies through the whole line, under their own clock.",
    "backfill": "Past data from archives: the same line, another source.",
    "landings": "Landings with grade, probability and whether counted.",
    "weeks": "Count, coverage and alert state per week.",
    "visitors": "Unlisted aircraft that landed at a watched airfield.",
    "ledger": "Where each watched airframe was proven to be, and when not.",
    "explain": "The evidence for a landing, in order, in plain words.",
    "review": "Confirm or reject a landing: a person's verdict wins.",
    "alerts": "Rules that fire: list, mute, ack.",
    "rules": "Would a rule have fired in the past, and on what?",
    "digest": "The weekly digest of any week.",
    "report": "Any time's landings, beside the published record.",
    "recount": "A published list row by row: was each landing tracked?",
    "outbox": "Mails that are owed: list, retry.",
    "db": "Migrate, check or back up the database.",
}
"""Each command, which a module of its name holds, with its line of help."""


class LazyGroup(click.Group):
    """Knows its commands by name; imports one only when it is used."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"collector.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it raises on purpose becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            for mistake in error.mistakes:
                click.echo(f"collector: {visible(str(mistake))}", err=True)
            ctx.exit(error.exit_code)
        except CollectorError as error:
            click.echo(f"collector: {visible(str(error))}", err=True)
            ctx.exit(error.exit_code)


def _print_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Tell the version and the commit. Git is asked only here, as it takes its time."""
    if asked and not ctx.resilient_parsing:
        from collector.cli.version import version_line

        click.echo(version_line(__version__))
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file (default: ./config/collector.toml, then "
    "/etc/collector/collector.toml, then the embedded defaults).",
)
@click.option(
    "--log",
    "level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="What commands that work for a while log, to stderr.",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and the commit, and exit.",
)
@click.pass_context
def main(ctx: click.Context, *, config: Path | None, level: str) -> None:
    """Which watched aircraft landed at which airfield, when, how sure, and is that unusual?"""
    ctx.obj = Invocation(config, level)

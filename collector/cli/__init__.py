"""What does the command `collector` offer? A subcommand for each task of an operator or a reader.

Exit codes: 0 done, 1 failed, 2 wrong usage, 75 failed for a reason that may pass (a full disk, a
locked database), 78 wrong configuration (with all mistakes listed). A subcommand's module is
imported only when that subcommand is used, so that `--help` answers at once.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from collector import __version__
from collector.cli.context import Invocation
from collector.errors import DISK_FAULTS, TEMPORARY, CollectorError, ConfigError, os_words
from collector.untrusted import visible

COMMANDS = {
    "demo": "Show a simulated season: its landings, mails and page.",
    "init": "Write a commented configuration to start from.",
    "watch": "Add a watch to the configuration.",
    "check": "List every mistake in the configuration.",
    "run": "Run the daemon until SIGTERM.",
    "serve": "Serve the status page without the daemon.",
    "status": "Show feeds, open conditions, this week's counts and unsent mails.",
    "replay": "Run recorded replies through the whole pipeline.",
    "backfill": "Read past data from archives.",
    "landings": "List landings with grade, and the week in which they count.",
    "weeks": "List count, coverage and alert state of each week.",
    "visitors": "List unlisted aircraft that landed at a watched airfield.",
    "ledger": "Show where each watched airframe was proven to be in a week.",
    "explain": "Print the evidence for a landing in plain words.",
    "review": "Confirm or reject a landing, with a note.",
    "alerts": "List alerts, mute rules, acknowledge alerts.",
    "rules": "Test rules and the detection against the stored past.",
    "digest": "Print, write or mail the digest of any week.",
    "report": "Report the landings of any time beside the published record.",
    "cite": "Write one sentence that can be printed, and keep it.",
    "export": "Write tables for other programs, or the evidence for a landing.",
    "publish": "Write the readers' pages as files for any web server.",
    "methodology": "Print the note on how landings are counted here.",
    "seal": "Make one hash that stands for all replies that landings rest on.",
    "verify": "Check an evidence pack, and derive its landing again.",
    "recount": "Compare a published list of landings with the tracked ones.",
    "outbox": "List mails by state; retry or drop them, or sum them up.",
    "db": "Migrate, check, prune, back up or restore the database.",
    "alarm": "Mail the operators that the service failed; systemd calls this.",
}
"""Each command with the first sentence of its help. A module of that name holds the command."""


LAST_STREAM = 2
"""The number of stderr."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports a command only when it is used."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"collector.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(
                error.command_name, possibilities=COMMANDS, ctx=ctx
            ) from error

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A CollectorError becomes a message on stderr and an exit code.

        So does a disk that is full, read-only or failing. The exit code is 1 as well if the
        landings of an aircraft could not be found. Any other error is a defect, and its traceback
        is written without secrets.
        """
        try:
            result = super().invoke(ctx)
            if isinstance(ctx.obj, Invocation) and ctx.obj.underived:
                ctx.exit(1)
            return result
        except ConfigError as error:
            for mistake in error.mistakes:
                _tell(str(mistake))
            ctx.exit(error.exit_code)
        except CollectorError as error:
            _tell(str(error))
            ctx.exit(error.exit_code)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click ends the program as each of them asks for
        except OSError as error:
            if error.errno not in DISK_FAULTS:
                self._tell_defect(ctx, error)
            where = f"{error.filename}: " if error.filename else ""
            why = f"{where}{os_words(error)}; free some space there, or choose another place"
            _tell(why)
            ctx.exit(TEMPORARY)
        except Exception as error:
            self._tell_defect(ctx, error)

    def _tell_defect(self, ctx: click.Context, error: Exception) -> NoReturn:
        """Write the traceback; Python would write its text with every secret in it.

        A letter that the locale lacks is no defect: the environment says how names are written.
        """
        if isinstance(error, UnicodeEncodeError) and error.encoding != "utf-8":
            _tell(
                f"{error.object!r} is no name for a file here, where names are written in "
                f"{sys.getfilesystemencoding()}: set LC_ALL=C.UTF-8 in the environment"
            )
            ctx.exit(1)
        if not isinstance(ctx.obj, Invocation):
            raise error
        ctx.obj.tell_defect(error)
        ctx.exit(1)


def _tell(why: str) -> None:
    from collector.cli.output import say  # what it imports, `--help` does without

    say(f"collector: {visible(why)}")


def _print_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Tell the version and the commit. Git is asked only here, as it takes its time."""
    if asked and not ctx.resilient_parsing:
        from collector.cli.version import version_line

        click.echo(version_line(__version__))
        ctx.exit()


def _repair_streams() -> None:
    """Let any command write whatever it has to say, to a stream of any encoding or to a closed one.

    A letter that the encoding lacks is written as its escape. In the place of a stream that is
    closed, a file that is opened later would get what is written there.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= LAST_STREAM:
        pass
    os.close(number)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - for ever
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file (default: ./config/collector.toml, or else "
    "/etc/collector/collector.toml, or else the built-in defaults).",
)
@click.option(
    "--log",
    "level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="Least severe log lines that long-running commands write to stderr.",
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
    """Count landings of chosen aircraft at chosen airfields.

    The collector watches public flight-tracking feeds, shows the evidence for each landing, and
    tells operators by mail when a week is unusual.
    """
    _repair_streams()
    ctx.obj = Invocation(config, level)

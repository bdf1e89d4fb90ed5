"""What does docs/commands.md say? Every command with its usage, its help and its options.

`python -m collector.cli.reference` prints the page; a test compares the output with the file. The
page is built from the commands' own help, so that it cannot say anything else than `--help` does.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator

import click

from collector.cli import main

_WIDTH = 100
_INTRODUCTION = """\
# Commands

Written by `python -m collector.cli.reference` from the help of the commands; do not edit this page
by hand. Each command prints its part of this page with `--help`.

* **Configuration.** The options `--config` and `--log` stand before the command:
  `collector --config my.toml status`. [configuration.md](configuration.md) lists the keys.
* **Output.** Results go to stdout; progress, logs and messages go to stderr. With `--json`, stdout
  holds one JSON array and nothing else.
* **Times.** A day, week, month or year in `--from` and `--to` is written like 2026-11-22, 2026-W47,
  2026-11 or 2026, and is taken as a whole. A time is written like 2026-11-22T14:00Z.
* **Exit codes.** 0: done. 1: failed, or something could not be read, or the landings of an aircraft
  could not be found by a defect of the collector; the rest is done. 2: wrong usage. 75: failed for
  a reason that may pass (a full disk, a locked database). 78: wrong configuration; all mistakes are
  listed.
"""


def reference() -> str:
    """Return the whole page in Markdown."""
    root = click.Context(main, info_name="collector")
    commands = list(commands_below(root))
    index = [
        f"| [`{context.command_path.removeprefix('collector ')}`](#{_anchor(context)}) "
        f"| {_first_sentence(context)} |"
        for context in commands
    ]
    parts = [
        _INTRODUCTION,
        "| command | does |\n|---|---|\n" + "\n".join(index) + "\n",
        *(_section(context) for context in (root, *commands)),
    ]
    return "\n".join(parts)


def commands_below(parent: click.Context) -> Iterator[click.Context]:
    """Yield a context for each command of a group and for each of their subcommands, in order."""
    group = parent.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is not None and not command.hidden:
            context = click.Context(command, info_name=name, parent=parent)
            yield context
            yield from commands_below(context)


def _section(context: click.Context) -> str:
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    parts = [f"## {context.command_path}\n", f"    {usage}\n", *_paragraphs(context)]
    records = [
        record
        for parameter in context.command.params
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context))
    ]
    if records:
        parts.append("\n".join(_item(names, text) for names, text in records) + "\n")
    return "\n".join(parts)


def _paragraphs(context: click.Context) -> Iterator[str]:
    for paragraph in inspect.cleandoc(context.command.help or "").split("\n\n"):
        yield _wrapped(paragraph) + "\n"


def _item(names: str, text: str) -> str:
    return _wrapped(f"* `{names}`: {text.replace('  [', ' [')}", indent="  ")


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        width=_WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _first_sentence(context: click.Context) -> str:
    return context.command.get_short_help_str(limit=_WIDTH)


def _anchor(context: click.Context) -> str:
    """Return the anchor that Markdown renderers give to the command's heading."""
    return context.command_path.replace(" ", "-")


if __name__ == "__main__":
    sys.stdout.write(reference())

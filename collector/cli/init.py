"""How does an operator begin a configuration? `init` writes the commented example to a file."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation
from collector.cli.output import say

DEFAULT_PATH = Path("config/collector.toml")


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def init(invocation: Invocation, *, path: Path | None) -> None:
    """Write a commented configuration to start from.

    PATH is by default the file that --config names, or else config/collector.toml. The file holds
    every key, commented, at its default. An existing file is left unchanged.
    """
    from collector.settings import init as write_example

    path = path or invocation.config or DEFAULT_PATH
    write_example(path)
    say(f"{path}: written; edit it, then run `collector check`")

"""`init`: where does a configuration of one's own begin?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.check import PLACE
from collector.cli.context import Invocation

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def init(tool: Invocation, *, path: Path | None) -> None:
    """Write a configuration to PATH (default: --config, else config/collector.toml).

    Every key stands in it, commented, at its default. An existing file is left as it is.
    """
    from collector.settings import init as write

    path = path or tool.config or PLACE
    write(path)
    click.echo(f"{path}: written; edit it, then `collector check`", err=True)

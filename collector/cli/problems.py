"""What could not be read, told on stderr? Shared by the commands that read the past."""

from __future__ import annotations

import click


class Problems:
    """Says on stderr what could not be read; after many, only how many."""

    SHOWN = 50

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, problem: str) -> None:
        from collector.untrusted import visible

        self.count += 1
        if self.count <= self.SHOWN:
            click.echo(f"collector: {visible(problem)}", err=True)
        elif self.count == self.SHOWN + 1:
            click.echo("collector: and more that is not shown", err=True)

"""What can everybody read? `publish` writes the readers' pages as files for any web server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, now
from collector.cli.edition import checked_only_option, edition_of
from collector.cli.output import progress, say

if TYPE_CHECKING:
    from collector.publishing.folder import Plan
    from collector.publishing.site import Site


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@checked_only_option
@click.option("--yes", is_flag=True, help="Write without asking, as from a timer.")
@click.pass_obj
def publish(invocation: Invocation, /, *, folder: Path, checked_only: bool, yes: bool) -> None:
    """Write the readers' pages as files for any web server.

    They hold what may leave: landings a day after the aircraft departed, or three days after the
    touchdown, of aircraft whose operator is named, as they follow from data that may be passed on.
    A second run changes the files in which something changed, and deletes those that are published
    no more; no file that it did not write is touched. docs/publishing.md says what to consider
    first.
    """
    from collector.publishing.folder import plan, put_in_place
    from collector.publishing.guard import refuse_secrets
    from collector.publishing.site import draft

    invocation.configure_logs()
    with edition_of(invocation, now(), checked_only=checked_only) as edition:
        drafted = draft(edition)
    with progress("drawing pictures") as step:

        def show(steps: int, text: str) -> None:
            step.steps(steps)
            step(text)

        made = drafted.drawn(folder, show)
    refuse_secrets(made.files, invocation.settings)
    planned = plan(folder, made.files, made.made_from)
    _announce(made, planned)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nothing was written: add --yes where nobody can be asked")
        click.confirm("Write this?", abort=True, err=True)
    put_in_place(planned)
    click.echo(str(folder / "index.html"))


def _announce(made: Site, planned: Plan) -> None:
    """Tell the operator what goes in and what stays behind, before anything is written."""
    from collector.untrusted import visible

    lines = [
        (
            f"to be published: {made.pages:,} pages with {made.landings:,} landings; "
            f"{len(made.files) - made.pages:,} pictures, tables and feeds"
        ),
        *(f"left out: {each}" for each in made.left_out),
        (
            f"{planned.folder}: {len(planned.new):,} new, {len(planned.changed):,} changed, "
            f"{len(planned.removed):,} to be deleted, {planned.unchanged:,} as they are"
        ),
    ]
    if made.undrawn:
        lines.append(f"{made.undrawn:,} pictures could not be drawn; the pages do without")
    for line in lines:
        say(f"collector: {visible(line)}")
    for name, paths in (("changed", planned.changed), ("to be deleted", planned.removed)):
        for path in paths:
            say(f"collector: {name}: {visible(path)}")

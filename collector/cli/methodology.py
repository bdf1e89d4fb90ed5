"""How are landings counted here? `methodology` prints the note that the published pages have."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Invocation, now
from collector.cli.edition import checked_only_option, edition_of


@click.command()
@checked_only_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write into this file instead of printing.",
)
@click.pass_obj
def methodology(invocation: Invocation, /, *, checked_only: bool, out: Path | None) -> None:
    """Print the note on how landings are counted here.

    It is Markdown, with the numbers of this installation, its feeds with their licences, and the
    limits. Nothing is in it that `collector publish` would not publish.
    """
    from collector.errors import CollectorError, os_words
    from collector.publishing.site import note
    from collector.reports.methodology import as_markdown

    with edition_of(invocation, now(), checked_only=checked_only) as edition:
        text = as_markdown(note(edition))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CollectorError(f"{out} cannot be written: {os_words(error)}") from error

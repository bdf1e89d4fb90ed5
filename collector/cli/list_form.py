"""In which form is a list of sightings? The option for its code page, shared by two commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.cli.context import Invocation
from collector.cli.output import say

if TYPE_CHECKING:
    from collector.queries.published_record import ListForm

F = TypeVar("F", bound=Callable[..., Any])


def encoding_option(command: F) -> F:
    """Add `--encoding`, the code page of lists that are not in Unicode."""
    return click.option(
        "--encoding",
        metavar="NAME",
        help="Code page of files that are not UTF-8 or UTF-16, such as windows-1252.",
    )(command)


def list_form(invocation: Invocation, encoding: str | None) -> ListForm:
    """Return what is known of the lists; what is read back in them is told on stderr."""
    from collector.queries.published_record import ListForm, listed_addresses
    from collector.untrusted import visible

    return ListForm(
        encoding,
        listed_addresses(invocation.settings.watches),
        lambda note: say(f"collector: {visible(note)}"),
    )

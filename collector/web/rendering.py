"""How do facts become pages? Templates escape everything and show nothing invisible."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from collector import __version__
from collector.feeds.terms import SIMULATED
from collector.model.terms import Terms
from collector.reports.rendering import environment
from collector.untrusted import visible


def render(template: str, **data: Any) -> str:
    """Return the page template `template` (named without suffix) filled with `data`."""
    return _environment().get_template(f"{template}.html").render(**data)


def page(
    template: str,
    *,
    root: str,
    terms: Sequence[Terms],
    shown_at: str = "",
    published: bool = False,
    **data: Any,
) -> str:
    """Return a whole page.

    `root` stands before every address, `terms` are those of the data that it shows, and `shown_at`
    is as of when it shows them, empty for a page without stored data. `published` pages are files
    for others: they lead to readers' pages alone.
    """
    return render(
        template,
        here=template,
        root=root,
        version=__version__,
        shown_at=shown_at,
        terms=terms,
        simulated=SIMULATED in terms,
        published=published,
        **data,
    )


@cache
def asset(name: str) -> bytes:
    """Return the bytes of a file that pages refer to."""
    return files("collector.web").joinpath("templates", name).read_bytes()


def one_line(text: str) -> str:
    """Return `text` on one line, with nothing invisible in it, for a plain-text reply."""
    return visible(text)


def _coded(text: str) -> Markup:
    """Set the names of settings and commands, which stand between backticks, as code."""
    parts = visible(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


@cache
def _environment() -> Environment:
    made = environment("collector.web")
    made.filters["coded"] = _coded
    return made

"""How do facts become pages? Templates escape everything and show nothing invisible."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from collector.reports.rendering import environment
from collector.untrusted import visible


def render(template: str, **data: Any) -> str:
    """Return the page template `template` (named without suffix) filled with `data`."""
    return _environment().get_template(f"{template}.html").render(**data)


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

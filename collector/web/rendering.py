"""How do facts become pages? Templates that escape everything and show nothing invisible."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from collector.reports.formatting import percent
from collector.untrusted import visible


def render(template: str, **data: Any) -> str:
    """The template `template` (without suffix) filled with `data`."""
    return _environment().get_template(f"{template}.html").render(**data)


@cache
def asset(name: str) -> bytes:
    """A file that pages refer to, as it is."""
    return files("collector.web").joinpath("templates", name).read_bytes()


def one_line(text: str) -> str:
    """Text for a plain answer: on one line, with nothing invisible in it."""
    return visible(text)


def _coded(text: str) -> Markup:
    """Prose in which names of settings and commands stand between backticks."""
    parts = visible(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def _shown(value: object) -> object:
    """Text from the air cannot hide, turn round or break what stands beside it."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("collector.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["coded"] = _coded
    environment.filters["percent"] = percent
    return environment

"""How do data become text and HTML? Two Jinja environments that trust nothing they are given.

Every string is made visible (no control, bidirectional or zero-width characters) and, in HTML,
escaped. Templates stand beside this module; text and HTML have each their own.
"""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from collector.reports.formatting import bar, percent
from collector.untrusted import visible

TEXT_WIDTH = 78
"""Columns of a text mail: RFC 2822 asks for at most 78."""


def html(template: str, **data: Any) -> str:
    """The HTML template `template` (without suffix) filled with `data`."""
    return _html_environment().get_template(f"{template}.html").render(**data)


def text(template: str, **data: Any) -> str:
    """The text template `template` (without suffix) filled with `data`; ends with a newline."""
    rendered = _text_environment().get_template(f"{template}.txt").render(**data)
    return "\n".join(line.rstrip() for line in rendered.strip().splitlines()) + "\n"


class _Ready(str):
    """Text whose line breaks are ours: already made visible."""

    __slots__ = ()


def _paragraph(value: object, indent: int = 0, hang: int | None = None) -> _Ready:
    """`value` filled to the width, from column `indent`; later lines from column `hang`."""
    filled = textwrap.fill(
        visible(str(value)),
        TEXT_WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hang is None else hang),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _Ready(filled)


def _shown(value: object) -> object:
    if isinstance(value, (_Ready, Markup)) or not isinstance(value, str):
        return value
    return visible(value)


def _environment(*, escape: bool) -> Environment:
    # S701: text mails are not HTML, and escaping would spoil them.
    environment = Environment(
        loader=PackageLoader("collector.reports", "templates"),
        autoescape=escape,  # noqa: S701
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["paragraph"] = _paragraph
    environment.filters["percent"] = percent
    environment.filters["bar"] = bar
    return environment


@cache
def _html_environment() -> Environment:
    return _environment(escape=True)


@cache
def _text_environment() -> Environment:
    return _environment(escape=False)

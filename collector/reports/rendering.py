"""How do data become text and HTML? Jinja templates fill in the data and trust none of them.

Every string is made visible (no control, bidirectional or zero-width characters) and, in HTML,
escaped. The templates of mails and reports stand in `templates/`, text and HTML apart; the pages
of `collector.web` use the same `environment` with templates of their own.
"""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from collector.reports.formatting import bar, percent
from collector.untrusted import visible

if TYPE_CHECKING:
    from jinja2 import Environment

TEXT_WIDTH = 78
"""Columns of a text mail: RFC 2822 asks for at most 78."""


def html(template: str, **data: Any) -> str:
    """Return the HTML template `template` (named without suffix) filled with `data`."""
    return _html_environment().get_template(f"{template}.html").render(**data)


def text(template: str, **data: Any) -> str:
    """Return the text template `template` (named without suffix) filled with `data`.

    The text ends with one newline.
    """
    rendered = _text_environment().get_template(f"{template}.txt").render(**data)
    return "\n".join(line.rstrip() for line in rendered.strip().splitlines()) + "\n"


def environment(
    package: str, *, escape: bool = True, keep_trailing_newline: bool = False
) -> Environment:
    """Return a Jinja environment for the folder `templates` of `package`.

    Strings are made visible wherever a template prints them, and escaped unless `escape` is False
    (for text, which escaping would spoil). A template that names an unknown variable raises
    `jinja2.UndefinedError`. The filter `percent` is there; a caller may add its own.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # a listing needs none of it

    made = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=escape,  # noqa: S701 - only text mails switch it off
        undefined=StrictUndefined,
        finalize=_made_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=keep_trailing_newline,
    )
    made.filters["percent"] = percent
    return made


class _FilledText(str):
    """Text that is visible already and whose line breaks are ours."""

    __slots__ = ()


def _paragraph(
    value: object, indent: int = 0, hang: int | None = None, mark: str = ""
) -> _FilledText:
    """Fill `value` to the width of a mail from column `indent`, later lines from column `hang`.

    `mark` stands before it, on one line with its first word, however long that is.
    """
    filled = textwrap.fill(
        visible(str(value)),
        TEXT_WIDTH,
        initial_indent=" " * indent + mark,
        subsequent_indent=" " * (indent if hang is None else hang),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _FilledText(filled)


def _made_visible(value: object) -> object:
    """Keep text from the air from hiding, turning round or breaking what stands beside it."""
    if isinstance(value, (_FilledText, Markup)) or not isinstance(value, str):
        return value
    return visible(value)


def _report_environment(*, escape: bool) -> Environment:
    made = environment("collector.reports", escape=escape, keep_trailing_newline=True)
    made.filters["paragraph"] = _paragraph
    made.filters["bar"] = bar
    return made


@cache
def _html_environment() -> Environment:
    return _report_environment(escape=True)


@cache
def _text_environment() -> Environment:
    return _report_environment(escape=False)

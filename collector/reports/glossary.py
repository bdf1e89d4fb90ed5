"""Which words do the pages, mails and listings use, and what do they mean? The one list of them.

The words stand in `glossary.toml` beside this module. The page `/glossary` shows them, and
`docs/glossary.md` is made from them:

    python -m collector.reports.glossary > docs/glossary.md
"""

from __future__ import annotations

import re
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WIDTH = 100
"""Columns of the page in the documentation."""

_HEAD = """\
# What the words mean

The words that the pages, mails and listings of the collector use, with the names that stand for
them in data and settings: JSON keys and values, tables and columns, configuration keys, options.
The status page shows the same list at `/glossary`.

<!-- Made by `python -m collector.reports.glossary` from collector/reports/glossary.toml. -->
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One word, its meaning, and the names that stand for it where machines read."""

    word: str
    meaning: str
    """One or two sentences; names of settings and commands stand between backticks."""
    names: tuple[str, ...] = ()
    """JSON keys and values, tables, columns, configuration keys, options."""

    @property
    def anchor(self) -> str:
        """The fragment that links lead to; GitHub makes the same one from the heading.

        >>> Entry("At least, at most", "").anchor
        'at-least-at-most'
        """
        return re.sub(r"[^a-z0-9 -]", "", self.word.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Section:
    """The words about one subject, in the order in which they are best read."""

    title: str
    entries: tuple[Entry, ...]


@cache
def glossary() -> tuple[Section, ...]:
    """Return every word, by subject."""
    text = files("collector.reports").joinpath("glossary.toml").read_text(encoding="utf-8")
    return tuple(
        Section(
            section["title"],
            tuple(
                Entry(entry["word"], entry["meaning"], tuple(entry.get("names", ())))
                for entry in section["entry"]
            ),
        )
        for section in tomllib.loads(text)["section"]
    )


def markdown() -> str:
    """Return the glossary as a page of the documentation, with a heading for each word."""
    parts = [_HEAD]
    for section in glossary():
        parts.append(f"## {section.title}\n")
        for entry in section.entries:
            parts.append(f"### {entry.word}\n\n{textwrap.fill(entry.meaning, _WIDTH)}\n")
            if entry.names:
                names = ", ".join(f"`{name}`" for name in entry.names)
                parts.append(f"In data and settings: {names}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(markdown())

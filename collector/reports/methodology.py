"""How is a note on the method written? As sections of paragraphs and lists, for page and text."""

from __future__ import annotations

from dataclasses import dataclass

from collector.untrusted import visible


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, or a list if it has `lines`."""

    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Some parts under a heading."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """The whole note. Every text is plain and may quote what others wrote."""

    title: str
    sections: tuple[Section, ...]


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>"})
"""What Markdown would take for markup (https://spec.commonmark.org/0.31.2/#backslash-escapes)."""


def as_markdown(note: Note) -> str:
    """Return the note as Markdown, in which a text from elsewhere is only text.

    >>> note = Note("Method", (Section("Feeds", (Part(lines=("adsb_lol",)),)),))
    >>> print(as_markdown(note), end="")
    # Method
    <BLANKLINE>
    ## Feeds
    <BLANKLINE>
    - adsb\\_lol
    """
    lines = [f"# {_plain(note.title)}", ""]
    for section in note.sections:
        lines += [f"## {_plain(section.title)}", ""]
        for part in section.parts:
            found = [f"- {_plain(line)}" for line in part.lines] or [_plain(part.text)]
            lines += [*found, ""]
    return "\n".join(lines[:-1]) + "\n"


def _plain(text: str) -> str:
    return visible(text).translate(_MARKS)

"""How does a command show its results? Rows as a table or JSON on stdout, the rest on stderr.

With `--json`, stdout holds one JSON array and nothing else. Progress bars, messages about data that
could not be read, and the reason why a listing is empty go to stderr.
"""

from __future__ import annotations

import codecs
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from typing import Any, TextIO, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add `--json`, which prints one JSON array on stdout and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON array on stdout.")(
        command
    )


def emit(
    rows: Sequence[dict[str, Any]],
    *,
    as_json: bool,
    text: Callable[[], str],
    none: str = "nothing to list",
) -> None:
    """Print a listing as JSON or as `text`; for an empty one, print the reason `none` on stderr."""
    if as_json:
        click.echo(as_document(list(rows)))
    elif not rows:
        say(f"collector: {none}")
    else:
        shown = text()
        if shown:
            click.echo(shown, nl=not shown.endswith("\n"))


def as_document(value: object) -> str:
    """Return JSON, with every letter as it is where stdout can write it, else as an escape."""
    utf_8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    return json.dumps(value, ensure_ascii=not utf_8, indent=2)


def terminal_width() -> int:
    """Return the columns of the terminal, or 80 where stdout is none."""
    return shutil.get_terminal_size().columns


def say(line: str) -> None:
    """Print a line on stderr, folded at the width of a terminal; whole into a file or a pipe."""
    click.echo(folded(line, sys.stderr), err=True)


def folded(line: str, stream: TextIO) -> str:
    """Return a line folded at the width of a terminal; unchanged if `stream` is none."""
    if not stream.isatty():
        return line
    return textwrap.fill(
        line,
        terminal_width() - 1,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


class Progress:
    """A progress bar on stderr. Call the bar once a step, with the text to show."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar

    def __call__(self, shown: str) -> None:
        if self._bar is not None:
            self._bar.update(1, shown)

    def steps(self, count: int) -> None:
        """Set the number of steps, once the number is known."""
        if self._bar is not None:
            self._bar.length = max(1, count)


BAR_WIDTH = 16
"""In columns: beside label and time 80 columns leave room for `replaying 08 Sep 2025`."""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"[:width]


@contextmanager
def progress(label: str, steps: int = 1) -> Iterator[Progress]:
    """Show a bar of that many steps on a terminal; show nothing elsewhere."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    terminal = sys.stderr
    # A bar that is wider than the terminal stays there, and each further step adds a line.
    taken = len(f"{label}  [{'#' * BAR_WIDTH}]  100%  1d 00:00:00  ")
    room = max(0, terminal_width() - 1 - taken)
    with (
        click.progressbar(
            length=max(1, steps),
            label=label,
            width=BAR_WIDTH,
            file=terminal,
            item_show_func=lambda shown: None if shown is None else _cut(str(shown), room),
        ) as bar,
        redirect_stderr(_BesideBar(terminal)),
    ):
        yield Progress(bar)


class _BesideBar(io.TextIOBase):
    """Standard error while a progress bar is shown: a line replaces the bar, which comes back."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._in_line = False

    def write(self, text: str) -> int:
        # Spaces, as a terminal may know no escape sequence that clears a line.
        clear = "" if self._in_line else f"\r{' ' * (shutil.get_terminal_size().columns - 1)}\r"
        self._terminal.write(clear + text)
        self._in_line = not text.endswith("\n")
        return len(text)

    def flush(self) -> None:
        self._terminal.flush()

    def isatty(self) -> bool:
        return True


class Problems:
    """Prints on stderr each thing that could not be read, up to a limit, and counts all of them."""

    MAX_SHOWN = 50

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, problem: str) -> None:
        from collector.untrusted import visible

        self.count += 1
        if self.count <= self.MAX_SHOWN:
            say(f"collector: {visible(problem)}")
        elif self.count == self.MAX_SHOWN + 1:
            say("collector: further messages of this kind are not shown")

"""What does a file still say that is no valid TOML? Its tables, without the lines that are wrong.

Only for telling operators that the file is wrong (`load_usable`): the address and the mail server
mostly stand in other lines than the mistake. Nothing else may be done with what is found so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

NO_TOML = (ValueError, RecursionError)
"""What `tomllib` raises: for wrong TOML, for a number of more than 4,300 digits and for bytes that
are no text (all ValueErrors), and for thousands of nested brackets."""
_ENDS = ("]", '"""', "'''")
"""One of these is in the last line of every value of several lines. Where none is, its lines so far
need not be read once more: a list of thousands of aircraft would take minutes."""


def salvaged(text: str) -> dict[str, Any]:
    """Return the values that can be read; of a key that is given twice, the first.

    >>> salvaged('a = 1\\nb = \\n[mail\\nport = 1\\n[mail]\\nhost = "h"\\nport = 25 26')
    {'a': 1, 'mail': {'host': 'h'}}
    """
    values: dict[str, Any] = {}
    for table in _tables(text.replace("\r\n", "\n").split("\n")):
        _merge(values, _readable(table))
    return values


def _tables(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each table, its header first; a broken header begins a table as well, so
    that its keys do not get into the table before."""
    table: list[str] = []
    for line in lines:
        if line.startswith("["):
            yield table
            table = []
        table.append(line)
    yield table


def _readable(lines: Sequence[str]) -> dict[str, Any]:
    """Return what a table's lines say, without those that are wrong."""
    kept: list[str] = []
    waiting: list[str] = []  # a value may go on over several lines
    found: dict[str, Any] = {}
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        for attempt in _attempts(kept, waiting, line):
            parsed = _parsed(attempt)
            if parsed is not None:
                kept, waiting, found = attempt, [], parsed
                break
        else:
            if number == 0 and line.startswith("["):
                return {}
            waiting.append(line)
    return found


def _attempts(kept: list[str], waiting: list[str], line: str) -> Iterator[list[str]]:
    """Yield what may be read with one more line: as the last one of a value, and by itself."""
    if waiting and any(end in line for end in _ENDS):
        yield [*kept, *waiting, line]
    if _parsed([line]) is not None:
        yield [*kept, line]


def _parsed(lines: Sequence[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines))
    except NO_TOML:
        return None


def _merge(into: dict[str, Any], values: dict[str, Any]) -> None:
    """Add the values of a later table; `[[watch.rule]]` belongs to the last `[[watch]]`."""
    for key, value in values.items():
        known = into.setdefault(key, value)
        if known is value:
            continue
        if isinstance(known, list) and isinstance(value, list):
            known += value
        elif isinstance(value, dict):
            inner = known[-1] if isinstance(known, list) and known else known
            if isinstance(inner, dict):
                _merge(inner, value)

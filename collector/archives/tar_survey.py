"""Is this day's tar whole? Its headers are walked, the members skipped: 60,000 in under a second.

A day has its traces in 256 folders, `traces/00` … `traces/ff`, by the last two digits of the
address (FEEDS.md §4.1). A tar ends in two blocks of zeros (POSIX.1-2017, pax, "ustar Interchange
Format"); one that was cut off does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

BLOCK = 512
FOLDERS = 256
_TRACE = re.compile(rb"(?:\./)?traces/([0-9a-f]{2})/trace_full_~?[0-9a-f]{6}\.json")
_ZEROS = bytes(BLOCK)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tar holds, and where it breaks."""

    traces: int
    folders: int
    """How many of the 256 folders have a trace."""
    broken: str | None
    """What is wrong with the tar itself; None if it is whole."""

    @property
    def problem(self) -> str | None:
        """Why it is no picture of a day; None if it may be one."""
        if self.broken is not None:
            return self.broken
        if self.folders < FOLDERS:
            return f"traces in {self.folders} of {FOLDERS} folders: a part of the day is missing"
        return None


def survey(paths: Sequence[Path]) -> Survey:
    """Walk the parts of one tar, in order. Raises OSError if a part cannot be read."""
    traces, folders, broken = 0, set(), None
    with _Joined(paths) as joined:
        position, ends = 0, 0
        while ends < 2:
            header = joined.at(position, BLOCK)
            if len(header) < BLOCK:
                broken = f"it ends at byte {position} without the end mark of a tar: cut off"
                break
            position += BLOCK
            if header == _ZEROS:
                ends += 1
                continue
            size = _size(header)
            if ends or size is None:
                broken = f"damaged at byte {position - BLOCK}: no header of a tar stands there"
                break
            trace = _TRACE.fullmatch(_name(header))
            if trace is not None and header[156:157] in (b"0", b"\0"):
                traces += 1
                folders.add(trace[1])
            position += -(-size // BLOCK) * BLOCK
    return Survey(traces, len(folders), broken)


def _name(header: bytes) -> bytes:
    name = header[:100].rstrip(b"\0")
    prefix = header[345:500].rstrip(b"\0") if header[257:262] == b"ustar" else b""
    # GNU tar keeps times where POSIX has the prefix; traces' names are too short to need either.
    return name if header[257:265] == b"ustar  \0" or not prefix else prefix + b"/" + name


def _size(header: bytes) -> int | None:
    """The member's size; None if its sum says that this is no header."""
    counted = sum(header[:148]) + 8 * ord(" ") + sum(header[156:])
    if _octal(header[148:156]) != counted:
        return None
    if header[124] & 0x80:  # GNU's base 256, for what octal has no room for
        return int.from_bytes(header[125:136], "big")
    return _octal(header[124:136])


def _octal(field: bytes) -> int | None:
    text = field.strip(b" \0")
    try:
        return int(text, 8) if text else None
    except ValueError:
        return None


class _Joined:
    """Parts read as one file, by position; one is open at a time."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._parts = [(path, path.stat().st_size) for path in paths]
        self._open: tuple[Path, BinaryIO] | None = None

    def __enter__(self) -> _Joined:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open[1].close()

    def at(self, position: int, length: int) -> bytes:
        """So many bytes from there, over the border of two parts if need be; fewer at the end."""
        found = b""
        for path, size in self._parts:
            if position >= size:
                position -= size
                continue
            if self._open is None or self._open[0] != path:
                if self._open is not None:
                    self._open[1].close()
                self._open = (path, path.open("rb"))
            file = self._open[1]
            file.seek(position)
            found += file.read(length - len(found))
            if len(found) == length:
                break
            position = 0
        return found

"""Is the tar of a day whole? Its headers are read and the members skipped, in under a second.

A day has its traces in 256 folders, `traces/00` … `traces/ff`, by the last two digits of the
address (docs/feed-formats.md#day-archives). A tar ends in two blocks of zeros (POSIX.1-2017, pax,
"ustar Interchange Format"); a tar that was cut off does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from collector.archives import tar

BLOCK = tar.BLOCK_BYTES
FOLDERS = 256
END_BLOCKS = 2
"""Blocks of zeros that end a tar."""
_TRACE = re.compile(rb"(?:\./)?traces/([0-9a-f]{2})/trace_full_~?[0-9a-f]{6}\.json")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tar holds, and where it is damaged."""

    traces: int
    folders: int
    """How many of the 256 folders have a trace."""
    broken: str | None
    """What is wrong with the tar itself; None if it is whole."""

    @property
    def problem(self) -> str | None:
        """Why it does not show the whole day; None if it may."""
        if self.broken is not None:
            return self.broken
        if self.folders < FOLDERS:
            return (
                f"only {self.folders} of {FOLDERS} folders hold traces: part of the day is missing"
            )
        return None


def survey(paths: Sequence[Path]) -> Survey:
    """Read the headers of one tar in its parts, in order. Raises OSError."""
    traces, folders, broken = 0, set(), None
    position, ends = 0, 0
    with closing(tar.Parts(paths)) as source:
        for block, header in tar.blocks(source):
            if len(block) < BLOCK:
                break
            if block == tar.ZEROS:
                ends += 1
                position += BLOCK
                if ends == END_BLOCKS:
                    break
                continue
            if ends or header is None:
                broken = f"the tar is damaged: byte {position} does not begin a header"
                break
            name, size_bytes, kind = header
            trace = _TRACE.fullmatch(name)
            if trace is not None and kind in (b"0", b"\0"):
                traces += 1
                folders.add(trace[1])
            padded_bytes = size_bytes + -size_bytes % BLOCK
            source.skip(padded_bytes)
            position += BLOCK + padded_bytes
    if broken is None and ends < END_BLOCKS:
        broken = f"the tar is cut off: it ends at byte {position} without its end mark"
    return Survey(traces, len(folders), broken)

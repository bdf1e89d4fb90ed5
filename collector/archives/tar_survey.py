"""Is this day's tar whole? Its headers are walked, the members skipped: 60,000 in under a second.

A day has its traces in 256 folders, `traces/00` … `traces/ff`, by the last two digits of the
address (FEEDS.md §4.1). A tar ends in two blocks of zeros (POSIX.1-2017, pax, "ustar Interchange
Format"); one that was cut off does not.
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
                broken = f"damaged at byte {position}: no header of a tar stands there"
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
        broken = f"it ends at byte {position} without the end mark of a tar: cut off"
    return Survey(traces, len(folders), broken)

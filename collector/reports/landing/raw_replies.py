"""Where do the replies stand that a landing rests on? An editor can hand these files over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from collector.reports import formatting

PATHS_SHOWN = 5
"""A landing of some hours rests on one or two recordings; many restarts make many more."""


def raw_reply_lines(
    begin: datetime, end: datetime, files: Sequence[Path], folder: Path | None
) -> list[str]:
    """Return where the replies received from `begin` to `end` stand, or why none does.

    `files` are the recordings that may hold them, `folder` is that of all recordings; None: replies
    are not recorded. At most `PATHS_SHOWN` paths are named.
    """
    span = f"{formatting.moment(begin, 'UTC')} to {formatting.moment(end, 'UTC')}"
    more = len(files) - PATHS_SHOWN
    if files:
        return [
            f"What every feed replied from {span}, as far as it was recorded, stands in (WARC):",
            *map(str, files[:PATHS_SHOWN]),
            *([f"and {more} more in {folder}"] if more > 0 else []),
        ]
    if folder is None:
        return [f"None is stored of {span}: replies are not recorded (`recording.enabled`)."]
    found_elsewhere = "What a backfill or a replay read stands where it was read from."
    return [f"None is stored of {span} in {folder}. {found_elsewhere}"]

"""Where do the replies stand that a landing rests on? An editor can hand these files over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from collector.reports import formatting


def raw_reply_lines(
    begin: datetime, end: datetime, files: Sequence[Path], folder: Path | None
) -> list[str]:
    """Return where the replies received from `begin` to `end` stand, or why none does.

    `files` are the recordings that may hold them, `folder` is that of all recordings; None: replies
    are not recorded.
    """
    span = f"{formatting.moment(begin, 'UTC')} to {formatting.moment(end, 'UTC')}"
    if files:
        return [
            f"What every feed replied from {span}, as far as it was recorded, stands in (WARC):",
            *map(str, files),
        ]
    if folder is None:
        return [f"None is stored of {span}: replies are not recorded (`recording.enabled`)."]
    found_elsewhere = "What a backfill or a replay read stands where it was read from."
    return [f"None is stored of {span} in {folder}. {found_elsewhere}"]

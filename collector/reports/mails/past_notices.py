"""What happened in the past that was not mailed? One mail lists it, a line for each notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.model.notice import Message
from collector.reports import formatting, rendering

PastNotice = tuple[datetime, str]
"""The time as of which a notice speaks, and its subject."""


def render(notices: Sequence[PastNotice], zone: str) -> Message:
    """Return one mail about all of `notices`, oldest first, with times local to `zone`.

    Raises ValueError if there are none.
    """
    if not notices:
        raise ValueError("a summary needs at least one notice")
    ordered = sorted(set(notices))
    count = len(ordered)
    title = f"{count} {'notice' if count == 1 else 'notices'} that {_were(count)} not mailed"
    data = {
        "title": title,
        "meaning": "Each was over already when recorded or archived data were read, or was dropped "
        "by hand. Of each alert the last notice is listed, with the time as of which it speaks.",
        "lines": [f"{formatting.moment(at, zone)}: {subject}" for at, subject in ordered],
    }
    return Message(
        subject=title,
        text=rendering.text("past_notices", **data),
        html=rendering.html("past_notices", **data),
    )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"

"""What does the mail say if landings changed that stand in a number that was cited?"""

from __future__ import annotations

from datetime import datetime

from collector.model.citation import Citation, CitedCount
from collector.model.notice import Message
from collector.reports import citation as words
from collector.reports import formatting, rendering


def render(
    citation: Citation,
    before: CitedCount,
    now: CitedCount,
    *,
    headline: str,
    zone: str,
    at: datetime,
) -> Message:
    """Return the mail about one citation.

    `before` is how it was known at the last mail about it, or when it was cited; `headline` says
    whose landings and where; times are local to `zone`.
    """
    title = words.cited_and_now(citation, citation.known, now, zone)
    subject = f"{title}: {words.of_what(citation, headline)}"
    data = {
        "title": subject,
        "cited": citation.text.partition("\n")[0],
        "differences": list(words.difference_lines(before, now, zone)),
        "now": f"Now {words.number(now)}, as known on {formatting.moment(at, zone)}. If the number "
        "was printed, consider a correction.",
        "id": citation.id,
    }
    return Message(
        subject=subject,
        text=rendering.text("citation", **data),
        html=rendering.html("citation", **data),
    )

"""What does the mail say if landings changed that stand in numbers that were cited?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.model.citation import Citation, CitedCount
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import citation as words
from collector.reports import formatting, rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCitation:
    """One cited number that is not what it was."""

    citation: Citation
    before: CitedCount
    """As known at the last mail about it, or when it was cited."""
    now: CitedCount
    headline: str
    """Whose landings and where."""
    zone: str
    """Times are local to it."""
    terms: tuple[Terms, ...] = ()
    """The terms of the feeds that the landings rest on."""


def render(changed: Sequence[ChangedCitation], at: datetime) -> Message:
    """Return the mail about all cited numbers that were found changed at once, at least one."""
    parts = [_part(each, at) for each in changed]
    subject = parts[0]["title"]
    if len(parts) > 1:
        subject = f"{len(parts)} cited numbers changed: {subject}, and others"
    terms = list(dict.fromkeys(one for each in changed for one in each.terms))
    data = {"title": subject, "parts_of_mail": parts, "links": [], "terms": terms, "glossary": ""}
    return Message(
        subject=subject,
        text=rendering.text("citation", **data),
        html=rendering.html("citation", **data),
    )


def _part(changed: ChangedCitation, at: datetime) -> dict[str, Any]:
    citation, zone = changed.citation, changed.zone
    title = words.cited_and_now(citation, citation.known, changed.now, zone)
    as_known = formatting.moment(at, zone)
    return {
        "title": f"{title}: {words.of_what(citation, changed.headline)}",
        "cited": citation.text.partition("\n")[0],
        "differences": list(words.difference_lines(changed.before, changed.now, zone)),
        "now": f"Now {words.number(citation, changed.now)}, as known on {as_known}. If the number "
        "was printed, consider a correction.",
        "id": citation.id,
    }

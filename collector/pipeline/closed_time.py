"""What may still change in closed time? What is new is added to it; nothing else changes.

What landings of closed time were derived from is pruned (`pipeline.pruning`). Derived from what is
left, they could change or vanish, though nothing was learned about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.landings.reconcile import SAME_VISIT
from collector.model import Landing, Revision

Change = tuple[Landing, Revision | None]
Span = tuple[datetime, datetime]


def only_new(
    changes: Sequence[Change],
    stored: Sequence[Landing],
    closed_until: datetime | None,
    new_reports: Span | None,
) -> list[Change]:
    """Return the changes without those that closed time does not allow.

    Stored landings of closed time stay as they are. A further landing there is added only if its
    visit overlaps the time of the new reports, or nearly does; None: there are none. `closed_until`
    None: no time is closed.
    """
    if closed_until is None:
        return list(changes)
    frozen = {one.id for one in stored if one.detection.touchdown_at < closed_until}
    known = {one.id for one in stored}
    return [
        (landing, revision)
        for landing, revision in changes
        if landing.id not in frozen
        and (
            landing.id in known
            or landing.detection.touchdown_at >= closed_until
            or (new_reports is not None and _meets(landing, new_reports))
        )
    ]


def _meets(landing: Landing, span: Span) -> bool:
    visit = landing.detection
    return visit.visit_from <= span[1] + SAME_VISIT and span[0] - SAME_VISIT <= visit.visit_until

"""Of which times is everything kept for ever? Of those that a landing rests on.

They are the times around every landing of a watched aircraft, withdrawn ones included, since an
archive may restore them, and around every landing that a person reviewed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.model import Detection
from collector.store.database import Store
from collector.store.encoding import moment, stamp

KEPT_BEFORE = timedelta(hours=4)
"""A silence is judged by the coverage up to 4 h before it (`pipeline.track_windows`)."""
KEPT_AFTER = timedelta(hours=3)
"""It is judged for the last time 2 h 10 min after it began (`LandingRules.settle_again_after`): a
replay of the kept replies reaches that moment only with a later one."""
_MARGIN = timedelta(days=1)
"""More than `KEPT_BEFORE` or `KEPT_AFTER` and the ± of an arrival that was heard."""

Span = tuple[datetime, datetime]


def kept_spans(store: Store, begin: datetime, end: datetime) -> Sequence[Span]:
    """Return the times that landings rest on and that overlap [begin, end], by touchdown.

    Each lasts from 4 h before the visit or touchdown to 3 h after it, the uncertainty of the
    touchdown included. Raises StoreError.
    """
    rows = store.execute(
        "SELECT touchdown_at, uncertainty_s, visit_from, visit_until FROM landings AS l "
        "WHERE max(visit_until, touchdown_at, coalesce(latest_at, '')) >= ? "
        "AND min(visit_from, touchdown_at, coalesce(earliest_at, touchdown_at)) <= ? "
        "AND (NOT unlisted OR EXISTS (SELECT 1 FROM reviews WHERE landing_id = l.id)) "
        "ORDER BY touchdown_at, id",
        (stamp(begin - _MARGIN), stamp(end + _MARGIN)),
    )
    found = (
        _span(
            moment(row["touchdown_at"]),
            row["uncertainty_s"],
            moment(row["visit_from"]),
            moment(row["visit_until"]),
        )
        for row in rows
    )
    return [span for span in found if span[0] <= end and begin <= span[1]]


def span_of(detection: Detection) -> Span:
    """Return the time that one landing rests on."""
    return _span(
        detection.touchdown_at,
        detection.uncertainty_s,
        detection.visit_from,
        detection.visit_until,
    )


def _span(
    touchdown_at: datetime, uncertainty_s: float, visit_from: datetime, visit_until: datetime
) -> Span:
    margin = timedelta(seconds=uncertainty_s)
    return (
        min(visit_from, touchdown_at - margin) - KEPT_BEFORE,
        max(visit_until, touchdown_at + margin) + KEPT_AFTER,
    )

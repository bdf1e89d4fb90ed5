"""May the evidence for a landing be passed on yet? When the landing may leave, and every other one
that its replies show.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.disclosure.delay import Delay
from collector.disclosure.operators import Operator, operator_of
from collector.errors import CollectorError
from collector.model import Landing, Watch
from collector.reports.formatting import iso_z
from collector.store import Store, landings
from collector.watches.visitors import VISITORS

WHERE = "docs/evidence-pack.md#what-may-be-passed-on-and-when"


def operator_if_named(landing: Landing, watches: Iterable[Watch]) -> Operator | None:
    """Return who operates the aircraft, by the watches that want the landing."""
    names = {match.watch for match in landing.watches}
    return operator_of(landing, [watch for watch in watches if watch.name in names])


def refuse_unless_due(
    landing: Landing, watches: Iterable[Watch], delay: Delay, now: datetime
) -> None:
    """Refuse a landing that may not leave, or not yet. Raises CollectorError."""
    if operator_if_named(landing, watches) is None:
        raise CollectorError(
            f"{landing.id} stays on your own pages, since nobody is named as the aircraft's "
            f"operator ({WHERE}); the internal edition can be made"
        )
    _refuse_before(delay.landing_leaves_at(landing.detection), landing, now, "it may leave")


def refuse_if_it_shows_more(
    store: Store,
    landing: Landing,
    span: tuple[datetime, datetime],
    delay: Delay,
    now: datetime,
) -> None:
    """Refuse while replies of `span` show something that may not leave yet.

    That is any position of the last hours, and any landing of an aircraft that is followed.
    Raises CollectorError, StoreError.
    """
    begin, end = span
    since = begin - delay.after_touchdown
    others = [
        delay.landing_leaves_at(other.detection)
        for watch in (None, VISITORS)
        for other in landings.find(store, begin=since, end=end, watch=watch)
        if max(other.detection.visit_until, other.detection.touchdown_at) >= begin
    ]
    due_at = max([end + delay.after_departure, *others])
    _refuse_before(due_at, landing, now, "all that its replies show may leave")


def _refuse_before(due_at: datetime, landing: Landing, now: datetime, what: str) -> None:
    if now < due_at:
        raise CollectorError(
            f"{landing.id} is too recent to be passed on: {what} from {iso_z(due_at)} on "
            f"({WHERE}); the internal edition can be made"
        )

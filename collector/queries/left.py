"""What has left the operator's own pages? Landings, corrections and alerts that others may see.

The rules are those of exports (`disclosure/`): a delay, and a named operator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from collector.alerts.lifecycle import AlertState, Status
from collector.disclosure.operators import Operator, names_operators, operator_of
from collector.model import Landing, Revision, Watch
from collector.queries.corrections import corrects
from collector.queries.snapshot import Snapshot
from collector.store import alerts
from collector.store.landing_list import Wanted, page_of
from collector.store.late_changes import late_changes

LOOKED_AT = 4
"""So many times as many are read as are wanted: the newest ones may not leave yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLanding:
    """A landing that has left, restricted to its configured watches."""

    landing: Landing
    watches: tuple[Watch, ...]
    operator: Operator
    left_at: datetime
    """When it left."""


def left_landings(snapshot: Snapshot, limit: int) -> list[LeftLanding]:
    """Return up to `limit` of the last landings that have left, newest first. Raises StoreError."""
    found = page_of(snapshot.store, Wanted(), limit=LOOKED_AT * limit)
    left = (as_left(snapshot, landing) for landing in found)
    return [each for each in left if each is not None][:limit]


def left_corrections(snapshot: Snapshot, limit: int) -> list[tuple[Revision, LeftLanding]]:
    """Return up to `limit` of the last corrections of landings that have left, newest first.

    Raises StoreError.
    """
    found = []
    for revision, landing in late_changes(snapshot.store, limit=LOOKED_AT * limit):
        left = as_left(snapshot, landing)
        if left is not None and any(corrects(each, revision, landing) for each in left.watches):
            found.append((revision, left))
    return found[:limit]


def left_alerts(snapshot: Snapshot, limit: int) -> list[tuple[AlertState, datetime]]:
    """Return up to `limit` of the last alerts whose count has left, and when, newest first.

    Raises StoreError.
    """
    delay, watches = snapshot.settings.disclosure, snapshot.settings.watches
    named = {watch.name for watch in watches if names_operators(watch)}
    found = [
        (state, max(state.changed_at, delay.week_leaves_at(state.end)))
        for state in alerts.load_states(snapshot.store)
        if state.watch in named and (state.told or state.status is not Status.OK)
    ]
    left = [(state, at) for state, at in found if at <= snapshot.now]
    return sorted(left, key=lambda each: each[1], reverse=True)[:limit]


def as_left(snapshot: Snapshot, landing: Landing) -> LeftLanding | None:
    """Return a landing as others may know it; None if it may not leave, or not yet."""
    names = {match.watch for match in landing.watches}
    watches = tuple(watch for watch in snapshot.settings.watches if watch.name in names)
    mine = {watch.name for watch in watches}
    own = replace(landing, watches=tuple(m for m in landing.watches if m.watch in mine))
    operator = operator_of(own, watches) if watches else None
    left_at = snapshot.settings.disclosure.landing_leaves_at(landing.detection)
    if operator is None or left_at > snapshot.now:
        return None
    return LeftLanding(landing=own, watches=watches, operator=operator, left_at=left_at)

"""Which stops around landings of earlier weeks are others now than the last digest gave?"""

from __future__ import annotations

from datetime import datetime

from collector.model import Landing, Watch
from collector.model.dating import weeks_of_landing
from collector.model.stop import StopRevision
from collector.store import Store, landings, stops


def stop_corrections(
    store: Store, watch: Watch, key: str, since: datetime, now: datetime
) -> list[tuple[StopRevision, Landing]]:
    """Return the stops of weeks before week `key` that are others than the previous digest gave,
    which was written at `since`, or not known any more, by touchdown. Raises StoreError."""
    found = []
    for landing_id, changes in stops.first_changes_after(store, since).items():
        known = any(change.before for change in changes.values())
        landing = landings.get(store, landing_id) if known else None
        if landing is None or all(match.watch != watch.name for match in landing.watches):
            continue
        if landing.stands and min(weeks_of_landing(landing.detection, watch.zone)) < key:
            found += [
                (change, landing)
                for change in changes.values()
                if change.at < now and change.taken_back_by(landing.stop(change.side))
            ]
    return sorted(found, key=lambda each: (each[1].detection.touchdown_at, each[1].id))

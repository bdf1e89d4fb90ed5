"""Which finished weeks read otherwise now than when a digest was written?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.model import Watch
from collector.model.week_statement import WeekChange
from collector.store import Store, week_statements
from collector.weeks import digest_at

ON_PAGE = 100


def changed_since(
    store: Store, watch: Watch, key: str, since: datetime, now: datetime
) -> list[WeekChange]:
    """Return the weeks before week `key` that changed from `since` on, by place and week: each
    once, from what held then to what holds now. Raises StoreError.
    """
    found = week_statements.changes_between(store, watch.name, since, now)
    return _joined(change for change in found if change.week < key)


def newest(store: Store, watch: Watch) -> list[WeekChange]:
    """Return the last changes of weeks that a digest had reported, newest first.

    Raises StoreError.
    """
    found = week_statements.last_changes(store, watch.name, ON_PAGE)
    return [change for change in found if digest_at(change.week, watch.zone) <= change.at]


def _joined(changes: Iterable[WeekChange]) -> list[WeekChange]:
    """Return the changes of each place and week as one; none where the first state holds again."""
    joined: dict[tuple[str, str], WeekChange] = {}
    for change in changes:
        first = joined.get((change.place, change.week), change)
        joined[change.place, change.week] = WeekChange(
            place=change.place,
            week=change.week,
            at=change.at,
            before=first.before,
            after=change.after,
        )
    return [
        joined[key] for key in sorted(joined) if joined[key].after.differs_from(joined[key].before)
    ]

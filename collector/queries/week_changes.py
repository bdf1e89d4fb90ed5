"""Which finished weeks read otherwise now than when their digest was due?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.model import Watch
from collector.model.week_statement import WeekChange
from collector.store import Store, week_statements
from collector.weeks import digest_at, previous_week

ON_PAGE = 100


def since_last_digest(store: Store, watch: Watch, key: str, now: datetime) -> list[WeekChange]:
    """Return the weeks before week `key` that changed since the digest before that of `key`, by
    place and week: each once, from what held then to what holds now. Raises StoreError.
    """
    since = digest_at(previous_week(key), watch.zone)
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

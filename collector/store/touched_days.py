"""Did anything change that the counts of weeks are made of? Triggers note it (`m027_touched_days`).

They note each landing that is stored, changed, matched or reviewed, under the first day on which it
may lie, and each share of a week that is stored or deleted. So a process learns of the changes of
all others, whatever version wrote them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from collector.store.database import Store


def last_number(store: Store) -> int:
    """Return the number of the last change; 0 if there was none. Raises StoreError."""
    number: int = store.execute("SELECT coalesce(max(number), 0) AS last FROM touched_days")[0][
        "last"
    ]
    return number


def touched_before(store: Store, end: datetime, since: int) -> bool:
    """Return whether a change after the one with the number `since` may concern time before `end`.

    Landings are known by their day in UTC, so that a change up to a day later counts too; of a
    week's share the time is not known, so that it always does. Raises StoreError.
    """
    day = end.astimezone(UTC).date().isoformat()
    sql = "SELECT 1 FROM touched_days WHERE number > ? AND day <= ? LIMIT 1"
    return bool(store.execute(sql, (since, day)))

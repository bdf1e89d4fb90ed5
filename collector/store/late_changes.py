"""Which changes of landings came late enough to correct what was told before? The newest first."""

from __future__ import annotations

from collector.model import Landing, Revision
from collector.store.database import Store
from collector.store.encoding import to_json
from collector.store.landing_rows import LANDING_SELECT, landing_of, revision_of

_LATE = """SELECT r.* FROM revisions AS r JOIN landings AS l ON l.id = r.landing_id
    WHERE l.unlisted = 0 AND (r.change <> 'found' OR r.at >= strftime('%Y-%m-%dT%H:%M:%S',
        coalesce(l.earliest_at, l.touchdown_at), '+7 hours'))
    ORDER BY r.at DESC, r.landing_id DESC, r.number DESC LIMIT ? OFFSET ?"""
"""A week's digest leaves at 7 hours on Monday (`weeks.DIGEST_HOUR`), so that no landing is in one
before 7 hours have passed."""


def late_changes(store: Store, *, limit: int, offset: int = 0) -> list[tuple[Revision, Landing]]:
    """Return up to `limit` changes of watched aircraft's landings that may correct a digest, each
    with its landing as it is now, newest first, after `offset`. Raises StoreError."""
    found = [revision_of(row) for row in store.execute(_LATE, (limit, offset))]
    ids = sorted({each.landing_id for each in found})
    known = {
        row["id"]: landing_of(row)
        for row in store.execute(
            f"{LANDING_SELECT} WHERE l.id IN (SELECT value FROM json_each(?))", (to_json(ids),)
        )
    }
    return [(each, known[each.landing_id]) for each in found]

"""What was asked of an archive before, for whom, and how did that end?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collector.store.database import Store
from collector.store.encoding import moment, stamp, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRequest:
    """One thing that was asked. It counts as done only for the same `scope`."""

    source: str
    subject: str
    scope: str
    outcome: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON values only."""


def store_request(store: Store, asked: ArchiveRequest) -> None:
    """Store how it ended, in place of how it ended before. Raises StoreError."""
    store.execute(
        "INSERT OR REPLACE INTO archive_asks VALUES (?, ?, ?, ?, ?, ?)",
        (
            asked.source,
            storable(asked.subject),
            asked.scope,
            asked.outcome,
            json.dumps(dict(asked.detail)),
            stamp(asked.at),
        ),
    )


def requests_of(store: Store, source: str) -> dict[str, ArchiveRequest]:
    """Everything asked of one archive, by subject. Raises StoreError."""
    rows = store.execute("SELECT * FROM archive_asks WHERE source = ? ORDER BY subject", (source,))
    return {row["subject"]: _asked(row) for row in rows}


def _asked(row: sqlite3.Row) -> ArchiveRequest:
    return ArchiveRequest(
        source=row["source"],
        subject=row["subject"],
        scope=row["scope"],
        outcome=row["outcome"],
        at=moment(row["at"]),
        detail=json.loads(row["detail_json"]),
    )

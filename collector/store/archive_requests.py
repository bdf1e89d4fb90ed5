"""Which requests were made to an archive, and how did each end? One row a source and subject."""

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
    """One request to an archive. It need not be repeated for the same `scope`."""

    source: str
    subject: str
    scope: str
    outcome: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Further facts as JSON values."""


def store_request(store: Store, request: ArchiveRequest) -> None:
    """Store how a request ended, in place of an earlier outcome. Raises StoreError."""
    store.execute(
        "INSERT OR REPLACE INTO archive_asks VALUES (?, ?, ?, ?, ?, ?)",
        (
            request.source,
            storable(request.subject),
            request.scope,
            request.outcome,
            json.dumps(dict(request.detail)),
            stamp(request.at),
        ),
    )


def requests_of(store: Store, source: str) -> dict[str, ArchiveRequest]:
    """Return every request to one archive, by subject. Raises StoreError."""
    rows = store.execute("SELECT * FROM archive_asks WHERE source = ? ORDER BY subject", (source,))
    return {row["subject"]: _request(row) for row in rows}


def _request(row: sqlite3.Row) -> ArchiveRequest:
    return ArchiveRequest(
        source=row["source"],
        subject=row["subject"],
        scope=row["scope"],
        outcome=row["outcome"],
        at=moment(row["at"]),
        detail=json.loads(row["detail_json"]),
    )

"""How fast may each host be asked? The pauses that its answers taught, kept through restarts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from collector.model.host_pace import LONGEST_PAUSE, HostPace
from collector.store.database import Store
from collector.store.encoding import stamp


def host_paces(store: Store) -> dict[str, HostPace]:
    """Return the learned pace of every host that ever limited us. Raises StoreError."""
    return {
        row["host"]: HostPace(
            min(LONGEST_PAUSE, timedelta(seconds=max(0.0, row["pause_s"]))),
            min(LONGEST_PAUSE, timedelta(seconds=max(0.0, row["refused_s"]))),
            limited=bool(row["limited"]),
        )
        for row in store.execute("SELECT * FROM host_paces ORDER BY host")
    }


def store_host_paces(store: Store, paces: Mapping[str, HostPace], at: datetime) -> None:
    """Store the paces of these hosts, in one transaction. Raises StoreError."""
    with store.transaction():
        for host, pace in paces.items():
            store.execute(
                "INSERT INTO host_paces VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "pause_s = excluded.pause_s, refused_s = excluded.refused_s, "
                "limited = excluded.limited, changed_at = excluded.changed_at",
                (
                    host,
                    pace.pause.total_seconds(),
                    pace.refused.total_seconds(),
                    int(pace.limited),
                    stamp(at),
                ),
            )

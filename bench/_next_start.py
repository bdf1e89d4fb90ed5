"""Which mails does the next start of the daemon queue, after a command has brought years of the
past? Two days of its jobs, on a clock that is moved by the hour, with a receiver that hears nobody.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from collector import settings
from collector.clock import SystemClock
from collector.daemon import start
from collector.drawing import Drawer
from collector.store import Store, outbox
from collector.store.outbox_items import OutboxItem

HOURS = 48


def queued_by_next_start(config: Path, receiver: Path) -> list[OutboxItem]:
    """Run the daemon's jobs for `HOURS`, and return the mails that wait then, the newest first.

    `receiver` is the file of the only feed of the configuration.
    """
    began = datetime.now(UTC)
    clock = [began]
    with (
        mock.patch.object(SystemClock, "now", side_effect=lambda: clock[0]),
        mock.patch.object(SystemClock, "monotonic", side_effect=lambda: clock[0] - began),
        mock.patch.object(SystemClock, "wait", return_value=False),
        mock.patch.object(Drawer, "drawn", side_effect=lambda orders: [None] * len(orders)),
        start.daemon(settings.load(config, environ={}), {}) as daemon,
    ):
        daemon.storage.prove()
        daemon.jobs.resume()
        runs = daemon.add_jobs()
        for hour in range(HOURS):
            clock[0] = began + timedelta(hours=hour)
            _hear_nobody(receiver, clock[0])
            for run in runs:
                daemon.run_added(run)
                if run.failure:
                    raise SystemExit(f"{run.name} failed: {run.failure}")
    loaded = settings.load(config, environ={})
    with Store.open(loaded.database, read_only=True) as store:
        return outbox.listing(store, "owed", bound=False)


def _hear_nobody(file: Path, at: datetime) -> None:
    file.write_text(json.dumps({"now": at.timestamp(), "messages": 1, "aircraft": []}))
    os.utime(file, (at.timestamp(), at.timestamp()))

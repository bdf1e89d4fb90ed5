"""What happened before the box was started? A landing of the day before yesterday, as recorded."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.long.service.desk import COLLECTOR, Desk
from tests.long.service.world import FLEET
from tests.support.sky import Sky, Visit
from tests.support.station import record

STATE = "/var/lib/private/collector"
MINUTE = timedelta(minutes=1)


def replay_a_landing(desk: Desk) -> None:
    """Put a recording of a landing beside the daemon's own, and replay it."""
    lands_at = datetime.now(UTC) - timedelta(days=2)
    sky = Sky((Visit(lands_at=lands_at, icao24=FLEET[-1]),))
    with tempfile.TemporaryDirectory() as folder:
        replies = sky.replies(lands_at - 10 * MINUTE, lands_at + 10 * MINUTE, MINUTE / 3)
        (file,) = record(Path(folder), list(replies))
        path = f"{STATE}/recordings/{file.name}"
        desk.box.put(path, file)
    desk.box.run(f"chown --reference={STATE} {path}; chmod 600 {path}; {COLLECTOR} replay {path}")
    desk.must(FLEET[-1] in desk.landed(), "the recorded landing was not found")

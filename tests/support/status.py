"""The status document of services that a test has built."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from collector.queries.snapshot import Shares, Snapshot
from collector.queries.status import status
from collector.services import Services


def status_of(services: Services, now: datetime) -> dict[str, Any]:
    """Return the document that `status --json` prints."""
    coverage = services.weeks.coverage
    return status(Snapshot(services.settings, services.store, now, Shares(), coverage))

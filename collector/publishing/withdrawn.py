"""What does the page of a landing say once the landing was withdrawn? When, and why."""

from __future__ import annotations

from collector.model import Landing
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import day
from collector.reports.landing.summary import local_zone
from collector.reports.titles import with_names
from collector.store import landings as stored
from collector.weeks import local_date


def withdrawn_words(snapshot: Snapshot, landing: Landing) -> str:
    """Return when a landing was withdrawn and why; empty if it stands. Raises StoreError."""
    if not landing.retracted or landing.stands:
        return ""
    changes = stored.history(snapshot.store, landing.id)
    last = next((each for each in reversed(changes) if each.change == "retracted"), None)
    if last is None:
        return ""
    airfields, detection = snapshot.settings.airfields, landing.detection
    on = day(local_date(last.at, local_zone(detection, airfields, snapshot.zone)))
    told = with_names(last.reason, airfields, detection.touchdown_at.date())
    return f"Withdrawn on {on}{f', because {told}' if told else ''}. It is counted nowhere."

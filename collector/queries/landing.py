"""What is stored about one landing, and what does it say together? For the command and the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector import instead
from collector.model import Airfield, Landing, Observation
from collector.pipeline import identity_conflicts
from collector.queries import arrivals
from collector.reports.landing.explanation import Explanation, explain
from collector.reports.landing.gaps import describe_gaps, span_around
from collector.reports.landing.interference import interference_lines, span_about
from collector.store import Store, coverage_slots, landings, observations, reviews, track_requests


def track_about(store: Store, landing: Landing, now: datetime) -> list[Observation]:
    """What was heard of its aircraft about then. Raises StoreError."""
    span = span_around(landing.detection, now)
    return observations.span(store, landing.detection.icao24, *span)


def explained(
    store: Store, landing: Landing, airfields: Sequence[Airfield], zone: str, now: datetime
) -> Explanation:
    """Why it is believed; `zone` is used where no field is known. Raises StoreError."""
    heard = track_about(store, landing, now)
    slots = coverage_slots.between(store, *span_about(landing.detection.touchdown_at))
    return explain(
        landing,
        landings.history(store, landing.id),
        airfields,
        zone,
        said=reviews.history(store, landing.id),
        gaps=describe_gaps(landing, heard, airfields, zone, now),
        conflicts=identity_conflicts.around(store, landing),
        stated=arrivals.around(store, landing),
        fetched=track_requests.around(store, landing),
        alternatives=instead.alternatives(store, landing, heard, airfields),
        interference=interference_lines(heard, slots, airfields),
    )

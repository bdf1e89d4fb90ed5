"""What is stored about one landing, and what does it say together? For the command and the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector import instead
from collector.model import Airfield, Landing, Observation
from collector.pipeline import identity_conflicts as conflicting
from collector.queries import arrivals as corroborating
from collector.reports.landing.explanation import Explanation, explain
from collector.reports.landing.gaps import span_around, told_gaps
from collector.reports.landing.interference import interference_lines, span_about
from collector.store import Store, hearings, landings, observations, reviews
from collector.store import track_requests as fetches


def track_about(store: Store, landing: Landing, now: datetime) -> list[Observation]:
    """What was heard of its aircraft about then. Raises StoreError."""
    span = span_around(landing.detection, now)
    return observations.span(store, landing.detection.icao24, *span)


def explained(
    store: Store, landing: Landing, airfields: Sequence[Airfield], zone: str, now: datetime
) -> Explanation:
    """Why it is believed; `zone` is used where no field is known. Raises StoreError."""
    heard = track_about(store, landing, now)
    slots = hearings.slots(store, *span_about(landing.detection.touchdown_at))
    return explain(
        landing,
        landings.history(store, landing.id),
        airfields,
        zone,
        said=reviews.history(store, landing.id),
        gaps=told_gaps(landing, heard, airfields, zone, now),
        conflicts=conflicting.around(store, landing),
        stated=corroborating.around(store, landing),
        fetched=fetches.around(store, landing),
        alternatives=instead.alternatives(store, landing, heard, airfields),
        interference=interference_lines(heard, slots, airfields),
    )

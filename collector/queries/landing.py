"""What is stored about one landing, and what does it say together? For the command and the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.coverage.learned import monday_of, version
from collector.landings.alternatives import AROUND, hypotheses, would_be_heard
from collector.landings.rules import LandingRules
from collector.model import Airfield, Landing, Observation
from collector.model.watch import airfield_on
from collector.queries import arrivals, identity_conflicts
from collector.reports.landing.alternatives import AlternativeRow, alternative_rows
from collector.reports.landing.explanation import Explanation, explain
from collector.reports.landing.gaps import describe_gaps, fixes_of, span_around
from collector.reports.landing.interference import interference_lines, span_about
from collector.store import (
    Store,
    coverage_slots,
    landings,
    learned_coverage,
    observations,
    reviews,
    track_requests,
)
from collector.tracking import Fix


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
        alternatives=alternatives(store, landing, heard, airfields),
        interference=interference_lines(heard, slots, airfields),
    )


AHEAD = timedelta(hours=1)
"""Of slots after the last fix: a neighbour in reach is landed at within half of that."""


def alternatives(
    store: Store, landing: Landing, heard: Sequence[Observation], airfields: Sequence[Airfield]
) -> list[AlternativeRow]:
    """What else it may have done in the silence that the landing was inferred from; empty where it
    was inferred from none. `heard` is its track about then. Raises StoreError."""
    detection, rules = landing.detection, LandingRules()
    if all(one.kind != "silence" for one in detection.evidence):
        return []
    last = _last(fixes_of(heard, airfields), detection.visit_from)
    if last is None:
        return []
    slots = coverage_slots.between(store, last.at - AROUND, last.at + AHEAD)
    value = learned_coverage.get(store, version(monday_of(last.at)))
    feeds = {one.feed for one in heard if one.at <= detection.visit_from}
    found = [
        would_be_heard(each, slots, value, feeds, rules)
        for each in hypotheses(last, _rivals(landing, airfields), rules)
    ]
    return alternative_rows(found)


def _last(fixes: Sequence[Fix], until_at: datetime) -> Fix | None:
    """The last fix with a place before the silence."""
    placed = [fix for fix in fixes if fix.placed and fix.at <= until_at]
    return placed[-1] if placed else None


def _rivals(landing: Landing, airfields: Sequence[Airfield]) -> list[Airfield]:
    """The candidates that are not the answer, likeliest first."""
    detection = landing.detection
    ordered = sorted(detection.candidates, key=lambda one: (-one.probability, one.airfield))
    found = (
        airfield_on(airfields, one.airfield, detection.touchdown_at.date())
        for one in ordered
        if one.airfield != detection.airfield
    )
    return [field for field in found if field is not None]

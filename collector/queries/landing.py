"""Why is one landing believed? Everything stored about it, put together for command and page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from collector.coverage.learned import monday_of, version
from collector.coverage.others import LISTED_FOR, without
from collector.disclosure.persons import (
    landing_without_person,
    review_without_person,
    revision_without_person,
)
from collector.landings.alternatives import PROOF_WITHIN, hypotheses, hypothesis_coverage
from collector.landings.rules import LandingRules
from collector.model import Airfield, Landing, Observation
from collector.model.coverage import SLOT
from collector.model.stop import Side, Stop
from collector.model.watch import airfield_on
from collector.queries import arrivals, identity_conflicts
from collector.recording import files_of
from collector.reports.landing.alternatives import AlternativeRow, alternative_rows
from collector.reports.landing.explanation import Explanation, explain
from collector.reports.landing.gaps import describe_gaps, fixes_of, span_around
from collector.reports.landing.interference import interference_lines, span_about
from collector.reports.landing.raw_replies import raw_reply_lines
from collector.reports.landing.summary import names_of
from collector.store import (
    Store,
    coverage_slots,
    landings,
    learned_coverage,
    meta,
    observations,
    reviews,
    stops,
    track_requests,
)
from collector.store.kept_spans import span_of
from collector.tracking import Fix

AROUND_SLOTS = SLOT + LISTED_FOR
"""A slot may begin so long before a time, and count reports from before it begins."""
AHEAD = timedelta(hours=1)
"""Slots up to this long after the last fix are read. A neighbouring airfield within reach would be
landed at in half of that."""


def reports_around(store: Store, landing: Landing, now: datetime) -> list[Observation]:
    """Return the stored reports of its aircraft around the visit. Raises StoreError."""
    span = span_around(landing.detection, now)
    return observations.reports_between(store, landing.detection.icao24, *span)


def explanation_of(
    store: Store,
    landing: Landing,
    airfields: Sequence[Airfield],
    zone: str,
    now: datetime,
    *,
    raw_replies: Sequence[str] = (),
    persons: bool = True,
    whole_stops: bool = True,
) -> Explanation:
    """Return why a landing is believed.

    Times are local to the airfield, or to `zone` if the airfield is not known. `raw_replies` says
    where the replies as received stand. Without `persons`, nobody who reviewed it is named, and no
    note is quoted. Without `whole_stops`, the next stop and what changed in the stops are left out.
    Raises StoreError.
    """
    history = landings.history(store, landing.id)
    reviewed = reviews.history(store, landing.id)
    if not persons:
        landing = landing_without_person(landing)
        history = [revision_without_person(each) for each in history]
        reviewed = [review_without_person(each) for each in reviewed]
    if not whole_stops:
        landing = replace(landing, stops=_passed_on(landing.stops))
    reports = reports_around(store, landing, now)
    about = span_about(landing.detection.touchdown_at)
    slots = without(
        coverage_slots.slots_between(store, *about), _own_reports(store, landing, *about)
    )
    return explain(
        landing,
        history,
        airfields,
        zone,
        reviews=reviewed,
        gaps=describe_gaps(landing, reports, airfields, zone, now),
        conflicts=identity_conflicts.around(store, landing),
        arrivals=arrivals.around(store, landing),
        track_requests=track_requests.requests_around(store, landing),
        alternatives=alternatives_of(store, landing, reports, airfields),
        interference=interference_lines(reports, slots, airfields),
        raw_replies=raw_replies,
        stop_history=stops.history(store, landing.id) if whole_stops else (),
        week_zones=week_zones(store, landing),
    )


def week_zones(store: Store, landing: Landing) -> list[str]:
    """Return the time zones in which a landing's watches count weeks. Raises StoreError."""
    zones = meta.zones(store)
    return list(
        dict.fromkeys(zones[match.watch] for match in landing.watches if match.watch in zones)
    )


def _passed_on(stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """Return stops without the next one: the aircraft may still be there."""
    kept_back = Stop(side=Side.NEXT, reason="It is no part of what is passed on.")
    return tuple(stop if stop.side is Side.PREVIOUS else kept_back for stop in stops)


def raw_replies_of(landing: Landing, recordings: Path | None) -> list[str]:
    """Return where the replies stand that a landing rests on, in lines; `recordings` is the folder,
    None if replies are not recorded."""
    begin, end = span_of(landing.detection)
    files = [] if recordings is None else files_of(recordings, begin, end)
    return raw_reply_lines(begin, end, files, recordings)


def alternatives_of(
    store: Store, landing: Landing, reports: Sequence[Observation], airfields: Sequence[Airfield]
) -> list[AlternativeRow]:
    """Return the alternatives to a landing that was inferred from a silence.

    `reports` are those of its aircraft around the visit. Return an empty list if the landing was
    not inferred from a silence, or if no position was received before it. Raises StoreError.
    """
    detection, rules = landing.detection, LandingRules()
    if all(evidence.kind != "silence" for evidence in detection.evidence):
        return []
    last = _last_placed(fixes_of(reports, airfields), detection.visit_from)
    if last is None:
        return []
    span = last.at - PROOF_WITHIN, last.at + AHEAD
    slots = without(coverage_slots.slots_between(store, *span), _own_reports(store, landing, *span))
    value = learned_coverage.get(store, version(monday_of(last.at)))
    feeds = {report.feed for report in reports if report.at <= detection.visit_from}
    found = [
        hypothesis_coverage(hypothesis, slots, value, feeds, rules)
        for hypothesis in hypotheses(last, _rivals(landing, airfields), rules)
    ]
    return alternative_rows(found, names_of(landing.detection, airfields))


def _own_reports(
    store: Store, landing: Landing, begin: datetime, end: datetime
) -> list[Observation]:
    """Return all reports of the landing's aircraft that slots of that time may count."""
    icao24 = landing.detection.icao24
    return observations.reports_between(store, icao24, begin - AROUND_SLOTS, end + AROUND_SLOTS)


def _last_placed(fixes: Sequence[Fix], until_at: datetime) -> Fix | None:
    """Return the last fix with a position up to `until_at`, the begin of the silence."""
    placed = [fix for fix in fixes if fix.placed and fix.at <= until_at]
    return placed[-1] if placed else None


def _rivals(landing: Landing, airfields: Sequence[Airfield]) -> list[Airfield]:
    """Return the candidate airfields other than the named one, likeliest first."""
    detection = landing.detection
    found = (
        airfield_on(airfields, candidate.airfield, detection.touchdown_at.date())
        for candidate in detection.ranked
        if candidate.airfield != detection.airfield
    )
    return [airfield for airfield in found if airfield is not None]

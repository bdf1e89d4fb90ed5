"""How do the rooms come together for one configuration and one database?"""

from __future__ import annotations

from dataclasses import dataclass

from collector.notify.alerts import AlertEvaluator
from collector.notify.digests import Digests
from collector.notify.health import Health
from collector.pipeline.derivation import RequestTracks
from collector.pipeline.ingest import Pipeline
from collector.queries.coverage import CoverageQuery
from collector.queries.weeks import WeekQuery
from collector.settings import Settings
from collector.settings.derived import home_zone, region, terms_of_feeds, visitors
from collector.store import Store, meta
from collector.watches.visitors import VISITORS


@dataclass(frozen=True, slots=True)
class Services:
    """Everything between a reply and a mail that is owed."""

    settings: Settings
    store: Store
    pipeline: Pipeline
    alert_evaluator: AlertEvaluator
    weeks: WeekQuery
    digests: Digests
    health: Health


def build_services(
    settings: Settings, store: Store, request_tracks: RequestTracks | None = None
) -> Services:
    """Build every service for these settings. A writable store learns the watches' zones.

    `request_tracks` stores which full tracks are worth a request; None: nobody asks for any.
    Raises StoreError.
    """
    if not store.read_only:
        named = {watch.name: watch.zone for watch in settings.watches}
        meta.set_zones(store, named | {VISITORS: home_zone(settings)})
    zones = frozenset(watch.zone for watch in settings.watches)
    coverage = CoverageQuery(store, settings.airfields, zones)
    terms = terms_of_feeds(settings)
    alert_evaluator = AlertEvaluator(store, settings.watches, settings.airfields, coverage, terms)
    weeks = WeekQuery(store, settings.watches, settings.airfields, coverage)
    asked = [feed.name for feed in settings.feeds if feed.enabled]
    return Services(
        settings=settings,
        store=store,
        pipeline=Pipeline(
            store,
            settings.watches,
            settings.airfields,
            region(settings),
            alert_evaluator,
            visitors=visitors(settings),
            request_tracks=request_tracks,
        ),
        alert_evaluator=alert_evaluator,
        weeks=weeks,
        digests=Digests(weeks, terms, asked, visitors=settings.visitors is not None),
        health=Health(store, settings.operators, home_zone(settings)),
    )

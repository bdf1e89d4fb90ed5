"""Which services does a run of the collector need? `build_services` builds and connects them.

One configuration and one database give one pipeline, one evaluator of alerts, the queries about
weeks, the digests and the health. The daemon, every command and every backfill use the same ones,
so that they store and answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.landings.rules import LandingRules
from collector.notify.alerts import AlertEvaluator
from collector.notify.citations import CitationCheck
from collector.notify.digests import Digests
from collector.notify.health import Health
from collector.notify.judged_again import JudgingAgain
from collector.pipeline.derivation import RequestTracks
from collector.pipeline.ingest import Pipeline
from collector.pipeline.stops import StopDerivation, settled_airfields
from collector.queries.chance import ChanceQuery
from collector.queries.coverage import CoverageQuery
from collector.queries.weeks import WeekQuery
from collector.settings import Settings
from collector.settings.derived import (
    home_zone,
    region,
    terms_of_feeds,
    visitors,
    watched_codes,
    watched_names,
)
from collector.settings.world_airfields import WorldAirfields
from collector.store import Store, meta
from collector.watches.visitors import VISITORS


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one configuration and one database, from a reply to the notices about it."""

    settings: Settings
    store: Store
    pipeline: Pipeline
    alert_evaluator: AlertEvaluator
    weeks: WeekQuery
    digests: Digests
    health: Health
    judging_again: JudgingAgain
    citations: CitationCheck
    stops: StopDerivation
    chances: ChanceQuery


def build_services(
    settings: Settings,
    store: Store,
    request_tracks: RequestTracks | None = None,
    *,
    over_before: datetime | None = None,
) -> Services:
    """Build every service for these settings; store the watches' time zones unless read-only.

    `request_tracks` stores which full tracks to request; None: no full track is requested. Notices
    about what was over before `over_before` are kept and not mailed; None: all are mailed. Raises
    StoreError.
    """
    if not store.read_only:
        watch_zones = {watch.name: watch.zone for watch in settings.watches}
        meta.set_zones(store, watch_zones | {VISITORS: home_zone(settings)})
    zones = frozenset(watch.zone for watch in settings.watches)
    coverage = CoverageQuery(store, settings.airfields, zones)
    terms = terms_of_feeds(settings)
    pages = settings.web.public_url or ""
    alert_evaluator = AlertEvaluator(
        *(store, settings.watches, settings.airfields, coverage, terms, over_before), pages=pages
    )
    weeks = WeekQuery(store, settings.watches, settings.airfields, coverage)
    pipeline = Pipeline(
        store,
        settings.watches,
        settings.airfields,
        region(settings),
        alert_evaluator,
        visitors=visitors(settings),
        request_tracks=request_tracks,
    )
    feed_names = [feed.name for feed in settings.feeds if feed.enabled]
    digests = Digests(weeks, terms, feed_names, visitors=settings.visitors is not None, pages=pages)
    return Services(
        settings=settings,
        store=store,
        pipeline=pipeline,
        alert_evaluator=alert_evaluator,
        weeks=weeks,
        digests=digests,
        health=Health(
            store,
            settings.operators,
            home_zone(settings),
            settings.recipients,
            feeds=feed_names,
            records=settings.recordings is not None,
            names={watched_codes(settings): watched_names(settings)},
        ),
        judging_again=JudgingAgain(store, pipeline.derivation, alert_evaluator, digests),
        citations=CitationCheck(store, settings.watches, settings.airfields, terms),
        stops=StopDerivation(
            store,
            WorldAirfields(settings.airfields).near,
            settled_airfields(settings.airfields, settings.watches),
            LandingRules(),
        ),
        chances=ChanceQuery(store, coverage),
    )

"""Which services does a run of the collector need? `build_services` builds and connects them.

One configuration and one database give one pipeline, one evaluator of alerts, the queries about
weeks, the digests and the health. The daemon, every command and every backfill use the same ones,
so that they store and answer alike. A listing needs two or three of them, and importing all takes
a second of the processor, so `Services` builds each when it is first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collector.notify.alerts import AlertEvaluator
    from collector.notify.citations import CitationCheck
    from collector.notify.digests import Digests
    from collector.notify.health import Health
    from collector.notify.judged_again import JudgingAgain
    from collector.notify.week_statements import WeekComparison
    from collector.pipeline.derivation import RequestTracks
    from collector.pipeline.ingest import Pipeline
    from collector.pipeline.stops import StopDerivation
    from collector.queries.chance import ChanceQuery
    from collector.queries.coverage import CoverageQuery
    from collector.queries.weeks import WeekQuery
    from collector.settings import Settings
    from collector.store import Store


@dataclass
class Services:
    """The services of one configuration and one database, from a reply to the notices about it.

    Each is built when it is first asked for. Threads that share them need `build_services`, which
    leaves nothing to be built later, by two of them at once.
    """

    settings: Settings
    store: Store
    request_tracks: RequestTracks | None = None
    """Stores which full tracks to request; None: no full track is requested."""
    over_before: datetime | None = None
    """Notices about what was over before this are kept and not mailed; None: all are mailed."""

    @cached_property
    def coverage(self) -> CoverageQuery:
        """Answer how much of a week could be seen."""
        from collector.queries.coverage import CoverageQuery

        zones = frozenset(watch.zone for watch in self.settings.watches)
        return CoverageQuery(self.store, self.settings.airfields, zones)

    @cached_property
    def weeks(self) -> WeekQuery:
        """Answer what was counted in a week."""
        from collector.queries.weeks import WeekQuery

        settings = self.settings
        return WeekQuery(self.store, settings.watches, settings.airfields, self.coverage)

    @cached_property
    def chances(self) -> ChanceQuery:
        """Answer how often a rule fires by chance."""
        from collector.queries.chance import ChanceQuery

        return ChanceQuery(self.store, self.coverage)

    @cached_property
    def alert_evaluator(self) -> AlertEvaluator:
        """Evaluate the rules of alerts, and store the notices that they call for."""
        from collector.notify.alerts import AlertEvaluator
        from collector.settings.derived import terms_of_feeds

        settings = self.settings
        return AlertEvaluator(
            self.store,
            settings.watches,
            settings.airfields,
            self.coverage,
            terms_of_feeds(settings),
            self.over_before,
            pages=settings.web.public_url or "",
        )

    @cached_property
    def pipeline(self) -> Pipeline:
        """Take a reply in, with everything that follows from it."""
        from collector.pipeline.ingest import Pipeline
        from collector.settings.derived import region, visitors

        settings = self.settings
        return Pipeline(
            self.store,
            settings.watches,
            settings.airfields,
            region(settings),
            self.alert_evaluator,
            visitors=visitors(settings),
            request_tracks=self.request_tracks,
        )

    @cached_property
    def digests(self) -> Digests:
        """Word the digests and store those that are due."""
        from collector.notify.digests import Digests
        from collector.settings.derived import terms_of_feeds

        settings = self.settings
        return Digests(
            self.weeks,
            terms_of_feeds(settings),
            self._feed_names,
            visitors=settings.visitors is not None,
            pages=settings.web.public_url or "",
        )

    @cached_property
    def health(self) -> Health:
        """Open and close conditions, and store the notices about them."""
        from collector.notify.health import Health
        from collector.settings.derived import home_zone, watched_codes, watched_names

        settings = self.settings
        return Health(
            self.store,
            settings.operators,
            home_zone(settings),
            settings.recipients,
            feeds=self._feed_names,
            records=settings.recordings is not None,
            names={watched_codes(settings): watched_names(settings)},
        )

    @cached_property
    def judging_again(self) -> JudgingAgain:
        """Judge stored landings by new rules, and derive stored reports at new airfields."""
        from collector.notify.judged_again import JudgingAgain
        from collector.notify.new_airfields import NewAirfields

        derivation, evaluator = self.pipeline.derivation, self.alert_evaluator
        new = NewAirfields(self.store, derivation, evaluator, self.settings.airfields)
        return JudgingAgain(self.store, derivation, evaluator, self.digests, new)

    @cached_property
    def citations(self) -> CitationCheck:
        """Notice that a cited number changed."""
        from collector.notify.citations import CitationCheck
        from collector.settings.derived import terms_of_feeds

        settings = self.settings
        return CitationCheck(
            self.store, settings.watches, settings.airfields, terms_of_feeds(settings)
        )

    @cached_property
    def week_comparison(self) -> WeekComparison:
        """Notice that a finished week reads otherwise than it did."""
        from collector.notify.week_statements import WeekComparison

        return WeekComparison(self.weeks)

    @cached_property
    def stops(self) -> StopDerivation:
        """Derive where an aircraft was before and after a landing."""
        from collector.landings.rules import LandingRules
        from collector.pipeline.stops import StopDerivation, settled_airfields
        from collector.settings.world_airfields import WorldAirfields

        airfields = self.settings.airfields
        return StopDerivation(
            self.store,
            WorldAirfields(airfields).near,
            settled_airfields(airfields, self.settings.watches),
            LandingRules(),
        )

    @property
    def _feed_names(self) -> list[str]:
        return [feed.name for feed in self.settings.feeds if feed.enabled]


def build_services(
    settings: Settings,
    store: Store,
    request_tracks: RequestTracks | None = None,
    *,
    over_before: datetime | None = None,
) -> Services:
    """Build every service for these settings; store the watches' time zones unless read-only.

    `request_tracks` and `over_before` are those of `Services`. Raises StoreError.
    """
    from collector.queries.followed import with_times
    from collector.settings.derived import home_zone
    from collector.store import meta
    from collector.watches.visitors import VISITORS

    settings = with_times(settings, store)
    if not store.read_only:
        watch_zones = {watch.name: watch.zone for watch in settings.watches}
        meta.set_zones(store, watch_zones | {VISITORS: home_zone(settings)})
    services = Services(settings, store, request_tracks, over_before)
    for name, service in vars(Services).items():
        if isinstance(service, cached_property):
            getattr(services, name)
    return services

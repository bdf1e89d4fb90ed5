"""Which landings, watches and feeds may others see? A choice by the rules of `disclosure/`.

Rows, tracks and evidence follow from open data alone: where a feed whose data may not be passed on
had a part in a landing, it is derived again without that feed. Counts may rest on feeds of which
findings may be published. Feeds of which nothing may leave have no part in anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from collector.audit.derive_again import derived_from
from collector.audit.evidence_inputs import as_it_leaves, inputs_of
from collector.coverage.learned import monday_of, version
from collector.disclosure.operators import Operator, airframe_operator, names_operators
from collector.disclosure.origins import UNSTATED, origins_of
from collector.disclosure.replies import names_of
from collector.feeds import KINDS, FeedSettings
from collector.feeds.terms import ARCHIVES, LOCAL
from collector.model import Detection, Landing, Watch
from collector.model.review import CONFIRMED, REJECTED
from collector.model.terms import Terms
from collector.queries.coverage import CoverageQuery
from collector.queries.exports import UNNAMED, ExportQuery
from collector.queries.weeks import WeekQuery
from collector.settings import Settings
from collector.settings.derived import terms_of_feeds
from collector.store import Store, coverage_slots, learned_coverage, observations
from collector.store.imported_reports import imported_between
from collector.store.kept_spans import span_of
from collector.weeks import previous_week, week_bounds, week_of

CHECKED = frozenset({CONFIRMED, REJECTED})


@dataclass(frozen=True, slots=True)
class Listed:
    """A landing that has a page of its own, as it follows from open data."""

    landing: Landing
    operator: Operator
    as_stored: bool
    """Whether it is the stored finding; else it was derived again without some feeds."""


@dataclass(frozen=True)
class Edition:
    """What is published of one database at one time. Every method raises StoreError."""

    store: Store
    settings: Settings
    now: datetime
    scratch: Store
    """An empty database, in which landings are derived again and nothing stays."""
    checked_only: bool = False

    @cached_property
    def terms(self) -> Mapping[str, Terms]:
        """The terms of every feed by the operator's own name for it."""
        return terms_of_feeds(self.settings)

    @cached_property
    def raw(self) -> dict[str, str]:
        """Under which name each feed leaves whose data may be passed on."""
        return self._names({"raw"})

    @cached_property
    def derived(self) -> dict[str, str]:
        """The same, with the feeds of which findings may be published."""
        return self._names({"raw", "derived"})

    def _names(self, allowed: set[str]) -> dict[str, str]:
        own = {feed for feed, terms in self.terms.items() if terms == LOCAL}
        # An archive keeps its name whatever feed bears it, since its terms go with the name.
        kinds = {f.name: f.kind for f in self.settings.feeds if f.name not in ARCHIVES}
        feeds = [
            feed
            for feed, terms in self.terms.items()
            if terms.leaves in allowed and (feed not in KINDS or feed in kinds or feed not in own)
        ]
        open_terms = {feed: replace(self.terms[feed], redistributable=True) for feed in feeds}
        return names_of(feeds, kinds, open_terms, own & set(feeds))

    @cached_property
    def public(self) -> Settings:
        """The settings without anything that tells of the operator."""
        feeds = {
            self.derived[feed.name]: FeedSettings(name=self.derived[feed.name], kind=feed.kind)
            for feed in self.settings.feeds
            if feed.name in self.derived
        }
        for feed, name in self.derived.items():  # archives of the operator's own receivers
            if self.terms[feed] == LOCAL and name not in feeds:
                feeds[name] = FeedSettings(name=name, kind="readsb", enabled=False)
        return replace(
            self.settings,
            path=None,
            recordings=None,
            contact=None,
            feeds=tuple(feeds.values()),
            hosts={},
            ca_files={},
            watches=tuple(_public(watch) for watch in self.query.open_watches),
            visitors=None,
            operators=(),
            webhooks=(),
            apprise=(),
            stamps=(),
            dead_man_url=None,
            warnings=(),
            explained=(),
        )

    @cached_property
    def query(self) -> ExportQuery:
        """The rules of exports, for the whole time."""
        settings = self.settings
        zones = frozenset(watch.zone for watch in settings.watches)
        coverage = CoverageQuery(self.store, settings.airfields, zones)
        return ExportQuery(
            self.store,
            WeekQuery(self.store, settings.watches, settings.airfields, coverage),
            [watch for watch in settings.watches if names_operators(watch)],
            settings.airfields,
            self.terms,
            settings.disclosure,
            self.now,
        )

    @cached_property
    def last_week(self) -> str:
        """The last week that has left in the time zone of every watch."""
        return min(self._last_week_in(watch.zone) for watch in self.public.watches)

    def _last_week_in(self, zone: str) -> str:
        key = week_of(self.now, zone)
        while self.settings.disclosure.week_leaves_at(week_bounds(key, zone)[1]) > self.now:
            key = previous_week(key)
        return key

    @cached_property
    def listed(self) -> list[Listed]:
        """The landings that have a page, by touchdown."""
        return [each for each in self.open if not self.checked_only or _checked(each.landing)]

    @cached_property
    def open(self) -> list[Listed]:
        """The landings that follow from open data alone, by touchdown."""
        found = []
        for each in self.query.leaving:
            left = self.as_it_follows(each.landing, self.raw)
            if left is not None:
                found.append(Listed(left[0], each.operator, left[1]))
        return found

    @cached_property
    def counted(self) -> list[Landing] | None:
        """The landings that count, as they follow from feeds of which findings may be published;
        None: those that are stored, since no other feed had a part in them."""
        due = self.query.due
        if all(self._rests_on(landing, self.derived) for landing in due) and not self._unfit_slots:
            return None
        left = [self.as_it_follows(landing, self.derived) for landing in due]
        return [each[0] for each in left if each is not None]

    @cached_property
    def _unfit_slots(self) -> bool:
        """Whether a feed of which nothing may leave has coverage in the counted weeks."""
        return not self.derived.keys() >= self._answered

    @cached_property
    def _answered(self) -> frozenset[str]:
        """The feeds that answered at any time; finding them reads every slot."""
        first = coverage_slots.first_slot_at(self.store)
        if first is None:
            return frozenset()
        return coverage_slots.feeds_between(self.store, first, self.now)

    def as_it_follows(
        self, landing: Landing, names: Mapping[str, str]
    ) -> tuple[Landing, bool] | None:
        """Return a landing as it follows from these feeds alone, under their new names, and whether
        that is as it is stored; None if it does not follow."""
        if self._rests_on(landing, names):
            return _renamed(landing, landing.detection, names), True
        if landing.retracted:
            return None
        inputs = as_it_leaves(inputs_of(self.store, self.settings, landing, self.now), names)
        span = inputs.begins_at, inputs.ends_at
        reports = observations.reports_between(self.store, inputs.icao24, *span)
        slots = coverage_slots.slots_between(self.store, *span)
        found = derived_from(
            self.scratch,
            [replace(one, feed=names[one.feed]) for one in reports if one.feed in names],
            [replace(one, feed=names[one.feed]) for one in slots if one.feed in names],
            inputs,
            landing.detection.touchdown_at,
        )
        return None if found is None else (_renamed(landing, found.detection, names), False)

    def _rests_on(self, landing: Landing, names: Mapping[str, str]) -> bool:
        """Return whether no other feed had a part in a landing."""
        detection, span = landing.detection, span_of(landing.detection)
        named = {feed for evidence in detection.evidence for feed in evidence.feeds}
        reports = [
            *observations.reports_between(self.store, detection.icao24, *span),
            *imported_between(self.store, detection.icao24, *span),
        ]
        return names.keys() >= {
            *detection.feeds,
            *named,
            *(report.feed for report in reports),
            *coverage_slots.feeds_between(self.store, *span),
            *self._learned_from(version(monday_of(span[0]))),
        }

    def _learned_from(self, learned: str) -> frozenset[str]:
        if learned not in self._learned:
            value = learned_coverage.get(self.store, learned)
            feeds = () if value is None else value.feeds
            self._learned[learned] = frozenset(each.feed for each in feeds if each.answered)
        return self._learned[learned]

    @cached_property
    def _learned(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """What stays on the operator's own pages, and why, for the operator alone."""
        lines = [*self.query.left_out_lines()]
        silent = [one for one in self.settings.watches if not names_operators(one)]
        lines += [f"everything of the watch {watch.name}, {UNNAMED}" for watch in silent]
        closed = len(self.query.leaving) - len(self.open)
        if closed:
            noun = "the page of 1 landing" if closed == 1 else f"the pages of {closed:,} landings"
            why = "does" if closed == 1 else "do"
            lines.append(f"{noun} that {why} not follow from open data alone")
        unchecked = len(self.open) - len(self.listed)
        if unchecked:
            lines.append(f"the pages of landings that no person checked: {unchecked:,}")
        return tuple(lines)

    def origins(self, names: Mapping[str, str]) -> tuple[Terms, ...]:
        """Return the terms of the feeds among these that answered so far, or that a landing rests
        on, each once."""
        used = {feed for landing in self.query.leaving for feed in landing.landing.feeds}
        used |= self._answered
        return origins_of([feed for feed in used if feed in names], self.terms)

    def terms_of(self, feeds: Mapping[str, str]) -> dict[str, Terms]:
        """Return the terms by the names under which these feeds leave."""
        return {name: self.terms.get(feed, UNSTATED) for feed, name in feeds.items()}


def _public(watch: Watch) -> Watch:
    """Return a watch with the airframes alone whose operator is named, and without recipients."""
    fleet = tuple(each for each in watch.fleet if airframe_operator(each) is not None)
    return replace(watch, fleet=fleet, recipients=())


def _checked(landing: Landing) -> bool:
    return landing.review in CHECKED


def _renamed(landing: Landing, detection: Detection, names: Mapping[str, str]) -> Landing:
    """Return a landing with this finding, its feeds under the names by which they leave, and the
    stops that rest on no other feed."""
    evidence = tuple(replace(one, feeds=_those(one.feeds, names)) for one in detection.evidence)
    stops = [stop for stop in landing.stops if names.keys() >= set(stop.feeds)]
    return replace(
        landing,
        detection=replace(detection, evidence=evidence, feeds=_those(detection.feeds, names)),
        stops=tuple(
            replace(
                stop,
                feeds=_those(stop.feeds, names),
                evidence=tuple(replace(o, feeds=_those(o.feeds, names)) for o in stop.evidence),
            )
            for stop in stops
        ),
    )


def _those(feeds: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return feeds under their new names; those that have one already keep it."""
    new = set(names.values())
    return tuple(sorted({names.get(feed, feed) for feed in feeds if feed in names or feed in new}))

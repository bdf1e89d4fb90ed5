"""Where do the published pages read? In databases of their own that hold what may leave alone.

Every row in them is put there by name: what a later version stores in new tables stays out. They
are deleted when the pages are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from collector.alerts.decisions import decide_windows
from collector.audit.evidence_inputs import as_it_leaves, inputs_of
from collector.disclosure.persons import review_without_person, revision_without_person
from collector.model import Landing
from collector.private import scratch_folder
from collector.publishing.edition import Edition, Listed
from collector.queries.coverage import CoverageQuery
from collector.queries.snapshot import Shares, Snapshot
from collector.store import (
    Store,
    alerts,
    coverage_slots,
    landings,
    learned_coverage,
    meta,
    observations,
    reviews,
    stops,
)
from collector.store.kept_spans import span_of
from collector.weeks import week_bounds, week_of, weeks_between

_DAY = timedelta(days=1)


@contextmanager
def listed_snapshot(edition: Edition) -> Iterator[Snapshot]:
    """Yield a snapshot of the landings that have a page, with what they rest on.

    Raises StoreError.
    """
    with _filled(edition) as store:
        with store.transaction():
            for each in edition.listed:
                _add_landing(store, edition, each)
                _add_reports(store, edition, each.landing)
            _add_learned(store, edition)
        with store.transaction():
            yield _snapshot(edition, store)


@contextmanager
def counted_snapshot(edition: Edition) -> Iterator[Snapshot]:
    """Yield a snapshot of the weeks and their counts. Raises StoreError.

    The stored ones are shown as they are unless they rest on a feed of which nothing may leave: a
    week that has left holds no landing that may not.
    """
    counted = edition.counted
    if counted is None:
        yield _snapshot(edition, edition.store)
        return
    with _filled(edition) as store:
        with store.transaction():
            for landing in counted:
                landings.save(store, landing, None)
                _add_reviews(store, edition, landing.id)
            _add_alerts(store, edition, counted)
            _add_slots(store, edition)
        with store.transaction():
            yield _snapshot(edition, store)


@contextmanager
def _filled(edition: Edition) -> Iterator[Store]:
    with (
        scratch_folder() as folder,
        Store.open(folder / "published.sqlite") as store,
    ):
        meta.set_zones(store, {watch.name: watch.zone for watch in edition.public.watches})
        yield store


def _snapshot(edition: Edition, store: Store) -> Snapshot:
    settings = edition.public
    zones = frozenset(watch.zone for watch in settings.watches)
    coverage = CoverageQuery(store, settings.airfields, zones)
    return Snapshot(settings, store, edition.now, Shares(), coverage, edition.last_week)


def _add_landing(store: Store, edition: Edition, each: Listed) -> None:
    """Add a landing with its history. If it was derived again, the stored reasons speak of another
    finding and stay out."""
    landing = each.landing
    landings.save(store, landing, None)
    for revision in landings.history(edition.store, landing.id):
        told = revision_without_person(revision)
        landings.save(store, landing, told if each.as_stored else replace(told, reason=""))
    _add_reviews(store, edition, landing.id)
    for stop in landing.stops:
        stops.save(store, landing.id, stop, None, at=landing.revised_at, rules_version="")


def _add_reviews(store: Store, edition: Edition, landing_id: str) -> None:
    for review in reviews.history(edition.store, landing_id):
        reviews.store_review(store, landing_id, review_without_person(review))


def _add_alerts(store: Store, edition: Edition, counted: Sequence[Landing]) -> None:
    """Add the state that each weekly rule has by these landings, or else a week would be called
    below a threshold that its own count has reached."""
    for watch in edition.public.watches:
        mine = [each for each in counted if any(m.watch == watch.name for m in each.watches)]
        if not mine:
            continue
        first = min(each.detection.touchdown_span[0] for each in mine)
        keys = weeks_between(week_of(first, watch.zone), edition.last_week)
        touched = [week_bounds(key, watch.zone)[0] for key in keys]
        for rule in watch.rules:
            if rule.weekly:
                for decision in decide_windows(
                    rule, watch, mine, {}, (), touched=touched, now=edition.now
                ):
                    alerts.save_state(store, decision.state)


def _add_reports(store: Store, edition: Edition, landing: Landing) -> None:
    names = edition.raw
    found = edition.query.reports_of(landing)
    own = [replace(one, feed=names[one.feed]) for one in found if one.feed in names]
    observations.store_reports(store, ((one, ()) for one in own))
    _merge(store, edition, names, *span_of(landing.detection))


def _merge(
    store: Store, edition: Edition, names: Mapping[str, str], begin: datetime, end: datetime
) -> None:
    slots = coverage_slots.slots_between(edition.store, begin, end)
    coverage_slots.merge_slots(
        store, (replace(one, feed=names[one.feed]) for one in slots if one.feed in names)
    )


def _add_slots(store: Store, edition: Edition) -> None:
    """Add all coverage of the feeds of which findings may be published, a day at a time."""
    at = coverage_slots.first_slot_at(edition.store)
    while at is not None and at < edition.now:
        _merge(store, edition, edition.derived, at, min(at + _DAY, edition.now))
        at += _DAY


def _add_learned(store: Store, edition: Edition) -> None:
    """Add what was learned of coverage for the weeks of the listed landings."""
    known: set[str] = set()
    for landing in _landings(edition.listed):
        inputs = inputs_of(edition.store, edition.settings, landing, edition.now)
        for value in as_it_leaves(inputs, edition.raw).learned:
            if value.version not in known:
                known.add(value.version)
                learned_coverage.store_value(store, value, edition.now)


def _landings(listed: Iterable[Listed]) -> Iterator[Landing]:
    return (each.landing for each in listed)

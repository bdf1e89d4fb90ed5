"""When are the stops before and after a landing derived? When its record changed, or reports of the
days around it came; not at every poll.

Each derivation of landings notes of which time its aircraft has new reports (`store.stops.queue`),
in the transaction that stores them. The daemon looks at these notes every quarter of an hour, a
replay and a backfill at their end. What was noted and what follows are one transaction, so that a
run that is killed loses nothing. Stops are a function of the stored reports and landings, so it
makes no difference in how many steps they were derived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from collector.errors import raised_at
from collector.landings.rules import RULES_VERSION, LandingRules
from collector.landings.stop_events import FieldsNear
from collector.landings.stops import LOOK_AROUND, STOPS_VERSION, both_not_known, stops_around
from collector.model import Airfield, Grade, Landing, Watch
from collector.model.stop import Side, Stop, StopRevision
from collector.store import Store, landings, observations, stops
from collector.watches.visitors import unlisted

log = structlog.get_logger(__name__)

VERSION = f"{RULES_VERSION}.{STOPS_VERSION}"
"""The version of the rules that stops are stored with."""

LANDINGS_AT_ONCE = 20
"""Landings that never had stops, or have those of older rules, derived in one call: seconds."""

FINISHED_AFTER = timedelta(days=1)
"""A next stop that was received on the ground is not changed by reports of so much later."""


def settled_airfields(
    airfields: Sequence[Airfield], watches: Sequence[Watch]
) -> dict[str, Airfield]:
    """Return the airfields at which the stored landings say where an aircraft was, by code: the
    watched ones and their neighbours. Homes have no configured neighbours, so they are not."""
    watched = {code for watch in watches for place in watch.places for code in place.airfields}
    homes = {code for watch in watches for code in watch.home} - watched
    return {field.icao: field for field in airfields if field.icao not in homes}


@dataclass
class StopDerivation:
    """Derives the stops around the landings of one configuration and one store."""

    store: Store
    fields_near: FieldsNear
    settled: Mapping[str, Airfield]
    rules: LandingRules

    def derive_due(self, now: datetime) -> int:
        """Derive the stops that are due; return of how many landings any stop changed.

        Each aircraft is a transaction of its own. Raises StoreError.
        """
        changed = 0
        for due in stops.due(self.store):
            with self.store.transaction():
                span = stops.take_due(self.store, due.icao24)
                if span is None:
                    continue
                reach = LOOK_AROUND
                for landing in landings.overlapping(
                    self.store, due.icao24, span.first_at - reach, span.last_at + reach
                ):
                    if not _finished_before(landing, span.first_at):
                        changed += self._derive(landing, now)
        return changed + self._derive_missing(now)

    def derive_next(self, now: datetime) -> bool:
        """Derive what is due, and some of the landings that have no stops of these rules; return
        whether more of these wait. Raises StoreError."""
        self.derive_due(now)
        return self.more_waits()

    def derive_all_due(self, now: datetime) -> int:
        """Derive the stops of every landing that has none of these rules; return of how many
        landings any stop changed. Raises StoreError."""
        changed = self.derive_due(now)
        while self.more_waits():
            changed += self._derive_missing(now)
        return changed

    def more_waits(self) -> bool:
        """Return whether the stops of some landing were not derived by these rules.

        Raises StoreError.
        """
        return bool(stops.without_stops(self.store, VERSION, 1))

    def _derive_missing(self, now: datetime) -> int:
        changed = 0
        for landing in stops.without_stops(self.store, VERSION, LANDINGS_AT_ONCE):
            with self.store.transaction():
                changed += self._derive(landing, now)
        return changed

    def _derive(self, landing: Landing, now: datetime) -> bool:
        """Derive both stops of one landing; return whether any of them changed."""
        if unlisted(landing.watches):
            return False
        detection = landing.detection
        begin, end = detection.visit_from - LOOK_AROUND, detection.visit_until + LOOK_AROUND
        icao24 = detection.icao24
        reports = observations.reports_between(self.store, icao24, begin, end)
        latest = max((report.heard_at for report in reports), default=now)
        goes_on = observations.first_after(self.store, icao24, end) is not None
        around = landings.overlapping(self.store, icao24, begin, end)
        try:
            found = stops_around(
                landing,
                reports,
                [each for each in around if each.id != landing.id],
                fields_near=self.fields_near,
                settled=self.settled,
                rules=self.rules,
                now=latest if goes_on else max(now, latest),
            )
        except Exception as error:  # a defect must cost no landing and no other stop anything
            log.error(
                "stops could not be derived",
                landing=landing.id,
                error=str(error),
                why=raised_at(error),
            )
            found = both_not_known(f"It could not be derived: {type(error).__name__}.")
        changed = [self._store(landing, stop, now) for stop in found]
        return any(changed)

    def _store(self, landing: Landing, stop: Stop, now: datetime) -> bool:
        before = next((each for each in landing.stops if each.side is stop.side), None)
        change = change_of(before, stop)
        revision = None
        if change:
            codes = () if before is None else before.codes
            revision = StopRevision(landing.id, stop.side, now, change, codes, stop.codes, VERSION)
        stops.save(self.store, landing.id, stop, revision, at=now, rules_version=VERSION)
        return before != stop


def change_of(before: Stop | None, stop: Stop) -> str:
    """Return how a stop changed, as in `StopRevision.change`; empty if nothing did that is told."""
    if before is None or not before.known:
        return "found" if stop.known else ""
    if not stop.known:
        return "lost"
    if stop.codes != before.codes:
        return "narrowed" if set(stop.codes) < set(before.codes) else "moved"
    if (stop.grade, stop.direct) != (before.grade, before.direct):
        return "refined"
    return ""


def _finished_before(landing: Landing, first_at: datetime) -> bool:
    """Return whether new reports from `first_at` on cannot change the stops of a landing."""
    return any(
        stop.side is Side.NEXT
        and stop.grade is Grade.CONFIRMED
        and stop.at is not None
        and stop.at + FINISHED_AFTER < first_at
        for stop in landing.stops
    )

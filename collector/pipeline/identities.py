"""Who is an aircraft, and which watches want its landings?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from collector.landings.reconcile import AircraftIdentity
from collector.model import Detection, WatchMatch
from collector.model.imported import rests_on_imports
from collector.store import Store, aircraft
from collector.store.reported_names import names_between
from collector.watches.following import is_by_address
from collector.watches.holding import DEPARTURE, FLIGHT, ROLL_OUT, matches_of_landing
from collector.watches.listed_days import days_of, matches_on
from collector.watches.matcher import Matcher
from collector.watches.reasons import strongest_matches


def identity_of(store: Store, matcher: Matcher, icao24: str, at: datetime) -> AircraftIdentity:
    """Return the registration that feeds report and the type that a fleet file lists.

    Where one of the two is missing, the other source gives it. Raises StoreError.
    """
    reported = aircraft.identity(store, icao24)
    listed = matcher.airframe(icao24, at.date())
    marks = (
        reported.registration if reported else None,
        listed.registration if listed else None,
    )
    types = (listed.type_code if listed else None, reported.type_code if reported else None)
    matches = aircraft.matches(store, icao24)
    of_that_day, delisted = matches_on(matches, matcher.watch_named, icao24, {at.date(): 1.0})
    return AircraftIdentity(
        next(filter(None, marks), None),
        next(filter(None, types), None),
        strongest_matches(of_that_day or delisted),
        partial(_matches_of, store, matcher, matches),
    )


def _matches_of(
    store: Store,
    matcher: Matcher,
    matches: Sequence[WatchMatch],
    detection: Detection,
    before: Sequence[WatchMatch],
) -> tuple[WatchMatch, ...]:
    """Return the matches as they hold for a landing, by the names in the reports around it:
    received ones, unless it rests on imported reports alone."""
    judged = partial(matches_of_landing, matches, matcher.watch_named, detection, before=before)
    _, delisted = matches_on(matches, matcher.watch_named, detection.icao24, days_of(detection))
    if not delisted and all(map(is_by_address, matches)):  # no name decides, so none is read
        return judged(arrival=(), departure=())
    at, left_at = detection.touchdown_at, detection.visit_until
    imported = rests_on_imports(detection.feeds)
    names = partial(names_between, store, detection.icao24, imported=imported)
    landed = at + ROLL_OUT
    return judged(
        arrival=names(at - FLIGHT, landed),
        departure=names(max(landed, left_at - DEPARTURE), max(landed, left_at) + DEPARTURE),
    )

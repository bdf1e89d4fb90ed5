"""Which landings does an arrival stated by another source corroborate? Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.landings.corroboration import arrival_evidence, corroborates
from collector.model import Arrival, Evidence, Landing
from collector.store import Store, arrivals, landings

AROUND = timedelta(days=1)
"""Arrivals up to this long before or after a touchdown are compared with it; the uncertainty of the
touchdown is added."""


@dataclass(frozen=True, slots=True)
class StatedArrival:
    """One arrival that another source states."""

    arrival: Arrival
    landings: tuple[str, ...]
    """The ids of the stored landings that it corroborates."""


def around(store: Store, landing: Landing) -> list[Evidence]:
    """Return what other sources state about a landing. Raises StoreError."""
    detection = landing.detection
    reach = AROUND + timedelta(seconds=detection.uncertainty_s)
    found = arrivals.find(
        store,
        begin=detection.touchdown_at - reach,
        end=detection.touchdown_at + reach,
        icao24=detection.icao24,
    )
    return arrival_evidence(detection, found)


def listing(
    store: Store, begin: datetime | None = None, end: datetime | None = None
) -> list[StatedArrival]:
    """Return every arrival in [begin, end) with the landings that it corroborates.

    None: without a bound. Withdrawn landings are left out. Raises StoreError.
    """
    return [
        StatedArrival(arrival, tuple(_corroborated(store, arrival)))
        for arrival in arrivals.find(store, begin=begin, end=end)
    ]


def _corroborated(store: Store, arrival: Arrival) -> list[str]:
    at = arrival.arrived_at
    known = landings.overlapping(store, arrival.icao24, at - AROUND, at + AROUND)
    return [
        landing.id
        for landing in known
        if landing.stands and corroborates(landing.detection, arrival)
    ]

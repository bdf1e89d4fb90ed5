"""Which arrivals that other sources state belong to which landings?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.landings.corroboration import arrival_evidence, corroborates
from collector.model import Arrival, Evidence, Landing
from collector.store import Store, arrivals, landings

AROUND = timedelta(days=1)
"""How far from a touchdown statements are looked for; its uncertainty is added."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One arrival, and the landings known here that it corroborates."""

    arrival: Arrival
    landings: tuple[str, ...]


def around(store: Store, landing: Landing) -> list[Evidence]:
    """What other sources say about a landing. Raises StoreError."""
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
) -> list[Stated]:
    """Every arrival of a time, with its landings that stand. Raises StoreError."""
    return [
        Stated(arrival, tuple(_landings(store, arrival)))
        for arrival in arrivals.find(store, begin=begin, end=end)
    ]


def _landings(store: Store, arrival: Arrival) -> list[str]:
    at = arrival.arrived_at
    known = landings.overlapping(store, arrival.icao24, at - AROUND, at + AROUND)
    return [one.id for one in known if one.stands and corroborates(one.detection, arrival)]

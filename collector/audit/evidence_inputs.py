"""Besides the replies, what does a landing follow from? The airfields of that time, their priors,
and what was learned of coverage and of stays, as values that a pack carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.coverage.learned import Learned, monday_of, version
from collector.landings.stay_lengths import StayLengths
from collector.model import Aircraft, Airfield, Landing, Watch
from collector.pipeline.wakeups import load_wakeups
from collector.reports.evidence.summary import Finding
from collector.settings import Settings
from collector.settings.derived import region
from collector.store import Store, learned_coverage, stay_lengths
from collector.store.kept_spans import span_of

_INSTANT = timedelta(microseconds=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a derivation needs besides the replies; JSON holds it in a pack."""

    icao24: str
    begins_at: datetime
    ends_at: datetime
    """The span of the replies."""
    judged_at: datetime
    """The time as of which silences were judged."""
    watch: Watch
    """Wants this one aircraft, with its type and registration as they were known."""
    airfields: tuple[Airfield, ...]
    circles: tuple[tuple[float, float, float], ...]
    """Where coverage is counted: latitude, longitude, radius in nautical miles."""
    learned: tuple[Learned, ...]
    """The coverage that was learned for these weeks from the four weeks before each."""
    stays: StayLengths | None
    """How long the fleet stays; None: as any aircraft."""


def finding_of(landing: Landing | None) -> Finding | None:
    """Return what a landing states; None for none, and for one that was withdrawn."""
    if landing is None or landing.retracted:
        return None
    detection = landing.detection
    touchdown_at = detection.touchdown_at.replace(microsecond=0)
    return Finding(detection.airfield, detection.grade, touchdown_at)


def inputs_of(store: Store, settings: Settings, landing: Landing, now: datetime) -> Inputs:
    """Return what this landing was derived from, besides the replies. Raises StoreError."""
    detection = landing.detection
    begin, end = span_of(detection)
    pending_at = load_wakeups(store).get(detection.icao24)
    judged_at = min(end, now) if pending_at is None else min(end, now, pending_at - _INSTANT)
    names = [match.watch for match in landing.watches]
    watches = [watch for watch in settings.watches if watch.name in names]
    return Inputs(
        icao24=detection.icao24,
        begins_at=begin,
        ends_at=end,
        judged_at=judged_at,
        watch=Watch(
            name=next(iter(names), "none"),
            places=tuple(place for watch in watches for place in watch.places),
            fleet=(
                Aircraft(
                    icao24=detection.icao24,
                    registration=landing.registration,
                    type_code=landing.type_code,
                    source="as stored with the landing",
                ),
            ),
            icao24=(detection.icao24,),
            zone=next((watch.zone for watch in watches), "UTC"),
        ),
        airfields=tuple(replace(one, runways=tuple(one.runways)) for one in settings.airfields),
        circles=region(settings).circles,
        learned=_learned(store, begin - _WEEK, end),
        stays=stay_lengths.lengths_for(store, names),
    )


def as_it_leaves(inputs: Inputs, names: Mapping[str, str]) -> Inputs:
    """Return the inputs with what was learned of the feeds that leave, under their new names."""
    learned = tuple(
        replace(
            value,
            feeds=tuple(
                sorted(
                    (
                        replace(each, feed=names[each.feed])
                        for each in value.feeds
                        if each.feed in names
                    ),
                    key=lambda each: each.feed,
                )
            ),
        )
        for value in inputs.learned
    )
    return replace(inputs, learned=learned)


def _learned(store: Store, begin: datetime, end: datetime) -> tuple[Learned, ...]:
    found, at = [], begin
    while monday_of(at) <= monday_of(end):
        value = learned_coverage.get(store, version(monday_of(at)))
        found += [] if value is None else [value]
        at += _WEEK
    return tuple(found)

"""Which landings would be counted of aircraft that never go there? This negative control runs the
detection again over the stored reports of such aircraft and stores nothing.

The aircraft are those that a watch follows but does not count, or all aircraft of one watch made
for this purpose. Coverage and rules are the live ones. Every landing found is either a real visit
or a mistake; only a person who examines it can tell which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.counts import standing
from collector.geo import distance_nm
from collector.model import Airfield, Detection, Landing, Observation, Watch, WatchMatch
from collector.pipeline.derivation import Derivation
from collector.reports.rule_audit import ControlLanding, ControlResult
from collector.store import Store, aircraft, closed_time, landings, observations
from collector.watches.reasons import strongest_matches
from collector.weeks import week_of

NEAR_NM = 75.0
"""An airfield is a candidate of the detection up to this distance, so aircraft that stay farther
away prove nothing."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NegativeControl:
    """A negative control over the stored reports of one configuration."""

    store: Store
    derivation: Derivation
    watches: Sequence[Watch]
    watched: Sequence[Airfield]
    """The airfields of the watches."""

    def run(
        self, begin: datetime, end: datetime, now: datetime, watch: Watch | None
    ) -> ControlResult:
        """Detect the landings in [begin, end) of all aircraft of `watch`.

        `watch` None means all aircraft that no watch counts. Closed time is left out.

        Raises StoreError.
        """
        begin = max(begin, closed_time.closed_until(self.store) or begin)
        landings_found: list[ControlLanding] = []
        weeks: set[tuple[str, str]] = set()
        near: set[tuple[str, str]] = set()
        for icao24, matches in self._aircraft(watch):
            observed: list[Observation] = []
            detections: list[Detection] = []
            for reports, derived in self._windows(icao24, begin, end, now):
                observed += [one for one in reports if begin <= one.at < end]
                detections += [one for one in derived if not _is_repeated(one, detections)]
            weeks |= {(icao24, week_of(one.at, "UTC")) for one in observed}
            near |= {(icao24, week_of(one.at, "UTC")) for one in observed if self._is_near(one)}
            for detection in detections:
                if begin <= detection.touchdown_at < end:
                    landings_found += self._countable(detection, matches)
        aircraft_count = len({icao24 for icao24, _ in weeks})
        return ControlResult(
            begin, end, aircraft_count, len(weeks), len(near), tuple(landings_found)
        )

    def _aircraft(self, watch: Watch | None) -> Iterator[tuple[str, tuple[WatchMatch, ...]]]:
        names = {one.name for one in self.watches}
        for one in aircraft.identities(self.store):
            stored = strongest_matches(aircraft.matches(self.store, one.icao24))
            matches = tuple(match for match in stored if match.watch in names)
            if watch is not None:
                matches = tuple(match for match in matches if match.watch == watch.name)
            elif any(match.counted for match in matches):
                continue
            if matches:
                yield one.icao24, matches

    def _windows(
        self, icao24: str, begin: datetime, end: datetime, now: datetime
    ) -> Iterator[tuple[Sequence[Observation], Sequence[Detection]]]:
        """One window of the aircraft after another, cut as the pipeline cuts them."""
        at = observations.first_after(self.store, icao24, begin - _MOMENT)
        while at is not None and at < end:
            window, derived = self.derivation.preview(icao24, at, now)
            yield window.observations, derived.detections
            at = observations.first_after(self.store, icao24, max(at, window.end))

    def _is_near(self, one: Observation) -> bool:
        lat_deg, lon_deg = one.lat_deg, one.lon_deg
        if not one.fresh or lat_deg is None or lon_deg is None:
            return False
        return any(
            distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg) <= NEAR_NM
            for field in self.watched
        )

    def _countable(
        self, detection: Detection, matches: Sequence[WatchMatch]
    ) -> Iterator[ControlLanding]:
        by_name = {one.name: one for one in self.watches}
        identity = aircraft.identity(self.store, detection.icao24)
        overlapping = landings.overlapping(
            self.store, detection.icao24, detection.visit_from, detection.visit_until
        )
        landing = Landing(
            id=overlapping[0].id if overlapping else "",
            detection=detection,
            registration=identity.registration if identity else None,
            type_code=identity.type_code if identity else None,
            watches=tuple(WatchMatch(one.watch, one.matched_by, counted=True) for one in matches),
            first_known_at=detection.touchdown_at,
            revised_at=detection.touchdown_at,
        )
        for match in matches:
            for place in by_name[match.watch].places:
                counted = standing(landing, by_name[match.watch], place)
                if counted is not None:
                    yield ControlLanding(match.watch, place.name, landing, counted)


def _is_repeated(detection: Detection, before: Sequence[Detection]) -> bool:
    """Whether an earlier window gave this landing too: windows share an hour of reports."""
    return any(
        one.visit_from <= detection.visit_until and detection.visit_from <= one.visit_until
        for one in before
    )

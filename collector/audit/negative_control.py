"""What would be counted of aircraft that never go there? A negative control of the detection.

The same detection, with the same coverage and rules, is run anew over the stored reports of
aircraft that are followed but not counted (or of all aircraft of one watch, made for this), and
asked what it would have counted had they been wanted. Whatever it finds is a real visit or a
mistake: only somebody who looks can say which. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.counts import standing
from collector.geo import distance_nm
from collector.model import Airfield, Detection, Landing, Observation, Watch, WatchMatch
from collector.pipeline.derivation import Derivation
from collector.reports.rule_audit import Control, Found
from collector.store import Store, aircraft, landings, observations
from collector.watches.reasons import strongest_matches
from collector.weeks import week_of

NEAR_NM = 75.0
"""Within this a field is a candidate of the detection: aircraft farther away prove nothing."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NegativeControl:
    """The stored past of one configuration."""

    store: Store
    derivation: Derivation
    watches: Sequence[Watch]
    watched: Sequence[Airfield]
    """The airfields that the watches name."""

    def run(self, begin: datetime, end: datetime, now: datetime, watch: Watch | None) -> Control:
        """Detect anew in [begin, end): aircraft of `watch`, else those that no watch counts.

        Raises StoreError.
        """
        found: list[Found] = []
        weeks: set[tuple[str, str]] = set()
        near: set[tuple[str, str]] = set()
        for icao24, matches in self._aircraft(watch):
            seen: list[Observation] = []
            detections: list[Detection] = []
            for reports, derived in self._past(icao24, begin, end, now):
                seen += [one for one in reports if begin <= one.at < end]
                detections += [one for one in derived if not _known(one, detections)]
            weeks |= {(icao24, week_of(one.at, "UTC")) for one in seen}
            near |= {(icao24, week_of(one.at, "UTC")) for one in seen if self._near(one)}
            for detection in detections:
                if begin <= detection.touchdown_at < end:
                    found += self._would_count(detection, matches)
        looked_at = len({icao24 for icao24, _ in weeks})
        return Control(begin, end, looked_at, len(weeks), len(near), tuple(found))

    def _aircraft(self, watch: Watch | None) -> Iterator[tuple[str, tuple[WatchMatch, ...]]]:
        names = {one.name for one in self.watches}
        for one in aircraft.identities(self.store):
            known = strongest_matches(aircraft.matches(self.store, one.icao24))
            matches = tuple(match for match in known if match.watch in names)
            if watch is not None:
                matches = tuple(match for match in matches if match.watch == watch.name)
            elif any(match.counted for match in matches):
                continue
            if matches:
                yield one.icao24, matches

    def _past(
        self, icao24: str, begin: datetime, end: datetime, now: datetime
    ) -> Iterator[tuple[Sequence[Observation], Sequence[Detection]]]:
        """One window after another, as the live line cuts them."""
        at = observations.first_after(self.store, icao24, begin - _MOMENT)
        while at is not None and at < end:
            window, derived = self.derivation.preview(icao24, at, now)
            yield window.observations, derived.detections
            at = observations.first_after(self.store, icao24, max(at, window.end))

    def _near(self, one: Observation) -> bool:
        lat_deg, lon_deg = one.lat_deg, one.lon_deg
        if not one.fresh or lat_deg is None or lon_deg is None:
            return False
        return any(
            distance_nm(lat_deg, lon_deg, field.lat_deg, field.lon_deg) <= NEAR_NM
            for field in self.watched
        )

    def _would_count(self, detection: Detection, matches: Sequence[WatchMatch]) -> Iterator[Found]:
        by_name = {one.name: one for one in self.watches}
        known = aircraft.identity(self.store, detection.icao24)
        overlapping = landings.overlapping(
            self.store, detection.icao24, detection.visit_from, detection.visit_until
        )
        landing = Landing(
            id=overlapping[0].id if overlapping else "",
            detection=detection,
            registration=known.registration if known else None,
            type_code=known.type_code if known else None,
            watches=tuple(WatchMatch(one.watch, one.matched_by, counted=True) for one in matches),
            first_known_at=detection.touchdown_at,
            revised_at=detection.touchdown_at,
        )
        for match in matches:
            for place in by_name[match.watch].places:
                counted = standing(landing, by_name[match.watch], place)
                if counted is not None:
                    yield Found(match.watch, place.name, landing, counted)


def _known(detection: Detection, before: Sequence[Detection]) -> bool:
    """Windows share an hour of reports: whether the one before gave this landing too."""
    return any(
        one.visit_from <= detection.visit_until and detection.visit_from <= one.visit_until
        for one in before
    )
